/* Wide characters of streams: multibyte in ANSI text mode, two bytes each otherwise. */
#include "crt.h"

static bool multibyte(FILE *f)
{
    struct fd *d = crt_fd_slot(f->_file);

    return d && d->flags & FD_TEXT && d->encoding == ENC_ANSI;
}

wint_t crt_getwc(FILE *f)
{
    wchar_t wide;
    char bytes[4];
    int size = 0;

    if (!multibyte(f)) {
        int low = crt_getc(f), high = low == EOF ? EOF : crt_getc(f);
        return high == EOF ? WEOF : (wint_t)(low | high << 8);
    }
    do {
        int c = crt_getc(f);
        if (c == EOF)
            return WEOF;
        bytes[size++] = (char)c;
        if (crt_mbtowc(&wide, bytes, (size_t)size) > 0 || !bytes[0])
            return bytes[0] ? wide : 0;
    } while (size < crt_global_locale.max_bytes);
    errno = EILSEQ;
    f->_flag |= F_ERR;
    return WEOF;
}

wint_t crt_putwc(wchar_t c, FILE *f)
{
    char bytes[5];
    int size;

    if (!multibyte(f))
        return crt_put(f, &c, sizeof c) == sizeof c ? c : WEOF;
    size = crt_wctomb(bytes, c);
    if (size < 0)
        return WEOF;
    return crt_put(f, bytes, (size_t)size) == (size_t)size ? c : WEOF;
}

wint_t crt_ungetwc(wint_t c, FILE *f)
{
    char bytes[5];
    int size;

    if (c == WEOF)
        return WEOF;
    if (multibyte(f)) {
        size = crt_wctomb(bytes, (wchar_t)c);
    } else {
        bytes[0] = (char)c, bytes[1] = (char)(c >> 8);
        size = 2;
    }
    if (f->_base && size > 1 && f->_ptr - f->_base < size && !f->_cnt) {
        f->_ptr = f->_base + (size <= f->_bufsiz ? size : 0);
        f->_cnt = 0;
    }
    while (size > 0)
        if (crt_ungetc((uchar)bytes[--size], f) == EOF)
            return WEOF;
    return c;
}

wint_t fgetwc(FILE *f)
{
    wint_t c;

    if (!f) {
        crt_invalid(EINVAL);
        return WEOF;
    }
    _lock_file(f);
    c = crt_getwc(f);
    _unlock_file(f);
    return c;
}

wint_t getwc(FILE *f)
{
    return fgetwc(f);
}

wint_t getwchar(void)
{
    return fgetwc(stdin_);
}

wint_t fputwc(wchar_t c, FILE *f)
{
    wint_t result;

    if (!f) {
        crt_invalid(EINVAL);
        return WEOF;
    }
    _lock_file(f);
    result = crt_putwc(c, f);
    _unlock_file(f);
    return result;
}

wint_t putwc(wchar_t c, FILE *f)
{
    return fputwc(c, f);
}

wint_t putwchar(wchar_t c)
{
    return fputwc(c, stdout_);
}

wint_t ungetwc(wint_t c, FILE *f)
{
    wint_t result;

    if (!f) {
        crt_invalid(EINVAL);
        return WEOF;
    }
    _lock_file(f);
    result = crt_ungetwc(c, f);
    _unlock_file(f);
    return result;
}

wchar_t *fgetws(wchar_t *out, int room, FILE *f)
{
    wchar_t *at = out;

    if (!out || !f || room <= 0) {
        crt_invalid(EINVAL);
        return NULL;
    }
    _lock_file(f);
    while (--room) {
        wint_t c = crt_getwc(f);
        if (c == WEOF)
            break;
        *at++ = c;
        if (c == '\n')
            break;
    }
    *at = 0;
    _unlock_file(f);
    return at == out && room ? NULL : out;
}

wchar_t *_getws_s(wchar_t *out, size_t room)
{
    wchar_t *at = out;
    wint_t c = WEOF;

    if (!out || !room) {
        crt_invalid(EINVAL);
        return NULL;
    }
    _lock_file(stdin_);
    while ((c = crt_getwc(stdin_)) != WEOF && c != '\n')
        if (room > 1) {
            *at++ = c;
            room--;
        }
    *at = 0;
    _unlock_file(stdin_);
    return c == WEOF && at == out ? NULL : out;
}

wchar_t *_getws(wchar_t *out)
{
    return _getws_s(out, SIZE_MAX);
}

static bool put_text(const wchar_t *s, FILE *f, bool newline)
{
    bool had, ok = true;

    _lock_file(f);
    crt_stream_temporary(f, &had);
    while (*s && ok)
        ok = crt_putwc(*s++, f) != WEOF;
    if (ok && newline)
        ok = crt_putwc('\n', f) != WEOF;
    crt_stream_temporary_end(f, had);
    _unlock_file(f);
    return ok;
}

int fputws(const wchar_t *s, FILE *f)
{
    if (!s || !f)
        return crt_invalid(EINVAL), EOF;
    return put_text(s, f, false) ? 0 : EOF;
}

int _putws(const wchar_t *s)
{
    if (!s)
        return crt_invalid(EINVAL), EOF;
    return put_text(s, stdout_, true) ? 0 : EOF;
}
