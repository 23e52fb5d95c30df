/* Well-known ports and protocols: rows of the registries of IANA that Windows has in its files
 * `services` and `protocol`. */
#include "winsock.h"

static const struct service services[] = {
    {"echo", "tcp", 7}, {"echo", "udp", 7}, {"discard", "tcp", 9}, {"discard", "udp", 9},
    {"ftp-data", "tcp", 20}, {"ftp", "tcp", 21}, {"telnet", "tcp", 23}, {"smtp", "tcp", 25},
    {"time", "tcp", 37}, {"time", "udp", 37}, {"domain", "tcp", 53}, {"domain", "udp", 53},
    {"tftp", "udp", 69}, {"http", "tcp", 80}, {"pop3", "tcp", 110}, {"nntp", "tcp", 119},
    {"ntp", "udp", 123}, {"imap", "tcp", 143}, {"ldap", "tcp", 389}, {"https", "tcp", 443},
    {"https", "udp", 443}, {"imaps", "tcp", 993}, {"pop3s", "tcp", 995},
};

static const struct {
    const char *name;
    short number;
} protocols[] = {{"ip", 0}, {"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"ipv6", 41}, {"ipv6-icmp", 58}};

const struct service *service_named(const char *name, const char *protocol)
{
    for (const struct service *s = services; s < services + COUNT(services); s++)
        if (!lstrcmpiA(s->name, name) && (!protocol || !lstrcmpiA(s->protocol, protocol)))
            return s;
    return NULL;
}

const struct service *service_at(USHORT port, const char *protocol)
{
    for (const struct service *s = services; s < services + COUNT(services); s++)
        if (s->port == port && (!protocol || !lstrcmpiA(s->protocol, protocol))) return s;
    return NULL;
}

static struct servent *service_entry(const struct service *service)
{
    struct thread_data *data = service ? thread_data() : NULL;
    if (!service) failed(WSANO_DATA);
    if (!data) return NULL;
    data->service = (struct servent){(char *)service->name, data->aliases,
        (short)htons(service->port), (char *)service->protocol};
    return &data->service;
}

struct servent *WSAAPI getservbyname(const char *name, const char *protocol)
{
    if (!started()) return NULL;
    return service_entry(name ? service_named(name, protocol) : NULL);
}

struct servent *WSAAPI getservbyport(int port, const char *protocol)
{
    return started() ? service_entry(service_at(ntohs((u_short)port), protocol)) : NULL;
}

static struct protoent *protocol_entry(unsigned i)
{
    struct thread_data *data = i < COUNT(protocols) ? thread_data() : NULL;
    if (i >= COUNT(protocols)) failed(WSANO_DATA);
    if (!data) return NULL;
    data->protocol = (struct protoent){(char *)protocols[i].name, data->aliases,
        protocols[i].number};
    return &data->protocol;
}

struct protoent *WSAAPI getprotobyname(const char *name)
{
    unsigned i = 0;
    if (!started()) return NULL;
    while (i < COUNT(protocols) && (!name || lstrcmpiA(name, protocols[i].name))) i++;
    return protocol_entry(i);
}

struct protoent *WSAAPI getprotobynumber(int number)
{
    unsigned i = 0;
    if (!started()) return NULL;
    while (i < COUNT(protocols) && number != protocols[i].number) i++;
    return protocol_entry(i);
}
