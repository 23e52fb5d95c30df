/* Names of eight characters, a dot and three (docs: RtlIsNameLegalDOS8Dot3). */
#include "ntdll.h"

static BOOL IllegalChar(UCHAR c)
{
    return c < 0x20 || strchr("*?<>|\"+=,;[]:/\\", c);
}

/* "." and ".." are names; spaces are allowed and told of. */
BOOLEAN NTAPI RtlIsNameLegalDOS8Dot3(PCUNICODE_STRING Name, POEM_STRING OemName, PBOOLEAN Spaces)
{
    CHAR text[12];
    OEM_STRING oem = {0, sizeof text, text};
    ULONG count = Name->Length / sizeof(WCHAR);
    LONG dot = -1;
    BOOLEAN spaces = FALSE;
    if (count > sizeof text)
        return FALSE;
    if (!OemName)
        OemName = &oem;
    if (!NT_SUCCESS(RtlUpcaseUnicodeStringToCountedOemString(OemName, Name, FALSE)))
        return FALSE;
    if (count && Name->Buffer[0] == '.' && (count == 1 || (count == 2 && Name->Buffer[1] == '.'))) {
        if (Spaces)
            *Spaces = FALSE;
        return TRUE;
    }
    for (ULONG i = 0; i < OemName->Length; i++) {
        UCHAR c = (UCHAR)OemName->Buffer[i];
        if (c == ' ') {
            /* Neither part may begin or end with one. */
            if (!i || i == OemName->Length - 1u || OemName->Buffer[i + 1] == '.'
                || OemName->Buffer[i - 1] == '.')
                return FALSE;
            spaces = TRUE;
        } else if (c == '.') {
            if (dot >= 0 || !i || i == OemName->Length - 1u)
                return FALSE;
            dot = (LONG)i;
        } else if (IllegalChar(c)) {
            return FALSE;
        }
    }
    ULONG base = dot >= 0 ? (ULONG)dot : OemName->Length;
    ULONG extension = dot >= 0 ? OemName->Length - (ULONG)dot - 1 : 0;
    if (!OemName->Length || base > 8 || extension > 3)
        return FALSE;
    if (Spaces)
        *Spaces = spaces;
    return TRUE;
}
