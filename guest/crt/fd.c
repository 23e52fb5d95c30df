/* The table of file descriptors, and the descriptors a process starts with. */
#include "crt.h"

#define BLOCK 64
static struct fd *blocks[FD_LIMIT / BLOCK];

struct fd *crt_fd_slot(int fd)
{
    if ((unsigned)fd >= FD_LIMIT || !blocks[fd / BLOCK])
        return NULL;
    return &blocks[fd / BLOCK][fd % BLOCK];
}

struct fd *crt_fd(int fd)
{
    struct fd *f = crt_fd_slot(fd);

    if (f && f->flags & FD_OPEN)
        return f;
    crt_thread()->dos_error = 0;
    errno = EBADF;
    if (fd != -2)                             /* a stream without a descriptor */
        _invalid_parameter_noinfo();
    return NULL;
}

static bool add_block(int index)
{
    struct fd *block = calloc(BLOCK, sizeof *block);

    if (!block)
        return false;
    for (int i = 0; i < BLOCK; i++)
        block[i].handle = INVALID_HANDLE_VALUE;
    blocks[index] = block;
    return true;
}

static void enter(struct fd *f)
{
    if (!f->has_lock) {
        _lock(LOCK_FDS);
        if (!f->has_lock)
            InitializeCriticalSection(&f->lock);
        f->has_lock = true;
        _unlock(LOCK_FDS);
    }
    EnterCriticalSection(&f->lock);
}

struct fd *crt_fd_lock(int fd)
{
    struct fd *f = crt_fd(fd);

    if (!f)
        return NULL;
    enter(f);
    if (f->flags & FD_OPEN)
        return f;
    LeaveCriticalSection(&f->lock);
    errno = EBADF;
    return NULL;
}

void crt_fd_unlock(struct fd *f)
{
    LeaveCriticalSection(&f->lock);
}

int crt_fd_new(void)
{
    int fd = -1;

    _lock(LOCK_FDS);
    for (int i = 0; i < FD_LIMIT && fd < 0; i++) {
        if (!blocks[i / BLOCK] && !add_block(i / BLOCK))
            break;
        if (!(crt_fd_slot(i)->flags & FD_OPEN))
            fd = i;
    }
    if (fd >= 0) {
        struct fd *f = crt_fd_slot(fd);
        f->flags = FD_OPEN;
        f->encoding = ENC_ANSI;
        f->peeked_count = f->ctrl_z = 0;
        f->handle = INVALID_HANDLE_VALUE;
        enter(f);
    }
    _unlock(LOCK_FDS);
    if (fd < 0)
        errno = EMFILE;
    return fd;
}

static uchar kind_flags(HANDLE handle)
{
    switch (GetFileType(handle) & 0xFF) {
    case FILE_TYPE_CHAR:
        return FD_DEV;
    case FILE_TYPE_PIPE:
        return FD_PIPE;
    }
    return 0;
}

/* What a parent of the same runtime passes in STARTUPINFO: a count, flags, handles. */
static void inherit(void)
{
    STARTUPINFOW start;
    const uchar *flags;
    int count;

    GetStartupInfoW(&start);
    if (start.cbReserved2 < sizeof count || !start.lpReserved2)
        return;
    memcpy(&count, start.lpReserved2, sizeof count);
    if (count > FD_LIMIT)
        count = FD_LIMIT;
    if (count < 0 || start.cbReserved2 < sizeof count + (size_t)count * 5)
        return;
    flags = start.lpReserved2 + sizeof count;
    for (int i = 0; i < count; i++) {
        HANDLE handle;
        memcpy(&handle, flags + count + i * sizeof handle, sizeof handle);
        if (!(flags[i] & FD_OPEN) || handle == INVALID_HANDLE_VALUE || (intptr_t)handle == -2)
            continue;
        if (!(flags[i] & FD_PIPE) && GetFileType(handle) == FILE_TYPE_UNKNOWN)
            continue;
        if (!blocks[i / BLOCK] && !add_block(i / BLOCK))
            return;
        crt_fd_slot(i)->handle = handle;
        crt_fd_slot(i)->flags = flags[i];
    }
}

bool crt_fds_start(void)
{
    static const DWORD names[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

    if (!add_block(0))
        return false;
    inherit();
    for (int i = 0; i < 3; i++) {
        struct fd *f = crt_fd_slot(i);
        HANDLE handle;

        if (f->flags & FD_OPEN) {
            f->flags |= FD_TEXT;
            continue;
        }
        handle = GetStdHandle(names[i]);
        f->flags = FD_OPEN | FD_TEXT | FD_DEV;
        if (handle && handle != INVALID_HANDLE_VALUE) {
            f->handle = handle;
            f->flags = FD_OPEN | FD_TEXT | kind_flags(handle);
        } else {
            f->handle = (HANDLE)-2;           /* no console and no redirection */
        }
    }
    return true;
}

int _open_osfhandle(intptr_t handle, int flags)
{
    DWORD type = GetFileType((HANDLE)handle);
    struct fd *f;
    int fd;

    if (type == FILE_TYPE_UNKNOWN && GetLastError() != NO_ERROR) {
        crt_set_os_error(GetLastError());
        return -1;
    }
    fd = crt_fd_new();
    if (fd < 0)
        return -1;
    f = crt_fd_slot(fd);
    f->handle = (HANDLE)handle;
    f->flags |= kind_flags(f->handle);
    f->flags |= flags & O_APPEND_ ? FD_APPEND : 0;
    f->flags |= flags & (O_TEXT_ | O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_) ? FD_TEXT : 0;
    f->flags |= flags & O_NOINHERIT_ ? FD_NOINHERIT : 0;
    f->encoding = flags & O_U8TEXT_ ? ENC_UTF8 : flags & (O_U16TEXT_ | O_WTEXT_) ? ENC_UTF16 : 0;
    crt_fd_unlock(f);
    return fd;
}

intptr_t _get_osfhandle(int fd)
{
    struct fd *f = crt_fd(fd);

    return f ? (intptr_t)f->handle : -1;
}

static void set_std_handle(int fd, HANDLE handle)
{
    static const DWORD names[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

    if (fd < 3)
        SetStdHandle(names[fd], handle);
}

/* Two standard descriptors may share a handle; it is closed with the last of them. */
static bool shared(int fd, HANDLE handle)
{
    for (int other = 0; other < 3; other++)
        if (other != fd && crt_fd_slot(other)->flags & FD_OPEN &&
            crt_fd_slot(other)->handle == handle)
            return fd < 3;
    return false;
}

static int close_locked(int fd, struct fd *f)
{
    HANDLE handle = f->handle;
    bool ok = handle == INVALID_HANDLE_VALUE || (intptr_t)handle == -2 || shared(fd, handle) ||
              CloseHandle(handle);
    DWORD error = ok ? 0 : GetLastError();

    set_std_handle(fd, NULL);
    f->handle = INVALID_HANDLE_VALUE;
    f->flags = 0;
    if (ok)
        return 0;
    crt_set_os_error(error);
    return -1;
}

int _close(int fd)
{
    struct fd *f = crt_fd_lock(fd);
    int result;

    if (!f)
        return -1;
    result = close_locked(fd, f);
    crt_fd_unlock(f);
    return result;
}

static bool duplicate(const struct fd *from, struct fd *to)
{
    HANDLE process = GetCurrentProcess();

    if (!DuplicateHandle(process, from->handle, process, &to->handle, 0, TRUE,
                         DUPLICATE_SAME_ACCESS)) {
        crt_set_os_error(GetLastError());
        return false;
    }
    to->flags = from->flags & ~FD_NOINHERIT;
    to->encoding = from->encoding;
    return true;
}

int _dup(int fd)
{
    struct fd *from = crt_fd(fd), *to;
    int copy;

    if (!from || (copy = crt_fd_new()) < 0)
        return -1;
    to = crt_fd_slot(copy);
    if (!duplicate(from, to)) {
        to->flags = 0;
        copy = -1;
    }
    crt_fd_unlock(to);
    return copy;
}

int _dup2(int fd, int target)
{
    struct fd *from = crt_fd(fd), *to;
    bool ok;

    if (!from)
        return -1;
    if ((unsigned)target >= FD_LIMIT) {
        crt_invalid(EBADF);
        return -1;
    }
    if (fd == target)
        return 0;
    if (!blocks[target / BLOCK] && !add_block(target / BLOCK))
        return -1;
    to = crt_fd_slot(target);
    enter(to);
    if (to->flags & FD_OPEN)
        close_locked(target, to);
    ok = duplicate(from, to);
    if (ok)
        set_std_handle(target, to->handle);
    crt_fd_unlock(to);
    return ok ? 0 : -1;
}

int _pipe(int *fds, unsigned size, int mode)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, !(mode & O_NOINHERIT_)};
    HANDLE ends[2];

    if (!fds) {
        crt_invalid(EINVAL);
        return -1;
    }
    if (!(mode & (O_TEXT_ | O_BINARY_)))
        mode |= _fmode == O_BINARY_ ? O_BINARY_ : O_TEXT_;
    if (!CreatePipe(&ends[0], &ends[1], &security, size)) {
        crt_set_os_error(GetLastError());
        return -1;
    }
    fds[0] = _open_osfhandle((intptr_t)ends[0], mode);
    fds[1] = fds[0] < 0 ? -1 : _open_osfhandle((intptr_t)ends[1], mode);
    if (fds[1] >= 0)
        return 0;
    if (fds[0] >= 0)
        _close(fds[0]);
    else
        CloseHandle(ends[0]);
    CloseHandle(ends[1]);
    return -1;
}

int _isatty(int fd)
{
    struct fd *f = crt_fd(fd);

    return f ? f->flags & FD_DEV : 0;
}

int _setmode(int fd, int mode)
{
    struct fd *f;
    int old;

    if (mode != O_TEXT_ && mode != O_BINARY_ && mode != O_WTEXT_ && mode != O_U8TEXT_ &&
        mode != O_U16TEXT_) {
        crt_invalid(EINVAL);
        return -1;
    }
    f = crt_fd_lock(fd);
    if (!f)
        return -1;
    old = !(f->flags & FD_TEXT) ? O_BINARY_ : f->encoding ? O_WTEXT_ : O_TEXT_;
    f->flags = mode == O_BINARY_ ? f->flags & ~FD_TEXT : f->flags | FD_TEXT;
    f->encoding = mode == O_U8TEXT_ ? ENC_UTF8
                  : mode == O_WTEXT_ || mode == O_U16TEXT_ ? ENC_UTF16 : ENC_ANSI;
    crt_fd_unlock(f);
    return old;
}
