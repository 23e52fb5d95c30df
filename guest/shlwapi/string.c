/* Searching in strings; without case means in the user's locale, as CompareString folds it. */
#include "shlwapi.h"

static BOOL begins(LPCWSTR text, LPCWSTR with, int length, DWORD flags)
{
    for (int i = 0; i < length; i++)
        if (!text[i]) return FALSE;
    return CompareStringW(LOCALE_USER_DEFAULT, flags, text, length, with, length) == CSTR_EQUAL;
}

static LPWSTR find(LPCWSTR text, LPCWSTR what, DWORD flags)
{
    int length = what ? (int)wcslen(what) : 0;
    if (!text || !length) return NULL;
    for (; *text; text++)
        if (begins(text, what, length, flags)) return (LPWSTR)text;
    return NULL;
}

LPWSTR WINAPI StrStrW(LPCWSTR text, LPCWSTR what)
{
    return text && what && *what ? wcsstr(text, what) : NULL;
}

LPWSTR WINAPI StrStrIW(LPCWSTR text, LPCWSTR what)
{
    return find(text, what, NORM_IGNORECASE);
}

LPSTR WINAPI StrStrA(LPCSTR text, LPCSTR what)
{
    return text && what && *what ? strstr(text, what) : NULL;
}

LPSTR WINAPI StrStrIA(LPCSTR text, LPCSTR what)
{
    WIDE(wide, text);
    WIDE(wanted, what);
    LPWSTR found = find(wide, wanted, NORM_IGNORECASE);
    if (!found) return NULL;
    *found = 0;
    return (LPSTR)text + WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL) - 1;
}

int WINAPI StrCmpIW(LPCWSTR left, LPCWSTR right)
{
    return CompareStringW(LOCALE_USER_DEFAULT, NORM_IGNORECASE, left, -1, right, -1) - CSTR_EQUAL;
}

int WINAPI StrCmpW(LPCWSTR left, LPCWSTR right)
{
    return CompareStringW(LOCALE_USER_DEFAULT, 0, left, -1, right, -1) - CSTR_EQUAL;
}

LPWSTR WINAPI StrChrW(LPCWSTR text, WCHAR what)
{
    return text ? wcschr(text, what) : NULL;
}

LPWSTR WINAPI StrRChrW(LPCWSTR text, LPCWSTR end, WCHAR what)
{
    LPCWSTR found = NULL;
    for (; text && (end ? text < end : *text != 0); text++)
        if (*text == what) found = text;
    return (LPWSTR)found;
}

LPWSTR WINAPI StrDupW(LPCWSTR text)
{
    SIZE_T size = text ? (wcslen(text) + 1) * sizeof(WCHAR) : sizeof(WCHAR);
    LPWSTR copy = LocalAlloc(LMEM_FIXED, size);
    if (copy) memcpy(copy, text ? text : L"", size);
    return copy;
}
