/* mswsock.dll: extensions of Winsock by name, found as everybody finds them, by WSAIoctl. */
#include "winsock.h"
#include <mswsock.h>

static void *extension(SOCKET socket, GUID which)
{
    void *function = NULL;
    DWORD told;
    WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &which, sizeof which, &function,
        sizeof function, &told, NULL, NULL);
    return function;
}

BOOL WSAAPI AcceptEx(SOCKET listener, SOCKET accepted, PVOID out, DWORD data_size,
    DWORD local_size, DWORD remote_size, LPDWORD done, LPOVERLAPPED block)
{
    LPFN_ACCEPTEX function = extension(listener, (GUID)WSAID_ACCEPTEX);
    return function
        && function(listener, accepted, out, data_size, local_size, remote_size, done, block);
}

BOOL WSAAPI TransmitFile(SOCKET socket, HANDLE file, DWORD size, DWORD packet,
    LPOVERLAPPED block, LPTRANSMIT_FILE_BUFFERS around, DWORD flags)
{
    LPFN_TRANSMITFILE function = extension(socket, (GUID)WSAID_TRANSMITFILE);
    return function && function(socket, file, size, packet, block, around, flags);
}

void WSAAPI GetAcceptExSockaddrs(PVOID out, DWORD data_size, DWORD local_size, DWORD remote_size,
    LPSOCKADDR *local, LPINT local_told, LPSOCKADDR *remote, LPINT remote_told)
{
    char *at = (char *)out + data_size;
    (void)remote_size;
    accept_ex_address(at, local, local_told);
    accept_ex_address(at + local_size, remote, remote_told);
}

int WSAAPI WSARecvEx(SOCKET socket, char *data, int size, int *flags)
{
    WSABUF buffer = {(ULONG)size, data};
    DWORD done = 0, wanted;
    if (!flags) return SOCKET_ERROR;
    wanted = (DWORD)*flags;
    if (WSARecv(socket, &buffer, 1, &done, &wanted, NULL, NULL)
        && WSAGetLastError() != WSAEMSGSIZE)
        return SOCKET_ERROR;
    *flags = (int)wanted;
    return (int)done;
}
