/* Opening streams: modes, fopen and its relatives, temporary files. */
#include "crt.h"

int _fclose_nolock(FILE *f);

static int temporary_name;

static bool encoding_mode(const wchar_t *text, int *flags)
{
    static const struct { const wchar_t *name; int flag; } names[] = {
        {L"UTF-8", O_U8TEXT_}, {L"UTF-16LE", O_U16TEXT_}, {L"UNICODE", O_WTEXT_}};

    while (*text == ' ')
        text++;
    if (_wcsnicmp(text, L"ccs", 3))
        return false;
    for (text += 3; *text == ' '; text++)
        ;
    if (*text++ != '=')
        return false;
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!_wcsnicmp(text, names[i].name, (size_t)lstrlenW(names[i].name))) {
            *flags = (*flags & ~O_BINARY_) | names[i].flag | O_TEXT_;
            return true;
        }
    return false;
}

/* fopen's mode string as the reference lists it; false for one that it does not know. */
bool crt_stream_mode(const wchar_t *mode, int *fd_flags, int *stream_flags)
{
    int flags, stream = _commode ? F_COMMIT : 0;

    while (*mode == ' ')
        mode++;
    switch (*mode++) {
    case 'r': flags = O_RDONLY_; stream |= F_READ; break;
    case 'w': flags = O_WRONLY_ | O_CREAT_ | O_TRUNC_; stream |= F_WRITE; break;
    case 'a': flags = O_WRONLY_ | O_CREAT_ | O_APPEND_; stream |= F_WRITE; break;
    default: return false;
    }
    for (; *mode && *mode != ','; mode++)
        switch (*mode) {
        case '+':
            flags = (flags & ~3) | O_RDWR_;
            stream = (stream & ~(F_READ | F_WRITE)) | F_RW;
            break;
        case 'b': flags |= O_BINARY_; break;
        case 't': flags |= O_TEXT_; break;
        case 'c': stream |= F_COMMIT; break;
        case 'n': stream &= ~F_COMMIT; break;
        case 'S': flags |= O_SEQUENTIAL_; break;
        case 'R': flags |= O_RANDOM_; break;
        case 'T': flags |= O_SHORT_LIVED_; break;
        case 'D': flags |= O_TEMPORARY_; break;
        case 'N': flags |= O_NOINHERIT_; break;
        case 'x': flags |= O_EXCL_; break;
        case ' ': break;
        default: return false;
        }
    *stream_flags = stream;
    *fd_flags = flags;
    return !*mode || encoding_mode(mode + 1, fd_flags);
}

bool crt_stream_open(FILE *f, const wchar_t *path, const wchar_t *mode, int share)
{
    int flags, stream, fd;

    if (!crt_stream_mode(mode, &flags, &stream)) {
        crt_invalid(EINVAL);
        return false;
    }
    if (crt_wopen(&fd, path, flags, share, 0x180, false))
        return false;
    f->_file = fd;
    f->_flag = stream | F_INUSE;
    return true;
}

FILE *_wfsopen(const wchar_t *path, const wchar_t *mode, int share)
{
    FILE *f;

    if (!path || !mode || !*mode || !*path) {
        if (path && mode && *mode)
            errno = EINVAL;
        else
            crt_invalid(EINVAL);
        return NULL;
    }
    f = crt_stream_new();
    if (f && !crt_stream_open(f, path, mode, share)) {
        crt_stream_release(f);
        return NULL;
    }
    return f;
}

FILE *_fsopen(const char *path, const char *mode, int share)
{
    wchar_t *wide_path, *wide_mode;
    FILE *f = NULL;

    if (!path || !mode || !*mode) {
        crt_invalid(EINVAL);
        return NULL;
    }
    wide_path = crt_widen(path);
    wide_mode = crt_widen(mode);
    if (wide_path && wide_mode)
        f = _wfsopen(wide_path, wide_mode, share);
    free(wide_path);
    free(wide_mode);
    return f;
}

FILE *fopen(const char *path, const char *mode)
{
    return _fsopen(path, mode, SH_DENYNO_);
}

FILE *_wfopen(const wchar_t *path, const wchar_t *mode)
{
    return _wfsopen(path, mode, SH_DENYNO_);
}

int fopen_s(FILE **f, const char *path, const char *mode)
{
    if (!f)
        return crt_invalid(EINVAL);
    *f = _fsopen(path, mode, SH_SECURE_);
    return *f ? 0 : errno;
}

int _wfopen_s(FILE **f, const wchar_t *path, const wchar_t *mode)
{
    if (!f)
        return crt_invalid(EINVAL);
    *f = _wfsopen(path, mode, SH_SECURE_);
    return *f ? 0 : errno;
}

FILE *_wfdopen(int fd, const wchar_t *mode)
{
    int flags, stream;
    FILE *f;

    if (!mode || !crt_stream_mode(mode, &flags, &stream)) {
        crt_invalid(EINVAL);
        return NULL;
    }
    if (!crt_fd(fd) || !(f = crt_stream_new()))
        return NULL;
    if (flags & O_BINARY_)
        _setmode(fd, O_BINARY_);
    else if (flags & O_TEXT_)
        _setmode(fd, flags & O_U8TEXT_ ? O_U8TEXT_ : flags & O_U16TEXT_ ? O_U16TEXT_ : O_TEXT_);
    f->_file = fd;
    f->_flag = stream | F_INUSE;
    return f;
}

FILE *_fdopen(int fd, const char *mode)
{
    wchar_t *wide = mode ? crt_widen(mode) : NULL;
    FILE *f = _wfdopen(fd, wide);

    free(wide);
    return f;
}

static FILE *reopen(const wchar_t *path, const wchar_t *mode, FILE *f, int share)
{
    bool opened;

    if (!mode || !f) {
        crt_invalid(EINVAL);
        return NULL;
    }
    _lock_file(f);
    if (f->_flag)
        _fclose_nolock(f);
    opened = path && crt_stream_open(f, path, mode, share);
    if (!path)
        errno = EINVAL;
    _unlock_file(f);
    return opened ? f : NULL;
}

FILE *_wfreopen(const wchar_t *path, const wchar_t *mode, FILE *f)
{
    return reopen(path, mode, f, SH_DENYNO_);
}

FILE *freopen(const char *path, const char *mode, FILE *f)
{
    wchar_t *wide_path = path ? crt_widen(path) : NULL, *wide_mode = mode ? crt_widen(mode) : NULL;
    FILE *result = reopen(wide_path, wide_mode, f, SH_DENYNO_);

    free(wide_path);
    free(wide_mode);
    return result;
}

int freopen_s(FILE **out, const char *path, const char *mode, FILE *f)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = freopen(path, mode, f);
    return *out ? 0 : errno;
}

int _wfreopen_s(FILE **out, const wchar_t *path, const wchar_t *mode, FILE *f)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = reopen(path, mode, f, SH_SECURE_);
    return *out ? 0 : errno;
}

/* A name that no file has: the directory (wide, with its backslash), "t", process and number. */
bool crt_temporary_name(wchar_t *out, size_t room, const wchar_t *folder, const wchar_t *prefix)
{
    static const wchar_t digits[] = L"0123456789abcdefghijklmnopqrstuvwxyz";
    size_t length = (size_t)lstrlenW(folder) + (size_t)lstrlenW(prefix);

    if (length + 16 > room)
        return false;
    do {
        unsigned number = (unsigned)InterlockedIncrement((LONG *)&temporary_name);
        unsigned process = GetCurrentProcessId();
        wchar_t *at = out + length;

        lstrcpyW(out, folder);
        lstrcatW(out, prefix);
        for (; process; process /= 36)
            *at++ = digits[process % 36];
        *at++ = '.';
        for (; number; number /= 36)
            *at++ = digits[number % 36];
        *at = 0;
    } while (GetFileAttributesW(out) != INVALID_FILE_ATTRIBUTES);
    return true;
}

FILE *tmpfile(void)
{
    wchar_t folder[MAX_PATH], path[MAX_PATH + 32];
    FILE *f;

    if (!GetTempPathW(MAX_PATH, folder) ||
        !crt_temporary_name(path, COUNT_OF(path), folder, L"t"))
        return NULL;
    f = _wfsopen(path, L"w+bD", SH_DENYNO_);
    if (f)
        f->_tmpfname = crt_narrow(path);
    return f;
}

int tmpfile_s(FILE **f)
{
    if (!f)
        return crt_invalid(EINVAL);
    *f = tmpfile();
    return *f ? 0 : errno;
}
