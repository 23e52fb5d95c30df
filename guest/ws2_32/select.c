/* select and WSAPoll: every socket in their sets is an invalid one. */
#include "winsock.h"

int WSAAPI __WSAFDIsSet(SOCKET socket, fd_set *set)
{
    for (u_int i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == socket) return TRUE;
    return FALSE;
}

int WSAAPI select(int, fd_set *readable, fd_set *writable, fd_set *exceptional,
    const struct timeval *)
{
    fd_set *const sets[] = {readable, writable, exceptional};
    if (!started()) return SOCKET_ERROR;
    for (int i = 0; i < 3; i++)
        if (sets[i] && sets[i]->fd_count) return failed(WSAENOTSOCK);
    return failed(WSAEINVAL);
}

int WSAAPI WSAPoll(LPWSAPOLLFD sockets, ULONG count, INT)
{
    if (!started()) return SOCKET_ERROR;
    if (!count) return failed(WSAEINVAL);
    if (!sockets) return failed(WSAEFAULT);
    for (ULONG i = 0; i < count; i++) sockets[i].revents = POLLNVAL;
    return failed(WSAENOTSOCK);
}
