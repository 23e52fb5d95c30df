/* Multibyte characters: one byte each in "C" (the low 256 of Unicode), UTF-8 in a .UTF8 locale. */
#include "crt.h"

#define BAD ((size_t)-1)
#define PARTIAL ((size_t)-2)

unsigned crt_file_code_page(void)
{
    return crt_global_locale.utf8 ? CP_UTF8 : CP_ACP;
}

wchar_t *crt_widen(const char *text)
{
    unsigned page = crt_file_code_page();
    int size = MultiByteToWideChar(page, 0, text, -1, NULL, 0);
    wchar_t *wide = size ? malloc((size_t)size * sizeof *wide) : NULL;

    if (!size)
        errno = EILSEQ;
    else if (wide)
        MultiByteToWideChar(page, 0, text, -1, wide, size);
    return wide;
}

char *crt_narrow(const wchar_t *text)
{
    unsigned page = crt_file_code_page();
    int size = WideCharToMultiByte(page, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = size ? malloc((size_t)size) : NULL;

    if (!size)
        errno = EILSEQ;
    else if (narrow)
        WideCharToMultiByte(page, 0, text, -1, narrow, size, NULL, NULL);
    return narrow;
}

static int encode(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63));
    return 4;
}

int crt_wctomb(char *out, wchar_t c)
{
    BOOL lost = FALSE;
    int size;

    if (!crt_global_locale.code_page) {
        if (c > 255) {
            errno = EILSEQ;
            return -1;
        }
        *out = (char)c;
        return 1;
    }
    if (crt_global_locale.utf8) {
        if ((c & 0xF800) != 0xD800)
            return encode(out, c);
        errno = EILSEQ;
        return -1;
    }
    size = WideCharToMultiByte(crt_global_locale.code_page, 0, &c, 1, out, 4, NULL, &lost);
    if (size > 0 && !lost)
        return size;
    errno = EILSEQ;
    return -1;
}

/* One code point of UTF-8: bytes taken, PARTIAL or BAD. */
static size_t decode(uint32_t *out, const uchar *s, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = *s < 0x80 ? 1 : *s < 0xC2 ? 0 : *s < 0xE0 ? 2 : *s < 0xF0 ? 3 : *s < 0xF5 ? 4 : 0;
    uint32_t c;

    if (!need)
        return BAD;
    c = need == 1 ? *s : *s & (0xFFu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if (i >= n)
            return PARTIAL;
        if ((s[i] & 0xC0) != 0x80)
            return BAD;
        c = c << 6 | (s[i] & 63);
    }
    if (c < least[need] || c > 0x10FFFF || (c & 0xFFFFF800) == 0xD800)
        return BAD;
    *out = c;
    return need;
}

static size_t to_wide(wchar_t *out, const char *s, size_t n)
{
    uint32_t c;
    size_t size;

    if (!n)
        return PARTIAL;
    if (crt_global_locale.utf8) {
        size = decode(&c, (const uchar *)s, n);
        if (size > 4)
            return size;
        if (c > 0xFFFF)
            return BAD;
        *out = (wchar_t)c;
        return size;
    }
    if (crt_global_locale.code_page && (uchar)*s >= 0x80)
        return MultiByteToWideChar(crt_global_locale.code_page, 0, s, 1, out, 1) == 1 ? 1 : BAD;
    *out = (uchar)*s;
    return 1;
}

int crt_mbtowc(wchar_t *out, const char *s, size_t n)
{
    size_t size = to_wide(out, s, n);

    if (size <= 4)
        return (int)size;
    errno = EILSEQ;
    return -1;
}

int mbtowc(wchar_t *out, const char *s, size_t n)
{
    wchar_t c;
    int size;

    if (!s || !n)
        return 0;
    if (!*s) {
        if (out)
            *out = 0;
        return 0;
    }
    size = crt_mbtowc(&c, s, n);
    if (size > 0 && out)
        *out = c;
    return size;
}

int _mbtowc_l(wchar_t *out, const char *s, size_t n, void *locale)
{
    UNUSED(locale);
    return mbtowc(out, s, n);
}

int mblen(const char *s, size_t n)
{
    return mbtowc(NULL, s, n);
}

int _mblen_l(const char *s, size_t n, void *locale)
{
    UNUSED(locale);
    return mblen(s, n);
}

int wctomb_s(int *size, char *out, size_t room, wchar_t c)
{
    char bytes[5];
    int used;

    if (!out) {
        if (size)
            *size = 0;
        return 0;
    }
    used = crt_wctomb(bytes, c);
    if (size)
        *size = used;
    if (used < 0)
        return errno;
    if ((size_t)used > room)
        return crt_invalid(ERANGE);
    memcpy(out, bytes, (size_t)used);
    return 0;
}

int _wctomb_s_l(int *size, char *out, size_t room, wchar_t c, void *locale)
{
    UNUSED(locale);
    return wctomb_s(size, out, room, c);
}

int wctomb(char *out, wchar_t c)
{
    return out ? crt_wctomb(out, c) : 0;
}

int _wctomb_l(char *out, wchar_t c, void *locale)
{
    UNUSED(locale);
    return wctomb(out, c);
}

/* Restartable functions; the state's word holds the bytes of an unfinished character and their
   number in its top byte. */
size_t mbrtowc(wchar_t *out, const char *s, size_t n, uint32_t *state)
{
    static uint32_t own;
    uchar bytes[8];
    size_t held, size, taken = 0;
    wchar_t c;

    if (!state)
        state = &own;
    if (!s)
        s = "", n = 1, out = NULL;
    held = *state >> 24;
    memcpy(bytes, state, held);
    do {
        if (taken == n)
            return PARTIAL;
        bytes[held++] = (uchar)s[taken++];
        size = to_wide(&c, (char *)bytes, held);
        *state = 0;
        if (size == PARTIAL) {
            memcpy(state, bytes, held);
            *state |= (uint32_t)held << 24;
        }
    } while (size == PARTIAL);
    if (size == BAD) {
        errno = EILSEQ;
        return BAD;
    }
    if (out)
        *out = c;
    return c ? taken : 0;
}

size_t mbrlen(const char *s, size_t n, uint32_t *state)
{
    static uint32_t own;

    return mbrtowc(NULL, s, n, state ? state : &own);
}

size_t wcrtomb(char *out, wchar_t c, uint32_t *state)
{
    char bytes[5];

    if (state)
        *state = 0;
    if (!out)
        return 1;
    return (size_t)crt_wctomb(c ? out : bytes, c) + (c ? 0 : (*out = 0));
}

int wcrtomb_s(size_t *size, char *out, size_t room, wchar_t c, uint32_t *state)
{
    char bytes[5];
    size_t used = wcrtomb(out ? bytes : NULL, c, state);

    if (size)
        *size = used;
    if (used == BAD)
        return errno;
    if (out && used > room)
        return crt_invalid(ERANGE);
    if (out)
        memcpy(out, bytes, used);
    return 0;
}

int mbsinit(const uint32_t *state)
{
    return !state || !*state;
}

wint_t btowc(int c)
{
    char byte = (char)c;
    wchar_t wide;

    if (c == EOF || (c & 0x80 && crt_global_locale.utf8))
        return WEOF;
    return to_wide(&wide, &byte, 1) == 1 ? wide : WEOF;
}

int wctob(wint_t c)
{
    char bytes[5];

    return c != WEOF && crt_wctomb(bytes, (wchar_t)c) == 1 ? (uchar)bytes[0] : EOF;
}

size_t mbrtoc16(wchar_t *out, const char *s, size_t n, uint32_t *state)
{
    return mbrtowc(out, s, n, state);
}

size_t c16rtomb(char *out, wchar_t c, uint32_t *state)
{
    return wcrtomb(out, c, state);
}

size_t mbrtoc32(uint32_t *out, const char *s, size_t n, uint32_t *state)
{
    uint32_t c;
    size_t size;

    UNUSED(state);
    if (!s || !n)
        return s ? PARTIAL : 0;
    size = decode(&c, (const uchar *)s, n);
    if (size == BAD)
        errno = EILSEQ;
    if (size > 4)
        return size;
    if (out)
        *out = c;
    return c ? size : 0;
}

size_t c32rtomb(char *out, uint32_t c, uint32_t *state)
{
    UNUSED(state);
    if (!out)
        return 1;
    if (c > 0x10FFFF || (c & 0xFFFFF800) == 0xD800) {
        errno = EILSEQ;
        return BAD;
    }
    return (size_t)encode(out, c);
}
