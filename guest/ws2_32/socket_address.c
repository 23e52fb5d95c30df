/* Socket addresses as text: WSAStringToAddress, WSAAddressToString. */
#include "winsock.h"

static const WCHAR *parse_port(const WCHAR *text, USHORT *port)
{
    ULONG value = 0;
    if (text && *text == ':') text = parse_number(text + 1, 0xFFFF, &value);
    *port = htons((USHORT)value);
    return text;
}

/* "address%scope", and a port behind it only when all that is in brackets. */
static const WCHAR *parse_in6(const WCHAR *text, struct sockaddr_in6 *address)
{
    BOOL bracket = *text == '[';
    text = parse_ipv6(text + bracket, &address->sin6_addr);
    if (text && *text == '%') text = parse_number(text + 1, ~0u, &address->sin6_scope_id);
    if (!bracket || !text) return text;
    return *text == ']' ? parse_port(text + 1, &address->sin6_port) : NULL;
}

int parse_socket_address(const WCHAR *text, int family, SOCKADDR_INET *address)
{
    memset(address, 0, sizeof *address);
    address->si_family = (ADDRESS_FAMILY)family;
    if (family == AF_INET)
        text = parse_port(parse_ipv4(text, FALSE, &address->Ipv4.sin_addr),
            &address->Ipv4.sin_port);
    else text = parse_in6(text, &address->Ipv6);
    return text && !*text ? 0 : WSAEINVAL;
}

static WCHAR *format_in6(const struct sockaddr_in6 *address, WCHAR *text)
{
    if (address->sin6_port) *text++ = '[';
    text = format_ipv6(&address->sin6_addr, text);
    if (address->sin6_scope_id) {
        *text++ = '%';
        text = format_number(address->sin6_scope_id, text);
    }
    if (address->sin6_port) *text++ = ']';
    *text = 0;
    return text;
}

int format_socket_address(const struct sockaddr *address, DWORD size, WCHAR *text)
{
    const SOCKADDR_INET *any = (const SOCKADDR_INET *)address;
    if (!address) return WSAEFAULT;
    if (size < sizeof any->si_family) return WSAEINVAL;
    if (any->si_family == AF_INET && size >= sizeof any->Ipv4)
        text = format_ipv4(any->Ipv4.sin_addr, text);
    else if (any->si_family == AF_INET6 && size >= sizeof any->Ipv6)
        text = format_in6(&any->Ipv6, text);
    else return WSAEINVAL;
    if (any->Ipv4.sin_port) { /* at the same place in both */
        *text++ = ':';
        format_number(ntohs(any->Ipv4.sin_port), text);
    }
    return 0;
}

INT WSAAPI WSAStringToAddressW(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW, LPSOCKADDR address,
    LPINT size)
{
    INT needed = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    SOCKADDR_INET parsed;
    int error;
    if (!started()) return SOCKET_ERROR;
    if (!size || !address) return failed(WSAEFAULT);
    if (!text || (family != AF_INET && family != AF_INET6)) return failed(WSAEINVAL);
    if (*size < needed) {
        *size = needed;
        return failed(WSAEFAULT);
    }
    error = parse_socket_address(text, family, &parsed);
    if (error) return failed(error);
    memcpy(address, &parsed, (size_t)needed);
    *size = needed;
    return 0;
}

INT WSAAPI WSAStringToAddressA(LPSTR text, INT family, LPWSAPROTOCOL_INFOA, LPSOCKADDR address,
    LPINT size)
{
    WCHAR wide[NAME_ROOM];
    if (!started()) return SOCKET_ERROR;
    if (!text || !MultiByteToWideChar(CP_ACP, 0, text, -1, wide, NAME_ROOM))
        return failed(WSAEINVAL);
    return WSAStringToAddressW(wide, family, NULL, address, size);
}

INT WSAAPI WSAAddressToStringW(LPSOCKADDR address, DWORD size, LPWSAPROTOCOL_INFOW, LPWSTR text,
    LPDWORD length)
{
    WCHAR formatted[SOCKET_ADDRESS_ROOM];
    DWORD room, needed;
    int error;
    if (!started()) return SOCKET_ERROR;
    if (!length) return failed(WSAEFAULT);
    error = format_socket_address(address, size, formatted);
    if (error) return failed(error);
    needed = (DWORD)lstrlenW(formatted) + 1;
    room = *length;
    *length = needed;
    if (!text || room < needed) return failed(WSAEFAULT);
    memcpy(text, formatted, needed * sizeof(WCHAR));
    return 0;
}

INT WSAAPI WSAAddressToStringA(LPSOCKADDR address, DWORD size, LPWSAPROTOCOL_INFOA, LPSTR text,
    LPDWORD length)
{
    WCHAR wide[SOCKET_ADDRESS_ROOM];
    DWORD needed = SOCKET_ADDRESS_ROOM, room;
    if (started() && !length) return failed(WSAEFAULT);
    if (WSAAddressToStringW(address, size, NULL, wide, &needed)) return SOCKET_ERROR;
    room = *length;
    *length = needed;
    if (!text || room < needed) return failed(WSAEFAULT);
    WideCharToMultiByte(CP_ACP, 0, wide, -1, text, (int)room, NULL, NULL);
    return 0;
}
