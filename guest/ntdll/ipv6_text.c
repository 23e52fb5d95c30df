/* IPv6 addresses from and to text (docs: RtlIpv6StringToAddress; RFC 4291 2.2, RFC 5952). */
#include "address_text.h"

#define WORDS 8

struct ipv6 {
    UCHAR bytes[2 * WORDS];
    ULONG count; /* words read */
    LONG gap; /* where "::" stood, or -1 */
};

static VOID AppendWord(struct ipv6 *ipv6, ULONG word)
{
    ipv6->bytes[2 * ipv6->count] = (UCHAR)(word >> 8);
    ipv6->bytes[2 * ipv6->count + 1] = (UCHAR)word;
    ipv6->count++;
}

/* The hexadecimal digits to come are the first part of an IPv4 address. */
static BOOL DottedAhead(const struct text *text)
{
    ULONG ahead = 0;
    while (Peek(text, ahead) - '0' < 10)
        ahead++;
    return ahead && Peek(text, ahead) == '.';
}

static NTSTATUS ReadDotted(struct text *text, struct ipv6 *ipv6)
{
    UCHAR bytes[4];
    NTSTATUS status = ReadIpv4(text, TRUE, bytes);
    if (!NT_SUCCESS(status))
        return status;
    AppendWord(ipv6, bytes[0] << 8 | bytes[1]);
    AppendWord(ipv6, bytes[2] << 8 | bytes[3]);
    return STATUS_SUCCESS;
}

/* The words behind "::" move to the end. */
static NTSTATUS Spread(struct ipv6 *ipv6)
{
    if (ipv6->gap < 0)
        return ipv6->count == WORDS ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    ULONG before = 2 * (ULONG)ipv6->gap, after = 2 * ipv6->count - before;
    memmove(ipv6->bytes + sizeof ipv6->bytes - after, ipv6->bytes + before, after);
    memset(ipv6->bytes + before, 0, sizeof ipv6->bytes - after - before);
    return STATUS_SUCCESS;
}

static NTSTATUS ReadIpv6(struct text *text, struct ipv6 *ipv6)
{
    *ipv6 = (struct ipv6){.gap = -1};
    if (Peek(text, 0) == ':' && Peek(text, 1) != ':')
        return STATUS_INVALID_PARAMETER;
    while (ipv6->count < WORDS) {
        ULONG word, start = text->at;
        if (Peek(text, 0) == ':' && Peek(text, 1) == ':' && ipv6->gap < 0) {
            ipv6->gap = (LONG)ipv6->count;
            text->at += 2;
        } else if (ipv6->count && (ULONG)ipv6->gap != ipv6->count) {
            if (Peek(text, 0) != ':')
                break;
            text->at++;
        }
        if (DottedAhead(text) && ipv6->count <= WORDS - 2) {
            NTSTATUS status = ReadDotted(text, ipv6);
            if (!NT_SUCCESS(status))
                return status;
            break;
        }
        if (HexDigit(Peek(text, 0)) > 15) {
            if ((ULONG)ipv6->gap == ipv6->count)
                break;
            return STATUS_INVALID_PARAMETER;
        }
        start = text->at;
        if (!ReadNumber(text, 16, 0xFFFF, &word) || text->at - start > 4)
            return STATUS_INVALID_PARAMETER;
        AppendWord(ipv6, word);
    }
    return Spread(ipv6);
}

static NTSTATUS Parse(PCVOID string, ULONG width, PVOID *end, PVOID address)
{
    struct text text = {string, 0, width};
    struct ipv6 ipv6;
    NTSTATUS status = ReadIpv6(&text, &ipv6);
    *end = Position(&text);
    memcpy(address, ipv6.bytes, NT_SUCCESS(status) ? sizeof ipv6.bytes : 2 * ipv6.count);
    return status;
}

NTSTATUS NTAPI RtlIpv6StringToAddressA(PCSTR String, PCSTR *End, PVOID Address)
{
    return Parse(String, 1, (PVOID *)End, Address);
}

NTSTATUS NTAPI RtlIpv6StringToAddressW(PCWSTR String, PCWSTR *End, PVOID Address)
{
    return Parse(String, 2, (PVOID *)End, Address);
}

/* "address%scope", or "[address%scope]:port". */
static NTSTATUS ParseEx(PCVOID string, ULONG width, PVOID address, PULONG scope, PUSHORT port)
{
    struct text text = {string, 0, width};
    struct ipv6 ipv6;
    ULONG given_scope = 0;
    USHORT given_port = 0;
    if (!string || !address || !scope || !port)
        return STATUS_INVALID_PARAMETER;
    BOOL bracket = Peek(&text, 0) == '[';
    text.at += bracket;
    NTSTATUS status = ReadIpv6(&text, &ipv6);
    memcpy(address, ipv6.bytes, NT_SUCCESS(status) ? sizeof ipv6.bytes : 2 * ipv6.count);
    if (!NT_SUCCESS(status))
        return status;
    if (Peek(&text, 0) == '%') {
        text.at++;
        if (!ReadNumber(&text, 10, 0xFFFFFFFF, &given_scope))
            return STATUS_INVALID_PARAMETER;
    }
    if (bracket) {
        if (Peek(&text, 0) != ']')
            return STATUS_INVALID_PARAMETER;
        text.at++;
        if (Peek(&text, 0) == ':' && !ReadPort(&text, &given_port))
            return STATUS_INVALID_PARAMETER;
    }
    if (Peek(&text, 0))
        return STATUS_INVALID_PARAMETER;
    *scope = given_scope;
    *port = given_port;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlIpv6StringToAddressExA(PCSTR String, PVOID Address, PULONG Scope, PUSHORT Port)
{
    return ParseEx(String, 1, Address, Scope, Port);
}

NTSTATUS NTAPI RtlIpv6StringToAddressExW(PCWSTR String, PVOID Address, PULONG Scope, PUSHORT Port)
{
    return ParseEx(String, 2, Address, Scope, Port);
}

static ULONG WordAt(const UCHAR *bytes, ULONG index)
{
    return bytes[2 * index] << 8 | bytes[2 * index + 1];
}

/* The first of the longest runs of two or more zero words in [0, count). */
static ULONG LongestZeros(const UCHAR *bytes, ULONG count, ULONG *start)
{
    ULONG longest = 1, run = 0;
    for (ULONG i = 0; i < count; i++) {
        run = WordAt(bytes, i) ? 0 : run + 1;
        if (run > longest) {
            longest = run;
            *start = i + 1 - run;
        }
    }
    return longest > 1 ? longest : 0;
}

/* IPv4-compatible, -mapped and -translated addresses, and those of ISATAP, end in dots. */
static BOOL EndsInDots(const UCHAR *bytes)
{
    ULONG zeros = 0;
    while (zeros < 6 && !WordAt(bytes, zeros))
        zeros++;
    if (zeros == 6)
        return WordAt(bytes, 6) != 0;
    if (zeros == 5 && WordAt(bytes, 5) == 0xFFFF)
        return TRUE;
    if (zeros == 4 && WordAt(bytes, 4) == 0xFFFF && !WordAt(bytes, 5))
        return TRUE;
    return (WordAt(bytes, 4) & ~0x200u) == 0 && WordAt(bytes, 5) == 0x5EFE;
}

static ULONG FormatIpv6(const UCHAR *bytes, char *text)
{
    BOOL dots = EndsInDots(bytes);
    ULONG words = dots ? 6 : 8, start = WORDS, zeros = LongestZeros(bytes, words, &start);
    ULONG length = 0;
    for (ULONG i = 0; i < words; i++) {
        if (zeros && i == start) {
            text[length++] = ':';
            text[length++] = ':';
            i += zeros - 1;
            continue;
        }
        if (i && text[length - 1] != ':')
            text[length++] = ':';
        length += (ULONG)_snprintf(text + length, 5, "%x", WordAt(bytes, i));
    }
    if (!dots)
        return length;
    if (text[length - 1] != ':')
        text[length++] = ':';
    return length + FormatIpv4(bytes + 12, text + length);
}

PSTR NTAPI RtlIpv6AddressToStringA(const VOID *Address, PSTR Buffer)
{
    char text[48];
    ULONG length = FormatIpv6(Address, text);
    if (!Buffer)
        return (PVOID)-1;
    CopyText(text, length, Buffer, 1);
    return Buffer + length;
}

PWSTR NTAPI RtlIpv6AddressToStringW(const VOID *Address, PWSTR Buffer)
{
    char text[48];
    ULONG length = FormatIpv6(Address, text);
    if (!Buffer)
        return (PVOID)-1;
    CopyText(text, length, Buffer, 2);
    return Buffer + length;
}

static NTSTATUS FormatEx(PCVOID address, ULONG scope, USHORT port, PVOID buffer, PULONG size,
                         ULONG width)
{
    char text[80];
    if (!address || !buffer || !size)
        return STATUS_INVALID_PARAMETER;
    text[0] = '[';
    ULONG length = port != 0;
    length += FormatIpv6(address, text + length);
    if (scope)
        length += (ULONG)_snprintf(text + length, 16, "%%%u", scope);
    if (port)
        length += (ULONG)_snprintf(text + length, 16, "]:%u", NetworkOrder(port));
    return StoreText(text, length, buffer, size, width);
}

NTSTATUS NTAPI RtlIpv6AddressToStringExA(const VOID *Address, ULONG Scope, USHORT Port,
                                         PSTR Buffer, PULONG Size)
{
    return FormatEx(Address, Scope, Port, Buffer, Size, 1);
}

NTSTATUS NTAPI RtlIpv6AddressToStringExW(const VOID *Address, ULONG Scope, USHORT Port,
                                         PWSTR Buffer, PULONG Size)
{
    return FormatEx(Address, Scope, Port, Buffer, Size, 2);
}
