/* Volumes by their names. The mount manager's names "\\?\Volume{…}\" do not exist here: a volume
 * has its drive letter only. */
#include "kernel32.h"

/* "X:\" or a directory, with the backslash that these calls ask for. */
static BOOL ends_in_backslash(const WCHAR *path)
{
    SIZE_T length = wcslen(path);
    return length && path[length - 1] == '\\';
}

BOOL WINAPI GetVolumeNameForVolumeMountPointW(LPCWSTR path, LPWSTR volume, DWORD size)
{
    (void)volume;
    (void)size;
    if (!path || !ends_in_backslash(path)) return set_error(ERROR_INVALID_NAME);
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return set_error(ERROR_FILE_NOT_FOUND);
    return set_error(ERROR_NOT_A_REPARSE_POINT);
}

BOOL WINAPI GetVolumeNameForVolumeMountPointA(LPCSTR path, LPSTR volume, DWORD size)
{
    FILE_WIDE(wide, path);
    (void)volume;
    return GetVolumeNameForVolumeMountPointW(wide, NULL, size);
}

BOOL WINAPI SetVolumeMountPointW(LPCWSTR path, LPCWSTR volume)
{
    (void)volume;
    if (!ends_in_backslash(path)) return set_error(ERROR_INVALID_NAME);
    return set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetVolumeMountPointA(LPCSTR path, LPCSTR volume)
{
    FILE_WIDE(wide, path);
    (void)volume;
    return wide && SetVolumeMountPointW(wide, NULL);
}

BOOL WINAPI DeleteVolumeMountPointW(LPCWSTR path)
{
    if (!ends_in_backslash(path)) return set_error(ERROR_INVALID_NAME);
    return set_error(ERROR_NOT_A_REPARSE_POINT);
}

BOOL WINAPI DeleteVolumeMountPointA(LPCSTR path)
{
    FILE_WIDE(wide, path);
    return wide && DeleteVolumeMountPointW(wide);
}

HANDLE WINAPI FindFirstVolumeW(LPWSTR volume, DWORD size)
{
    (void)volume;
    (void)size;
    set_error(ERROR_NO_MORE_FILES);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstVolumeA(LPSTR volume, DWORD size)
{
    (void)volume;
    return FindFirstVolumeW(NULL, size);
}

BOOL WINAPI FindNextVolumeW(HANDLE find, LPWSTR volume, DWORD size)
{
    (void)find;
    (void)volume;
    (void)size;
    return set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI FindNextVolumeA(HANDLE find, LPSTR volume, DWORD size)
{
    (void)volume;
    return FindNextVolumeW(find, NULL, size);
}

BOOL WINAPI FindVolumeClose(HANDLE find)
{
    (void)find;
    return set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI GetVolumePathNamesForVolumeNameW(LPCWSTR volume, LPWSTR buffer, DWORD size,
    LPDWORD needed)
{
    (void)buffer;
    (void)size;
    (void)needed;
    return set_error(!volume || wcsncmp(volume, L"\\\\?\\Volume{", 11) ? ERROR_INVALID_NAME
                                                                       : ERROR_FILE_NOT_FOUND);
}

BOOL WINAPI GetVolumePathNamesForVolumeNameA(LPCSTR volume, LPSTR buffer, DWORD size,
    LPDWORD needed)
{
    FILE_WIDE(wide, volume);
    (void)buffer;
    return GetVolumePathNamesForVolumeNameW(wide, NULL, size, needed);
}

BOOL WINAPI GetVolumePathNameA(LPCSTR name, LPSTR buffer, DWORD size)
{
    WCHAR path[MAX_PATH];
    FILE_WIDE(wide, name);
    if (!name || !*name || !buffer || !size) return set_error(ERROR_INVALID_PARAMETER);
    if (!wide || !GetVolumePathNameW(wide, path, COUNT(path))) return FALSE;
    if (narrow_out(path, (DWORD)wcslen(path), buffer, size, file_code_page()) >= size)
        return set_error(ERROR_FILENAME_EXCED_RANGE);
    return TRUE;
}
