/* The Char… functions: case, classes and stepping of ANSI (1252) and UTF-16 strings. */
#include "rtl.h"
#include <string.h>
#include <winnls.h>
#include <winuser.h>

LPWSTR WINAPI CharUpperW(LPWSTR text)
{
    ULONG_PTR character = (ULONG_PTR)text;
    if (!(character >> 16)) return (LPWSTR)(ULONG_PTR)RtlUpcaseUnicodeChar((WCHAR)character);
    CharUpperBuffW(text, (DWORD)wcslen(text));
    return text;
}

LPWSTR WINAPI CharLowerW(LPWSTR text)
{
    ULONG_PTR character = (ULONG_PTR)text;
    if (!(character >> 16)) return (LPWSTR)(ULONG_PTR)RtlDowncaseUnicodeChar((WCHAR)character);
    CharLowerBuffW(text, (DWORD)wcslen(text));
    return text;
}

DWORD WINAPI CharUpperBuffW(LPWSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++) text[i] = RtlUpcaseUnicodeChar(text[i]);
    return length;
}

DWORD WINAPI CharLowerBuffW(LPWSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++) text[i] = RtlDowncaseUnicodeChar(text[i]);
    return length;
}

/* One ANSI character through a UTF-16 mapping; kept when the result is not in the code page. */
static char mapped(char c, WCHAR(NTAPI *map)(WCHAR))
{
    WCHAR wide;
    char result;
    BOOL lost = FALSE;
    MultiByteToWideChar(CP_ACP, 0, &c, 1, &wide, 1);
    wide = map(wide);
    WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, &wide, 1, &result, 1, NULL, &lost);
    return lost ? c : result;
}

DWORD WINAPI CharUpperBuffA(LPSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++) text[i] = mapped(text[i], RtlUpcaseUnicodeChar);
    return length;
}

DWORD WINAPI CharLowerBuffA(LPSTR text, DWORD length)
{
    for (DWORD i = 0; i < length; i++) text[i] = mapped(text[i], RtlDowncaseUnicodeChar);
    return length;
}

LPSTR WINAPI CharUpperA(LPSTR text)
{
    if (!((ULONG_PTR)text >> 16))
        return (LPSTR)(ULONG_PTR)(BYTE)mapped((char)(ULONG_PTR)text, RtlUpcaseUnicodeChar);
    CharUpperBuffA(text, (DWORD)strlen(text));
    return text;
}

LPSTR WINAPI CharLowerA(LPSTR text)
{
    if (!((ULONG_PTR)text >> 16))
        return (LPSTR)(ULONG_PTR)(BYTE)mapped((char)(ULONG_PTR)text, RtlDowncaseUnicodeChar);
    CharLowerBuffA(text, (DWORD)strlen(text));
    return text;
}

LPSTR WINAPI CharNextA(LPCSTR text)
{
    return (LPSTR)(*text ? text + 1 : text);
}

LPWSTR WINAPI CharNextW(LPCWSTR text)
{
    return (LPWSTR)(*text ? text + 1 : text);
}

LPSTR WINAPI CharPrevA(LPCSTR start, LPCSTR text)
{
    return (LPSTR)(text > start ? text - 1 : start);
}

LPWSTR WINAPI CharPrevW(LPCWSTR start, LPCWSTR text)
{
    return (LPWSTR)(text > start ? text - 1 : start);
}

LPSTR WINAPI CharNextExA(WORD page, LPCSTR text, DWORD flags)
{
    (void)page;
    (void)flags;
    return CharNextA(text);
}

LPSTR WINAPI CharPrevExA(WORD page, LPCSTR start, LPCSTR text, DWORD flags)
{
    (void)page;
    (void)flags;
    return CharPrevA(start, text);
}

static WORD type_of(WCHAR c)
{
    WORD type = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type);
    return type;
}

static WCHAR wide_of(CHAR c)
{
    WCHAR wide = 0;
    MultiByteToWideChar(CP_ACP, 0, &c, 1, &wide, 1);
    return wide;
}

BOOL WINAPI IsCharAlphaW(WCHAR c)
{
    return (type_of(c) & C1_ALPHA) != 0;
}

BOOL WINAPI IsCharAlphaNumericW(WCHAR c)
{
    return (type_of(c) & (C1_ALPHA | C1_DIGIT)) != 0;
}

BOOL WINAPI IsCharUpperW(WCHAR c)
{
    return (type_of(c) & C1_UPPER) != 0;
}

BOOL WINAPI IsCharLowerW(WCHAR c)
{
    return (type_of(c) & C1_LOWER) != 0;
}

BOOL WINAPI IsCharAlphaA(CHAR c)
{
    return IsCharAlphaW(wide_of(c));
}

BOOL WINAPI IsCharAlphaNumericA(CHAR c)
{
    return IsCharAlphaNumericW(wide_of(c));
}

BOOL WINAPI IsCharUpperA(CHAR c)
{
    return IsCharUpperW(wide_of(c));
}

BOOL WINAPI IsCharLowerA(CHAR c)
{
    return IsCharLowerW(wide_of(c));
}

BOOL WINAPI CharToOemBuffA(LPCSTR source, LPSTR target, DWORD length)
{
    for (DWORD i = 0; i < length; i++) {
        WCHAR wide = wide_of(source[i]);
        WideCharToMultiByte(CP_OEMCP, 0, &wide, 1, target + i, 1, NULL, NULL);
    }
    return TRUE;
}

BOOL WINAPI OemToCharBuffA(LPCSTR source, LPSTR target, DWORD length)
{
    for (DWORD i = 0; i < length; i++) {
        WCHAR wide = 0;
        MultiByteToWideChar(CP_OEMCP, 0, source + i, 1, &wide, 1);
        WideCharToMultiByte(CP_ACP, 0, &wide, 1, target + i, 1, NULL, NULL);
    }
    return TRUE;
}

BOOL WINAPI CharToOemA(LPCSTR source, LPSTR target)
{
    return CharToOemBuffA(source, target, (DWORD)strlen(source) + 1);
}

BOOL WINAPI OemToCharA(LPCSTR source, LPSTR target)
{
    return OemToCharBuffA(source, target, (DWORD)strlen(source) + 1);
}
