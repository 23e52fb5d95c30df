/* Comparing counted strings, searching in them and hashing them. */
#include "ntdll.h"

LONG NTAPI RtlCompareString(PCSTRING Left, PCSTRING Right, BOOLEAN IgnoreCase)
{
    USHORT shorter = Left->Length < Right->Length ? Left->Length : Right->Length;
    for (USHORT i = 0; i < shorter; i++) {
        UCHAR a = (UCHAR)Left->Buffer[i], b = (UCHAR)Right->Buffer[i];
        if (IgnoreCase)
            a = (UCHAR)RtlUpperChar((CHAR)a), b = (UCHAR)RtlUpperChar((CHAR)b);
        if (a != b)
            return a - b;
    }
    return Left->Length - Right->Length;
}

/* Counts are in characters. */
LONG NTAPI RtlCompareUnicodeStrings(PCWSTR Left, SIZE_T LeftCount, PCWSTR Right, SIZE_T RightCount,
                                    BOOLEAN IgnoreCase)
{
    SIZE_T shorter = LeftCount < RightCount ? LeftCount : RightCount;
    for (SIZE_T i = 0; i < shorter; i++) {
        WCHAR a = Left[i], b = Right[i];
        if (a == b)
            continue;
        if (IgnoreCase)
            a = RtlUpcaseUnicodeChar(a), b = RtlUpcaseUnicodeChar(b);
        if (a != b)
            return a - b;
    }
    return (LONG)LeftCount - (LONG)RightCount;
}

LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING Left, PCUNICODE_STRING Right,
                                   BOOLEAN IgnoreCase)
{
    return RtlCompareUnicodeStrings(Left->Buffer, Left->Length / sizeof(WCHAR), Right->Buffer,
                                    Right->Length / sizeof(WCHAR), IgnoreCase);
}

BOOLEAN NTAPI RtlEqualString(PCSTRING Left, PCSTRING Right, BOOLEAN IgnoreCase)
{
    return Left->Length == Right->Length && !RtlCompareString(Left, Right, IgnoreCase);
}

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING Left, PCUNICODE_STRING Right,
                                    BOOLEAN IgnoreCase)
{
    return Left->Length == Right->Length && !RtlCompareUnicodeString(Left, Right, IgnoreCase);
}

BOOLEAN NTAPI RtlPrefixString(PCSTRING Prefix, PCSTRING String, BOOLEAN IgnoreCase)
{
    STRING head = {Prefix->Length, Prefix->Length, String->Buffer};
    return Prefix->Length <= String->Length && !RtlCompareString(Prefix, &head, IgnoreCase);
}

BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING Prefix, PCUNICODE_STRING String,
                                     BOOLEAN IgnoreCase)
{
    UNICODE_STRING head = {Prefix->Length, Prefix->Length, String->Buffer};
    return Prefix->Length <= String->Length && !RtlCompareUnicodeString(Prefix, &head, IgnoreCase);
}

/* Algorithms 0 (default) and 1 (x65599). */
NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN IgnoreCase, ULONG Algorithm,
                                    PULONG Hash)
{
    if (!String || !Hash || Algorithm > 1)
        return STATUS_INVALID_PARAMETER;
    ULONG hash = 0;
    for (USHORT i = 0; i < String->Length / sizeof(WCHAR); i++) {
        WCHAR c = String->Buffer[i];
        hash = hash * 65599 + (IgnoreCase ? RtlUpcaseUnicodeChar(c) : c);
    }
    *Hash = hash;
    return STATUS_SUCCESS;
}

/* Flags: 1 from the end, 2 the first that is not in the set, 4 ignore case. Position: in bytes,
 * after the found character going forward, before it going backward. */
NTSTATUS NTAPI RtlFindCharInUnicodeString(ULONG Flags, PCUNICODE_STRING String,
                                          PCUNICODE_STRING Set, PUSHORT Position)
{
    LONG count = String->Length / sizeof(WCHAR), step = Flags & 1 ? -1 : 1;
    for (LONG i = Flags & 1 ? count - 1 : 0; i >= 0 && i < count; i += step) {
        BOOL member = FALSE;
        for (USHORT k = 0; k < Set->Length / sizeof(WCHAR) && !member; k++) {
            WCHAR a = String->Buffer[i], b = Set->Buffer[k];
            member = Flags & 4 ? RtlUpcaseUnicodeChar(a) == RtlUpcaseUnicodeChar(b) : a == b;
        }
        if (member == !(Flags & 2)) {
            *Position = (USHORT)((Flags & 1 ? i : i + 1) * sizeof(WCHAR));
            return STATUS_SUCCESS;
        }
    }
    *Position = 0;
    return STATUS_NOT_FOUND;
}
