/* The functions that WSAIoctl gives pointers to; mswsock.dll has some of them by name. */
#include "afd.h"
#include <mswsock.h>

static BOOL PASCAL accept_ex(SOCKET listener, SOCKET accepted, PVOID out, DWORD data_size,
    DWORD local_size, DWORD remote_size, LPDWORD done, LPOVERLAPPED block)
{
    AFD_SUPER_ACCEPT_INFO info = {FALSE, FALSE, (HANDLE)accepted, data_size, local_size,
        remote_size};
    if (!started()) return FALSE;
    if (!block) return failed(WSA_INVALID_PARAMETER), FALSE;
    block->Internal = STATUS_PENDING;
    if (!remote_size) return failed(WSAEFAULT), FALSE;
    return !start_control(listener, IOCTL_AFD_SUPER_ACCEPT, &info, sizeof info, out,
        data_size + local_size + remote_size, (struct overlapped){block, NULL}, done);
}

static void PASCAL get_accept_ex_sockaddrs(PVOID out, DWORD data_size, DWORD local_size,
    DWORD remote_size, LPSOCKADDR *local, LPINT local_told, LPSOCKADDR *remote, LPINT remote_told)
{
    char *at = (char *)out + data_size;
    (void)remote_size;
    accept_ex_address(at, local, local_told);
    accept_ex_address(at + local_size, remote, remote_told);
}

static BOOL PASCAL connect_ex(SOCKET socket, const struct sockaddr *address, int size, PVOID data,
    DWORD data_size, LPDWORD done, LPOVERLAPPED block)
{
    AFD_SUPER_CONNECT_INFO info = {0};
    struct socket_info kind;
    int needed;
    if (socket_info(socket, &kind)) return FALSE;
    if (!block) return failed(ERROR_INVALID_PARAMETER), FALSE;
    if (!(needed = checked_address(address, size))) return FALSE;
    if (kind.family != address->sa_family) return failed(WSAEAFNOSUPPORT), FALSE;
    memcpy(&info.RemoteAddress, address, (size_t)needed);
    return !start_control(socket, IOCTL_AFD_SUPER_CONNECT, &info,
        offsetof(AFD_SUPER_CONNECT_INFO, RemoteAddress) + (ULONG)needed, data,
        data ? data_size : 0, (struct overlapped){block, NULL}, done);
}

static BOOL PASCAL disconnect_ex(SOCKET socket, LPOVERLAPPED block, DWORD flags, DWORD reserved)
{
    if (!started()) return FALSE;
    if (reserved || flags & ~(DWORD)TF_REUSE_SOCKET) return failed(WSAEINVAL), FALSE;
    return !start_control(socket, IOCTL_AFD_SUPER_DISCONNECT, &flags, sizeof flags, NULL, 0,
        (struct overlapped){block, NULL}, NULL);
}

static BOOL PASCAL transmit_file(SOCKET socket, HANDLE file, DWORD size, DWORD packet,
    LPOVERLAPPED block, LPTRANSMIT_FILE_BUFFERS around, DWORD flags)
{
    AFD_TRANSMIT_FILE_INFO info = {.SendPacketLength = packet, .FileHandle = file, .Flags = flags};
    if (!started()) return FALSE;
    info.WriteLength.QuadPart = size;
    if (block) {
        info.Offset.LowPart = block->Offset;
        info.Offset.HighPart = (LONG)block->OffsetHigh;
    } else if (file) {
        LARGE_INTEGER none = {.QuadPart = 0};
        SetFilePointerEx(file, none, &info.Offset, FILE_CURRENT);
    }
    if (around) {
        info.Head = around->Head, info.HeadLength = around->HeadLength;
        info.Tail = around->Tail, info.TailLength = around->TailLength;
    }
    return !start_control(socket, IOCTL_AFD_TRANSMIT_FILE, &info, sizeof info, NULL, 0,
        (struct overlapped){block, NULL}, NULL);
}

/* There is no control data here: its buffer comes back empty. */
static INT PASCAL receive_message(SOCKET socket, LPWSAMSG message, LPDWORD done, LPWSAOVERLAPPED block,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    if (!message) return started() ? failed(WSAEFAULT) : SOCKET_ERROR;
    message->Control.len = 0;
    return WSARecvFrom(socket, message->lpBuffers, message->dwBufferCount, done,
        &message->dwFlags, message->name, &message->namelen, block, routine);
}

BOOL extension_function(const GUID *which, void **function)
{
    static const struct {
        GUID guid;
        void *function;
    } functions[] = {
        {WSAID_ACCEPTEX, accept_ex},
        {WSAID_GETACCEPTEXSOCKADDRS, get_accept_ex_sockaddrs},
        {WSAID_CONNECTEX, connect_ex},
        {WSAID_DISCONNECTEX, disconnect_ex},
        {WSAID_TRANSMITFILE, transmit_file},
        {WSAID_WSARECVMSG, receive_message},
        {WSAID_WSASENDMSG, WSASendMsg},
    };
    for (unsigned i = 0; i < COUNT(functions); i++)
        if (!memcmp(which, &functions[i].guid, sizeof *which)) {
            *function = functions[i].function;
            return TRUE;
        }
    return FALSE;
}
