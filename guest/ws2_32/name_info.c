/* getnameinfo: the name of the loopback address is the host's, others have none. */
#include "winsock.h"

static int node_text(const SOCKADDR_INET *address, int flags, WCHAR *text)
{
    static const struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;
    BOOL own = address->si_family == AF_INET
        ? address->Ipv4.sin_addr.s_addr == htonl(INADDR_LOOPBACK)
        : !memcmp(&address->Ipv6.sin6_addr, &loopback, sizeof loopback);
    SOCKADDR_INET plain = *address;
    char name[NAME_ROOM];
    if (own && !(flags & NI_NUMERICHOST)) {
        host_name(name, NAME_ROOM);
        MultiByteToWideChar(CP_ACP, 0, name, -1, text, NAME_ROOM);
        return 0;
    }
    if ((flags & NI_NAMEREQD) && !(flags & NI_NUMERICHOST)) return WSAHOST_NOT_FOUND;
    plain.Ipv4.sin_port = 0;
    return format_socket_address((struct sockaddr *)&plain, sizeof plain, text);
}

static void service_text(USHORT port, int flags, WCHAR *text)
{
    const struct service *service = service_at(port, flags & NI_DGRAM ? "udp" : "tcp");
    if (service && !(flags & NI_NUMERICSERV))
        MultiByteToWideChar(CP_ACP, 0, service->name, -1, text, NAME_ROOM);
    else format_number(port, text);
}

/* Sizes of 0 are WSAEINVAL only if the text was asked for. */
static int names_of(const SOCKADDR *address, socklen_t size, WCHAR *node, WCHAR *service, int flags)
{
    const SOCKADDR_INET *any = (const SOCKADDR_INET *)address;
    if (!address || size < (socklen_t)sizeof any->si_family) return WSAEFAULT;
    if (any->si_family != AF_INET && any->si_family != AF_INET6) return WSAEAFNOSUPPORT;
    if (size < (socklen_t)(any->si_family == AF_INET ? sizeof any->Ipv4 : sizeof any->Ipv6))
        return WSAEFAULT;
    SOCKADDR_INET copy = {0};
    memcpy(&copy, address, any->si_family == AF_INET ? sizeof copy.Ipv4 : sizeof copy.Ipv6);
    service_text(ntohs(copy.Ipv4.sin_port), flags, service);
    return node_text(&copy, flags, node);
}

static int put(const WCHAR *text, WCHAR *buffer, DWORD size)
{
    if (!buffer) return 0;
    if (!size) return WSAEINVAL;
    if ((DWORD)lstrlenW(text) >= size) return ERROR_INSUFFICIENT_BUFFER;
    lstrcpyW(buffer, text);
    return 0;
}

static int put_narrow(const WCHAR *text, char *buffer, DWORD size)
{
    if (!buffer) return 0;
    if (!size) return WSAEINVAL;
    return WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, (int)size, NULL, NULL)
        ? 0 : ERROR_INSUFFICIENT_BUFFER;
}

INT WSAAPI GetNameInfoW(const SOCKADDR *address, socklen_t size, PWCHAR node, DWORD node_size,
    PWCHAR service, DWORD service_size, INT flags)
{
    WCHAR node_name[NAME_ROOM], service_name[NAME_ROOM];
    int error;
    if (!started()) return WSANOTINITIALISED;
    error = node || service ? names_of(address, size, node_name, service_name, flags)
                            : WSAHOST_NOT_FOUND;
    if (!error) error = put(node_name, node, node_size);
    if (!error) error = put(service_name, service, service_size);
    SetLastError((DWORD)error);
    return error;
}

INT WSAAPI getnameinfo(const SOCKADDR *address, socklen_t size, PCHAR node, DWORD node_size,
    PCHAR service, DWORD service_size, INT flags)
{
    WCHAR node_name[NAME_ROOM], service_name[NAME_ROOM];
    int error;
    if (!started()) return WSANOTINITIALISED;
    error = node || service ? names_of(address, size, node_name, service_name, flags)
                            : WSAHOST_NOT_FOUND;
    if (!error) error = put_narrow(node_name, node, node_size);
    if (!error) error = put_narrow(service_name, service, service_size);
    SetLastError((DWORD)error);
    return error;
}
