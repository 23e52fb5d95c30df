/* wcstol, _wtoi and relatives for wchar_t. */
#include "crt.h"

typedef wchar_t CH;
#define BLANK(c) iswspace(c)
#define S(kind) wcsto##kind
#define SL(kind) _wcsto##kind##_l
#define I(kind) _wcsto##kind
#define IL(kind) _wcsto##kind##_l
static int digit(CH c);
#include "integers.inc"

int _wtoi(const wchar_t *s)
{
    return wcstol(s, NULL, 10);
}

long _wtol(const wchar_t *s)
{
    return wcstol(s, NULL, 10);
}

int64_t _wtoi64(const wchar_t *s)
{
    return _wcstoi64(s, NULL, 10);
}

int _wtoi_l(const wchar_t *s, void *locale)
{
    UNUSED(locale);
    return _wtoi(s);
}

long _wtol_l(const wchar_t *s, void *locale)
{
    UNUSED(locale);
    return _wtol(s);
}

int64_t _wtoi64_l(const wchar_t *s, void *locale)
{
    UNUSED(locale);
    return _wtoi64(s);
}
