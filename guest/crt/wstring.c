/* Strings of wchar_t. */
#include "crt.h"

typedef wchar_t CH;
typedef wchar_t UCH;
typedef wchar_t ARG;
#define N(name) wcs##name
#define U(name) _wcs##name
#define L(name) _wcs##name##_l
#define FOLD(c) towlower(c)
#define RAISE(c) towupper(c)

size_t wcslen(const wchar_t *s)
{
    const wchar_t *at = s;

    while (*at)
        at++;
    return (size_t)(at - s);
}

#include "string.inc"

/* The UCRT's has a third parameter (NULL: the thread's own), msvcrt's has two. */
wchar_t *crt_wcstok2(wchar_t *s, const wchar_t *set)
{
    return wcstok_s(s, set, &crt_thread()->wcstok_next);
}

wchar_t *crt_wcstok3(wchar_t *s, const wchar_t *set, wchar_t **next)
{
    return wcstok_s(s, set, next ? next : &crt_thread()->wcstok_next);
}

size_t __wcsncnt(const wchar_t *s, size_t most)
{
    return wcsnlen(s, most);
}
