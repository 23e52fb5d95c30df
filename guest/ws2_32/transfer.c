/* Sending and receiving. */
#include "afd.h"

static BOOL is_bad(LPWSABUF buffers, DWORD count, LPDWORD done, LPWSAOVERLAPPED block)
{
    return (count && !buffers) || (!done && !block);
}

static int receive(SOCKET socket, AFD_RECEIVE_INFO info, LPDWORD done, LPDWORD flags,
    struct overlapped overlapped)
{
    BOOL from = info.Address || info.AddressLength;
    DWORD wanted;
    int result;
    if (!started()) return SOCKET_ERROR;
    if (!flags || is_bad(info.BufferArray, info.BufferCount, done, overlapped.block))
        return failed(WSAEFAULT);
    wanted = *flags;
    if (wanted & ~(DWORD)(MSG_PEEK | MSG_OOB | MSG_PARTIAL | MSG_WAITALL))
        return failed(WSAEOPNOTSUPP);
    info.AfdFlags = overlapped.block ? AFD_OVERLAPPED : 0;
    info.TdiFlags = (wanted & MSG_OOB ? TDI_RECEIVE_EXPEDITED : TDI_RECEIVE_NORMAL)
        | (wanted & MSG_PEEK ? TDI_RECEIVE_PEEK : 0)
        | (wanted & MSG_WAITALL ? TDI_RECEIVE_WAIT_ALL : 0);
    result = start_control(socket, from ? IOCTL_AFD_RECEIVE_DATAGRAM : IOCTL_AFD_RECEIVE, &info,
        from ? sizeof info : offsetof(AFD_RECEIVE_INFO, Address), NULL, 0, overlapped, done);
    if (!overlapped.routine) *flags = result && GetLastError() == WSAEMSGSIZE ? MSG_PARTIAL : 0;
    return result;
}

int WSAAPI WSARecv(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD done, LPDWORD flags,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    AFD_RECEIVE_INFO info = {buffers, count, 0, 0, NULL, NULL};
    return receive(socket, info, done, flags, (struct overlapped){block, routine});
}

int WSAAPI WSARecvFrom(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD done, LPDWORD flags,
    struct sockaddr *address, LPINT size, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    AFD_RECEIVE_INFO info = {buffers, count, 0, 0, address, size};
    return receive(socket, info, done, flags, (struct overlapped){block, routine});
}

int WSAAPI recvfrom(SOCKET socket, char *data, int size, int flags, struct sockaddr *address,
    int *address_size)
{
    WSABUF buffer = {(ULONG)size, data};
    AFD_RECEIVE_INFO info = {&buffer, 1, 0, 0, address, address_size};
    DWORD done = 0, wanted = (DWORD)flags;
    if (!started()) return SOCKET_ERROR;
    if (size < 0) return failed(WSAEFAULT);
    if (receive(socket, info, &done, &wanted, (struct overlapped){NULL, NULL})) return SOCKET_ERROR;
    return (int)done;
}

int WSAAPI recv(SOCKET socket, char *data, int size, int flags)
{
    return recvfrom(socket, data, size, flags, NULL, NULL);
}

static int send_to(SOCKET socket, AFD_SEND_INFO info, DWORD flags, LPDWORD done,
    struct overlapped overlapped)
{
    BOOL to = info.RemoteAddress != NULL;
    if (!started()) return SOCKET_ERROR;
    if (is_bad(info.BufferArray, info.BufferCount, done, overlapped.block))
        return failed(WSAEFAULT);
    if (flags & ~(DWORD)(MSG_OOB | MSG_DONTROUTE | MSG_PARTIAL)) return failed(WSAEOPNOTSUPP);
    if (to && !checked_address(info.RemoteAddress, info.RemoteAddressLength)) return SOCKET_ERROR;
    info.AfdFlags = overlapped.block ? AFD_OVERLAPPED : 0;
    info.TdiFlags = flags & MSG_OOB ? TDI_SEND_EXPEDITED : 0;
    return start_control(socket, to ? IOCTL_AFD_SEND_DATAGRAM : IOCTL_AFD_SEND, &info,
        to ? sizeof info : offsetof(AFD_SEND_INFO, TdiRequest), NULL, 0, overlapped, done);
}

int WSAAPI WSASend(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD done, DWORD flags,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    AFD_SEND_INFO info = {.BufferArray = buffers, .BufferCount = count};
    return send_to(socket, info, flags, done, (struct overlapped){block, routine});
}

int WSAAPI WSASendTo(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD done, DWORD flags,
    const struct sockaddr *address, int size, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    AFD_SEND_INFO info = {.BufferArray = buffers, .BufferCount = count,
        .RemoteAddressLength = size, .RemoteAddress = address};
    return send_to(socket, info, flags, done, (struct overlapped){block, routine});
}

int WSAAPI sendto(SOCKET socket, const char *data, int size, int flags,
    const struct sockaddr *address, int address_size)
{
    WSABUF buffer = {(ULONG)size, (char *)data};
    DWORD done = 0;
    if (!started()) return SOCKET_ERROR;
    if (size < 0) return failed(WSAEFAULT);
    if (WSASendTo(socket, &buffer, 1, &done, (DWORD)flags, address, address_size, NULL, NULL))
        return SOCKET_ERROR;
    return (int)done;
}

int WSAAPI send(SOCKET socket, const char *data, int size, int flags)
{
    return sendto(socket, data, size, flags, NULL, 0);
}

int WSAAPI WSASendMsg(SOCKET socket, LPWSAMSG message, DWORD flags, LPDWORD done,
    LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!message) return started() ? failed(WSAEFAULT) : SOCKET_ERROR;
    return WSASendTo(socket, message->lpBuffers, message->dwBufferCount, done, flags,
        message->name, message->namelen, block, routine);
}

BOOL WSAAPI WSAGetOverlappedResult(SOCKET socket, LPWSAOVERLAPPED block, LPDWORD done, BOOL wait,
    LPDWORD flags)
{
    volatile WSAOVERLAPPED *state = block;
    HANDLE event;
    if (!started()) return FALSE;
    if (!block || !done || !flags) return failed(WSAEFAULT), FALSE;
    event = block->hEvent ? (HANDLE)((ULONG_PTR)block->hEvent & ~(ULONG_PTR)1) : (HANDLE)socket;
    if (state->Internal == STATUS_PENDING) {
        if (!wait) return failed(WSA_IO_INCOMPLETE), FALSE;
        while (state->Internal == STATUS_PENDING)
            if (WaitForSingleObject(event, INFINITE) == WAIT_FAILED) return FALSE;
    }
    *done = (DWORD)state->InternalHigh;
    *flags = (NTSTATUS)state->Internal == STATUS_BUFFER_OVERFLOW ? MSG_PARTIAL : 0;
    return !finish((NTSTATUS)state->Internal);
}
