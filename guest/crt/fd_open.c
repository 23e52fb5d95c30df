/* _open, _sopen_s and their relatives: flags to CreateFile, byte-order marks, Ctrl-Z removal. */
#include "crt.h"

static int umask_bits;

#define PERMISSION_WRITE 0x80
#define PERMISSIONS 0x180

int _umask(int mode)
{
    int old = umask_bits;

    umask_bits = mode & PERMISSIONS;
    return old;
}

int _umask_s(int mode, int *old)
{
    if (!old || mode & ~PERMISSIONS)
        return crt_invalid(EINVAL);
    *old = _umask(mode);
    return 0;
}

struct request {
    DWORD access, share, disposition, attributes;
};

static bool understood(int flags, int share, int mode, struct request *r)
{
    static const DWORD accesses[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE};

    if ((flags & 3) == 3)
        return false;
    r->access = accesses[flags & 3];
    switch (share) {
    case SH_DENYRW_: r->share = 0; break;
    case SH_DENYWR_: r->share = FILE_SHARE_READ; break;
    case SH_DENYRD_: r->share = FILE_SHARE_WRITE; break;
    case SH_DENYNO_: r->share = FILE_SHARE_READ | FILE_SHARE_WRITE; break;
    case SH_SECURE_: r->share = r->access == GENERIC_READ ? FILE_SHARE_READ : 0; break;
    default: return false;
    }
    switch (flags & (O_CREAT_ | O_EXCL_ | O_TRUNC_)) {
    case 0: case O_EXCL_: r->disposition = OPEN_EXISTING; break;
    case O_CREAT_: r->disposition = OPEN_ALWAYS; break;
    case O_CREAT_ | O_TRUNC_: r->disposition = CREATE_ALWAYS; break;
    case O_TRUNC_: case O_TRUNC_ | O_EXCL_: r->disposition = TRUNCATE_EXISTING; break;
    default: r->disposition = CREATE_NEW;
    }
    r->attributes = FILE_ATTRIBUTE_NORMAL;
    if (flags & O_CREAT_ && !(mode & ~umask_bits & PERMISSION_WRITE))
        r->attributes = FILE_ATTRIBUTE_READONLY;
    if (flags & O_TEMPORARY_) {
        r->attributes |= FILE_FLAG_DELETE_ON_CLOSE;
        r->access |= DELETE;
        r->share |= FILE_SHARE_DELETE;
    }
    r->attributes |= flags & O_SHORT_LIVED_ ? FILE_ATTRIBUTE_TEMPORARY : 0;
    r->attributes |= flags & O_SEQUENTIAL_ ? FILE_FLAG_SEQUENTIAL_SCAN
                     : flags & O_RANDOM_ ? FILE_FLAG_RANDOM_ACCESS : 0;
    return true;
}

/* A file opened for both in text mode loses one Ctrl-Z at its end, so that text may be added. */
static void drop_ctrl_z(struct fd *f)
{
    LARGE_INTEGER end = {.QuadPart = -1}, zero = {.QuadPart = 0}, at;
    char last;
    DWORD got;

    if (SetFilePointerEx(f->handle, end, &at, FILE_END)) {
        if (ReadFile(f->handle, &last, 1, &got, NULL) && got == 1 && last == 26) {
            SetFilePointerEx(f->handle, at, NULL, FILE_BEGIN);
            SetEndOfFile(f->handle);
        }
        SetFilePointerEx(f->handle, zero, NULL, FILE_BEGIN);
    }
}

static void write_mark(struct fd *f)
{
    DWORD done;

    WriteFile(f->handle, f->encoding == ENC_UTF8 ? "\xEF\xBB\xBF" : "\xFF\xFE",
              f->encoding == ENC_UTF8 ? 3 : 2, &done, NULL);
}

/* The encoding that a byte-order mark shows; the file position is left after the mark. */
static int marked_encoding(struct fd *f, int otherwise)
{
    LARGE_INTEGER at = {.QuadPart = 0};
    uchar mark[3] = {0};
    DWORD got = 0;
    int encoding = otherwise;

    SetFilePointerEx(f->handle, at, NULL, FILE_BEGIN);
    if (ReadFile(f->handle, mark, 3, &got, NULL)) {
        if (got == 3 && mark[0] == 0xEF && mark[1] == 0xBB && mark[2] == 0xBF)
            encoding = ENC_UTF8, at.QuadPart = 3;
        else if (got >= 2 && mark[0] == 0xFF && mark[1] == 0xFE)
            encoding = ENC_UTF16, at.QuadPart = 2;
    }
    SetFilePointerEx(f->handle, at, NULL, FILE_BEGIN);
    return encoding;
}

static void set_encoding(struct fd *f, int flags)
{
    LARGE_INTEGER size;
    int wanted = flags & O_U8TEXT_ ? ENC_UTF8 : flags & O_U16TEXT_ ? ENC_UTF16 : ENC_ANSI;

    f->encoding = (uchar)wanted;
    if (f->flags & (FD_DEV | FD_PIPE))
        return;
    if (!GetFileSizeEx(f->handle, &size))
        return;
    if (size.QuadPart == 0) {
        if (wanted && flags & 3)
            write_mark(f);
    } else if ((flags & 3) != O_WRONLY_) {
        f->encoding = (uchar)marked_encoding(f, wanted);
    }
}

static int opened(struct fd *f, const wchar_t *path, int flags, struct request *r)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, !(flags & O_NOINHERIT_)};
    DWORD type;

    f->handle = CreateFileW(path, r->access, r->share, &security, r->disposition, r->attributes,
                            NULL);
    if (f->handle == INVALID_HANDLE_VALUE) {
        DWORD error = GetLastError();
        f->flags = 0;
        crt_set_os_error(error);
        return errno;
    }
    type = GetFileType(f->handle);
    f->flags |= type == FILE_TYPE_CHAR ? FD_DEV : type == FILE_TYPE_PIPE ? FD_PIPE : 0;
    f->flags |= flags & O_NOINHERIT_ ? FD_NOINHERIT : 0;
    f->flags |= flags & O_TEXT_ ? FD_TEXT : 0;
    if (flags & O_TEXT_ && (flags & 3) == O_RDWR_ && !(f->flags & (FD_DEV | FD_PIPE)))
        drop_ctrl_z(f);
    if (flags & (O_WTEXT_ | O_U8TEXT_ | O_U16TEXT_))
        set_encoding(f, flags);
    f->flags |= flags & O_APPEND_ && !(f->flags & (FD_DEV | FD_PIPE)) ? FD_APPEND : 0;
    return 0;
}

int crt_wopen(int *fd, const wchar_t *path, int flags, int share, int mode, bool secure)
{
    struct request r;
    struct fd *f;
    int error;

    *fd = -1;
    if (!(flags & (O_BINARY_ | O_TEXT_)))
        flags |= flags & (O_WTEXT_ | O_U8TEXT_ | O_U16TEXT_) || _fmode != O_BINARY_
                     ? O_TEXT_ : O_BINARY_;
    if (!understood(flags, share, mode, &r) ||
        (secure && flags & O_CREAT_ && mode & ~PERMISSIONS))
        return crt_invalid(EINVAL);
    *fd = crt_fd_new();
    if (*fd < 0)
        return errno;
    f = crt_fd_slot(*fd);
    error = opened(f, path, flags, &r);
    crt_fd_unlock(f);
    if (error)
        *fd = -1;
    return error;
}

int _wsopen_dispatch(const wchar_t *path, int flags, int share, int mode, int *fd, int secure)
{
    if (!fd || !path) {
        if (fd)
            *fd = -1;
        return crt_invalid(EINVAL);
    }
    return crt_wopen(fd, path, flags, share, mode, secure);
}

int _sopen_dispatch(const char *path, int flags, int share, int mode, int *fd, int secure)
{
    wchar_t *wide;
    int error;

    if (!fd || !path) {
        if (fd)
            *fd = -1;
        return crt_invalid(EINVAL);
    }
    *fd = -1;
    wide = crt_widen(path);
    if (!wide)
        return errno;
    error = crt_wopen(fd, wide, flags, share, mode, secure);
    free(wide);
    return error;
}

int _sopen_s(int *fd, const char *path, int flags, int share, int mode)
{
    return _sopen_dispatch(path, flags, share, mode, fd, true);
}

int _wsopen_s(int *fd, const wchar_t *path, int flags, int share, int mode)
{
    return _wsopen_dispatch(path, flags, share, mode, fd, true);
}

int _open(const char *path, int flags, int mode)
{
    int fd;

    _sopen_dispatch(path, flags, SH_DENYNO_, mode, &fd, false);
    return fd;
}

int _wopen(const wchar_t *path, int flags, int mode)
{
    int fd;

    _wsopen_dispatch(path, flags, SH_DENYNO_, mode, &fd, false);
    return fd;
}

int _sopen(const char *path, int flags, int share, int mode)
{
    int fd;

    _sopen_dispatch(path, flags, share, mode, &fd, false);
    return fd;
}

int _wsopen(const wchar_t *path, int flags, int share, int mode)
{
    int fd;

    _wsopen_dispatch(path, flags, share, mode, &fd, false);
    return fd;
}

int _creat(const char *path, int mode)
{
    return _open(path, O_CREAT_ | O_TRUNC_ | O_RDWR_, mode);
}

int _wcreat(const wchar_t *path, int mode)
{
    return _wopen(path, O_CREAT_ | O_TRUNC_ | O_RDWR_, mode);
}
