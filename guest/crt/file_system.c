/* Files and directories by name. */
#include "crt.h"

static int outcome(BOOL ok)
{
    if (ok)
        return 0;
    crt_set_os_error(GetLastError());
    return -1;
}

int _wunlink(const wchar_t *path)
{
    return path ? outcome(DeleteFileW(path)) : (crt_invalid(EINVAL), -1);
}

int _wremove(const wchar_t *path)
{
    return _wunlink(path);
}

int _wrename(const wchar_t *from, const wchar_t *to)
{
    if (!from || !to)
        return crt_invalid(EINVAL), -1;
    return outcome(MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED));
}

int _wmkdir(const wchar_t *path)
{
    return path ? outcome(CreateDirectoryW(path, NULL)) : (crt_invalid(EINVAL), -1);
}

int _wrmdir(const wchar_t *path)
{
    return path ? outcome(RemoveDirectoryW(path)) : (crt_invalid(EINVAL), -1);
}

int _wchdir(const wchar_t *path)
{
    return path ? outcome(SetCurrentDirectoryW(path)) : (crt_invalid(EINVAL), -1);
}

int _wchmod(const wchar_t *path, int mode)
{
    DWORD attributes;

    if (!path)
        return crt_invalid(EINVAL), -1;
    attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return outcome(FALSE);
    attributes = mode & 0x80 ? attributes & ~FILE_ATTRIBUTE_READONLY
                             : attributes | FILE_ATTRIBUTE_READONLY;
    return outcome(SetFileAttributesW(path, attributes));
}

int _waccess_s(const wchar_t *path, int mode)
{
    DWORD attributes;

    if (!path || mode & ~6)
        return crt_invalid(EINVAL);
    attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        outcome(FALSE);
        return errno;
    }
    if (mode & 2 && attributes & FILE_ATTRIBUTE_READONLY &&
        !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        crt_thread()->dos_error = ERROR_ACCESS_DENIED;
        return errno = EACCES;
    }
    return 0;
}

int _waccess(const wchar_t *path, int mode)
{
    return _waccess_s(path, mode) ? -1 : 0;
}

#define NARROW(name, wide_name, PARAMETERS, ARGUMENTS, FAILED)                                \
    int name PARAMETERS                                                                       \
    {                                                                                         \
        wchar_t *wide = path ? crt_widen(path) : NULL;                                        \
        int result = path && !wide ? FAILED : wide_name ARGUMENTS;                            \
        free(wide);                                                                           \
        return result;                                                                        \
    }
NARROW(_unlink, _wunlink, (const char *path), (wide), -1)
NARROW(remove, _wunlink, (const char *path), (wide), -1)
NARROW(_mkdir, _wmkdir, (const char *path), (wide), -1)
NARROW(_rmdir, _wrmdir, (const char *path), (wide), -1)
NARROW(_chdir, _wchdir, (const char *path), (wide), -1)
NARROW(_chmod, _wchmod, (const char *path, int mode), (wide, mode), -1)
NARROW(_access, _waccess, (const char *path, int mode), (wide, mode), -1)
NARROW(_access_s, _waccess_s, (const char *path, int mode), (wide, mode), EILSEQ)

int rename(const char *from, const char *to)
{
    wchar_t *wide_from = from ? crt_widen(from) : NULL, *wide_to = to ? crt_widen(to) : NULL;
    int result = _wrename(wide_from, wide_to);

    free(wide_from);
    free(wide_to);
    return result;
}

int _getdrive(void)
{
    wchar_t path[MAX_PATH];
    DWORD size = GetCurrentDirectoryW(MAX_PATH, path);

    return size && size < MAX_PATH && path[1] == ':' ? (path[0] | 32) - 'a' + 1 : 0;
}

int _chdrive(int drive)
{
    wchar_t path[] = L"A:";

    if (drive < 1 || drive > 26) {
        crt_thread()->dos_error = ERROR_INVALID_DRIVE;
        return crt_invalid(EACCES), -1;
    }
    path[0] = (wchar_t)('A' + drive - 1);
    return outcome(SetCurrentDirectoryW(path));
}

unsigned long _getdrives(void)
{
    return GetLogicalDrives();
}

static wchar_t *directory(int drive, wchar_t *out, int room)
{
    wchar_t name[] = L"A:.";
    wchar_t path[MAX_PATH + 1], *rest;
    DWORD size;

    name[0] = (wchar_t)('A' + drive - 1);
    size = drive ? GetFullPathNameW(name, MAX_PATH, path, &rest)
                 : GetCurrentDirectoryW(MAX_PATH, path);
    if (!size || size > MAX_PATH) {
        crt_set_os_error(size ? ERROR_INSUFFICIENT_BUFFER : GetLastError());
        return NULL;
    }
    if (!out) {
        size_t wanted = room > (int)size ? (size_t)room : size + 1;
        out = malloc(wanted * sizeof *out);
        return out ? wcscpy(out, path) : NULL;
    }
    if (room <= (int)size) {
        *out = 0;
        errno = ERANGE;
        return NULL;
    }
    return wcscpy(out, path);
}

wchar_t *_wgetdcwd(int drive, wchar_t *out, int room)
{
    if (drive < 0 || drive > 26 || room < 0 || (out && !room)) {
        crt_invalid(EINVAL);
        return NULL;
    }
    return directory(drive, out, room);
}

wchar_t *_wgetcwd(wchar_t *out, int room)
{
    return _wgetdcwd(0, out, room);
}

char *_getdcwd(int drive, char *out, int room)
{
    wchar_t *wide;
    char *text;

    if (out && room <= 0) {
        crt_invalid(EINVAL);
        return NULL;
    }
    wide = _wgetdcwd(drive, NULL, 0);
    text = wide ? crt_narrow(wide) : NULL;
    free(wide);
    if (!text)
        return NULL;
    if (!out) {
        char *grown = (size_t)room > strlen(text) + 1 ? realloc(text, (size_t)room) : text;
        return grown ? grown : text;
    }
    if (strlen(text) >= (size_t)room) {
        *out = 0;
        errno = ERANGE;
        out = NULL;
    } else {
        strcpy(out, text);
    }
    free(text);
    return out;
}

char *_getcwd(char *out, int room)
{
    return _getdcwd(0, out, room);
}

unsigned _getdiskfree(unsigned drive, unsigned *out)
{
    wchar_t root[] = L"A:\\";
    DWORD per_cluster, per_sector, available, total;

    if (!out || drive > 26)
        return (unsigned)crt_invalid(EINVAL);
    root[0] = (wchar_t)('A' + drive - 1);
    if (!GetDiskFreeSpaceW(drive ? root : NULL, &per_cluster, &per_sector, &available, &total))
        return GetLastError();
    out[0] = total, out[1] = available, out[2] = per_cluster, out[3] = per_sector;
    return 0;
}
