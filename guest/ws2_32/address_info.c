/* getaddrinfo: numeric addresses, this machine, the wildcard, and what the name server knows. */
#include "winsock.h"

struct query {
    ADDRINFOW hints;
    const WCHAR *node;
    USHORT port; /* in network order */
    ADDRINFOW *first, **end;
};

static int add(struct query *query, const SOCKADDR_INET *address)
{
    BOOL is_ipv4 = address->si_family == AF_INET;
    int family = query->hints.ai_family;
    struct {
        ADDRINFOW info;
        SOCKADDR_INET address;
    } *entry;
    if (family != AF_UNSPEC && family != address->si_family) return 0;
    entry = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *entry);
    if (!entry) return WSA_NOT_ENOUGH_MEMORY;
    entry->address = *address;
    entry->address.Ipv4.sin_port = query->port; /* at the same place in both */
    entry->info.ai_family = address->si_family;
    entry->info.ai_socktype = query->hints.ai_socktype;
    entry->info.ai_protocol = query->hints.ai_protocol;
    entry->info.ai_addrlen = is_ipv4 ? sizeof address->Ipv4 : sizeof address->Ipv6;
    entry->info.ai_addr = (struct sockaddr *)&entry->address;
    *query->end = &entry->info;
    query->end = &entry->info.ai_next;
    return 0;
}

/* ::1 and 127.0.0.1, or the addresses that stand for all of the machine's own. */
static int add_own(struct query *query, BOOL any)
{
    SOCKADDR_INET six = {.Ipv6 = {.sin6_family = AF_INET6}};
    SOCKADDR_INET four = {.Ipv4 = {.sin_family = AF_INET}};
    int error;
    six.Ipv6.sin6_addr.s6_addr[15] = !any;
    four.Ipv4.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK);
    error = add(query, &six);
    return error ? error : add(query, &four);
}

/* What the name server knows. */
static int add_other(struct query *query)
{
    SOCKADDR_INET found[MOST_ADDRESSES];
    int count = resolve_name(query->node, query->hints.ai_family, found, MOST_ADDRESSES);
    int error = count ? 0 : WSAHOST_NOT_FOUND;
    for (int i = 0; i < count && !error; i++) error = add(query, &found[i]);
    return error;
}

static int add_node(struct query *query)
{
    SOCKADDR_INET address;
    BOOL bracket = query->node[0] == '[';
    if (!parse_socket_address(query->node, AF_INET, &address) && !address.Ipv4.sin_port)
        return add(query, &address);
    if (!bracket && !parse_socket_address(query->node, AF_INET6, &address))
        return add(query, &address);
    if (query->hints.ai_flags & AI_NUMERICHOST) return WSAHOST_NOT_FOUND;
    return !*query->node || is_this_host(query->node) ? add_own(query, FALSE) : add_other(query);
}

static int find_port(struct query *query, const WCHAR *text)
{
    int type = query->hints.ai_socktype;
    char name[64];
    const struct service *service;
    ULONG port = 0;
    const WCHAR *end = text && *text ? parse_number(text, 0xFFFF, &port) : L"";
    query->port = htons((USHORT)port);
    if (end && !*end) return 0;
    if (query->hints.ai_flags & AI_NUMERICSERV) return WSAHOST_NOT_FOUND;
    if (!WideCharToMultiByte(CP_ACP, 0, text, -1, name, sizeof name, NULL, NULL))
        return WSATYPE_NOT_FOUND;
    service = service_named(name, type == SOCK_STREAM ? "tcp" : type == SOCK_DGRAM ? "udp" : NULL);
    if (!service) return WSATYPE_NOT_FOUND;
    query->port = htons(service->port);
    return 0;
}

static int check_hints(const ADDRINFOW *hints, const WCHAR *node)
{
    int family = hints->ai_family, type = hints->ai_socktype;
    if (hints->ai_addrlen || hints->ai_canonname || hints->ai_addr || hints->ai_next)
        return WSANO_RECOVERY;
    if ((hints->ai_flags & AI_CANONNAME) && !node) return WSAEINVAL;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return WSAEAFNOSUPPORT;
    return type < 0 || type > SOCK_SEQPACKET ? WSAESOCKTNOSUPPORT : 0;
}

static int name_first(struct query *query)
{
    SIZE_T size;
    if (!(query->hints.ai_flags & AI_CANONNAME) || !query->first) return 0;
    size = ((SIZE_T)lstrlenW(query->node) + 1) * sizeof(WCHAR);
    query->first->ai_canonname = HeapAlloc(GetProcessHeap(), 0, size);
    if (!query->first->ai_canonname) return WSA_NOT_ENOUGH_MEMORY;
    memcpy(query->first->ai_canonname, query->node, size);
    return 0;
}

void WSAAPI FreeAddrInfoW(PADDRINFOW info)
{
    while (info) {
        PADDRINFOW next = info->ai_next;
        HeapFree(GetProcessHeap(), 0, info->ai_canonname);
        HeapFree(GetProcessHeap(), 0, info);
        info = next;
    }
}

static int look_up(const WCHAR *node, const WCHAR *service, const ADDRINFOW *hints,
    ADDRINFOW **result)
{
    struct query query = {.node = node, .end = &query.first};
    int error;
    if (!node && !service) return WSAHOST_NOT_FOUND;
    if (hints) query.hints = *hints;
    error = check_hints(&query.hints, node);
    if (!error) error = find_port(&query, service);
    if (!error) error = node ? add_node(&query)
                             : add_own(&query, (query.hints.ai_flags & AI_PASSIVE) != 0);
    if (!error) error = query.first ? name_first(&query) : WSAHOST_NOT_FOUND;
    if (error) FreeAddrInfoW(query.first);
    else *result = query.first;
    return error;
}

INT WSAAPI GetAddrInfoW(PCWSTR node, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *result)
{
    int error;
    if (!started()) return WSANOTINITIALISED;
    if (!result) error = WSAEFAULT;
    else {
        *result = NULL;
        error = look_up(node, service, hints, result);
    }
    SetLastError((DWORD)error);
    return error;
}

/* The canonical name, in place of the UTF-16 one. */
static int narrow_name(ADDRINFOW *info)
{
    WCHAR *wide = info ? info->ai_canonname : NULL;
    char *name;
    int size;
    if (!wide) return 0;
    size = WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
    name = HeapAlloc(GetProcessHeap(), 0, (SIZE_T)size);
    if (!name) return WSA_NOT_ENOUGH_MEMORY;
    WideCharToMultiByte(CP_ACP, 0, wide, -1, name, size, NULL, NULL);
    HeapFree(GetProcessHeap(), 0, wide);
    ((ADDRINFOA *)info)->ai_canonname = name;
    return 0;
}

INT WSAAPI getaddrinfo(PCSTR node, PCSTR service, const ADDRINFOA *hints, PADDRINFOA *result)
{
    WCHAR wide_node[NAME_ROOM], wide_service[NAME_ROOM];
    int error;
    if (node && !MultiByteToWideChar(CP_ACP, 0, node, -1, wide_node, NAME_ROOM))
        return WSAHOST_NOT_FOUND;
    if (service && !MultiByteToWideChar(CP_ACP, 0, service, -1, wide_service, NAME_ROOM))
        return WSATYPE_NOT_FOUND;
    error = GetAddrInfoW(node ? wide_node : NULL, service ? wide_service : NULL,
        (const ADDRINFOW *)hints, (PADDRINFOW *)result);
    if (error) return error;
    error = narrow_name((ADDRINFOW *)*result);
    if (error) {
        FreeAddrInfoW((PADDRINFOW)*result);
        *result = NULL;
    }
    return error;
}

void WSAAPI freeaddrinfo(PADDRINFOA info)
{
    FreeAddrInfoW((PADDRINFOW)info);
}
