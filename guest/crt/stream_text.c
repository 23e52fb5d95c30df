/* Characters and lines of narrow streams. */
#include "crt.h"

int _fgetc_nolock(FILE *f)
{
    return crt_getc(f);
}

int fgetc(FILE *f)
{
    int c;

    if (!f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    _lock_file(f);
    c = crt_getc(f);
    _unlock_file(f);
    return c;
}

int getc(FILE *f)
{
    return fgetc(f);
}

int getchar(void)
{
    return fgetc(stdin_);
}

int _fputc_nolock(int c, FILE *f)
{
    return --f->_cnt >= 0 ? (uchar)(*f->_ptr++ = (char)c) : _flsbuf(c, f);
}

int fputc(int c, FILE *f)
{
    int result;

    if (!f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    _lock_file(f);
    result = _fputc_nolock(c, f);
    _unlock_file(f);
    return result;
}

int putc(int c, FILE *f)
{
    return fputc(c, f);
}

int putchar(int c)
{
    return fputc(c, stdout_);
}

int _ungetc_nolock(int c, FILE *f)
{
    return crt_ungetc(c, f);
}

int ungetc(int c, FILE *f)
{
    int result;

    if (!f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    _lock_file(f);
    result = crt_ungetc(c, f);
    _unlock_file(f);
    return result;
}

/* Text up to a newline or `room` - 1 bytes; returns the end, or NULL at the end of the file. */
static char *line(FILE *f, char *out, size_t room)
{
    char *at = out;

    while (room > 1) {
        size_t part = f->_cnt > 0 ? (size_t)f->_cnt : 0;
        char *newline;

        if (!part) {
            int c = _filbuf(f);
            if (c == EOF)
                return at == out ? NULL : at;
            *at++ = (char)c;
            room--;
            if (c == '\n')
                break;
            continue;
        }
        if (part > room - 1)
            part = room - 1;
        newline = memchr(f->_ptr, '\n', part);
        if (newline)
            part = (size_t)(newline - f->_ptr) + 1;
        memcpy(at, f->_ptr, part);
        f->_ptr += part;
        f->_cnt -= (int)part;
        at += part;
        room -= part;
        if (newline)
            break;
    }
    return at;
}

char *fgets(char *out, int room, FILE *f)
{
    char *end;

    if (!room)
        return NULL;
    if (!out || !f || room < 0) {
        crt_invalid(EINVAL);
        return NULL;
    }
    _lock_file(f);
    if (f->_cnt < 0)
        f->_cnt = 0;
    end = line(f, out, (size_t)room);
    _unlock_file(f);
    if (!end)
        return NULL;
    *end = 0;
    return out;
}

char *gets_s(char *out, size_t room)
{
    char *end;

    if (!out || !room) {
        crt_invalid(EINVAL);
        return NULL;
    }
    _lock_file(stdin_);
    end = line(stdin_, out, room);
    _unlock_file(stdin_);
    if (!end)
        return NULL;
    if (end > out && end[-1] == '\n')
        end--;
    else if ((size_t)(end - out) >= room - 1 && room != SIZE_MAX) {
        *out = 0;
        crt_invalid(ERANGE);
        return NULL;
    }
    *end = 0;
    return out;
}

char *gets(char *out)
{
    return gets_s(out, SIZE_MAX);
}

int fputs(const char *s, FILE *f)
{
    size_t size;
    bool had, ok;

    if (!s || !f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    size = strlen(s);
    _lock_file(f);
    crt_stream_temporary(f, &had);
    ok = crt_put(f, s, size) == size;
    crt_stream_temporary_end(f, had);
    _unlock_file(f);
    return ok ? 0 : EOF;
}

int puts(const char *s)
{
    FILE *f = stdout_;
    bool had, ok;
    size_t size;

    if (!s) {
        crt_invalid(EINVAL);
        return EOF;
    }
    size = strlen(s);
    _lock_file(f);
    crt_stream_temporary(f, &had);
    ok = crt_put(f, s, size) == size && crt_put(f, "\n", 1) == 1;
    crt_stream_temporary_end(f, had);
    _unlock_file(f);
    return ok ? 0 : EOF;
}

int _getw(FILE *f)
{
    int word;

    if (!f || fread(&word, 1, sizeof word, f) != sizeof word)
        return EOF;
    return word;
}

int _putw(int word, FILE *f)
{
    return f && fwrite(&word, 1, sizeof word, f) == sizeof word ? word : EOF;
}
