/* Whole strings of multibyte characters to wide ones and back. */
#include "crt.h"

#define BAD ((size_t)-1)
size_t mbrtowc(wchar_t *out, const char *s, size_t n, uint32_t *state);

/* Characters (of a surrogate pair two) that the next character of UTF-8 text gives. */
static int step(wchar_t out[2], const char **s)
{
    int size;

    if (crt_global_locale.utf8 && (uchar)**s >= 0xF0) {
        size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, *s, (int)strnlen(*s, 4), out, 2);
        *s += size == 2 ? 4 : 0;
        return size == 2 ? 2 : -1;
    }
    size = crt_mbtowc(out, *s, 4);
    *s += size > 0 ? size : 0;
    return size > 0 ? 1 : -1;
}

size_t mbsrtowcs(wchar_t *out, const char **text, size_t room, uint32_t *state)
{
    const char *s;
    size_t count = 0;
    wchar_t pair[2];

    UNUSED(state);
    if (!text || !*text)
        return crt_invalid(EINVAL), BAD;
    for (s = *text; *s; ) {
        const char *before = s;
        int units = step(pair, &s);
        if (units < 0) {
            if (out)
                *text = before;
            errno = EILSEQ;
            return BAD;
        }
        if (out && count + (size_t)units > room) {
            *text = before;
            return count;
        }
        if (out)
            memcpy(out + count, pair, (size_t)units * sizeof *out);
        count += (size_t)units;
    }
    if (out && count < room)
        out[count] = 0;
    if (out)
        *text = count < room ? NULL : s;
    return count;
}

size_t mbstowcs(wchar_t *out, const char *text, size_t room)
{
    if (!text)
        return crt_invalid(EINVAL), BAD;
    return mbsrtowcs(out, &text, room, NULL);
}

size_t _mbstowcs_l(wchar_t *out, const char *text, size_t room, void *locale)
{
    UNUSED(locale);
    return mbstowcs(out, text, room);
}

/* The _s form: always terminated; with _TRUNCATE as limit it is cut and gives STRUNCATE. */
int mbstowcs_s(size_t *size, wchar_t *out, size_t room, const char *text, size_t limit)
{
    size_t count, most;

    if (size)
        *size = 0;
    if ((!out) != (!room) || (!text && room)) {
        if (out && room)
            *out = 0;
        return crt_invalid(EINVAL);
    }
    if (!text)
        return 0;
    most = limit > room ? room : limit;
    count = mbstowcs(out, text, out ? most : 0);
    if (count == BAD) {
        if (out)
            *out = 0;
        return errno;
    }
    if (size)
        *size = count + 1;
    if (!out)
        return 0;
    if (count < room) {
        out[count] = 0;
        return 0;
    }
    if (limit == BAD) {
        out[room - 1] = 0;
        if (size)
            *size = room;
        return STRUNCATE;
    }
    *out = 0;
    return crt_invalid(ERANGE);
}

int _mbstowcs_s_l(size_t *size, wchar_t *out, size_t room, const char *text, size_t limit,
                  void *locale)
{
    UNUSED(locale);
    return mbstowcs_s(size, out, room, text, limit);
}

int mbsrtowcs_s(size_t *size, wchar_t *out, size_t room, const char **text, size_t limit,
                uint32_t *state)
{
    UNUSED(state);
    return text ? mbstowcs_s(size, out, room, *text, limit) : crt_invalid(EINVAL);
}

/* Bytes of the next wide character (of a pair both), or -1. */
static int unstep(char *out, const wchar_t **s)
{
    int size;

    if (crt_global_locale.utf8 && ((*s)[0] & 0xFC00) == 0xD800 && ((*s)[1] & 0xFC00) == 0xDC00) {
        size = WideCharToMultiByte(CP_UTF8, 0, *s, 2, out, 4, NULL, NULL);
        *s += 2;
        return size;
    }
    size = crt_wctomb(out, **s);
    ++*s;
    return size;
}

size_t wcsrtombs(char *out, const wchar_t **text, size_t room, uint32_t *state)
{
    const wchar_t *s;
    size_t count = 0;
    char bytes[5];

    UNUSED(state);
    if (!text || !*text)
        return crt_invalid(EINVAL), BAD;
    for (s = *text; *s; ) {
        const wchar_t *before = s;
        int size = unstep(bytes, &s);
        if (size < 0)
            return BAD;
        if (out && count + (size_t)size > room) {
            *text = before;
            return count;
        }
        if (out)
            memcpy(out + count, bytes, (size_t)size);
        count += (size_t)size;
    }
    if (out && count < room)
        out[count] = 0;
    if (out)
        *text = count < room ? NULL : s;
    return count;
}

size_t wcstombs(char *out, const wchar_t *text, size_t room)
{
    if (!text)
        return crt_invalid(EINVAL), BAD;
    return wcsrtombs(out, &text, room, NULL);
}

size_t _wcstombs_l(char *out, const wchar_t *text, size_t room, void *locale)
{
    UNUSED(locale);
    return wcstombs(out, text, room);
}

int wcstombs_s(size_t *size, char *out, size_t room, const wchar_t *text, size_t limit)
{
    size_t count;

    if (size)
        *size = 0;
    if ((!out) != (!room) || (!text && room)) {
        if (out && room)
            *out = 0;
        return crt_invalid(EINVAL);
    }
    if (!text)
        return 0;
    count = wcstombs(out, text, out ? limit > room ? room : limit : 0);
    if (count == BAD) {
        if (out)
            *out = 0;
        return errno;
    }
    if (size)
        *size = count + 1;
    if (!out)
        return 0;
    if (count < room) {
        out[count] = 0;
        return 0;
    }
    if (limit == BAD) {
        out[room - 1] = 0;
        if (size)
            *size = room;
        return STRUNCATE;
    }
    *out = 0;
    return crt_invalid(ERANGE);
}

int _wcstombs_s_l(size_t *size, char *out, size_t room, const wchar_t *text, size_t limit,
                  void *locale)
{
    UNUSED(locale);
    return wcstombs_s(size, out, room, text, limit);
}

int wcsrtombs_s(size_t *size, char *out, size_t room, const wchar_t **text, size_t limit,
                uint32_t *state)
{
    UNUSED(state);
    return text ? wcstombs_s(size, out, room, *text, limit) : crt_invalid(EINVAL);
}
