/* The buffers of streams: filling, flushing, reading and writing blocks. */
#include "crt.h"

static bool console_output(FILE *f)
{
    return (f == stdout_ || f == stderr_) && _isatty(f->_file);
}

/* Gives the stream a buffer; one that cannot have any gets two bytes, for ungetc. */
static void get_buffer(FILE *f)
{
    if (!(f->_flag & F_NBF) && (f->_base = malloc(BUFSIZ_))) {
        f->_flag |= F_MYBUF;
        f->_bufsiz = BUFSIZ_;
    } else {
        f->_flag |= F_NBF;
        f->_base = (char *)&f->_charbuf;
        f->_bufsiz = 2;
    }
    f->_ptr = f->_base;
    f->_cnt = 0;
}

static bool buffered(const FILE *f)
{
    return f->_flag & (F_MYBUF | F_USERBUF);
}

int _filbuf(FILE *f)
{
    if (!(f->_flag & F_INUSE) || f->_flag & F_STRG)
        return EOF;
    if (f->_flag & F_WRITE || !(f->_flag & (F_READ | F_RW))) {
        f->_flag |= F_ERR;
        errno = EBADF;
        return EOF;
    }
    f->_flag |= F_READ;
    if (!f->_base)
        get_buffer(f);
    f->_ptr = f->_base;
    f->_cnt = _read(f->_file, f->_base, (unsigned)f->_bufsiz);
    if (f->_cnt <= 0) {
        f->_flag |= f->_cnt ? F_ERR : F_EOF;
        f->_cnt = 0;
        return EOF;
    }
    f->_cnt--;
    return (uchar)*f->_ptr++;
}

/* Turns the stream to writing; false when it must not be written. */
static bool writable(FILE *f)
{
    if (!(f->_flag & (F_WRITE | F_RW)) || f->_flag & F_STRG) {
        errno = EBADF;
        f->_flag |= F_ERR;
        return false;
    }
    if (f->_flag & F_READ) {
        f->_cnt = 0;
        if (!(f->_flag & F_EOF)) {
            f->_flag |= F_ERR;
            return false;
        }
        f->_ptr = f->_base;
        f->_flag &= ~F_READ;
    }
    f->_flag = (f->_flag | F_WRITE) & ~F_EOF;
    if (!f->_base) {
        if (console_output(f))
            f->_flag |= F_NBF;
        get_buffer(f);
    }
    return true;
}

static bool write_out(FILE *f, const void *data, int size)
{
    if (_write(f->_file, data, (unsigned)size) == size)
        return true;
    f->_flag |= F_ERR;
    return false;
}

static bool drain(FILE *f)
{
    int size = (int)(f->_ptr - f->_base);

    f->_ptr = f->_base;
    f->_cnt = 0;
    return size <= 0 || write_out(f, f->_base, size);
}

int _flsbuf(int c, FILE *f)
{
    char byte = (char)c;

    f->_cnt = 0;
    if (!writable(f))
        return EOF;
    if (!buffered(f))
        return write_out(f, &byte, 1) ? (uchar)byte : EOF;
    if (!drain(f))
        return EOF;
    *f->_ptr++ = byte;
    f->_cnt = f->_bufsiz - 1;
    return (uchar)byte;
}

int crt_flush(FILE *f)
{
    int result = 0;

    if ((f->_flag & (F_READ | F_WRITE)) == F_WRITE && buffered(f)) {
        if (!drain(f))
            result = EOF;
        else if (f->_flag & F_RW)
            f->_flag &= ~F_WRITE;
    }
    if (f->_base)
        f->_ptr = f->_base;
    f->_cnt = 0;
    return result;
}

int _fflush_nolock(FILE *f)
{
    if (!f) {
        crt_streams_flush();
        return 0;
    }
    if (f->_flag & F_READ && !(f->_flag & F_WRITE))
        return 0;
    if (crt_flush(f))
        return EOF;
    return f->_flag & F_COMMIT && _commit(f->_file) ? EOF : 0;
}

int fflush(FILE *f)
{
    int result;

    if (!f)
        return _fflush_nolock(NULL);
    _lock_file(f);
    result = _fflush_nolock(f);
    _unlock_file(f);
    return result;
}

/* Writes to an unbuffered stream are collected for the length of one call. */
bool crt_stream_temporary(FILE *f, bool *had)
{
    char *buffer;

    *had = false;
    if (!f->_base && (f == stdout_ || f == stderr_) && _isatty(f->_file))
        f->_flag |= F_NBF;
    if (!(f->_flag & F_NBF) || f->_flag & (F_READ | F_STRG) || (f != stdout_ && f != stderr_))
        return false;
    buffer = malloc(BUFSIZ_);
    if (!buffer)
        return false;
    f->_base = f->_ptr = buffer;
    f->_bufsiz = BUFSIZ_;
    f->_cnt = 0;
    f->_flag = (f->_flag & ~F_NBF) | F_MYBUF;
    return *had = true;
}

void crt_stream_temporary_end(FILE *f, bool had)
{
    if (!had)
        return;
    crt_flush(f);
    free(f->_base);
    f->_base = f->_ptr = NULL;
    f->_flag = (f->_flag & ~F_MYBUF) | F_NBF;
}

/* Writes bytes; returns how many went (into the buffer at least). */
size_t crt_put(FILE *f, const void *data, size_t size)
{
    const char *at = data;
    size_t left = size;

    if (f->_cnt <= 0 || !(f->_flag & F_WRITE)) {
        if (!writable(f))
            return 0;
        if (buffered(f) && f->_ptr == f->_base)
            f->_cnt = f->_bufsiz;
    }
    if (!buffered(f))
        return !size || write_out(f, data, (int)size) ? size : 0;
    while (left) {
        size_t part = left < (size_t)f->_cnt ? left : (size_t)f->_cnt;
        memcpy(f->_ptr, at, part);
        f->_ptr += part;
        f->_cnt -= (int)part;
        at += part;
        left -= part;
        if (!left)
            break;
        if (!drain(f))
            return size - left;
        if (left >= (size_t)f->_bufsiz) {
            part = left - left % (size_t)f->_bufsiz;
            if (!write_out(f, at, (int)part))
                return size - left;
            at += part;
            left -= part;
        }
        f->_cnt = f->_bufsiz;
    }
    return size;
}

static size_t get(FILE *f, char *out, size_t size)
{
    size_t left = size;

    while (left) {
        if (f->_cnt > 0) {
            size_t part = left < (size_t)f->_cnt ? left : (size_t)f->_cnt;
            memcpy(out, f->_ptr, part);
            f->_ptr += part;
            f->_cnt -= (int)part;
            out += part;
            left -= part;
        } else if (left >= BUFSIZ_ && f->_base && buffered(f) && f->_flag & F_READ) {
            int got = _read(f->_file, out, (unsigned)(left - left % BUFSIZ_));
            if (got <= 0) {
                f->_flag |= got ? F_ERR : F_EOF;
                break;
            }
            out += got;
            left -= (size_t)got;
        } else {
            int c = _filbuf(f);
            if (c == EOF)
                break;
            *out++ = (char)c;
            left--;
        }
    }
    return size - left;
}


int crt_getc(FILE *f)
{
    return --f->_cnt >= 0 ? (uchar)*f->_ptr++ : _filbuf(f);
}

int crt_ungetc(int c, FILE *f)
{
    if (c == EOF || !((f->_flag & F_READ) || ((f->_flag & F_RW) && !(f->_flag & F_WRITE))))
        return EOF;
    if (!f->_base)
        get_buffer(f);
    if (f->_ptr == f->_base) {
        if (f->_cnt > 0)
            return EOF;
        f->_ptr++;
    }
    if (f->_cnt < 0)
        f->_cnt = 0;
    *--f->_ptr = (char)c;
    f->_cnt++;
    f->_flag = (f->_flag & ~F_EOF) | F_READ;
    return (uchar)c;
}

size_t _fwrite_nolock(const void *data, size_t size, size_t count, FILE *f)
{
    size_t total, done;

    if (!size || !count)
        return 0;
    if (!f || !data || __builtin_mul_overflow(size, count, &total)) {
        crt_invalid(EINVAL);
        return 0;
    }
    done = crt_put(f, data, total);
    return done == total ? count : done / size;
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *f)
{
    size_t done;

    if (!size || !count)
        return 0;
    if (!f) {
        crt_invalid(EINVAL);
        return 0;
    }
    _lock_file(f);
    done = _fwrite_nolock(data, size, count, f);
    _unlock_file(f);
    return done;
}

size_t _fread_nolock(void *out, size_t size, size_t count, FILE *f)
{
    size_t total, done;

    if (!size || !count)
        return 0;
    if (!f || !out || __builtin_mul_overflow(size, count, &total)) {
        crt_invalid(EINVAL);
        return 0;
    }
    done = get(f, out, total);
    return done == total ? count : done / size;
}

size_t fread(void *out, size_t size, size_t count, FILE *f)
{
    size_t done;

    if (!size || !count)
        return 0;
    if (!f) {
        crt_invalid(EINVAL);
        return 0;
    }
    _lock_file(f);
    done = _fread_nolock(out, size, count, f);
    _unlock_file(f);
    return done;
}

size_t fread_s(void *out, size_t room, size_t size, size_t count, FILE *f)
{
    if (size && count && (!out || count > room / size)) {
        if (out)
            memset(out, 0, room);
        crt_invalid(out ? ERANGE : EINVAL);
        return 0;
    }
    return fread(out, size, count, f);
}

int setvbuf(FILE *f, char *buffer, int mode, size_t size)
{
    if (!f || (mode != F_NBF && mode != 0 && mode != 0x40) ||
        (mode != F_NBF && (size < 2 || size > INT_MAX)))
        return crt_invalid(EINVAL), -1;
    _lock_file(f);
    crt_flush(f);
    if (f->_flag & F_MYBUF)
        free(f->_base);
    f->_base = f->_ptr = NULL;
    f->_cnt = 0;
    f->_flag &= ~(F_MYBUF | F_USERBUF | F_NBF);
    if (mode == F_NBF) {
        f->_flag |= F_NBF;
    } else if (buffer || (buffer = malloc(size))) {
        f->_flag |= F_USERBUF;
        f->_base = f->_ptr = buffer;
        f->_bufsiz = (int)size;
    }
    _unlock_file(f);
    return 0;
}

void setbuf(FILE *f, char *buffer)
{
    setvbuf(f, buffer, buffer ? 0 : F_NBF, 512);
}
