/* Code pages: ANSI is Windows-1252, OEM is IBM 437, and UTF-8.
 *
 * Bytes that 1252 leaves undefined stand for the C1 control of the same number, as on Windows. */
#include "ntdll.h"

static const WCHAR ansi_high[128] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x00A4, 0x00A5, 0x00A6, 0x00A7,
    0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF,
    0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7,
    0x00B8, 0x00B9, 0x00BA, 0x00BB, 0x00BC, 0x00BD, 0x00BE, 0x00BF,
    0x00C0, 0x00C1, 0x00C2, 0x00C3, 0x00C4, 0x00C5, 0x00C6, 0x00C7,
    0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF,
    0x00D0, 0x00D1, 0x00D2, 0x00D3, 0x00D4, 0x00D5, 0x00D6, 0x00D7,
    0x00D8, 0x00D9, 0x00DA, 0x00DB, 0x00DC, 0x00DD, 0x00DE, 0x00DF,
    0x00E0, 0x00E1, 0x00E2, 0x00E3, 0x00E4, 0x00E5, 0x00E6, 0x00E7,
    0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x00EC, 0x00ED, 0x00EE, 0x00EF,
    0x00F0, 0x00F1, 0x00F2, 0x00F3, 0x00F4, 0x00F5, 0x00F6, 0x00F7,
    0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x00FD, 0x00FE, 0x00FF,
};

static const WCHAR oem_high[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7,
    0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5,
    0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192,
    0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA,
    0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556,
    0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510,
    0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567,
    0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B,
    0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229,
    0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
    0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};

static WCHAR Widen(UCHAR byte, const WCHAR *high)
{
    return byte < 0x80 ? byte : high[byte - 0x80];
}

/* '?' if the code page lacks the character. */
static UCHAR Narrow(WCHAR c, const WCHAR *high)
{
    if (c < 0x80)
        return (UCHAR)c;
    if (high == ansi_high && c >= 0xA0 && c <= 0xFF)
        return (UCHAR)c;
    for (ULONG i = 0; i < 128; i++)
        if (high[i] == c)
            return (UCHAR)(0x80 + i);
    return '?';
}

static NTSTATUS WidenAll(PWCH target, ULONG size, PULONG written, PCCH source, ULONG count,
                         const WCHAR *high)
{
    ULONG fits = size / sizeof(WCHAR) < count ? size / sizeof(WCHAR) : count;
    for (ULONG i = 0; i < fits; i++)
        target[i] = Widen((UCHAR)source[i], high);
    if (written)
        *written = fits * sizeof(WCHAR);
    return fits < count ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS NarrowAll(PCHAR target, ULONG size, PULONG written, PCWCH source, ULONG bytes,
                          const WCHAR *high)
{
    ULONG count = bytes / sizeof(WCHAR), fits = size < count ? size : count;
    for (ULONG i = 0; i < fits; i++)
        target[i] = (CHAR)Narrow(source[i], high);
    if (written)
        *written = fits;
    return fits < count ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
                                      ULONG SourceSize)
{
    WidenAll(Target, TargetSize, Written, Source, SourceSize, ansi_high);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR Target, ULONG TargetSize, PULONG Written,
                                      PCWCH Source, ULONG SourceSize)
{
    NarrowAll(Target, TargetSize, Written, Source, SourceSize, ansi_high);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlOemToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
                                ULONG SourceSize)
{
    return WidenAll(Target, TargetSize, Written, Source, SourceSize, oem_high);
}

NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR Target, ULONG TargetSize, PULONG Written, PCWCH Source,
                                ULONG SourceSize)
{
    return NarrowAll(Target, TargetSize, Written, Source, SourceSize, oem_high);
}

NTSTATUS NTAPI RtlUpcaseUnicodeToMultiByteN(PCHAR Target, ULONG TargetSize, PULONG Written,
                                            PCWCH Source, ULONG SourceSize)
{
    ULONG count = SourceSize / sizeof(WCHAR), fits = TargetSize < count ? TargetSize : count;
    for (ULONG i = 0; i < fits; i++)
        Target[i] = (CHAR)Narrow(RtlUpcaseUnicodeChar(Source[i]), ansi_high);
    if (Written)
        *Written = fits;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG Size, PCCH Source, ULONG SourceSize)
{
    (void)Source;
    *Size = SourceSize * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeToMultiByteSize(PULONG Size, PCWCH Source, ULONG SourceSize)
{
    (void)Source;
    *Size = SourceSize / sizeof(WCHAR);
    return STATUS_SUCCESS;
}

WCHAR NTAPI RtlAnsiCharToUnicodeChar(PUCHAR *Source)
{
    return Widen(*(*Source)++, ansi_high);
}

/* A counted string's buffer for `bytes` and a terminator. */
static NTSTATUS Room(PSTRING target, ULONG bytes, ULONG terminator, BOOLEAN allocate)
{
    if (bytes + terminator > 0xFFFF)
        return STATUS_INVALID_PARAMETER_2;
    if (allocate) {
        if (!(target->Buffer = Allocate(bytes + terminator)))
            return STATUS_NO_MEMORY;
        target->MaximumLength = (USHORT)(bytes + terminator);
    } else if (bytes + terminator > target->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    target->Length = (USHORT)bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS WidenString(PUNICODE_STRING target, PCSTRING source, BOOLEAN allocate,
                            const WCHAR *high)
{
    ULONG bytes = source->Length * sizeof(WCHAR);
    NTSTATUS status = Room((PSTRING)target, bytes, sizeof(WCHAR), allocate);
    if (!NT_SUCCESS(status))
        return status;
    WidenAll(target->Buffer, bytes, NULL, source->Buffer, source->Length, high);
    target->Buffer[source->Length] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS NarrowString(PSTRING target, PCUNICODE_STRING source, BOOLEAN allocate,
                             const WCHAR *high)
{
    ULONG bytes = source->Length / sizeof(WCHAR);
    NTSTATUS status = Room(target, bytes, 1, allocate);
    if (status == STATUS_BUFFER_OVERFLOW && target->MaximumLength)
        target->Length = target->MaximumLength - 1;
    else if (!NT_SUCCESS(status))
        return status;
    NarrowAll(target->Buffer, target->Length, NULL, source->Buffer, source->Length, high);
    target->Buffer[target->Length] = 0;
    return status;
}

NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Target, PCANSI_STRING Source,
                                            BOOLEAN Allocate)
{
    return WidenString(Target, Source, Allocate, ansi_high);
}

NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Target, PCUNICODE_STRING Source,
                                            BOOLEAN Allocate)
{
    return NarrowString(Target, Source, Allocate, ansi_high);
}

NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING Target, PCOEM_STRING Source,
                                           BOOLEAN Allocate)
{
    return WidenString(Target, Source, Allocate, oem_high);
}

NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING Target, PCUNICODE_STRING Source,
                                           BOOLEAN Allocate)
{
    return NarrowString(Target, Source, Allocate, oem_high);
}

static NTSTATUS NarrowUpper(PSTRING target, PCUNICODE_STRING source, BOOLEAN allocate,
                            const WCHAR *high)
{
    UNICODE_STRING upper;
    NTSTATUS status = RtlUpcaseUnicodeString(&upper, source, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = NarrowString(target, &upper, allocate, high);
    RtlFreeUnicodeString(&upper);
    return status;
}

NTSTATUS NTAPI RtlUpcaseUnicodeStringToAnsiString(PANSI_STRING Target, PCUNICODE_STRING Source,
                                                  BOOLEAN Allocate)
{
    return NarrowUpper(Target, Source, Allocate, ansi_high);
}

NTSTATUS NTAPI RtlUpcaseUnicodeStringToOemString(POEM_STRING Target, PCUNICODE_STRING Source,
                                                 BOOLEAN Allocate)
{
    return NarrowUpper(Target, Source, Allocate, oem_high);
}

/* Counted: without a terminator. */
NTSTATUS NTAPI RtlUnicodeStringToCountedOemString(POEM_STRING Target, PCUNICODE_STRING Source,
                                                  BOOLEAN Allocate)
{
    ULONG bytes = Source->Length / sizeof(WCHAR);
    if (!bytes) {
        *Target = (OEM_STRING){0, 0, NULL};
        return STATUS_SUCCESS;
    }
    NTSTATUS status = Room(Target, bytes, 0, Allocate);
    if (NT_SUCCESS(status))
        NarrowAll(Target->Buffer, bytes, NULL, Source->Buffer, Source->Length, oem_high);
    return status;
}

NTSTATUS NTAPI RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING Target,
                                                        PCUNICODE_STRING Source, BOOLEAN Allocate)
{
    UNICODE_STRING upper;
    NTSTATUS status = RtlUpcaseUnicodeString(&upper, Source, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = RtlUnicodeStringToCountedOemString(Target, &upper, Allocate);
    RtlFreeUnicodeString(&upper);
    return status;
}

NTSTATUS NTAPI RtlUpcaseUnicodeToOemN(PCHAR Target, ULONG TargetSize, PULONG Written, PCWCH Source,
                                      ULONG SourceSize)
{
    ULONG count = SourceSize / sizeof(WCHAR), fits = TargetSize < count ? TargetSize : count;
    for (ULONG i = 0; i < fits; i++)
        Target[i] = (CHAR)Narrow(RtlUpcaseUnicodeChar(Source[i]), oem_high);
    if (Written)
        *Written = fits;
    return fits < count ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* Sizes with the terminator. */
ULONG NTAPI RtlAnsiStringToUnicodeSize(PCANSI_STRING String)
{
    return (String->Length + 1) * sizeof(WCHAR);
}

ULONG NTAPI RtlUnicodeStringToAnsiSize(PCUNICODE_STRING String)
{
    return String->Length / sizeof(WCHAR) + 1;
}

ULONG NTAPI RtlOemStringToUnicodeSize(PCOEM_STRING String)
{
    return RtlAnsiStringToUnicodeSize(String);
}

ULONG NTAPI RtlUnicodeStringToOemSize(PCUNICODE_STRING String)
{
    return RtlUnicodeStringToAnsiSize(String);
}

/* Only the tests that need no statistics: the byte-order marks. */
BOOLEAN NTAPI RtlIsTextUnicode(PCVOID Buffer, INT Size, PINT Tests)
{
    INT found = 0;
    if (Size >= 2 && *(const WCHAR *)Buffer == 0xFEFF)
        found = IS_TEXT_UNICODE_SIGNATURE;
    else if (Size >= 2 && *(const WCHAR *)Buffer == 0xFFFE)
        found = IS_TEXT_UNICODE_REVERSE_SIGNATURE;
    if (Size & 1)
        found |= IS_TEXT_UNICODE_ODD_LENGTH;
    if (Tests)
        *Tests &= found;
    return (found & IS_TEXT_UNICODE_SIGNATURE) != 0;
}
