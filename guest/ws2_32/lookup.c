/* Name spaces, of which there are none, and connecting by name. */
#include "afd.h"

INT WSAAPI WSAEnumNameSpaceProvidersA(LPDWORD size, LPWSANAMESPACE_INFOA buffer)
{
    (void)buffer;
    if (!started()) return SOCKET_ERROR;
    if (!size) return failed(WSAEFAULT);
    return 0;
}

INT WSAAPI WSAEnumNameSpaceProvidersW(LPDWORD size, LPWSANAMESPACE_INFOW buffer)
{
    return WSAEnumNameSpaceProvidersA(size, (LPWSANAMESPACE_INFOA)buffer);
}

INT WSAAPI WSALookupServiceBeginW(LPWSAQUERYSETW query, DWORD flags, LPHANDLE lookup)
{
    (void)flags;
    if (!started()) return SOCKET_ERROR;
    if (!query || !lookup) return failed(WSAEFAULT);
    return failed(WSASERVICE_NOT_FOUND);
}

INT WSAAPI WSALookupServiceBeginA(LPWSAQUERYSETA query, DWORD flags, LPHANDLE lookup)
{
    return WSALookupServiceBeginW((LPWSAQUERYSETW)query, flags, lookup);
}

INT WSAAPI WSALookupServiceNextW(HANDLE lookup, DWORD flags, LPDWORD size, LPWSAQUERYSETW result)
{
    (void)lookup, (void)flags, (void)size, (void)result;
    return started() ? failed(WSA_INVALID_HANDLE) : SOCKET_ERROR;
}

INT WSAAPI WSALookupServiceNextA(HANDLE lookup, DWORD flags, LPDWORD size, LPWSAQUERYSETA result)
{
    return WSALookupServiceNextW(lookup, flags, size, (LPWSAQUERYSETW)result);
}

INT WSAAPI WSALookupServiceEnd(HANDLE lookup)
{
    (void)lookup;
    return started() ? failed(WSA_INVALID_HANDLE) : SOCKET_ERROR;
}

/* Calls that answer with a message to a window, of which there are none. */
static HANDLE no_window(void)
{
    if (started()) failed(WSAEINVAL);
    return NULL;
}

HANDLE WSAAPI WSAAsyncGetServByName(HWND window, u_int message, const char *name,
    const char *protocol, char *buffer, int size)
{
    (void)window, (void)message, (void)name, (void)protocol, (void)buffer, (void)size;
    return no_window();
}

HANDLE WSAAPI WSAAsyncGetServByPort(HWND window, u_int message, int port, const char *protocol,
    char *buffer, int size)
{
    (void)window, (void)message, (void)port, (void)protocol, (void)buffer, (void)size;
    return no_window();
}

HANDLE WSAAPI WSAAsyncGetHostByName(HWND window, u_int message, const char *name, char *buffer,
    int size)
{
    (void)window, (void)message, (void)name, (void)buffer, (void)size;
    return no_window();
}

int WSAAPI WSACancelAsyncRequest(HANDLE request)
{
    (void)request;
    return started() ? failed(WSAEINVAL) : SOCKET_ERROR;
}

int WSAAPI WSCGetProviderPath(LPGUID provider, WCHAR *path, LPINT size, LPINT error)
{
    static const WCHAR own[] = L"%SystemRoot%\\system32\\mswsock.dll";
    (void)provider;
    if (!path || !size || !error) return SOCKET_ERROR;
    if (*size < (INT)COUNT(own)) {
        *size = COUNT(own);
        *error = WSAEFAULT;
        return SOCKET_ERROR;
    }
    memcpy(path, own, sizeof own);
    *size = COUNT(own);
    return 0;
}

BOOL PASCAL WSAConnectByNameA(SOCKET socket, LPSTR node, LPSTR service, LPDWORD local_size,
    LPSOCKADDR local, LPDWORD remote_size, LPSOCKADDR remote, const struct timeval *timeout,
    LPWSAOVERLAPPED reserved)
{
    struct socket_info kind;
    struct addrinfo hints = {0}, *found;
    int error;
    (void)timeout;
    if (socket_info(socket, &kind)) return FALSE;
    if (!node || !service || reserved) return failed(WSAEINVAL), FALSE;
    hints.ai_family = kind.family;
    hints.ai_socktype = kind.type;
    if ((error = getaddrinfo(node, service, &hints, &found))) return failed(error), FALSE;
    error = SOCKET_ERROR;
    for (const struct addrinfo *each = found; each && error; each = each->ai_next)
        error = connect(socket, each->ai_addr, (int)each->ai_addrlen);
    freeaddrinfo(found);
    if (error) return FALSE;
    if (local && local_size && getsockname(socket, local, (int *)local_size)) return FALSE;
    return !remote || !remote_size || !getpeername(socket, remote, (int *)remote_size);
}
