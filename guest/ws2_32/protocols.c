/* The catalog of transports: TCP and UDP over both versions of IP, as `netsh winsock show catalog`
 * prints it. */
#include "winsock.h"

struct transport {
    WCHAR name[32];
    DWORD flags, catalog_entry;
    int family, type, protocol, address_size;
    DWORD message_size;
};

#define STREAM_FLAGS (XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE \
    | XP1_EXPEDITED_DATA | XP1_IFS_HANDLES)
#define DATAGRAM_FLAGS (XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST \
    | XP1_SUPPORT_MULTIPOINT | XP1_IFS_HANDLES)

static const struct transport transports[] = {
    {L"MSAFD Tcpip [TCP/IP]", STREAM_FLAGS, 1001, AF_INET, SOCK_STREAM, IPPROTO_TCP,
        sizeof(struct sockaddr_in), 0},
    {L"MSAFD Tcpip [UDP/IP]", DATAGRAM_FLAGS, 1002, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
        sizeof(struct sockaddr_in), 65467},
    {L"MSAFD Tcpip [TCP/IPv6]", STREAM_FLAGS, 1004, AF_INET6, SOCK_STREAM, IPPROTO_TCP,
        sizeof(struct sockaddr_in6), 0},
    {L"MSAFD Tcpip [UDP/IPv6]", DATAGRAM_FLAGS, 1005, AF_INET6, SOCK_DGRAM, IPPROTO_UDP,
        sizeof(struct sockaddr_in6), 65527},
};
static const GUID providers[2] = {
    {0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}},
    {0xF9EAB0C0, 0x26D4, 0x11D0, {0xBB, 0xBF, 0x00, 0xAA, 0x00, 0x6C, 0x34, 0xE4}},
};

static BOOL is_wanted(const struct transport *transport, const INT *wanted)
{
    for (; wanted && *wanted; wanted++)
        if (*wanted == transport->protocol) return TRUE;
    return !wanted;
}

/* All members before szProtocol, which are the same in both forms. */
static void fill(const struct transport *transport, LPWSAPROTOCOL_INFOA info)
{
    memset(info, 0, offsetof(WSAPROTOCOL_INFOA, szProtocol));
    info->dwServiceFlags1 = transport->flags;
    info->dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO;
    info->ProviderId = providers[transport->family == AF_INET6];
    info->dwCatalogEntryId = transport->catalog_entry;
    info->ProtocolChain.ChainLen = BASE_PROTOCOL;
    info->iVersion = 2;
    info->iAddressFamily = transport->family;
    info->iMaxSockAddr = info->iMinSockAddr = transport->address_size;
    info->iSocketType = transport->type;
    info->iProtocol = transport->protocol;
    info->iNetworkByteOrder = BIGENDIAN;
    info->dwMessageSize = transport->message_size;
}

static int enumerate(const INT *wanted, void *buffer, DWORD *size, BOOL wide)
{
    DWORD row = wide ? sizeof(WSAPROTOCOL_INFOW) : sizeof(WSAPROTOCOL_INFOA), needed = 0;
    BYTE *out = buffer;
    if (!started()) return SOCKET_ERROR;
    if (!size) return failed(WSAEFAULT);
    for (DWORD i = 0; i < COUNT(transports); i++)
        if (is_wanted(&transports[i], wanted)) needed += row;
    if (*size < needed || (!buffer && needed)) {
        *size = needed;
        return failed(WSAENOBUFS);
    }
    for (DWORD i = 0; i < COUNT(transports); i++) {
        if (!is_wanted(&transports[i], wanted)) continue;
        memset(out, 0, row);
        fill(&transports[i], (LPWSAPROTOCOL_INFOA)out);
        if (wide) memcpy(((LPWSAPROTOCOL_INFOW)out)->szProtocol, transports[i].name,
            sizeof transports[i].name);
        else for (int k = 0; transports[i].name[k]; k++)
            ((LPWSAPROTOCOL_INFOA)out)->szProtocol[k] = (char)transports[i].name[k];
        out += row;
    }
    *size = needed;
    return (int)(needed / row);
}

int WSAAPI WSAEnumProtocolsW(LPINT wanted, LPWSAPROTOCOL_INFOW buffer, LPDWORD size)
{
    return enumerate(wanted, buffer, size, TRUE);
}

int WSAAPI WSAEnumProtocolsA(LPINT wanted, LPWSAPROTOCOL_INFOA buffer, LPDWORD size)
{
    return enumerate(wanted, buffer, size, FALSE);
}
