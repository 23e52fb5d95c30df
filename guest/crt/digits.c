/* Integers to text: _itoa and relatives, narrow, wide and checked. */
#include "crt.h"

/* Digits at the end of a buffer of 72; returns where they start. */
static char *digits(char *end, uint64_t value, int radix, bool negative)
{
    *--end = 0;
    if (negative)
        value = 0 - value;
    do {
        unsigned digit = (unsigned)(value % (unsigned)radix);
        *--end = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    } while (value /= (unsigned)radix);
    if (negative)
        *--end = '-';
    return end;
}

static int put(void *out, size_t room, uint64_t value, int radix, bool negative, bool wide)
{
    char buffer[72], *text;
    size_t size;

    if (!out || !room)
        return crt_invalid(EINVAL);
    memset(out, 0, wide ? 2 : 1);
    if (radix < 2 || radix > 36)
        return crt_invalid(EINVAL);
    text = digits(buffer + sizeof buffer, value, radix, negative);
    size = strlen(text) + 1;
    if (size > room)
        return crt_invalid(ERANGE);
    for (size_t i = 0; i < size; i++)
        if (wide)
            ((wchar_t *)out)[i] = (uchar)text[i];
        else
            ((char *)out)[i] = text[i];
    return 0;
}

/* A negative number has a sign in radix 10 only; otherwise it is its unsigned image. */
#define TO_TEXT(name, name_s, CH, TYPE, UNSIGNED, wide)                                       \
    int name_s(TYPE value, CH *out, size_t room, int radix)                                   \
    {                                                                                         \
        bool negative = radix == 10 && (TYPE)-1 < 0 && value < (TYPE)1 && value != 0;         \
        uint64_t whole = negative ? (uint64_t)(int64_t)value : (UNSIGNED)value;               \
        return put(out, room, whole, radix, negative, wide);                                  \
    }                                                                                         \
    CH *name(TYPE value, CH *out, int radix)                                                  \
    {                                                                                         \
        name_s(value, out, SIZE_MAX, radix);                                                  \
        return out;                                                                           \
    }
TO_TEXT(_itoa, _itoa_s, char, int, unsigned, false)
TO_TEXT(_ltoa, _ltoa_s, char, long, unsigned long, false)
TO_TEXT(_ultoa, _ultoa_s, char, unsigned long, unsigned long, false)
TO_TEXT(_i64toa, _i64toa_s, char, int64_t, uint64_t, false)
TO_TEXT(_ui64toa, _ui64toa_s, char, uint64_t, uint64_t, false)
TO_TEXT(_itow, _itow_s, wchar_t, int, unsigned, true)
TO_TEXT(_ltow, _ltow_s, wchar_t, long, unsigned long, true)
TO_TEXT(_ultow, _ultow_s, wchar_t, unsigned long, unsigned long, true)
TO_TEXT(_i64tow, _i64tow_s, wchar_t, int64_t, uint64_t, true)
TO_TEXT(_ui64tow, _ui64tow_s, wchar_t, uint64_t, uint64_t, true)
