/* The host's own name and the lookups of Winsock 1.1. Every name that is this machine's stands for
 * the loopback address. */
#include "winsock.h"

void host_name(char *name, DWORD size)
{
    if (!GetComputerNameExA(ComputerNameDnsHostname, name, &size)) *name = 0;
}

BOOL is_this_host(const WCHAR *name)
{
    WCHAR own[NAME_ROOM];
    DWORD size = NAME_ROOM;
    if (!lstrcmpiW(name, L"localhost")) return TRUE;
    return GetComputerNameExW(ComputerNameDnsHostname, own, &size) && !lstrcmpiW(name, own);
}

int WSAAPI gethostname(char *name, int size)
{
    char own[NAME_ROOM];
    if (!started()) return SOCKET_ERROR;
    host_name(own, NAME_ROOM);
    if (!name || size <= lstrlenA(own)) return failed(WSAEFAULT);
    lstrcpyA(name, own);
    return 0;
}

int WSAAPI GetHostNameW(PWSTR name, int size)
{
    char own[NAME_ROOM];
    if (!started()) return SOCKET_ERROR;
    host_name(own, NAME_ROOM);
    if (!name || !MultiByteToWideChar(CP_ACP, 0, own, -1, name, size)) return failed(WSAEFAULT);
    return 0;
}

static struct hostent *host(const char *name, struct in_addr address)
{
    struct thread_data *data = thread_data();
    if (!data) return NULL;
    lstrcpynA(data->name, name, NAME_ROOM);
    data->address = address;
    data->addresses[0] = (char *)&data->address;
    data->host = (struct hostent){data->name, data->aliases, AF_INET, sizeof address,
        data->addresses};
    return &data->host;
}

struct hostent *WSAAPI gethostbyname(const char *name)
{
    char own[NAME_ROOM];
    WCHAR wide[NAME_ROOM];
    struct in_addr address;
    SOCKADDR_INET found;
    const WCHAR *end;
    if (!started()) return NULL;
    host_name(own, NAME_ROOM);
    if (!name || !*name) name = own;
    if (!MultiByteToWideChar(CP_ACP, 0, name, -1, wide, NAME_ROOM)) *wide = 0;
    end = parse_ipv4(wide, FALSE, &address);
    if (end && !*end) return host(name, address);
    address.s_addr = htonl(INADDR_LOOPBACK);
    if (is_this_host(wide)) return host(name, address);
    if (resolve_name(wide, AF_INET, &found, 1)) return host(name, found.Ipv4.sin_addr);
    failed(WSAHOST_NOT_FOUND);
    return NULL;
}

struct hostent *WSAAPI gethostbyaddr(const char *address, int size, int family)
{
    char own[NAME_ROOM];
    struct in_addr wanted;
    if (!started()) return NULL;
    if (family != AF_INET) failed(WSAEAFNOSUPPORT);
    else if (!address || size < (int)sizeof wanted) failed(WSAEFAULT);
    else {
        memcpy(&wanted, address, sizeof wanted);
        host_name(own, NAME_ROOM);
        if (wanted.s_addr == htonl(INADDR_LOOPBACK)) return host(own, wanted);
        failed(WSAHOST_NOT_FOUND);
    }
    return NULL;
}
