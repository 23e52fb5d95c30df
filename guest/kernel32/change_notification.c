/* Handles that are signalled when something in a directory changes. */
#include "io.h"

/* One request is always outstanding. Its answer goes here, where nobody looks. */
static IO_STATUS_BLOCK ignored;

HANDLE WINAPI FindFirstChangeNotificationW(LPCWSTR path, BOOL tree, DWORD filter)
{
    struct nt_path name;
    IO_STATUS_BLOCK io;
    HANDLE directory;
    NTSTATUS status;
    if (!nt_path(&name, path)) return INVALID_HANDLE_VALUE;
    status = NtOpenFile(&directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &name.attributes, &io,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        FILE_DIRECTORY_FILE | FILE_OPEN_FOR_BACKUP_INTENT);
    nt_path_free(&name);
    if (!set_status(status)) return INVALID_HANDLE_VALUE;
    status = NtNotifyChangeDirectoryFile(directory, NULL, NULL, NULL, &ignored, NULL, 0, filter,
        tree != 0);
    if (set_status(status)) return directory;
    NtClose(directory);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstChangeNotificationA(LPCSTR path, BOOL tree, DWORD filter)
{
    FILE_WIDE(wide, path);
    return FindFirstChangeNotificationW(wide, tree, filter);
}

/* The first request's filter and depth stay with the handle. */
BOOL WINAPI FindNextChangeNotification(HANDLE directory)
{
    return set_status(NtNotifyChangeDirectoryFile(directory, NULL, NULL, NULL, &ignored, NULL, 0,
        FILE_NOTIFY_CHANGE_SIZE, FALSE));
}

BOOL WINAPI FindCloseChangeNotification(HANDLE directory)
{
    return CloseHandle(directory);
}
