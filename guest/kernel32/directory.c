/* Creating, removing, moving and copying files and directories. */
#include "io.h"

BOOL WINAPI CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES security)
{
    struct nt_path path;
    IO_STATUS_BLOCK io;
    HANDLE directory;
    NTSTATUS status;
    (void)security; /* descriptors of files are not kept */
    if (!nt_path(&path, name)) return FALSE;
    status = NtCreateFile(&directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &path.attributes, &io,
        NULL, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_CREATE,
        FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT, NULL, 0);
    nt_path_free(&path);
    if (NT_SUCCESS(status)) NtClose(directory);
    if (status == STATUS_OBJECT_NAME_COLLISION) return set_error(ERROR_ALREADY_EXISTS);
    return set_status(status);
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES security)
{
    FILE_WIDE(wide, name);
    return CreateDirectoryW(wide, security);
}

BOOL WINAPI CreateDirectoryExW(LPCWSTR template, LPCWSTR name, LPSECURITY_ATTRIBUTES security)
{
    (void)template;
    return CreateDirectoryW(name, security);
}

static BOOL remove_opened(HANDLE file)
{
    BOOLEAN delete = TRUE;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtSetInformationFile(file, &io, &delete, sizeof delete,
        FileDispositionInformation);
    NtClose(file);
    return set_status(status);
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name)
{
    HANDLE directory;
    NTSTATUS status = open_path(name, DELETE, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
        &directory);
    if (status == STATUS_NOT_A_DIRECTORY) return set_error(ERROR_DIRECTORY);
    return set_status(status) && remove_opened(directory);
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name)
{
    FILE_WIDE(wide, name);
    return RemoveDirectoryW(wide);
}

BOOL WINAPI DeleteFileW(LPCWSTR name)
{
    HANDLE file;
    NTSTATUS status = open_path(name, DELETE, FILE_NON_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
        &file);
    if (status == STATUS_FILE_IS_A_DIRECTORY) return set_error(ERROR_ACCESS_DENIED);
    return set_status(status) && remove_opened(file);
}

BOOL WINAPI DeleteFileA(LPCSTR name)
{
    FILE_WIDE(wide, name);
    return DeleteFileW(wide);
}

static NTSTATUS rename_opened(HANDLE file, const UNICODE_STRING *target, BOOL replace)
{
    ULONG size = sizeof(FILE_RENAME_INFORMATION) + target->Length;
    FILE_RENAME_INFORMATION *info = allocate(size);
    IO_STATUS_BLOCK io;
    NTSTATUS status;
    if (!info) return STATUS_NO_MEMORY;
    info->ReplaceIfExists = replace != 0;
    info->RootDirectory = NULL;
    info->FileNameLength = target->Length;
    memcpy(info->FileName, target->Buffer, target->Length);
    status = NtSetInformationFile(file, &io, info, size, FileRenameInformation);
    release(info);
    return status;
}

static BOOL copy_and_delete(const WCHAR *from, const WCHAR *to, BOOL replace)
{
    return CopyFileW(from, to, !replace) && DeleteFileW(from);
}

BOOL WINAPI MoveFileExW(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    BOOL replace = (flags & MOVEFILE_REPLACE_EXISTING) != 0;
    struct nt_path target;
    HANDLE file;
    NTSTATUS status;
    if (flags & MOVEFILE_DELAY_UNTIL_REBOOT) return set_error(ERROR_ACCESS_DENIED);
    if (!to) return set_error(ERROR_INVALID_PARAMETER);
    status = open_path(from, DELETE, FILE_OPEN_REPARSE_POINT, &file);
    if (!set_status(status)) return FALSE;
    if (!nt_path(&target, to)) {
        NtClose(file);
        return FALSE;
    }
    status = rename_opened(file, &target.name, replace);
    nt_path_free(&target);
    NtClose(file);
    if (status == STATUS_NOT_SAME_DEVICE && flags & MOVEFILE_COPY_ALLOWED)
        return copy_and_delete(from, to, replace);
    if (status == STATUS_OBJECT_NAME_COLLISION) return set_error(ERROR_ALREADY_EXISTS);
    return set_status(status);
}

BOOL WINAPI MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags)
{
    FILE_WIDE(wide_from_name, from);
    FILE_WIDE(wide_to_name, to);
    return MoveFileExW(wide_from_name, wide_to_name, flags);
}

BOOL WINAPI MoveFileW(LPCWSTR from, LPCWSTR to)
{
    return MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI MoveFileA(LPCSTR from, LPCSTR to)
{
    return MoveFileExA(from, to, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI ReplaceFileW(LPCWSTR replaced, LPCWSTR replacement, LPCWSTR backup, DWORD flags,
    LPVOID exclude, LPVOID reserved)
{
    (void)flags;
    if (exclude || reserved) return set_error(ERROR_INVALID_PARAMETER);
    if (GetFileAttributesW(replaced) == INVALID_FILE_ATTRIBUTES) return FALSE;
    if (backup && !MoveFileExW(replaced, backup, MOVEFILE_REPLACE_EXISTING))
        return set_error(ERROR_UNABLE_TO_REMOVE_REPLACED);
    return MoveFileExW(replacement, replaced, MOVEFILE_REPLACE_EXISTING);
}

BOOL WINAPI ReplaceFileA(LPCSTR replaced, LPCSTR replacement, LPCSTR backup, DWORD flags,
    LPVOID exclude, LPVOID reserved)
{
    FILE_WIDE(wide_replaced, replaced);
    FILE_WIDE(wide_replacement, replacement);
    FILE_WIDE(wide_backup, backup);
    return ReplaceFileW(wide_replaced, wide_replacement, wide_backup, flags, exclude, reserved);
}

static BOOL copy_bytes(HANDLE from, HANDLE to)
{
    static const DWORD room = 0x10000;
    char *buffer = allocate(room);
    DWORD got = 0, put;
    BOOL done = buffer != NULL;
    while (done && (done = ReadFile(from, buffer, room, &got, NULL)) && got)
        done = WriteFile(to, buffer, got, &put, NULL);
    if (buffer) release(buffer);
    return done;
}

BOOL WINAPI CopyFileW(LPCWSTR from, LPCWSTR to, BOOL fail_if_exists)
{
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE source, target;
    BOOL done;
    source = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
        OPEN_EXISTING, 0, NULL);
    if (source == INVALID_HANDLE_VALUE) return FALSE;
    done = GetFileInformationByHandle(source, &info);
    target = done ? CreateFileW(to, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
        fail_if_exists ? CREATE_NEW : CREATE_ALWAYS, info.dwFileAttributes, NULL)
                  : INVALID_HANDLE_VALUE;
    done = target != INVALID_HANDLE_VALUE && copy_bytes(source, target) &&
           SetFileTime(target, NULL, NULL, &info.ftLastWriteTime);
    if (target != INVALID_HANDLE_VALUE) NtClose(target);
    NtClose(source);
    if (done) set_error(ERROR_SUCCESS);
    return done;
}

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_exists)
{
    FILE_WIDE(wide_from_name, from);
    FILE_WIDE(wide_to_name, to);
    return CopyFileW(wide_from_name, wide_to_name, fail_if_exists);
}

BOOL WINAPI CopyFileExW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID context,
    LPBOOL cancel, DWORD flags)
{
    (void)progress;
    (void)context;
    if (cancel && *cancel) return set_error(ERROR_REQUEST_ABORTED);
    return CopyFileW(from, to, (flags & COPY_FILE_FAIL_IF_EXISTS) != 0);
}

BOOL WINAPI CopyFileExA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID context,
    LPBOOL cancel, DWORD flags)
{
    FILE_WIDE(wide_from_name, from);
    FILE_WIDE(wide_to_name, to);
    return CopyFileExW(wide_from_name, wide_to_name, progress, context, cancel, flags);
}

BOOL WINAPI CreateHardLinkW(LPCWSTR name, LPCWSTR existing, LPSECURITY_ATTRIBUTES security)
{
    struct nt_path target;
    HANDLE file;
    NTSTATUS status;
    (void)security;
    if (!set_status(open_path(existing, FILE_WRITE_ATTRIBUTES, 0, &file))) return FALSE;
    status = STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (nt_path(&target, name)) {
        /* FILE_LINK_INFORMATION has the layout of FILE_RENAME_INFORMATION. */
        ULONG size = sizeof(FILE_RENAME_INFORMATION) + target.name.Length;
        FILE_RENAME_INFORMATION *link = allocate(size);
        IO_STATUS_BLOCK io;
        status = STATUS_NO_MEMORY;
        if (link) {
            memset(link, 0, sizeof *link);
            link->FileNameLength = target.name.Length;
            memcpy(link->FileName, target.name.Buffer, target.name.Length);
            status = NtSetInformationFile(file, &io, link, size, 11); /* FileLinkInformation */
            release(link);
        }
        nt_path_free(&target);
    }
    NtClose(file);
    return set_status(status);
}

BOOL WINAPI CreateHardLinkA(LPCSTR name, LPCSTR existing, LPSECURITY_ATTRIBUTES security)
{
    FILE_WIDE(wide_name, name);
    FILE_WIDE(wide_existing, existing);
    return CreateHardLinkW(wide_name, wide_existing, security);
}
