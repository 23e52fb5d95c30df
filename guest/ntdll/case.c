/* Upper and lower case of single characters: Latin, Greek, Cyrillic, Armenian, full-width forms.
 * Windows maps one UTF-16 unit to one, by a table; these are its regular rows. */
#include "ntdll.h"

struct range {
    WCHAR first, last; /* lower-case characters */
    SHORT distance; /* to add for upper case */
    UCHAR step; /* 2: every other one */
};

static const struct range ranges[] = {
    {0x00E0, 0x00F6, -32, 1}, {0x00F8, 0x00FE, -32, 1}, {0x00FF, 0x00FF, 121, 1},
    {0x0101, 0x012F, -1, 2},  {0x0133, 0x0137, -1, 2},  {0x013A, 0x0148, -1, 2},
    {0x014B, 0x0177, -1, 2},  {0x017A, 0x017E, -1, 2},  {0x01CE, 0x01DC, -1, 2},
    {0x01DF, 0x01EF, -1, 2},  {0x01F9, 0x021F, -1, 2},  {0x0223, 0x0233, -1, 2},
    {0x03AC, 0x03AC, -38, 1}, {0x03AD, 0x03AF, -37, 1}, {0x03B1, 0x03C1, -32, 1},
    {0x03C3, 0x03CB, -32, 1}, {0x03CC, 0x03CC, -64, 1}, {0x03CD, 0x03CE, -63, 1},
    {0x03D9, 0x03EF, -1, 2},  {0x0430, 0x044F, -32, 1}, {0x0450, 0x045F, -80, 1},
    {0x0461, 0x0481, -1, 2},  {0x048B, 0x04BF, -1, 2},  {0x04C2, 0x04CE, -1, 2},
    {0x04D1, 0x0523, -1, 2},  {0x0561, 0x0586, -48, 1}, {0x1E01, 0x1E95, -1, 2},
    {0x1EA1, 0x1EFF, -1, 2},  {0x2170, 0x217F, -16, 1}, {0x24D0, 0x24E9, -26, 1},
    {0xFF41, 0xFF5A, -32, 1},
};

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Char)
{
    if (Char < 0x80)
        return Char >= 'a' && Char <= 'z' ? Char - 32 : Char;
    for (const struct range *r = ranges; r < ranges + LENGTH_OF(ranges); r++)
        if (Char >= r->first && Char <= r->last)
            return (Char - r->first) % r->step ? Char : (WCHAR)(Char + r->distance);
    return Char;
}

WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Char)
{
    if (Char < 0x80)
        return Char >= 'A' && Char <= 'Z' ? Char + 32 : Char;
    for (const struct range *r = ranges; r < ranges + LENGTH_OF(ranges); r++) {
        WCHAR lower = (WCHAR)(Char - r->distance);
        if (lower >= r->first && lower <= r->last && (lower - r->first) % r->step == 0)
            return lower;
    }
    return Char;
}

/* An ANSI character; those beyond ASCII stay as they are. */
CHAR NTAPI RtlUpperChar(CHAR Char)
{
    return Char >= 'a' && Char <= 'z' ? (CHAR)(Char - 32) : Char;
}

VOID NTAPI RtlUpperString(PSTRING Target, PCSTRING Source)
{
    USHORT length = Source->Length < Target->MaximumLength ? Source->Length
                                                           : Target->MaximumLength;
    for (USHORT i = 0; i < length; i++)
        Target->Buffer[i] = RtlUpperChar(Source->Buffer[i]);
    Target->Length = length;
}

static NTSTATUS Map(PUNICODE_STRING target, PCUNICODE_STRING source, BOOLEAN allocate,
                    WCHAR(NTAPI *map)(WCHAR))
{
    if (allocate) {
        target->MaximumLength = source->Length;
        if (!(target->Buffer = Allocate(source->Length)))
            return STATUS_NO_MEMORY;
    } else if (source->Length > target->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    for (USHORT i = 0; i < source->Length / sizeof(WCHAR); i++)
        target->Buffer[i] = map(source->Buffer[i]);
    target->Length = source->Length;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source,
                                      BOOLEAN Allocate)
{
    return Map(Target, Source, Allocate, RtlUpcaseUnicodeChar);
}

NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source,
                                        BOOLEAN Allocate)
{
    return Map(Target, Source, Allocate, RtlDowncaseUnicodeChar);
}
