/* Positions of streams, and their state: fseek, ftell, feof, ferror and relatives. */
#include "crt.h"

/* How many raw bytes of a text file, from `start`, gave `wanted` bytes of text. */
static int64_t raw_bytes(int fd, int64_t start, int64_t wanted)
{
    struct fd *f = crt_fd_slot(fd);
    LARGE_INTEGER at = {.QuadPart = 0}, was, from = {.QuadPart = start};
    char chunk[1024];
    int64_t raw = 0, text = 0;
    bool after_cr = false;
    DWORD got;

    if (!SetFilePointerEx(f->handle, at, &was, FILE_CURRENT))
        return wanted;
    SetFilePointerEx(f->handle, from, NULL, FILE_BEGIN);
    while (text < wanted && ReadFile(f->handle, chunk, sizeof chunk, &got, NULL) && got)
        for (DWORD i = 0; i < got && text < wanted; i++, raw++) {
            if (after_cr && chunk[i] != '\n' && ++text >= wanted)
                break;
            after_cr = chunk[i] == '\r';
            if (!after_cr)
                text++;
        }
    SetFilePointerEx(f->handle, was, NULL, FILE_BEGIN);
    return raw;
}

static int newlines(const char *from, const char *to)
{
    int count = 0;

    for (; from < to; from++)
        count += *from == '\n';
    return count;
}

int64_t _ftelli64_nolock(FILE *f)
{
    struct fd *d = crt_fd(f->_file);
    int64_t at;

    if (!d)
        return -1;
    if (f->_cnt < 0)
        f->_cnt = 0;
    if (f->_flag & F_WRITE && d->flags & FD_APPEND && f->_base && f->_ptr != f->_base)
        at = _lseeki64(f->_file, 0, SEEK_END);
    else
        at = _lseeki64(f->_file, 0, SEEK_CUR);
    if (at < 0 || !f->_base)
        return at;
    if (f->_flag & F_WRITE) {
        at += f->_ptr - f->_base;
        if (d->flags & FD_TEXT && !d->encoding)
            at += newlines(f->_base, f->_ptr);
        return at;
    }
    if (!(f->_flag & F_READ) || !f->_cnt)
        return at;
    if (!(d->flags & FD_TEXT) || d->encoding)
        return at - f->_cnt;
    return d->text_start + raw_bytes(f->_file, d->text_start, f->_ptr - f->_base);
}

int64_t _ftelli64(FILE *f)
{
    int64_t at;

    if (!f) {
        crt_invalid(EINVAL);
        return -1;
    }
    _lock_file(f);
    at = _ftelli64_nolock(f);
    _unlock_file(f);
    return at;
}

long _ftell_nolock(FILE *f)
{
    int64_t at = _ftelli64_nolock(f);

    if (at > LONG_MAX) {
        errno = EINVAL;
        return -1;
    }
    return (long)at;
}

long ftell(FILE *f)
{
    int64_t at = _ftelli64(f);

    if (at > LONG_MAX) {
        errno = EINVAL;
        return -1;
    }
    return (long)at;
}

int _fseeki64_nolock(FILE *f, int64_t offset, int whence)
{
    if (whence < SEEK_SET || whence > SEEK_END || !(f->_flag & F_INUSE)) {
        crt_invalid(EINVAL);
        return -1;
    }
    f->_flag &= ~F_EOF;
    if (whence == SEEK_CUR) {
        int64_t at = _ftelli64_nolock(f);
        if (at < 0)
            return -1;
        offset += at;
        whence = SEEK_SET;
    }
    crt_flush(f);
    if (f->_flag & F_RW)
        f->_flag &= ~(F_READ | F_WRITE);
    return _lseeki64(f->_file, offset, whence) < 0 ? -1 : 0;
}

int _fseeki64(FILE *f, int64_t offset, int whence)
{
    int result;

    if (!f) {
        crt_invalid(EINVAL);
        return -1;
    }
    _lock_file(f);
    result = _fseeki64_nolock(f, offset, whence);
    _unlock_file(f);
    return result;
}

int fseek(FILE *f, long offset, int whence)
{
    return _fseeki64(f, offset, whence);
}

int _fseek_nolock(FILE *f, long offset, int whence)
{
    return _fseeki64_nolock(f, offset, whence);
}

void rewind(FILE *f)
{
    if (!f) {
        crt_invalid(EINVAL);
        return;
    }
    _lock_file(f);
    _fseeki64_nolock(f, 0, SEEK_SET);
    f->_flag &= ~(F_ERR | F_EOF);
    _unlock_file(f);
}

int fgetpos(FILE *f, int64_t *position)
{
    if (!f || !position)
        return crt_invalid(EINVAL), -1;
    *position = _ftelli64(f);
    return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *f, const int64_t *position)
{
    if (!f || !position)
        return crt_invalid(EINVAL), -1;
    return _fseeki64(f, *position, SEEK_SET);
}

int feof(FILE *f)
{
    return f ? f->_flag & F_EOF : (crt_invalid(EINVAL), 0);
}

int ferror(FILE *f)
{
    return f ? f->_flag & F_ERR : (crt_invalid(EINVAL), 0);
}

int clearerr_s(FILE *f)
{
    if (!f)
        return crt_invalid(EINVAL);
    f->_flag &= ~(F_ERR | F_EOF);
    return 0;
}

void clearerr(FILE *f)
{
    clearerr_s(f);
}

int _fileno(FILE *f)
{
    return f ? f->_file : (crt_invalid(EINVAL), -1);
}

int _get_stream_buffer_pointers(FILE *f, char ***base, char ***at, int **count)
{
    if (!f)
        return crt_invalid(EINVAL);
    if (base)
        *base = &f->_base;
    if (at)
        *at = &f->_ptr;
    if (count)
        *count = &f->_cnt;
    return 0;
}
