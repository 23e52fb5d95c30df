/* Changing the resources of an image file: not supported, so no update ever begins. */
#include "kernel32.h"

HANDLE WINAPI BeginUpdateResourceW(LPCWSTR name, BOOL delete_all)
{
    HANDLE file;
    (void)delete_all;
    if (set_status(open_path(name, FILE_READ_DATA | FILE_WRITE_DATA, FILE_NON_DIRECTORY_FILE,
            &file))) {
        NtClose(file);
        set_error(ERROR_CALL_NOT_IMPLEMENTED);
    }
    return NULL;
}

HANDLE WINAPI BeginUpdateResourceA(LPCSTR name, BOOL delete_all)
{
    FILE_WIDE(wide, name);
    return wide ? BeginUpdateResourceW(wide, delete_all) : NULL;
}

BOOL WINAPI UpdateResourceW(HANDLE update, LPCWSTR type, LPCWSTR name, WORD language, LPVOID data,
    DWORD size)
{
    (void)update;
    (void)type;
    (void)name;
    (void)language;
    (void)data;
    (void)size;
    return set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI UpdateResourceA(HANDLE update, LPCSTR type, LPCSTR name, WORD language, LPVOID data,
    DWORD size)
{
    (void)type;
    (void)name;
    return UpdateResourceW(update, NULL, NULL, language, data, size);
}

BOOL WINAPI EndUpdateResourceW(HANDLE update, BOOL discard)
{
    (void)update;
    (void)discard;
    return set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI EndUpdateResourceA(HANDLE update, BOOL discard)
{
    return EndUpdateResourceW(update, discard);
}
