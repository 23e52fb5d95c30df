/* IPv4 addresses from and to text (docs: RtlIpv4StringToAddress, RtlIpv4AddressToString). */
#include "address_text.h"

ULONG HexDigit(ULONG c)
{
    if (c - '0' < 10)
        return c - '0';
    c |= 0x20;
    return c - 'a' < 6 ? c - 'a' + 10 : 16;
}

BOOL ReadNumber(struct text *text, ULONG base, ULONGLONG limit, ULONG *value)
{
    ULONG digit, start = text->at;
    ULONGLONG number = 0;
    for (; (digit = HexDigit(Peek(text, 0))) < base; text->at++) {
        number = number * base + digit;
        if (number > limit) {
            text->at++;
            return FALSE;
        }
    }
    *value = (ULONG)number;
    return text->at > start;
}

/* 0x: hexadecimal, 0: octal. A lone 0 is a number. */
static ULONG ReadBase(struct text *text)
{
    if (Peek(text, 0) != '0')
        return 10;
    if ((Peek(text, 1) | 0x20) == 'x') {
        text->at += 2;
        return 16;
    }
    if (Peek(text, 1) - '0' > 9)
        return 10;
    text->at++;
    return 8;
}

BOOL ReadPort(struct text *text, USHORT *port)
{
    ULONG value;
    text->at++;
    ULONG base = ReadBase(text);
    if (!ReadNumber(text, base, 0xFFFF, &value) || !value)
        return FALSE;
    *port = NetworkOrder(value);
    return TRUE;
}

/* Up to four parts, the last of which fills the rest; exactly four decimal ones if strict. */
NTSTATUS ReadIpv4(struct text *text, BOOLEAN strict, UCHAR address[4])
{
    ULONG parts[4], count = 0, value = 0;
    for (;;) {
        ULONG base = ReadBase(text);
        if (strict && base != 10) {
            if (base == 16)
                text->at--;
            return STATUS_INVALID_PARAMETER;
        }
        if (!ReadNumber(text, base, 0xFFFFFFFF, &parts[count]))
            return STATUS_INVALID_PARAMETER;
        count++;
        if (Peek(text, 0) != '.')
            break;
        if (count == 4)
            return STATUS_INVALID_PARAMETER;
        text->at++;
    }
    if (strict && count != 4)
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i + 1 < count; i++) {
        if (parts[i] > 255)
            return STATUS_INVALID_PARAMETER;
        value |= parts[i] << (24 - 8 * i);
    }
    ULONG bits = 8 * (5 - count);
    if (bits < 32 && parts[count - 1] >> bits)
        return STATUS_INVALID_PARAMETER;
    value |= parts[count - 1];
    for (ULONG i = 0; i < 4; i++)
        address[i] = (UCHAR)(value >> (24 - 8 * i));
    return STATUS_SUCCESS;
}

ULONG FormatIpv4(const UCHAR address[4], char *text)
{
    ULONG length = 0;
    for (ULONG i = 0; i < 4; i++) {
        if (i)
            text[length++] = '.';
        if (address[i] >= 100)
            text[length++] = (char)('0' + address[i] / 100);
        if (address[i] >= 10)
            text[length++] = (char)('0' + address[i] / 10 % 10);
        text[length++] = (char)('0' + address[i] % 10);
    }
    return length;
}

VOID CopyText(const char *text, ULONG length, PVOID buffer, ULONG width)
{
    for (ULONG i = 0; i <= length; i++) {
        char c = i < length ? text[i] : 0;
        if (width == 1)
            ((char *)buffer)[i] = c;
        else
            ((WCHAR *)buffer)[i] = (UCHAR)c;
    }
}

NTSTATUS StoreText(const char *text, ULONG length, PVOID buffer, PULONG size, ULONG width)
{
    BOOL fits = buffer && *size > length;
    *size = length + 1;
    if (!fits)
        return STATUS_INVALID_PARAMETER;
    CopyText(text, length, buffer, width);
    return STATUS_SUCCESS;
}

static NTSTATUS Parse(PCVOID string, ULONG width, BOOLEAN strict, PVOID *end, PVOID address)
{
    UCHAR bytes[4];
    struct text text = {string, 0, width};
    NTSTATUS status = ReadIpv4(&text, strict, bytes);
    *end = Position(&text);
    if (NT_SUCCESS(status))
        memcpy(address, bytes, sizeof bytes);
    return status;
}

NTSTATUS NTAPI RtlIpv4StringToAddressA(PCSTR String, BOOLEAN Strict, PCSTR *End, PVOID Address)
{
    return Parse(String, 1, Strict, (PVOID *)End, Address);
}

NTSTATUS NTAPI RtlIpv4StringToAddressW(PCWSTR String, BOOLEAN Strict, PCWSTR *End, PVOID Address)
{
    return Parse(String, 2, Strict, (PVOID *)End, Address);
}

static NTSTATUS ParseEx(PCVOID string, ULONG width, BOOLEAN strict, PVOID address, PUSHORT port)
{
    struct text text = {string, 0, width};
    UCHAR bytes[4];
    USHORT given = 0;
    if (!string || !address || !port)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = ReadIpv4(&text, strict, bytes);
    if (!NT_SUCCESS(status))
        return status;
    memcpy(address, bytes, sizeof bytes);
    if ((Peek(&text, 0) == ':' && !ReadPort(&text, &given)) || Peek(&text, 0))
        return STATUS_INVALID_PARAMETER;
    *port = given;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlIpv4StringToAddressExA(PCSTR String, BOOLEAN Strict, PVOID Address, PUSHORT Port)
{
    return ParseEx(String, 1, Strict, Address, Port);
}

NTSTATUS NTAPI RtlIpv4StringToAddressExW(PCWSTR String, BOOLEAN Strict, PVOID Address,
                                         PUSHORT Port)
{
    return ParseEx(String, 2, Strict, Address, Port);
}

/* Both return where the terminator is. */
PSTR NTAPI RtlIpv4AddressToStringA(const VOID *Address, PSTR Buffer)
{
    char text[16];
    ULONG length = FormatIpv4(Address, text);
    if (!Buffer)
        return (PVOID)-1;
    CopyText(text, length, Buffer, 1);
    return Buffer + length;
}

PWSTR NTAPI RtlIpv4AddressToStringW(const VOID *Address, PWSTR Buffer)
{
    char text[16];
    ULONG length = FormatIpv4(Address, text);
    if (!Buffer)
        return (PVOID)-1;
    CopyText(text, length, Buffer, 2);
    return Buffer + length;
}

static NTSTATUS FormatEx(PCVOID address, USHORT port, PVOID buffer, PULONG size, ULONG width)
{
    char text[24];
    if (!address || !buffer || !size)
        return STATUS_INVALID_PARAMETER;
    ULONG length = FormatIpv4(address, text);
    if (port)
        length += (ULONG)_snprintf(text + length, sizeof text - length, ":%u", NetworkOrder(port));
    return StoreText(text, length, buffer, size, width);
}

NTSTATUS NTAPI RtlIpv4AddressToStringExA(const VOID *Address, USHORT Port, PSTR Buffer,
                                         PULONG Size)
{
    return FormatEx(Address, Port, Buffer, Size, 1);
}

NTSTATUS NTAPI RtlIpv4AddressToStringExW(const VOID *Address, USHORT Port, PWSTR Buffer,
                                         PULONG Size)
{
    return FormatEx(Address, Port, Buffer, Size, 2);
}
