/* strtol, atoi and relatives for char. */
#include "crt.h"

typedef char CH;
#define BLANK(c) isspace((uchar)(c))
#define S(kind) strto##kind
#define SL(kind) _strto##kind##_l
#define I(kind) _strto##kind
#define IL(kind) _strto##kind##_l
static int digit(CH c);
#include "integers.inc"

int atoi(const char *s)
{
    return strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

int64_t _atoi64(const char *s)
{
    return _strtoi64(s, NULL, 10);
}

int _atoi_l(const char *s, void *locale)
{
    UNUSED(locale);
    return atoi(s);
}

long _atol_l(const char *s, void *locale)
{
    UNUSED(locale);
    return atol(s);
}

int64_t _atoi64_l(const char *s, void *locale)
{
    UNUSED(locale);
    return _atoi64(s);
}
