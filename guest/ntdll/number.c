/* Numbers and GUIDs to strings and back. */
#include "ntdll.h"

static ULONG Digit(WCHAR c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10u : 99;
}

/* Base 0: 0x, 0o and 0b prefixes choose it, else 10. `at` gives characters until 0. */
static NTSTATUS Parse(WCHAR (*at)(const void *, ULONG), const void *text, ULONG base, PULONG value)
{
    ULONG i = 0, result = 0;
    BOOL negative = FALSE;
    while (at(text, i) && at(text, i) <= ' ')
        i++;
    if (at(text, i) == '+' || at(text, i) == '-')
        negative = at(text, i++) == '-';
    if (!base) {
        base = 10;
        if (at(text, i) == '0') {
            WCHAR mark = at(text, i + 1);
            base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 10;
            i += base == 10 ? 0 : 2;
        }
    } else if (base != 2 && base != 8 && base != 10 && base != 16) {
        return STATUS_INVALID_PARAMETER;
    }
    for (; Digit(at(text, i)) < base; i++)
        result = result * base + Digit(at(text, i));
    *value = negative ? 0 - result : result;
    return STATUS_SUCCESS;
}

static WCHAR CharAt(const void *text, ULONG index)
{
    return (UCHAR)((PCSTR)text)[index];
}

static WCHAR WideAt(const void *text, ULONG index)
{
    PCUNICODE_STRING string = text;
    return index < string->Length / sizeof(WCHAR) ? string->Buffer[index] : 0;
}

NTSTATUS NTAPI RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value)
{
    ULONG value; /* NULL is found out after a bad base */
    NTSTATUS status = Parse(CharAt, String, Base, Value ? Value : &value);
    return NT_SUCCESS(status) && !Value ? STATUS_ACCESS_VIOLATION : status;
}

NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value)
{
    ULONG value;
    NTSTATUS status = Parse(WideAt, String, Base, Value ? Value : &value);
    return NT_SUCCESS(status) && !Value ? STATUS_ACCESS_VIOLATION : status;
}

/* The digits at the end of a 65-character buffer; returns the first. */
static CHAR *Digits(ULONGLONG value, ULONG base, CHAR *buffer)
{
    CHAR *at = buffer + 64;
    *at = 0;
    do {
        ULONG digit = (ULONG)(value % base);
        *--at = (CHAR)(digit < 10 ? '0' + digit : 'A' + digit - 10);
        value /= base;
    } while (value);
    return at;
}

static BOOL GoodBase(PULONG base)
{
    if (!*base)
        *base = 10;
    return *base == 2 || *base == 8 || *base == 10 || *base == 16;
}

NTSTATUS NTAPI RtlIntegerToChar(ULONG Value, ULONG Base, ULONG Length, PCHAR String)
{
    CHAR buffer[65];
    if (!GoodBase(&Base))
        return STATUS_INVALID_PARAMETER;
    CHAR *digits = Digits(Value, Base, buffer);
    ULONG count = (ULONG)(buffer + 64 - digits);
    if (count > Length)
        return STATUS_BUFFER_OVERFLOW;
    if (!String)
        return STATUS_ACCESS_VIOLATION;
    memcpy(String, digits, count + (count < Length));
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String)
{
    CHAR buffer[65];
    STRING digits;
    if (!GoodBase(&Base))
        return STATUS_INVALID_PARAMETER;
    RtlInitString(&digits, Digits(Value, Base, buffer));
    /* The length is stored even when there is no room for it. */
    String->Length = digits.Length * sizeof(WCHAR);
    return RtlAnsiStringToUnicodeString(String, &digits, FALSE);
}

NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String)
{
    return RtlInt64ToUnicodeString(Value, Base, String);
}

/* {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}: the byte of the GUID that each pair of digits is. */
static const UCHAR guid_order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static BOOL DashBefore(ULONG pair)
{
    return pair == 4 || pair == 6 || pair == 8 || pair == 10;
}

NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING String, GUID *Guid)
{
    ULONG at = 1;
    if (String->Length != 38 * sizeof(WCHAR) || String->Buffer[0] != '{' ||
        String->Buffer[37] != '}')
        return STATUS_INVALID_PARAMETER;
    for (ULONG pair = 0; pair < 16; pair++) {
        if (DashBefore(pair) && String->Buffer[at++] != '-')
            return STATUS_INVALID_PARAMETER;
        ULONG high = Digit(String->Buffer[at++]), low = Digit(String->Buffer[at++]);
        if (high > 15 || low > 15)
            return STATUS_INVALID_PARAMETER;
        ((UCHAR *)Guid)[guid_order[pair]] = (UCHAR)(high << 4 | low);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlStringFromGUID(const GUID *Guid, PUNICODE_STRING String)
{
    PWSTR at = Allocate(39 * sizeof(WCHAR));
    if (!at)
        return STATUS_NO_MEMORY;
    *String = (UNICODE_STRING){38 * sizeof(WCHAR), 39 * sizeof(WCHAR), at};
    *at++ = '{';
    for (ULONG pair = 0; pair < 16; pair++) {
        UCHAR byte = ((const UCHAR *)Guid)[guid_order[pair]];
        if (DashBefore(pair))
            *at++ = '-';
        *at++ = "0123456789ABCDEF"[byte >> 4];
        *at++ = "0123456789ABCDEF"[byte & 15];
    }
    *at++ = '}';
    *at = 0;
    return STATUS_SUCCESS;
}

USHORT FASTCALL RtlUshortByteSwap(USHORT Value)
{
    return __builtin_bswap16(Value);
}

ULONG FASTCALL RtlUlongByteSwap(ULONG Value)
{
    return __builtin_bswap32(Value);
}

ULONGLONG FASTCALL RtlUlonglongByteSwap(ULONGLONG Value)
{
    return __builtin_bswap64(Value);
}

ULONG NTAPI RtlComputeCrc32(ULONG Initial, PCVOID Data, ULONG Length)
{
    ULONG crc = ~Initial;
    for (const UCHAR *byte = Data; Length--; byte++) {
        crc ^= *byte;
        for (ULONG bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}
