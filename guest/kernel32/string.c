/* lstr… and MulDiv: the oldest helpers. A bad pointer gives NULL or 0 instead of an exception. */
#include "kernel32.h"

int WINAPI lstrlenA(LPCSTR text)
{
    return text && !IsBadReadPtr(text, 1) ? (int)strlen(text) : 0;
}

int WINAPI lstrlenW(LPCWSTR text)
{
    return text && !IsBadReadPtr(text, sizeof *text) ? (int)wcslen(text) : 0;
}

LPSTR WINAPI lstrcpyA(LPSTR target, LPCSTR source)
{
    if (!target || !source) return NULL;
    return memcpy(target, source, strlen(source) + 1);
}

LPWSTR WINAPI lstrcpyW(LPWSTR target, LPCWSTR source)
{
    if (!target || !source) return NULL;
    return memcpy(target, source, (wcslen(source) + 1) * sizeof *source);
}

LPSTR WINAPI lstrcatA(LPSTR target, LPCSTR source)
{
    if (!target || !source) return NULL;
    memcpy(target + strlen(target), source, strlen(source) + 1);
    return target;
}

LPWSTR WINAPI lstrcatW(LPWSTR target, LPCWSTR source)
{
    if (!target || !source) return NULL;
    memcpy(target + wcslen(target), source, (wcslen(source) + 1) * sizeof *source);
    return target;
}

LPSTR WINAPI lstrcpynA(LPSTR target, LPCSTR source, int size)
{
    char *end = target;
    if (!target || !source) return NULL;
    for (; size > 1 && *source; size--) *end++ = *source++;
    if (size > 0) *end = 0;
    return target;
}

LPWSTR WINAPI lstrcpynW(LPWSTR target, LPCWSTR source, int size)
{
    WCHAR *end = target;
    if (!target || !source) return NULL;
    for (; size > 1 && *source; size--) *end++ = *source++;
    if (size > 0) *end = 0;
    return target;
}

static int null_order(const void *left, const void *right)
{
    return left ? 1 : right ? -1 : 0;
}

int WINAPI lstrcmpA(LPCSTR left, LPCSTR right)
{
    if (!left || !right) return null_order(left, right);
    return CompareStringA(GetThreadLocale(), LOCALE_USE_CP_ACP, left, -1, right, -1) - CSTR_EQUAL;
}

int WINAPI lstrcmpiA(LPCSTR left, LPCSTR right)
{
    if (!left || !right) return null_order(left, right);
    return CompareStringA(GetThreadLocale(), NORM_IGNORECASE | LOCALE_USE_CP_ACP, left, -1, right,
               -1) - CSTR_EQUAL;
}

int WINAPI lstrcmpW(LPCWSTR left, LPCWSTR right)
{
    if (!left || !right) return null_order(left, right);
    return CompareStringW(GetThreadLocale(), 0, left, -1, right, -1) - CSTR_EQUAL;
}

int WINAPI lstrcmpiW(LPCWSTR left, LPCWSTR right)
{
    if (!left || !right) return null_order(left, right);
    return CompareStringW(GetThreadLocale(), NORM_IGNORECASE, left, -1, right, -1) - CSTR_EQUAL;
}

/* number × numerator ÷ denominator, rounded to nearest; −1 when it does not fit. */
int WINAPI MulDiv(int number, int numerator, int denominator)
{
    LONGLONG product, divisor = denominator;
    if (!denominator) return -1;
    product = (LONGLONG)number * numerator;
    if (divisor < 0) {
        divisor = -divisor;
        product = -product;
    }
    product = product >= 0 ? (product + divisor / 2) / divisor : (product - divisor / 2) / divisor;
    return product > INT_MAX || product < -INT_MAX ? -1 : (int)product;
}
