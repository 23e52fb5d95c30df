/* Names of other hosts: a query to the machine's name server, as RFC 1035 writes it. */
#include "winsock.h"

#define MESSAGE_ROOM 512 /* of a message over UDP (RFC 1035, 2.3.4) */
#define HEADER_SIZE 12
#define RECORD_SIZE 10 /* type, class, time to live and size of a record */
#define PATIENCE 5000  /* milliseconds */

enum { TYPE_A = 1, TYPE_AAAA = 28 };

static BYTE *put16(BYTE *at, unsigned value)
{
    *at++ = (BYTE)(value >> 8);
    *at++ = (BYTE)value;
    return at;
}

static unsigned get16(const BYTE *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* A query with one question; 0 for a name that cannot be asked for. */
static int write_query(BYTE *message, const WCHAR *name, unsigned type)
{
    BYTE *at = message + HEADER_SIZE, *label;
    if (!*name || lstrlenW(name) >= NAME_ROOM) return 0;
    memset(message, 0, HEADER_SIZE);
    put16(message + 2, 0x0100); /* recursion is desired */
    put16(message + 4, 1);
    while (*name) {
        label = at++;
        for (; *name && *name != '.'; name++) {
            if (*name > 0x7E || at - label > 63) return 0;
            *at++ = (BYTE)*name;
        }
        *label = (BYTE)(at - label - 1);
        if (!*label) return 0;
        if (*name) name++;
    }
    *at++ = 0;
    at = put16(put16(at, type), 1);
    return (int)(at - message);
}

static int ask(const BYTE *query, int size, BYTE *response)
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    DWORD patience = PATIENCE;
    int got = SOCKET_ERROR;
    if (s == INVALID_SOCKET) return SOCKET_ERROR;
    server.sin_port = htons(53);
    server.sin_addr.s_addr = htonl(0x7F000035); /* 127.0.0.53 */
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (const char *)&patience, sizeof patience);
    if (!connect(s, (struct sockaddr *)&server, sizeof server)
        && send(s, (const char *)query, size, 0) == size)
        got = recv(s, (char *)response, MESSAGE_ROOM, 0);
    closesocket(s);
    return got;
}

/* The end of a name, which may end in a pointer to another. */
static const BYTE *skip_name(const BYTE *at, const BYTE *end)
{
    while (at < end && *at) {
        if (*at >= 0xC0) return at + 2;
        at += 1 + *at;
    }
    return at + 1;
}

static int read_response(const BYTE *message, int size, unsigned type, SOCKADDR_INET *found,
    int room)
{
    const BYTE *end = message + size, *at = message + HEADER_SIZE;
    unsigned answers, wanted = type == TYPE_A ? 4 : 16;
    int count = 0;
    if (size < HEADER_SIZE || message[3] & 0x0F) return 0;
    answers = get16(message + 6);
    at = skip_name(at, end) + 4;
    for (; answers && count < room; answers--) {
        unsigned length;
        at = skip_name(at, end);
        if (at + RECORD_SIZE > end) break;
        length = get16(at + 8);
        if (at + RECORD_SIZE + length > end) break;
        if (get16(at) == type && length == wanted) {
            SOCKADDR_INET *address = &found[count++];
            memset(address, 0, sizeof *address);
            address->si_family = type == TYPE_A ? AF_INET : AF_INET6;
            if (type == TYPE_A) memcpy(&address->Ipv4.sin_addr, at + RECORD_SIZE, wanted);
            else memcpy(&address->Ipv6.sin6_addr, at + RECORD_SIZE, wanted);
        }
        at += RECORD_SIZE + length;
    }
    return count;
}

int resolve_name(const WCHAR *name, int family, SOCKADDR_INET *found, int room)
{
    static const struct {
        int family;
        unsigned type;
    } kinds[] = {{AF_INET6, TYPE_AAAA}, {AF_INET, TYPE_A}};
    BYTE query[HEADER_SIZE + NAME_ROOM + 8], response[MESSAGE_ROOM];
    int count = 0;
    for (unsigned i = 0; i < COUNT(kinds); i++) {
        int size, got;
        if (family != AF_UNSPEC && family != kinds[i].family) continue;
        size = write_query(query, name, kinds[i].type);
        got = size ? ask(query, size, response) : 0;
        if (got > 0)
            count += read_response(response, got, kinds[i].type, found + count, room - count);
    }
    return count;
}
