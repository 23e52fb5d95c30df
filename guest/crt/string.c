/* Strings of char. */
#include "crt.h"

typedef char CH;
typedef uchar UCH;
typedef int ARG;
#define N(name) str##name
#define U(name) _str##name
#define L(name) _str##name##_l
#define FOLD(c) tolower((uchar)(c))
#define RAISE(c) toupper((uchar)(c))

size_t strlen(const char *s)
{
    const char *at = s;
    uint32_t word;

    for (; (uintptr_t)at & 3; at++)
        if (!*at)
            return (size_t)(at - s);
    for (;; at += 4) {
        __builtin_memcpy(&word, at, 4);
        if ((word - 0x01010101u) & ~word & 0x80808080u)
            break;
    }
    while (*at)
        at++;
    return (size_t)(at - s);
}

#include "string.inc"

char *strtok(char *s, const char *set)
{
    return strtok_s(s, set, &crt_thread()->strtok_next);
}

size_t __strncnt(const char *s, size_t most)
{
    return strnlen(s, most);
}
