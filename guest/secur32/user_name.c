/* The user's name in its several forms. */
#include "wide.inc"
#include <string.h>
#include <winerror.h>

BOOL WINAPI GetUserNameW(LPWSTR name, LPDWORD size);

enum { NameSamCompatible = 2 };

static BOOLEAN fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* PICORUN\user; names of a directory service are not there, as on every machine without a domain. */
BOOLEAN WINAPI GetUserNameExW(int format, LPWSTR name, PULONG size)
{
    WCHAR text[600];
    DWORD computer = 256, user = 256, length;
    if (!size) return fail(ERROR_INVALID_PARAMETER);
    if (format != NameSamCompatible) return fail(ERROR_NONE_MAPPED);
    if (!GetComputerNameW(text, &computer)) return FALSE;
    text[computer] = '\\';
    if (!GetUserNameW(text + computer + 1, &user)) return FALSE;
    length = (DWORD)wcslen(text);
    if (!name || *size <= length) {
        *size = length + 1;
        return fail(ERROR_MORE_DATA);
    }
    wcscpy(name, text);
    *size = length;
    return TRUE;
}

BOOLEAN WINAPI GetUserNameExA(int format, LPSTR name, PULONG size)
{
    WCHAR text[600];
    ULONG length = 600, needed;
    if (!size) return fail(ERROR_INVALID_PARAMETER);
    if (!GetUserNameExW(format, text, &length)) return FALSE;
    needed = (ULONG)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    if (!name || *size < needed) {
        *size = needed;
        return fail(ERROR_MORE_DATA);
    }
    WideCharToMultiByte(CP_ACP, 0, text, -1, name, (int)*size, NULL, NULL);
    *size = needed - 1;
    return TRUE;
}
