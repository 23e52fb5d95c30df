/* Opening and creating files, devices and directories by name. */
#include "io.h"

BOOL nt_path(struct nt_path *path, const WCHAR *dos)
{
    path->name.Buffer = NULL;
    if (!dos || !*dos) return set_error(ERROR_PATH_NOT_FOUND);
    if (!set_status(RtlDosPathNameToNtPathName_U_WithStatus(dos, &path->name, NULL, NULL)))
        return FALSE;
    InitializeObjectAttributes(&path->attributes, &path->name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return TRUE;
}

void nt_path_free(struct nt_path *path)
{
    if (path->name.Buffer) RtlFreeUnicodeString(&path->name);
}

NTSTATUS open_path(const WCHAR *dos, ACCESS_MASK access, ULONG options, HANDLE *file)
{
    struct nt_path path;
    IO_STATUS_BLOCK io;
    NTSTATUS status;
    if (!nt_path(&path, dos)) return STATUS_OBJECT_PATH_NOT_FOUND;
    status = NtOpenFile(file, access | SYNCHRONIZE, &path.attributes, &io,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        options | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT);
    nt_path_free(&path);
    return status;
}

static ULONG create_options(DWORD flags, DWORD *access)
{
    ULONG options = 0;
    if (flags & FILE_FLAG_BACKUP_SEMANTICS) options |= FILE_OPEN_FOR_BACKUP_INTENT;
    else options |= FILE_NON_DIRECTORY_FILE;
    if (flags & FILE_FLAG_DELETE_ON_CLOSE) {
        options |= FILE_DELETE_ON_CLOSE;
        *access |= DELETE;
    }
    if (flags & FILE_FLAG_NO_BUFFERING) options |= FILE_NO_INTERMEDIATE_BUFFERING;
    if (!(flags & FILE_FLAG_OVERLAPPED)) options |= FILE_SYNCHRONOUS_IO_NONALERT;
    if (flags & FILE_FLAG_RANDOM_ACCESS) options |= FILE_RANDOM_ACCESS;
    if (flags & FILE_FLAG_SEQUENTIAL_SCAN) options |= FILE_SEQUENTIAL_ONLY;
    if (flags & FILE_FLAG_WRITE_THROUGH) options |= FILE_WRITE_THROUGH;
    if (flags & FILE_FLAG_OPEN_REPARSE_POINT) options |= FILE_OPEN_REPARSE_POINT;
    return options;
}

/* Statuses that CreateFile reports otherwise than RtlNtStatusToDosError would. */
static HANDLE open_failed(NTSTATUS status, const WCHAR *name, DWORD disposition)
{
    SIZE_T length = wcslen(name);
    if (status == STATUS_OBJECT_NAME_COLLISION)
        set_error(disposition == CREATE_NEW ? ERROR_FILE_EXISTS : ERROR_ALREADY_EXISTS);
    else if (status == STATUS_FILE_IS_A_DIRECTORY)
        set_error(length && (name[length - 1] == '\\' || name[length - 1] == '/')
                      ? ERROR_PATH_NOT_FOUND : ERROR_ACCESS_DENIED);
    else
        set_status(status);
    return INVALID_HANDLE_VALUE;
}

static const ULONG dispositions[] = {0, FILE_CREATE, FILE_OVERWRITE_IF, FILE_OPEN, FILE_OPEN_IF,
    FILE_OVERWRITE};

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
    DWORD disposition, DWORD flags, HANDLE template)
{
    struct nt_path path;
    IO_STATUS_BLOCK io;
    HANDLE file;
    NTSTATUS status;
    ULONG options;
    (void)template; /* extended attributes and file attributes to copy: optional by contract */
    if (name && (!_wcsicmp(name, L"CONIN$") || !_wcsicmp(name, L"CONOUT$") ||
                 !_wcsicmp(name, L"CON")))
        return open_console(name, access, security);
    if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING ||
        (disposition == TRUNCATE_EXISTING && !(access & GENERIC_WRITE))) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!nt_path(&path, name)) return INVALID_HANDLE_VALUE;
    if (security && security->bInheritHandle) path.attributes.Attributes |= OBJ_INHERIT;
    if (flags & FILE_FLAG_POSIX_SEMANTICS) path.attributes.Attributes &= ~OBJ_CASE_INSENSITIVE;
    options = create_options(flags, &access);
    status = NtCreateFile(&file, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &path.attributes,
        &io, NULL, flags & FILE_ATTRIBUTE_VALID_FLAGS, share, dispositions[disposition], options,
        NULL, 0);
    nt_path_free(&path);
    if (!NT_SUCCESS(status)) return open_failed(status, name, disposition);
    set_error((disposition == CREATE_ALWAYS && io.Information == FILE_OVERWRITTEN) ||
              (disposition == OPEN_ALWAYS && io.Information == FILE_OPENED)
                  ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return file;
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
    DWORD disposition, DWORD flags, HANDLE template)
{
    FILE_WIDE(wide, name);
    return CreateFileW(wide, access, share, security, disposition, flags, template);
}

HANDLE WINAPI CreateFile2(LPCWSTR name, DWORD access, DWORD share, DWORD disposition,
    LPCREATEFILE2_EXTENDED_PARAMETERS more)
{
    DWORD flags = more ? more->dwFileAttributes | more->dwFileFlags : 0;
    return CreateFileW(name, access, share, more ? more->lpSecurityAttributes : NULL, disposition,
        flags, more ? more->hTemplateFile : NULL);
}

HANDLE WINAPI ReOpenFile(HANDLE original, DWORD access, DWORD share, DWORD flags)
{
    UNICODE_STRING empty = {0, 0, NULL};
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    HANDLE file;
    InitializeObjectAttributes(&object, &empty, 0, original, NULL);
    if (!set_status(NtCreateFile(&file, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &object, &io,
            NULL, 0, share, FILE_OPEN, create_options(flags, &access), NULL, 0)))
        return INVALID_HANDLE_VALUE;
    return file;
}

HFILE WINAPI _lopen(LPCSTR name, int mode)
{
    static const DWORD access[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE, 0};
    return (HFILE)(LONG_PTR)CreateFileA(name, access[mode & 3],
        FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

HFILE WINAPI _lcreat(LPCSTR name, int attributes)
{
    return (HFILE)(LONG_PTR)CreateFileA(name, GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS, (DWORD)attributes, NULL);
}

HFILE WINAPI _lclose(HFILE file)
{
    return CloseHandle((HANDLE)(LONG_PTR)file) ? 0 : HFILE_ERROR;
}

UINT WINAPI _lread(HFILE file, LPVOID buffer, UINT size)
{
    DWORD done;
    return ReadFile((HANDLE)(LONG_PTR)file, buffer, size, &done, NULL) ? done : (UINT)HFILE_ERROR;
}

UINT WINAPI _lwrite(HFILE file, LPCCH buffer, UINT size)
{
    DWORD done;
    return WriteFile((HANDLE)(LONG_PTR)file, buffer, size, &done, NULL) ? done : (UINT)HFILE_ERROR;
}

LONG WINAPI _llseek(HFILE file, LONG distance, int origin)
{
    return (LONG)SetFilePointer((HANDLE)(LONG_PTR)file, distance, NULL, (DWORD)origin);
}
