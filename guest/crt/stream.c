/* Streams: their table and locks, opening and closing. */
#include "crt.h"

#define FIRST 20                              /* _iob holds this many, the rest is allocated */
#define STREAM_LIMIT 8192

FILE _iob[FIRST] = {
    {._file = 0, ._flag = F_READ | F_INUSE},
    {._file = 1, ._flag = F_WRITE | F_INUSE},
    {._file = 2, ._flag = F_WRITE | F_NBF | F_INUSE},
};
struct late_stream {
    FILE stream;
    CRITICAL_SECTION lock;
};
static CRITICAL_SECTION first_locks[FIRST];
static struct late_stream **late;
static int late_count, stream_limit = 512;
static int temporary_name;
int _fmode, _commode;

bool crt_streams_start(void)
{
    for (int i = 0; i < FIRST; i++)
        InitializeCriticalSection(&first_locks[i]);
    for (int i = 0; i < 3; i++)
        if ((intptr_t)_get_osfhandle(i) == -2)
            _iob[i]._file = -2;
    return true;
}

FILE *__acrt_iob_func(unsigned index)
{
    return &_iob[index];
}

FILE *__iob_func(void)
{
    return _iob;
}

void _lock_file(FILE *f)
{
    if (f >= _iob && f < _iob + FIRST)
        EnterCriticalSection(&first_locks[f - _iob]);
    else
        EnterCriticalSection(&((struct late_stream *)f)->lock);
}

void _unlock_file(FILE *f)
{
    if (f >= _iob && f < _iob + FIRST)
        LeaveCriticalSection(&first_locks[f - _iob]);
    else
        LeaveCriticalSection(&((struct late_stream *)f)->lock);
}

static FILE *take(FILE *f)
{
    *f = (FILE){._flag = F_INUSE, ._file = -1};
    return f;
}

static FILE *add_late(void)
{
    struct late_stream *new, **grown;

    if (FIRST + late_count >= stream_limit)
        return NULL;
    grown = realloc(late, (size_t)(late_count + 1) * sizeof *late);
    if (!grown)
        return NULL;
    late = grown;
    new = malloc(sizeof *new);
    if (!new)
        return NULL;
    InitializeCriticalSection(&new->lock);
    late[late_count++] = new;
    return take(&new->stream);
}

/* A stream of the caller's own, or NULL with EMFILE. */
FILE *crt_stream_new(void)
{
    FILE *f = NULL;

    _lock(LOCK_STREAMS);
    for (int i = 3; i < FIRST && !f; i++)
        if (!_iob[i]._flag)
            f = take(&_iob[i]);
    for (int i = 0; i < late_count && !f; i++)
        if (!late[i]->stream._flag)
            f = take(&late[i]->stream);
    if (!f)
        f = add_late();
    _unlock(LOCK_STREAMS);
    if (!f)
        errno = EMFILE;
    return f;
}

static void free_buffer(FILE *f)
{
    if (f->_flag & F_MYBUF)
        free(f->_base);
    f->_base = f->_ptr = NULL;
    f->_cnt = 0;
    f->_flag &= ~(F_MYBUF | F_USERBUF | F_NBF | F_LBF);
}

void crt_stream_release(FILE *f)
{
    free_buffer(f);
    free(f->_tmpfname);
    f->_tmpfname = NULL;
    f->_file = -1;
    f->_flag = 0;
}

static int each_stream(int (*visit)(FILE *))
{
    int count = 0;

    for (int i = 0; i < FIRST + late_count; i++) {
        FILE *f = i < FIRST ? &_iob[i] : &late[i - FIRST]->stream;
        if (f->_flag)
            count += visit(f);
    }
    return count;
}

static int flush_visit(FILE *f)
{
    if (f->_flag & F_WRITE && f->_base && f->_ptr != f->_base)
        crt_flush(f);
    return 1;
}

static int close_visit(FILE *f)
{
    return f >= _iob && f < _iob + 3 ? 0 : fclose(f) != EOF;
}

static int temporary_visit(FILE *f)
{
    return f->_tmpfname ? fclose(f) != EOF : 0;
}

void crt_streams_flush(void)
{
    each_stream(flush_visit);
}

int _flushall(void)
{
    return each_stream(flush_visit);
}

int _fcloseall(void)
{
    return each_stream(close_visit);
}

int _rmtmp(void)
{
    return each_stream(temporary_visit);
}

int _getmaxstdio(void)
{
    return stream_limit;
}

int _setmaxstdio(int limit)
{
    if (limit < FIRST || limit > STREAM_LIMIT || limit < FIRST + late_count) {
        crt_invalid(EINVAL);
        return -1;
    }
    return stream_limit = limit;
}

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

int _fclose_nolock(FILE *f)
{
    int result;

    if (!(f->_flag & F_INUSE) || f->_flag & F_STRG) {
        crt_stream_release(f);
        return EOF;
    }
    result = crt_flush(f);
    if (f->_file >= 0 && _close(f->_file) < 0)
        result = EOF;
    if (f->_tmpfname)
        _unlink(f->_tmpfname);
    crt_stream_release(f);
    return result;
}

int fclose(FILE *f)
{
    int result;

    if (!f) {
        crt_invalid(EINVAL);
        return EOF;
    }
    _lock_file(f);
    result = _fclose_nolock(f);
    _unlock_file(f);
    return result;
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
