/* Blocks of memory. Sixteen bytes at a time: an emulated `rep movs` costs a block per element. */
#include "crt.h"

typedef long long pair __attribute__((vector_size(16), aligned(1), may_alias));

void *memcpy(void *restrict out, const void *restrict from, size_t size)
{
    char *to = out;
    const char *at = from;

    for (; size >= 64; size -= 64, to += 64, at += 64) {
        pair a = ((const pair *)at)[0], b = ((const pair *)at)[1];
        pair c = ((const pair *)at)[2], d = ((const pair *)at)[3];
        ((pair *)to)[0] = a, ((pair *)to)[1] = b;
        ((pair *)to)[2] = c, ((pair *)to)[3] = d;
    }
    for (; size >= 16; size -= 16, to += 16, at += 16)
        *(pair *)to = *(const pair *)at;
    for (; size >= 4; size -= 4, to += 4, at += 4)
        __builtin_memcpy(to, at, 4);
    while (size--)
        *to++ = *at++;
    return out;
}

void *memmove(void *out, const void *from, size_t size)
{
    char *to = (char *)out + size;
    const char *at = (const char *)from + size;

    if ((uintptr_t)out - (uintptr_t)from >= size)
        return memcpy(out, from, size);
    for (; size >= 16; size -= 16) {
        to -= 16, at -= 16;
        *(pair *)to = *(const pair *)at;
    }
    while (size--)
        *--to = *--at;
    return out;
}

void *memset(void *out, int c, size_t size)
{
    char *to = out;
    pair fill = (pair)((__attribute__((vector_size(16))) char){0} + (char)c);

    for (; size >= 64; size -= 64, to += 64) {
        ((pair *)to)[0] = fill, ((pair *)to)[1] = fill;
        ((pair *)to)[2] = fill, ((pair *)to)[3] = fill;
    }
    for (; size >= 16; size -= 16, to += 16)
        *(pair *)to = fill;
    while (size--)
        *to++ = (char)c;
    return out;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uchar *x = a, *y = b;
    uint32_t left, right;

    for (; size >= 4; size -= 4, x += 4, y += 4) {
        __builtin_memcpy(&left, x, 4);
        __builtin_memcpy(&right, y, 4);
        if (left != right)
            break;
    }
    for (; size; size--, x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}

void *memchr(const void *block, int c, size_t size)
{
    const uchar *at = block;
    uint32_t fill = (uchar)c * 0x01010101u, word;

    for (; size >= 4; size -= 4, at += 4) {
        __builtin_memcpy(&word, at, 4);
        word ^= fill;
        if ((word - 0x01010101u) & ~word & 0x80808080u)
            break;
    }
    for (; size; size--, at++)
        if (*at == (uchar)c)
            return (void *)at;
    return NULL;
}

void *_memccpy(void *out, const void *from, int c, size_t size)
{
    const uchar *stop = memchr(from, c, size);
    size_t part = stop ? (size_t)(stop - (const uchar *)from) + 1 : size;

    memcpy(out, from, part);
    return stop ? (char *)out + part : NULL;
}

int _memicmp(const void *a, const void *b, size_t size)
{
    const uchar *x = a, *y = b;

    for (; size; size--, x++, y++) {
        int left = tolower(*x), right = tolower(*y);
        if (left != right)
            return left - right;
    }
    return 0;
}

int _memicmp_l(const void *a, const void *b, size_t size, _locale_t locale)
{
    UNUSED(locale);
    return _memicmp(a, b, size);
}

static int copy_checked(void *out, size_t room, const void *from, size_t size,
                        void *(*copy)(void *, const void *, size_t), bool clear)
{
    if (!size)
        return 0;
    if (!out || (!from && !clear))
        return crt_invalid(EINVAL);
    if (!from || room < size) {
        if (clear)
            memset(out, 0, room);
        return crt_invalid(from ? ERANGE : EINVAL);
    }
    copy(out, from, size);
    return 0;
}

int memcpy_s(void *out, size_t room, const void *from, size_t size)
{
    return copy_checked(out, room, from, size, memmove, true);
}

int memmove_s(void *out, size_t room, const void *from, size_t size)
{
    return copy_checked(out, room, from, size, memmove, false);
}

int wmemcpy_s(wchar_t *out, size_t room, const wchar_t *from, size_t count)
{
    return memcpy_s(out, room * 2, from, count * 2);
}

int wmemmove_s(wchar_t *out, size_t room, const wchar_t *from, size_t count)
{
    return memmove_s(out, room * 2, from, count * 2);
}

void _swab(char *from, char *to, int size)
{
    if (!from || !to || size < 0) {
        crt_invalid(EINVAL);
        return;
    }
    for (; size > 1; size -= 2, from += 2, to += 2) {
        char first = from[0];
        to[0] = from[1];
        to[1] = first;
    }
}
