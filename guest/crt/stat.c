/* stat and fstat in every combination of time and size widths, wide and narrow. */
#include "crt.h"

#define EPOCH 116444736000000000ll            /* 1970 in 100 ns since 1601 */
enum { S_IFDIR = 0x4000, S_IFCHR = 0x2000, S_IFIFO = 0x1000, S_IFREG = 0x8000 };

struct facts {
    unsigned device, mode, links;
    int64_t size, access, write, create;
};

#define STAT(name, TIME, SIZE)                                                                \
    struct name {                                                                             \
        unsigned st_dev;                                                                      \
        unsigned short st_ino, st_mode;                                                       \
        short st_nlink, st_uid, st_gid;                                                       \
        unsigned st_rdev;                                                                     \
        SIZE st_size;                                                                         \
        TIME st_atime, st_mtime, st_ctime;                                                    \
    }
STAT(stat32, int32_t, int32_t);
STAT(stat32i64, int32_t, int64_t);
STAT(stat64i32, int64_t, int32_t);
STAT(stat64, int64_t, int64_t);

static int64_t seconds(FILETIME time)
{
    int64_t value = (int64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;

    return value ? (value - EPOCH) / 10000000 : 0;
}

static bool executable(const wchar_t *path)
{
    static const wchar_t *const kinds[] = {L".exe", L".cmd", L".bat", L".com"};
    size_t size = path ? wcslen(path) : 0;

    for (size_t i = 0; size > 4 && i < COUNT_OF(kinds); i++)
        if (!_wcsicmp(path + size - 4, kinds[i]))
            return true;
    return false;
}

static unsigned mode_of(DWORD attributes, const wchar_t *path)
{
    unsigned mode = attributes & FILE_ATTRIBUTE_DIRECTORY ? S_IFDIR | 0x40 : S_IFREG;

    mode |= attributes & FILE_ATTRIBUTE_READONLY ? 0x100 : 0x180;
    if (executable(path))
        mode |= 0x40;
    return mode | (mode & 0x1C0) >> 3 | (mode & 0x1C0) >> 6;
}

static bool failed(DWORD error)
{
    crt_set_os_error(error);
    return false;
}

static bool path_facts(const wchar_t *path, struct facts *out)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    wchar_t *full;

    if (wcspbrk(path, L"*?"))
        return errno = ENOENT, false;
    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data))
        return errno = ENOENT, crt_thread()->dos_error = GetLastError(), false;
    full = _wfullpath(NULL, path, 0);
    out->device = full && full[1] == ':' ? (full[0] | 32u) - 'a' : 0;
    free(full);
    out->mode = mode_of(data.dwFileAttributes, path);
    out->links = 1;
    out->size = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY
                    ? 0 : (int64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    out->write = seconds(data.ftLastWriteTime);
    out->access = data.ftLastAccessTime.dwHighDateTime ? seconds(data.ftLastAccessTime)
                                                       : out->write;
    out->create = data.ftCreationTime.dwHighDateTime ? seconds(data.ftCreationTime) : out->write;
    return true;
}

static bool handle_facts(int fd, struct facts *out)
{
    struct fd *f = crt_fd(fd);
    BY_HANDLE_FILE_INFORMATION data;
    DWORD type, available = 0;

    if (!f)
        return false;
    *out = (struct facts){.links = 1};
    type = GetFileType(f->handle) & 0xFF;
    if (type == FILE_TYPE_CHAR || type == FILE_TYPE_PIPE) {
        out->mode = type == FILE_TYPE_CHAR ? S_IFCHR : S_IFIFO;
        out->device = (unsigned)fd;
        if (type == FILE_TYPE_PIPE && PeekNamedPipe(f->handle, NULL, 0, NULL, &available, NULL))
            out->size = available;
        return true;
    }
    if (type != FILE_TYPE_DISK || !GetFileInformationByHandle(f->handle, &data))
        return failed(type == FILE_TYPE_DISK ? GetLastError() : ERROR_INVALID_HANDLE);
    out->mode = mode_of(data.dwFileAttributes, NULL);
    out->links = data.nNumberOfLinks;
    out->size = (int64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
    out->write = seconds(data.ftLastWriteTime);
    out->access = data.ftLastAccessTime.dwHighDateTime ? seconds(data.ftLastAccessTime)
                                                       : out->write;
    out->create = data.ftCreationTime.dwHighDateTime ? seconds(data.ftCreationTime) : out->write;
    return true;
}

#define FILL(KIND, out, facts, SIZE)                                                          \
    do {                                                                                      \
        memset(out, 0, sizeof *out);                                                          \
        out->st_dev = out->st_rdev = facts.device;                                            \
        out->st_mode = (unsigned short)facts.mode;                                            \
        out->st_nlink = (short)facts.links;                                                   \
        out->st_atime = facts.access, out->st_mtime = facts.write;                            \
        out->st_ctime = facts.create;                                                         \
        out->st_size = (SIZE)facts.size;                                                      \
        if (out->st_size != facts.size) {                                                     \
            errno = EOVERFLOW_;                                                               \
            return -1;                                                                        \
        }                                                                                     \
    } while (0)
#define EOVERFLOW_ 132

#define FAMILY(KIND, SIZE, stat_name, wstat_name, fstat_name)                                 \
    int wstat_name(const wchar_t *path, struct KIND *out)                                     \
    {                                                                                         \
        struct facts facts = {0};                                                             \
        if (!path || !out)                                                                    \
            return crt_invalid(EINVAL), -1;                                                   \
        if (!path_facts(path, &facts))                                                        \
            return -1;                                                                        \
        FILL(KIND, out, facts, SIZE);                                                         \
        return 0;                                                                             \
    }                                                                                         \
    int stat_name(const char *path, struct KIND *out)                                         \
    {                                                                                         \
        wchar_t *wide = path ? crt_widen(path) : NULL;                                        \
        int result = path && !wide ? -1 : wstat_name(wide, out);                              \
        free(wide);                                                                           \
        return result;                                                                        \
    }                                                                                         \
    int fstat_name(int fd, struct KIND *out)                                                  \
    {                                                                                         \
        struct facts facts;                                                                   \
        if (!out)                                                                             \
            return crt_invalid(EINVAL), -1;                                                   \
        if (!handle_facts(fd, &facts))                                                        \
            return -1;                                                                        \
        FILL(KIND, out, facts, SIZE);                                                         \
        return 0;                                                                             \
    }
FAMILY(stat32, int32_t, _stat32, _wstat32, _fstat32)
FAMILY(stat32i64, int64_t, _stat32i64, _wstat32i64, _fstat32i64)
FAMILY(stat64i32, int32_t, _stat64i32, _wstat64i32, _fstat64i32)
FAMILY(stat64, int64_t, _stat64, _wstat64, _fstat64)

/* _utime and relatives: a pair of times, access then write; NULL for now. */
static int set_times(HANDLE handle, int64_t access, int64_t write, bool now)
{
    FILETIME times[2];
    int64_t values[2] = {access * 10000000 + EPOCH, write * 10000000 + EPOCH};

    if (now) {
        GetSystemTimeAsFileTime(&times[0]);
        times[1] = times[0];
    } else {
        for (int i = 0; i < 2; i++)
            times[i] = (FILETIME){(DWORD)values[i], (DWORD)(values[i] >> 32)};
    }
    if (SetFileTime(handle, NULL, &times[0], &times[1]))
        return 0;
    crt_set_os_error(GetLastError());
    return -1;
}

static HANDLE for_times(const wchar_t *path)
{
    HANDLE handle = CreateFileW(path, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                NULL, OPEN_EXISTING, 0, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        crt_set_os_error(GetLastError());
    return handle;
}

#define UTIME(TIME, utime_name, wutime_name, futime_name)                                     \
    int futime_name(int fd, const TIME *times)                                                \
    {                                                                                         \
        struct fd *f = crt_fd(fd);                                                            \
        return f ? set_times(f->handle, times ? times[0] : 0, times ? times[1] : 0, !times)   \
                 : -1;                                                                        \
    }                                                                                         \
    int wutime_name(const wchar_t *path, const TIME *times)                                   \
    {                                                                                         \
        HANDLE handle;                                                                        \
        int result;                                                                           \
        if (!path)                                                                            \
            return crt_invalid(EINVAL), -1;                                                   \
        handle = for_times(path);                                                             \
        if (handle == INVALID_HANDLE_VALUE)                                                   \
            return -1;                                                                        \
        result = set_times(handle, times ? times[0] : 0, times ? times[1] : 0, !times);       \
        CloseHandle(handle);                                                                  \
        return result;                                                                        \
    }                                                                                         \
    int utime_name(const char *path, const TIME *times)                                       \
    {                                                                                         \
        wchar_t *wide = path ? crt_widen(path) : NULL;                                        \
        int result = path && !wide ? -1 : wutime_name(wide, times);                           \
        free(wide);                                                                           \
        return result;                                                                        \
    }
UTIME(int32_t, _utime32, _wutime32, _futime32)
UTIME(int64_t, _utime64, _wutime64, _futime64)
