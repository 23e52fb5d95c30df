/* Sockets of a machine without a network: none can be made, so none is ever valid. */
#include "winsock.h"

static int no_socket(void)
{
    return started() ? failed(WSAENOTSOCK) : SOCKET_ERROR;
}

/* The reasons that the documentation of socket() gives come before the missing network. */
static SOCKET no_network(int family, int type)
{
    if (!started()) return INVALID_SOCKET;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) failed(WSAEAFNOSUPPORT);
    else if (type < 0 || type > SOCK_SEQPACKET) failed(WSAESOCKTNOSUPPORT);
    else failed(WSAENETDOWN);
    return INVALID_SOCKET;
}

SOCKET WSAAPI socket(int family, int type, int) { return no_network(family, type); }

SOCKET WSAAPI WSASocketW(int family, int type, int, LPWSAPROTOCOL_INFOW info, GROUP, DWORD)
{
    if (info && family == FROM_PROTOCOL_INFO) family = info->iAddressFamily;
    if (info && type == FROM_PROTOCOL_INFO) type = info->iSocketType;
    return no_network(family, type);
}

SOCKET WSAAPI WSASocketA(int family, int type, int, LPWSAPROTOCOL_INFOA info, GROUP, DWORD)
{
    if (info && family == FROM_PROTOCOL_INFO) family = info->iAddressFamily;
    if (info && type == FROM_PROTOCOL_INFO) type = info->iSocketType;
    return no_network(family, type);
}

SOCKET WSAAPI accept(SOCKET, struct sockaddr *, int *) { return (SOCKET)no_socket(); }
int WSAAPI bind(SOCKET, const struct sockaddr *, int) { return no_socket(); }
int WSAAPI closesocket(SOCKET) { return no_socket(); }
int WSAAPI connect(SOCKET, const struct sockaddr *, int) { return no_socket(); }
int WSAAPI getpeername(SOCKET, struct sockaddr *, int *) { return no_socket(); }
int WSAAPI getsockname(SOCKET, struct sockaddr *, int *) { return no_socket(); }
int WSAAPI getsockopt(SOCKET, int, int, char *, int *) { return no_socket(); }
int WSAAPI ioctlsocket(SOCKET, long, u_long *) { return no_socket(); }
int WSAAPI listen(SOCKET, int) { return no_socket(); }
int WSAAPI recv(SOCKET, char *, int, int) { return no_socket(); }
int WSAAPI recvfrom(SOCKET, char *, int, int, struct sockaddr *, int *) { return no_socket(); }
int WSAAPI send(SOCKET, const char *, int, int) { return no_socket(); }
int WSAAPI sendto(SOCKET, const char *, int, int, const struct sockaddr *, int)
{
    return no_socket();
}
int WSAAPI setsockopt(SOCKET, int, int, const char *, int) { return no_socket(); }
int WSAAPI shutdown(SOCKET, int) { return no_socket(); }

SOCKET WSAAPI WSAAccept(SOCKET, struct sockaddr *, LPINT, LPCONDITIONPROC, DWORD_PTR)
{
    return (SOCKET)no_socket();
}
int WSAAPI WSAAsyncSelect(SOCKET, HWND, u_int, long) { return no_socket(); }
int WSAAPI WSAConnect(SOCKET, const struct sockaddr *, int, LPWSABUF, LPWSABUF, LPQOS, LPQOS)
{
    return no_socket();
}
int WSAAPI WSADuplicateSocketA(SOCKET, DWORD, LPWSAPROTOCOL_INFOA) { return no_socket(); }
int WSAAPI WSADuplicateSocketW(SOCKET, DWORD, LPWSAPROTOCOL_INFOW) { return no_socket(); }
int WSAAPI WSAEnumNetworkEvents(SOCKET, WSAEVENT, LPWSANETWORKEVENTS) { return no_socket(); }
int WSAAPI WSAEventSelect(SOCKET, WSAEVENT, long) { return no_socket(); }
BOOL WSAAPI WSAGetOverlappedResult(SOCKET, LPWSAOVERLAPPED, LPDWORD, BOOL, LPDWORD)
{
    return no_socket() != SOCKET_ERROR;
}
int WSAAPI WSAHtonl(SOCKET, u_long, u_long *) { return no_socket(); }
int WSAAPI WSAHtons(SOCKET, u_short, u_short *) { return no_socket(); }
int WSAAPI WSANtohl(SOCKET, u_long, u_long *) { return no_socket(); }
int WSAAPI WSANtohs(SOCKET, u_short, u_short *) { return no_socket(); }
int WSAAPI WSAIoctl(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}
SOCKET WSAAPI WSAJoinLeaf(SOCKET, const struct sockaddr *, int, LPWSABUF, LPWSABUF, LPQOS, LPQOS,
    DWORD)
{
    return (SOCKET)no_socket();
}
int WSAAPI WSARecv(SOCKET, LPWSABUF, DWORD, LPDWORD, LPDWORD, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}
int WSAAPI WSARecvDisconnect(SOCKET, LPWSABUF) { return no_socket(); }
int WSAAPI WSARecvFrom(SOCKET, LPWSABUF, DWORD, LPDWORD, LPDWORD, struct sockaddr *, LPINT,
    LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}
int WSAAPI WSASend(SOCKET, LPWSABUF, DWORD, LPDWORD, DWORD, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}
int WSAAPI WSASendDisconnect(SOCKET, LPWSABUF) { return no_socket(); }
int WSAAPI WSASendMsg(SOCKET, LPWSAMSG, DWORD, LPDWORD, LPWSAOVERLAPPED,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}
int WSAAPI WSASendTo(SOCKET, LPWSABUF, DWORD, LPDWORD, DWORD, const struct sockaddr *, int,
    LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE)
{
    return no_socket();
}

/* Winsock 1.1's blocking hooks: "not supported" to callers of version 2. */
FARPROC WSAAPI WSASetBlockingHook(FARPROC)
{
    if (started()) failed(WSAEOPNOTSUPP);
    return NULL;
}
int WSAAPI WSAUnhookBlockingHook(void) { return started() ? failed(WSAEOPNOTSUPP) : SOCKET_ERROR; }
int WSAAPI WSACancelBlockingCall(void) { return started() ? failed(WSAEOPNOTSUPP) : SOCKET_ERROR; }
WINBOOL WSAAPI WSAIsBlocking(void) { return FALSE; }
