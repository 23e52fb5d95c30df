/* Counted strings. Lengths are in bytes and leave out the terminator. */
#include "ntdll.h"

#define LONGEST 0xFFFE

VOID NTAPI RtlInitString(PSTRING String, PCSTR Source)
{
    SIZE_T length = Source ? strlen(Source) : 0;
    if (length > LONGEST)
        length = LONGEST;
    String->Length = (USHORT)length;
    String->MaximumLength = Source ? (USHORT)(length + 1) : 0;
    String->Buffer = (PSTR)Source;
}

VOID NTAPI RtlInitAnsiString(PANSI_STRING String, PCSTR Source)
{
    RtlInitString(String, Source);
}

NTSTATUS NTAPI RtlInitAnsiStringEx(PANSI_STRING String, PCSTR Source)
{
    if (Source && strlen(Source) > LONGEST)
        return STATUS_NAME_TOO_LONG;
    RtlInitString(String, Source);
    return STATUS_SUCCESS;
}

VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING String, PCWSTR Source)
{
    SIZE_T length = Source ? wcslen(Source) * sizeof(WCHAR) : 0;
    if (length > LONGEST - sizeof(WCHAR))
        length = LONGEST - sizeof(WCHAR);
    String->Length = (USHORT)length;
    String->MaximumLength = Source ? (USHORT)(length + sizeof(WCHAR)) : 0;
    String->Buffer = (PWSTR)Source;
}

NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING String, PCWSTR Source)
{
    if (Source && wcslen(Source) * sizeof(WCHAR) > LONGEST - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    RtlInitUnicodeString(String, Source);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING String, PCWSTR Source)
{
    SIZE_T size = (wcslen(Source) + 1) * sizeof(WCHAR);
    if (size > LONGEST || !(String->Buffer = Allocate(size)))
        return FALSE;
    memcpy(String->Buffer, Source, size);
    String->Length = (USHORT)(size - sizeof(WCHAR));
    String->MaximumLength = (USHORT)size;
    return TRUE;
}

BOOLEAN NTAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING String, PCSTR Source)
{
    ANSI_STRING ansi;
    RtlInitAnsiString(&ansi, Source);
    return NT_SUCCESS(RtlAnsiStringToUnicodeString(String, &ansi, TRUE));
}

VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING String)
{
    Free(String->Buffer);
    *String = (UNICODE_STRING){0, 0, NULL};
}

VOID NTAPI RtlFreeAnsiString(PANSI_STRING String)
{
    Free(String->Buffer);
    *String = (ANSI_STRING){0, 0, NULL};
}

VOID NTAPI RtlFreeOemString(POEM_STRING String)
{
    Free(String->Buffer);
    *String = (OEM_STRING){0, 0, NULL};
}

VOID NTAPI RtlCopyString(PSTRING Target, PCSTRING Source)
{
    Target->Length = 0;
    if (!Source)
        return;
    Target->Length = Source->Length < Target->MaximumLength ? Source->Length
                                                            : Target->MaximumLength;
    memmove(Target->Buffer, Source->Buffer, Target->Length);
}

/* Copies what fits, and a terminator if there is room for one. */
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source)
{
    Target->Length = 0;
    if (!Source)
        return;
    USHORT length = Source->Length < Target->MaximumLength ? Source->Length
                                                           : Target->MaximumLength;
    memmove(Target->Buffer, Source->Buffer, length);
    Target->Length = length;
    if (length + sizeof(WCHAR) <= Target->MaximumLength)
        Target->Buffer[length / sizeof(WCHAR)] = 0;
}

/* Flags: 1 terminates, 3 allocates for an empty string too. */
NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source,
                                         PUNICODE_STRING Target)
{
    if (!Source || !Target || Flags > 3 || Flags == 2 || Source->Length > Source->MaximumLength
        || (!Source->Buffer && Source->MaximumLength))
        return STATUS_INVALID_PARAMETER;
    SIZE_T size = Source->Length + (Flags & 1 ? sizeof(WCHAR) : 0);
    if (size > LONGEST)
        return STATUS_NAME_TOO_LONG;
    *Target = (UNICODE_STRING){0, 0, NULL};
    if (!Source->Length && Flags != 3)
        return STATUS_SUCCESS;
    if (!(Target->Buffer = Allocate(size)))
        return STATUS_NO_MEMORY;
    memcpy(Target->Buffer, Source->Buffer, Source->Length);
    Target->Length = Source->Length;
    Target->MaximumLength = (USHORT)size;
    if (Flags & 1)
        Target->Buffer[Target->Length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Target, PCUNICODE_STRING Source)
{
    ULONG length = Target->Length + Source->Length;
    if (!Source->Length)
        return STATUS_SUCCESS; /* whatever the target is */
    if (length > Target->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    memmove((char *)Target->Buffer + Target->Length, Source->Buffer, Source->Length);
    Target->Length = (USHORT)length;
    if (length + sizeof(WCHAR) <= Target->MaximumLength)
        Target->Buffer[length / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Target, PCWSTR Source)
{
    UNICODE_STRING source;
    if (!Source)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(RtlInitUnicodeStringEx(&source, Source)))
        return STATUS_BUFFER_TOO_SMALL;
    return RtlAppendUnicodeStringToString(Target, &source);
}

NTSTATUS NTAPI RtlAppendStringToString(PSTRING Target, PCSTRING Source)
{
    ULONG length = Target->Length + Source->Length;
    if (!Source->Length)
        return STATUS_SUCCESS; /* whatever the target is */
    if (length > Target->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    memmove(Target->Buffer + Target->Length, Source->Buffer, Source->Length);
    Target->Length = (USHORT)length;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING Target, PCSTR Source)
{
    STRING source;
    if (!Source)
        return STATUS_SUCCESS;
    if (strlen(Source) > LONGEST)
        return STATUS_BUFFER_TOO_SMALL;
    RtlInitString(&source, Source);
    return RtlAppendStringToString(Target, &source);
}

VOID NTAPI RtlEraseUnicodeString(PUNICODE_STRING String)
{
    if (String->Buffer)
        memset(String->Buffer, 0, String->MaximumLength);
    String->Length = 0;
}
