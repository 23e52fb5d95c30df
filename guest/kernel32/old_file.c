/* File functions of 16-bit Windows. */
#include "kernel32.h"

static DWORD access_of(UINT mode)
{
    switch (mode & 3) {
    case OF_WRITE: return GENERIC_WRITE;
    case OF_READWRITE: return GENERIC_READ | GENERIC_WRITE;
    default: return GENERIC_READ;
    }
}

static DWORD sharing_of(UINT mode)
{
    switch (mode & 0x70) {
    case OF_SHARE_EXCLUSIVE: return 0;
    case OF_SHARE_DENY_WRITE: return FILE_SHARE_READ;
    case OF_SHARE_DENY_READ: return FILE_SHARE_WRITE;
    default: return FILE_SHARE_READ | FILE_SHARE_WRITE;
    }
}

static BOOL find_file(LPCSTR name, UINT mode, LPOFSTRUCT info)
{
    DWORD length;
    if (mode & OF_CREATE || strpbrk(name, ":\\/"))
        length = GetFullPathNameA(name, sizeof info->szPathName, info->szPathName, NULL);
    else {
        length = SearchPathA(NULL, name, NULL, sizeof info->szPathName, info->szPathName, NULL);
        if (!length && mode & OF_PARSE)
            length = GetFullPathNameA(name, sizeof info->szPathName, info->szPathName, NULL);
    }
    if (!length) return set_error(ERROR_FILE_NOT_FOUND);
    return length < sizeof info->szPathName || set_error(ERROR_FILENAME_EXCED_RANGE);
}

HFILE WINAPI OpenFile(LPCSTR name, LPOFSTRUCT info, UINT mode)
{
    HANDLE file;
    if (!info) return HFILE_ERROR;
    info->cBytes = sizeof *info;
    info->nErrCode = ERROR_SUCCESS;
    if (!(mode & OF_REOPEN) && !find_file(name, mode, info)) goto failed;
    if (mode & OF_PARSE) return 0;
    if (mode & OF_DELETE) {
        if (DeleteFileA(info->szPathName)) return 1;
        goto failed;
    }
    file = CreateFileA(info->szPathName, mode & OF_CREATE ? GENERIC_READ | GENERIC_WRITE
                                                          : access_of(mode),
        sharing_of(mode), NULL, mode & OF_CREATE ? CREATE_ALWAYS : OPEN_EXISTING,
        FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) goto failed;
    info->fFixedDisk = TRUE;
    if (!(mode & OF_EXIST)) return HandleToLong(file);
    CloseHandle(file);
    return 1;
failed:
    info->nErrCode = (WORD)NtTeb()->LastErrorValue;
    return HFILE_ERROR;
}

LONG WINAPI _hread(HFILE file, LPVOID buffer, LONG size)
{
    return (LONG)_lread(file, buffer, size);
}

LONG WINAPI _hwrite(HFILE file, LPCSTR buffer, LONG size)
{
    return (LONG)_lwrite(file, buffer, size);
}
