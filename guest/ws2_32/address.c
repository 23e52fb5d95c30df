/* Internet addresses and text, as the documentation of inet_addr and InetPton describes it. */
#include "winsock.h"

static int digit_of(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
    return 16;
}

static const WCHAR *digits(const WCHAR *text, int radix, ULONG limit, ULONG *value)
{
    ULONGLONG number = 0;
    const WCHAR *at = text;
    for (; digit_of(*at) < radix; at++) {
        number = number * (unsigned)radix + (unsigned)digit_of(*at);
        if (number > limit) return NULL;
    }
    *value = (ULONG)number;
    return at == text ? NULL : at;
}

const WCHAR *parse_number(const WCHAR *text, ULONG limit, ULONG *value)
{
    return digits(text, 10, limit, value);
}

/* C's notation: a leading 0x is hexadecimal, a leading 0 octal. */
static const WCHAR *c_number(const WCHAR *text, ULONG *value)
{
    if (*text == '0' && (text[1] | 0x20) == 'x') return digits(text + 2, 16, ~0u, value);
    return digits(text, *text == '0' ? 8 : 10, ~0u, value);
}

const WCHAR *parse_ipv4(const WCHAR *text, BOOL strict, struct in_addr *address)
{
    ULONG parts[4], result = 0;
    int count = 0;
    for (;; text++) {
        if (count == 4 || (strict && *text == '0' && digit_of(text[1]) < 10)) return NULL;
        text = strict ? digits(text, 10, 255, &parts[count]) : c_number(text, &parts[count]);
        count++;
        if (!text || *text != '.') break;
    }
    if (!text || (strict && count != 4)) return NULL;
    for (int i = 0; i < count - 1; i++) {
        if (parts[i] > 255) return NULL;
        result |= parts[i] << (24 - 8 * i);
    }
    if ((ULONGLONG)parts[count - 1] >> (40 - 8 * count)) return NULL;
    address->s_addr = htonl(result | parts[count - 1]);
    return text;
}

/* Eight groups; `gap` is where the one "::" was, or -1. Groups behind it move to the end. */
static BOOL spread(USHORT *groups, int count, int gap)
{
    int moved = count - gap;
    if (gap < 0) return count == 8;
    if (count > 7) return FALSE;
    for (int i = 0; i < moved; i++) groups[7 - i] = groups[count - 1 - i];
    for (int i = gap; i < 8 - moved; i++) groups[i] = 0;
    return TRUE;
}

const WCHAR *parse_ipv6(const WCHAR *text, struct in6_addr *address)
{
    USHORT groups[8] = {0};
    int count = 0, gap = -1;
    struct in_addr tail;
    ULONG value;
    if (*text == ':' && *++text != ':') return NULL;
    for (;;) {
        const WCHAR *next;
        if (*text == ':') {
            if (gap >= 0) return NULL;
            gap = count;
            text++;
        }
        if (digit_of(*text) > 15) break;
        if (count == 8 || !(next = digits(text, 16, 0xFFFF, &value)) || next > text + 4)
            return NULL;
        if (*next == '.') {
            if (count > 6 || !(next = parse_ipv4(text, TRUE, &tail))) return NULL;
            memcpy(&groups[count], &tail, sizeof tail);
            count += 2;
            text = next;
            break;
        }
        groups[count++] = htons((USHORT)value);
        text = next;
        if (*text != ':') break;
        if (*++text != ':' && digit_of(*text) > 15) return NULL;
    }
    if (!spread(groups, count, gap)) return NULL;
    memcpy(address, groups, sizeof groups);
    return text;
}

static WCHAR *format_in(ULONG value, ULONG radix, WCHAR *text)
{
    WCHAR reversed[10];
    int count = 0;
    do reversed[count++] = L"0123456789abcdef"[value % radix];
    while (value /= radix);
    while (count) *text++ = reversed[--count];
    *text = 0;
    return text;
}

WCHAR *format_number(ULONG value, WCHAR *text)
{
    return format_in(value, 10, text);
}

WCHAR *format_ipv4(struct in_addr address, WCHAR *text)
{
    const BYTE *bytes = (const BYTE *)&address;
    for (int i = 0; i < 4; i++) {
        if (i) *text++ = '.';
        text = format_number(bytes[i], text);
    }
    return text;
}

/* Whether the last 32 bits are written as IPv4: mapped, compatible and ISATAP addresses. */
static BOOL ends_in_ipv4(const USHORT *groups)
{
    BOOL zeros = TRUE;
    for (int i = 0; i < 4; i++) zeros &= !groups[i];
    if (zeros && !groups[4] && (!groups[5] || groups[5] == 0xFFFF)) return groups[6] != 0;
    if (zeros && groups[4] == 0xFFFF && !groups[5]) return TRUE;
    return (groups[4] & ~htons(0x0200)) == 0 && groups[5] == htons(0x5EFE);
}

WCHAR *format_ipv6(const struct in6_addr *address, WCHAR *text)
{
    USHORT groups[8];
    int count, start = -1, length = 1;
    struct in_addr tail;
    memcpy(groups, address, sizeof groups);
    count = ends_in_ipv4(groups) ? 6 : 8;
    for (int i = 0, run; i < count; i += run + 1) {
        for (run = 0; i + run < count && !groups[i + run];) run++;
        if (run > length) start = i, length = run;
    }
    *text = 0;
    for (int i = 0; i < count; i++) {
        if (i == start) {
            *text++ = ':';
            i += length - 1;
            if (i == count - 1) *text++ = ':';
            *text = 0;
            continue;
        }
        if (i) *text++ = ':';
        text = format_in(ntohs(groups[i]), 16, text);
    }
    if (count == 8) return text;
    memcpy(&tail, &groups[6], sizeof tail);
    if (start + length != 6 || start < 0) *text++ = ':';
    return format_ipv4(tail, text);
}
