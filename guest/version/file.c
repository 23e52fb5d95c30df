/* A file's version resource. */
#include "version.h"
#include "wide.inc"

/* The resource of a file that is mapped as data; NULL with the error stored. */
static const void *find_version(HMODULE module, DWORD *size)
{
    HRSRC found = FindResourceW(module, MAKEINTRESOURCEW(1), MAKEINTRESOURCEW(16));
    if (!found) return NULL;
    *size = SizeofResource(module, found);
    return LockResource(LoadResource(module, found));
}

static HMODULE open_module(LPCWSTR file)
{
    return LoadLibraryExW(file, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
}

DWORD WINAPI GetFileVersionInfoSizeExW(DWORD flags, LPCWSTR file, LPDWORD handle)
{
    HMODULE module = open_module(file);
    DWORD size = 0, error;
    (void)flags;
    if (handle) *handle = 0;
    if (!module) return 0;
    if (find_version(module, &size)) size = room_for(size);
    error = GetLastError();
    FreeLibrary(module);
    SetLastError(size ? ERROR_SUCCESS : error);
    return size;
}

BOOL WINAPI GetFileVersionInfoExW(DWORD flags, LPCWSTR file, DWORD handle, DWORD room, LPVOID data)
{
    const void *source;
    HMODULE module;
    DWORD size = 0, error;
    (void)flags, (void)handle;
    if (!data) {
        SetLastError(ERROR_INVALID_DATA);
        return FALSE;
    }
    module = open_module(file);
    if (!module) return FALSE;
    source = find_version(module, &size);
    if (source) {
        memset(data, 0, room);
        memcpy(data, source, size < room ? size : room);
    }
    error = GetLastError();
    FreeLibrary(module);
    SetLastError(source ? ERROR_SUCCESS : error);
    return source != NULL;
}

DWORD WINAPI GetFileVersionInfoSizeW(LPCWSTR file, LPDWORD handle)
{
    return GetFileVersionInfoSizeExW(0, file, handle);
}

BOOL WINAPI GetFileVersionInfoW(LPCWSTR file, DWORD handle, DWORD room, LPVOID data)
{
    return GetFileVersionInfoExW(0, file, handle, room, data);
}

DWORD WINAPI GetFileVersionInfoSizeExA(DWORD flags, LPCSTR file, LPDWORD handle)
{
    WIDE(wide, file);
    return GetFileVersionInfoSizeExW(flags, wide, handle);
}

BOOL WINAPI GetFileVersionInfoExA(DWORD flags, LPCSTR file, DWORD handle, DWORD room, LPVOID data)
{
    WIDE(wide, file);
    return GetFileVersionInfoExW(flags, wide, handle, room, data);
}

DWORD WINAPI GetFileVersionInfoSizeA(LPCSTR file, LPDWORD handle)
{
    return GetFileVersionInfoSizeExA(0, file, handle);
}

BOOL WINAPI GetFileVersionInfoA(LPCSTR file, DWORD handle, DWORD room, LPVOID data)
{
    return GetFileVersionInfoExA(0, file, handle, room, data);
}
