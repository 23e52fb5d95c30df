/* _read, _write, _lseek: binary as it is; text with CR LF, Ctrl-Z and the Unicode encodings. */
#include "crt.h"

static int failed(void)
{
    DWORD error = GetLastError();

    crt_set_os_error(error);
    if (error == ERROR_ACCESS_DENIED)         /* opened without that access */
        errno = EBADF;
    return -1;
}

static int raw_read(struct fd *f, void *buffer, unsigned count)
{
    unsigned taken = 0;
    DWORD got = 0;

    while (taken < count && f->peeked_count) {
        ((char *)buffer)[taken++] = f->peeked[0];
        f->peeked_count--;
        memmove(f->peeked, f->peeked + 1, f->peeked_count);
    }
    if (taken)
        return (int)taken;
    if (ReadFile(f->handle, buffer, count, &got, NULL))
        return (int)got;
    return GetLastError() == ERROR_BROKEN_PIPE ? 0 : failed();
}

static void unread(struct fd *f, const char *bytes, int count)
{
    if (f->flags & (FD_DEV | FD_PIPE)) {
        memcpy(f->peeked, bytes, (size_t)count);
        f->peeked_count = (uchar)count;
    } else {
        LARGE_INTEGER back = {.QuadPart = -count};
        SetFilePointerEx(f->handle, back, NULL, FILE_CURRENT);
    }
}

/* CR LF becomes LF; a Ctrl-Z ends the text (on a device only this read). A CR at the end of what
   was read needs a look at the byte after it. `got` is the size read; returns the size left. */
static int translated(struct fd *f, char *text, int got)
{
    char *from = memchr(text, '\r', (size_t)got), *stop = memchr(text, 26, (size_t)got), *to;
    char *end = stop ? stop : text + got;

    if (stop && !(f->flags & FD_DEV))
        f->ctrl_z = 1;
    if (stop && (f->flags & (FD_DEV | FD_PIPE)) == 0) {
        LARGE_INTEGER back = {.QuadPart = stop - (text + got)};
        SetFilePointerEx(f->handle, back, NULL, FILE_CURRENT);
    }
    if (!from || from >= end)
        return (int)(end - text);
    for (to = from; from < end; from++) {
        char next;

        if (*from != '\r') {
            *to++ = *from;
        } else if (from + 1 < end) {
            if (from[1] != '\n')
                *to++ = '\r';
        } else if (!stop && raw_read(f, &next, 1) == 1) {
            if (next == '\n') {
                *to++ = '\n';
            } else {
                unread(f, &next, 1);
                *to++ = '\r';
            }
        } else {
            *to++ = '\r';
        }
    }
    return (int)(to - text);
}

static int wide_newlines(struct fd *f, wchar_t *text, int got)
{
    wchar_t *to = text;

    for (int i = 0; i < got; i++) {
        if (text[i] == 26) {
            f->ctrl_z = 1;
            break;
        }
        if (text[i] != '\r' || i + 1 >= got || text[i + 1] != '\n')
            *to++ = text[i];
    }
    return (int)((char *)to - (char *)text);
}

/* Bytes of `text` that do not end inside a UTF-8 character. */
static int whole_utf8(const char *text, int got)
{
    int start = got;

    while (start > 0 && got - start < 3 && ((uchar)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0) {
        uchar lead = (uchar)text[start - 1];
        int need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        if (need > got - start + 1)
            return start - 1;
    }
    return got;
}

static int read_unicode(struct fd *f, wchar_t *out, unsigned count)
{
    char *bytes;
    int got, whole, units;

    if (f->encoding == ENC_UTF16) {
        got = raw_read(f, out, count & ~1u);
        return got <= 0 ? got : wide_newlines(f, out, got / 2);
    }
    bytes = malloc(count / 2 + 1);
    if (!bytes)
        return -1;
    got = raw_read(f, bytes, count / 2);
    if (got <= 0) {
        free(bytes);
        return got;
    }
    whole = whole_utf8(bytes, got);
    if (whole && whole < got)
        unread(f, bytes + whole, got - whole);
    units = MultiByteToWideChar(CP_UTF8, 0, bytes, whole ? whole : got, out, (int)count / 2);
    free(bytes);
    return wide_newlines(f, out, units);
}

static int read_locked(struct fd *f, void *buffer, unsigned count)
{
    int got;

    if (!(f->flags & FD_TEXT))
        return raw_read(f, buffer, count);
    if (f->ctrl_z)
        return 0;
    if (!(f->flags & (FD_DEV | FD_PIPE))) {
        LARGE_INTEGER at = {.QuadPart = 0}, now;
        if (SetFilePointerEx(f->handle, at, &now, FILE_CURRENT))
            f->text_start = now.QuadPart;
    }
    if (f->encoding)
        return read_unicode(f, buffer, count);
    got = raw_read(f, buffer, count);
    return got <= 0 ? got : translated(f, buffer, got);
}

int _read(int fd, void *buffer, unsigned count)
{
    struct fd *f = crt_fd_lock(fd);
    int got = -1;

    if (!f)
        return -1;
    if (count > INT_MAX || (!buffer && count) || (f->encoding && count & 1))
        crt_invalid(EINVAL);
    else
        got = count ? read_locked(f, buffer, count) : 0;
    crt_fd_unlock(f);
    return got;
}

static bool raw_write(struct fd *f, const void *data, unsigned size)
{
    const char *at = data;

    while (size) {
        DWORD done = 0;
        if (!WriteFile(f->handle, at, size, &done, NULL)) {
            failed();
            return false;
        }
        if (!done) {
            errno = ENOSPC;
            return false;
        }
        at += done;
        size -= done;
    }
    return true;
}

static bool write_text(struct fd *f, const char *text, unsigned count)
{
    char lines[2048];
    const char *end = text + count;

    while (text < end) {
        unsigned used = 0;
        while (text < end && used < sizeof lines - 1) {
            if (*text == '\n')
                lines[used++] = '\r';
            lines[used++] = *text++;
        }
        if (!raw_write(f, lines, used))
            return false;
    }
    return true;
}

static bool write_unicode(struct fd *f, const wchar_t *text, unsigned count)
{
    wchar_t lines[512];
    char bytes[512 * 3];
    const wchar_t *end = text + count;

    while (text < end) {
        int used = 0, size;
        while (text < end && used < 510) {
            if (*text == '\n')
                lines[used++] = '\r';
            lines[used++] = *text++;
        }
        if (text < end && (lines[used - 1] & 0xFC00) == 0xD800)
            used--, text--;                   /* keep a pair of surrogates together */
        if (f->encoding == ENC_UTF16) {
            if (!raw_write(f, lines, (unsigned)used * 2))
                return false;
            continue;
        }
        size = WideCharToMultiByte(CP_UTF8, 0, lines, used, bytes, sizeof bytes, NULL, NULL);
        if (!raw_write(f, bytes, (unsigned)size))
            return false;
    }
    return true;
}

static bool write_locked(struct fd *f, const void *buffer, unsigned count)
{
    if (f->flags & FD_APPEND) {
        LARGE_INTEGER zero = {.QuadPart = 0};
        SetFilePointerEx(f->handle, zero, NULL, FILE_END);
    }
    if (!(f->flags & FD_TEXT) || (!f->encoding && !memchr(buffer, '\n', count)))
        return raw_write(f, buffer, count);
    return f->encoding ? write_unicode(f, buffer, count / 2) : write_text(f, buffer, count);
}

int _write(int fd, const void *buffer, unsigned count)
{
    struct fd *f = crt_fd_lock(fd);
    int result = -1;

    if (!f)
        return -1;
    if ((!buffer && count) || (f->encoding && f->flags & FD_TEXT && count & 1))
        crt_invalid(EINVAL);
    else if (!count || write_locked(f, buffer, count))
        result = (int)count;
    crt_fd_unlock(f);
    return result;
}

int64_t _lseeki64(int fd, int64_t offset, int whence)
{
    struct fd *f = crt_fd_lock(fd);
    LARGE_INTEGER move = {.QuadPart = offset}, now = {.QuadPart = -1};

    if (!f)
        return -1;
    if (whence < SEEK_SET || whence > SEEK_END) {
        crt_invalid(EINVAL);
    } else if (!SetFilePointerEx(f->handle, move, &now, (DWORD)whence)) {
        now.QuadPart = -1;
        crt_set_os_error(GetLastError());
    } else {
        f->ctrl_z = 0;
        f->peeked_count = 0;
    }
    crt_fd_unlock(f);
    return now.QuadPart;
}

long _lseek(int fd, long offset, int whence)
{
    int64_t at = _lseeki64(fd, offset, whence);

    if (at > LONG_MAX) {
        errno = EINVAL;
        return -1;
    }
    return (long)at;
}

int64_t _telli64(int fd)
{
    return _lseeki64(fd, 0, SEEK_CUR);
}

long _tell(int fd)
{
    return _lseek(fd, 0, SEEK_CUR);
}

int64_t _filelengthi64(int fd)
{
    struct fd *f = crt_fd(fd);
    LARGE_INTEGER size;

    if (!f)
        return -1;
    if (!GetFileSizeEx(f->handle, &size)) {
        crt_set_os_error(GetLastError());
        return -1;
    }
    return size.QuadPart;
}

long _filelength(int fd)
{
    return (long)_filelengthi64(fd);
}

int _eof(int fd)
{
    int64_t size, at;

    if (!crt_fd(fd))
        return -1;
    size = _filelengthi64(fd);
    at = _telli64(fd);
    return size < 0 || at < 0 ? -1 : at >= size;
}

int _commit(int fd)
{
    struct fd *f = crt_fd(fd);

    if (!f)
        return -1;
    if (FlushFileBuffers(f->handle))
        return 0;
    crt_thread()->dos_error = GetLastError();
    errno = EBADF;
    return -1;
}

int _chsize_s(int fd, int64_t size)
{
    struct fd *f;
    LARGE_INTEGER target = {.QuadPart = size}, zero = {.QuadPart = 0}, before;
    bool ok;

    if (size < 0)
        return crt_invalid(EINVAL);
    f = crt_fd_lock(fd);
    if (!f)
        return errno;
    ok = SetFilePointerEx(f->handle, zero, &before, FILE_CURRENT) &&
         SetFilePointerEx(f->handle, target, NULL, FILE_BEGIN) && SetEndOfFile(f->handle);
    if (!ok)
        failed();
    SetFilePointerEx(f->handle, before, NULL, FILE_BEGIN);
    crt_fd_unlock(f);
    return ok ? 0 : errno;
}

int _chsize(int fd, long size)
{
    return _chsize_s(fd, size) ? -1 : 0;
}

int _locking(int fd, int mode, long count)
{
    struct fd *f = crt_fd(fd);
    int tries = mode == 1 || mode == 3 ? 10 : 1;
    LARGE_INTEGER zero = {.QuadPart = 0}, at;
    BOOL done = FALSE;

    if (!f || count < 0 || mode < 0 || mode > 4)
        return f ? crt_invalid(EINVAL), -1 : -1;
    SetFilePointerEx(f->handle, zero, &at, FILE_CURRENT);
    while (tries--) {
        done = mode == 0 ? UnlockFile(f->handle, at.LowPart, (DWORD)at.HighPart, (DWORD)count, 0)
                         : LockFile(f->handle, at.LowPart, (DWORD)at.HighPart, (DWORD)count, 0);
        if (done || !tries)
            break;
        Sleep(1000);
    }
    if (done)
        return 0;
    crt_set_os_error(GetLastError());
    if (mode == 1 || mode == 3)
        errno = EDEADLOCK;
    return -1;
}
