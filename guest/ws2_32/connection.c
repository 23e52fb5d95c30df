/* Addresses, listening, connecting, accepting, and their ends. */
#include "afd.h"

int WSAAPI bind(SOCKET socket, const struct sockaddr *address, int size)
{
    AFD_BIND_INFO info = {0};
    AFD_ADDRESS bound;
    struct socket_info kind;
    int needed;
    if (socket_info(socket, &kind) || !(needed = checked_address(address, size)))
        return SOCKET_ERROR;
    if (kind.family != address->sa_family) return failed(WSAEAFNOSUPPORT);
    memcpy(&info.Address, address, (size_t)needed);
    return finish(control(socket, IOCTL_AFD_BIND, &info,
        offsetof(AFD_BIND_INFO, Address) + (ULONG)needed, &bound, sizeof bound, NULL));
}

int WSAAPI listen(SOCKET socket, int backlog)
{
    AFD_LISTEN_INFO info = {FALSE, (ULONG)backlog, FALSE};
    if (!started()) return SOCKET_ERROR;
    return finish(
        control(socket, IOCTL_AFD_START_LISTEN, &info, sizeof info, NULL, 0, NULL));
}

int WSAAPI connect(SOCKET socket, const struct sockaddr *address, int size)
{
    AFD_CONNECT_INFO info = {0};
    struct socket_info kind;
    NTSTATUS status;
    int needed;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (address && size >= 2 && address->sa_family == AF_UNSPEC && kind.type == SOCK_DGRAM) {
        memset(&info.RemoteAddress, 0, sizeof info.RemoteAddress);
        info.RemoteAddress.any.sa_family = (ADDRESS_FAMILY)kind.family;
        needed = sizeof info.RemoteAddress;
    } else {
        if (!(needed = checked_address(address, size))) return SOCKET_ERROR;
        if (kind.family != address->sa_family) return failed(WSAEAFNOSUPPORT);
        memcpy(&info.RemoteAddress, address, (size_t)needed);
    }
    status = control(socket, IOCTL_AFD_CONNECT, &info,
        offsetof(AFD_CONNECT_INFO, RemoteAddress) + (ULONG)needed, NULL, 0, NULL);
    return status == STATUS_ADDRESS_ALREADY_ASSOCIATED ? failed(WSAEALREADY) : finish(status);
}

int WSAAPI WSAConnect(SOCKET socket, const struct sockaddr *address, int size, LPWSABUF caller,
    LPWSABUF callee, LPQOS send, LPQOS group)
{
    (void)caller, (void)callee, (void)send, (void)group;
    return connect(socket, address, size);
}

static int defer(SOCKET listener, LONG sequence, BOOLEAN reject)
{
    AFD_DEFER_ACCEPT_INFO info = {sequence, reject};
    return finish(
        control(listener, IOCTL_AFD_DEFER_ACCEPT, &info, sizeof info, NULL, 0, NULL));
}

static SOCKET take(SOCKET listener, LONG sequence)
{
    AFD_ACCEPT_INFO info = {FALSE, sequence, NULL};
    struct socket_info kind;
    SOCKET accepted;
    if (socket_info(listener, &kind)) return INVALID_SOCKET;
    accepted = create_socket(&kind, WSA_FLAG_OVERLAPPED);
    if (accepted == INVALID_SOCKET) return accepted;
    info.AcceptHandle = (HANDLE)accepted;
    if (!finish(control(listener, IOCTL_AFD_ACCEPT, &info, sizeof info, NULL, 0, NULL)))
        return accepted;
    closesocket(accepted);
    return INVALID_SOCKET;
}

/* What a condition says: CF_ACCEPT, CF_REJECT or CF_DEFER. */
static int judge(SOCKET listener, AFD_ADDRESS *remote, LPCONDITIONPROC condition, DWORD_PTR data)
{
    AFD_ADDRESS local = {0};
    GROUP group = 0;
    ULONG_PTR size = 0;
    WSABUF caller, callee, none = {0, NULL};
    control(listener, IOCTL_AFD_GET_ADDRESS, NULL, 0, &local, sizeof local, &size);
    caller = (WSABUF){(ULONG)size, (char *)remote};
    callee = (WSABUF){(ULONG)size, (char *)&local};
    return condition(&caller, NULL, NULL, NULL, &callee, &none, &group, data);
}

SOCKET WSAAPI WSAAccept(SOCKET listener, struct sockaddr *address, LPINT size,
    LPCONDITIONPROC condition, DWORD_PTR data)
{
    AFD_LISTEN_RESPONSE_INFO response;
    ULONG_PTR told;
    SOCKET accepted;
    if (!started()) return INVALID_SOCKET;
    if (address && (!size || *size < (int)sizeof(struct sockaddr_in))) {
        failed(WSAEFAULT);
        return INVALID_SOCKET;
    }
    if (finish(control(listener, IOCTL_AFD_WAIT_FOR_LISTEN, NULL, 0, &response, sizeof response,
            &told)))
        return INVALID_SOCKET;
    if (condition) {
        int verdict = judge(listener, &response.RemoteAddress, condition, data);
        if (verdict != CF_ACCEPT) {
            defer(listener, response.Sequence, verdict == CF_REJECT);
            failed(verdict == CF_REJECT ? WSAECONNREFUSED : WSATRY_AGAIN);
            return INVALID_SOCKET;
        }
    }
    accepted = take(listener, response.Sequence);
    told -= offsetof(AFD_LISTEN_RESPONSE_INFO, RemoteAddress);
    if (accepted != INVALID_SOCKET && address &&
        tell_address(&response.RemoteAddress, told, address, size)) {
        closesocket(accepted);
        failed(WSAEFAULT);
        return INVALID_SOCKET;
    }
    return accepted;
}

SOCKET WSAAPI accept(SOCKET listener, struct sockaddr *address, int *size)
{
    return WSAAccept(listener, address, size, NULL, 0);
}

static int name(SOCKET socket, ULONG code, struct sockaddr *address, int *size)
{
    AFD_ADDRESS found;
    ULONG_PTR told;
    if (!started()) return SOCKET_ERROR;
    if (finish(control(socket, code, NULL, 0, &found, sizeof found, &told))) return SOCKET_ERROR;
    return tell_address(&found, told, address, size);
}

int WSAAPI getsockname(SOCKET socket, struct sockaddr *address, int *size)
{
    return name(socket, IOCTL_AFD_GET_ADDRESS, address, size);
}

int WSAAPI getpeername(SOCKET socket, struct sockaddr *address, int *size)
{
    return name(socket, IOCTL_AFD_GET_REMOTE_ADDRESS, address, size);
}

int WSAAPI shutdown(SOCKET socket, int how)
{
    AFD_PARTIAL_DISCONNECT_INFO info = {0};
    struct socket_info kind;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (how < SD_RECEIVE || how > SD_BOTH) return failed(WSAEINVAL);
    info.DisconnectMode = (how != SD_RECEIVE ? AFD_PARTIAL_DISCONNECT_SEND : 0)
        | (how != SD_SEND ? AFD_PARTIAL_DISCONNECT_RECEIVE : 0);
    info.Timeout.QuadPart = -1;
    return finish(
        control(socket, IOCTL_AFD_PARTIAL_DISCONNECT, &info, sizeof info, NULL, 0, NULL));
}

int WSAAPI WSASendDisconnect(SOCKET socket, LPWSABUF data)
{
    (void)data;
    return shutdown(socket, SD_SEND);
}

int WSAAPI WSARecvDisconnect(SOCKET socket, LPWSABUF data)
{
    (void)data;
    return shutdown(socket, SD_RECEIVE);
}

SOCKET WSAAPI WSAJoinLeaf(SOCKET socket, const struct sockaddr *address, int size, LPWSABUF caller,
    LPWSABUF callee, LPQOS send, LPQOS group, DWORD flags)
{
    struct socket_info kind;
    (void)address, (void)size, (void)caller, (void)callee, (void)send, (void)group, (void)flags;
    return socket_info(socket, &kind) ? INVALID_SOCKET : (SOCKET)failed(WSAEOPNOTSUPP);
}
