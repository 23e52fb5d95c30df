/* inet_addr, InetPton and their like; none of them needs WSAStartup. */
#include "winsock.h"

/* A space alone is 0 and the empty string INADDR_NONE, as documented. */
unsigned __LONG32 WSAAPI inet_addr(const char *text)
{
    WCHAR wide[64];
    struct in_addr address;
    const WCHAR *end;
    if (!text || !MultiByteToWideChar(CP_ACP, 0, text, -1, wide, COUNT(wide))) return INADDR_NONE;
    if (wide[0] == ' ' && !wide[1]) return INADDR_ANY;
    end = parse_ipv4(wide, FALSE, &address);
    while (end && *end == ' ') end++;
    return end && !*end ? address.s_addr : INADDR_NONE;
}

char *WSAAPI inet_ntoa(struct in_addr address)
{
    struct thread_data *data = thread_data();
    WCHAR text[16];
    if (!data) return NULL;
    format_ipv4(address, text);
    for (int i = 0; i < 16; i++) data->address_text[i] = (char)text[i];
    data->address_text[15] = 0;
    return data->address_text;
}

INT WSAAPI InetPtonW(INT family, LPCWSTR text, PVOID address)
{
    SOCKADDR_INET parsed;
    if (family != AF_INET && family != AF_INET6) return failed(WSAEAFNOSUPPORT);
    if (!text || !address) return failed(WSAEFAULT);
    if (family == AF_INET) text = parse_ipv4(text, TRUE, &parsed.Ipv4.sin_addr);
    else text = parse_ipv6(text, &parsed.Ipv6.sin6_addr);
    if (!text || *text) return 0;
    if (family == AF_INET) memcpy(address, &parsed.Ipv4.sin_addr, sizeof(struct in_addr));
    else memcpy(address, &parsed.Ipv6.sin6_addr, sizeof(struct in6_addr));
    return 1;
}

INT WSAAPI inet_pton(INT family, LPCSTR text, PVOID address)
{
    WCHAR wide[INET6_ADDRSTRLEN];
    if (family != AF_INET && family != AF_INET6) return failed(WSAEAFNOSUPPORT);
    if (!text || !address) return failed(WSAEFAULT);
    if (!MultiByteToWideChar(CP_ACP, 0, text, -1, wide, COUNT(wide))) return 0;
    return InetPtonW(family, wide, address);
}

LPCWSTR WSAAPI InetNtopW(INT family, LPCVOID address, LPWSTR text, size_t size)
{
    WCHAR formatted[INET6_ADDRSTRLEN], *end;
    if (family != AF_INET && family != AF_INET6) {
        failed(WSAEAFNOSUPPORT);
        return NULL;
    }
    if (address && family == AF_INET) end = format_ipv4(*(const struct in_addr *)address, formatted);
    else end = address ? format_ipv6(address, formatted) : formatted;
    if (!address || !text || size <= (size_t)(end - formatted)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    memcpy(text, formatted, (size_t)(end - formatted + 1) * sizeof(WCHAR));
    return text;
}

LPCSTR WSAAPI inet_ntop(INT family, LPCVOID address, LPSTR text, size_t size)
{
    WCHAR wide[INET6_ADDRSTRLEN];
    if (!InetNtopW(family, address, wide, text ? COUNT(wide) : 0)) return NULL;
    if (size <= (size_t)lstrlenW(wide)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    WideCharToMultiByte(CP_ACP, 0, wide, -1, text, (int)size, NULL, NULL);
    return text;
}
