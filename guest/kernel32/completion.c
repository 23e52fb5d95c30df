/* Overlapped results, cancelling, completion ports, directory changes. */
#include "io.h"

HANDLE WINAPI CreateIoCompletionPort(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads)
{
    struct {
        HANDLE port;
        ULONG_PTR key;
    } info;
    IO_STATUS_BLOCK io;
    HANDLE made = NULL;
    if (file == INVALID_HANDLE_VALUE && port) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!port) {
        if (!set_status(NtCreateIoCompletion(&made, IO_COMPLETION_ALL_ACCESS, NULL, threads)))
            return NULL;
        port = made;
    }
    if (file == INVALID_HANDLE_VALUE) return port;
    info.port = port;
    info.key = key;
    if (set_status(NtSetInformationFile(file, &io, &info, sizeof info, FileCompletionInformation)))
        return port;
    if (made) NtClose(made);
    return NULL;
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD count, ULONG_PTR key,
    LPOVERLAPPED overlapped)
{
    return set_status(NtSetIoCompletion(port, key, (ULONG_PTR)overlapped, STATUS_SUCCESS, count));
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, LPDWORD count, PULONG_PTR key,
    LPOVERLAPPED *overlapped, DWORD milliseconds)
{
    LARGE_INTEGER time;
    IO_STATUS_BLOCK io;
    ULONG_PTR context;
    NTSTATUS status;
    *overlapped = NULL;
    status = NtRemoveIoCompletion(port, key, &context, &io, relative_time(&time, milliseconds));
    if (status == STATUS_TIMEOUT) return set_error(WAIT_TIMEOUT);
    if (!set_status(status)) return FALSE;
    *overlapped = (LPOVERLAPPED)context;
    *count = io.Information;
    return set_status(io.Status);
}

/* OVERLAPPED_ENTRY has the layout of FILE_IO_COMPLETION_INFORMATION. */
BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG count,
    PULONG removed, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    NTSTATUS status = NtRemoveIoCompletionEx(port, entries, count, removed,
        relative_time(&time, milliseconds), alertable != 0);
    if (status == STATUS_TIMEOUT) return set_error(WAIT_TIMEOUT);
    if (status == STATUS_USER_APC) return set_error(WAIT_IO_COMPLETION);
    return set_status(status);
}

BOOL WINAPI SetFileCompletionNotificationModes(HANDLE file, UCHAR flags)
{
    ULONG value = flags;
    IO_STATUS_BLOCK io;
    return set_status(NtSetInformationFile(file, &io, &value, sizeof value, 41));
}

BOOL WINAPI GetOverlappedResultEx(HANDLE file, LPOVERLAPPED overlapped, LPDWORD count,
    DWORD milliseconds, BOOL alertable)
{
    NTSTATUS status = (NTSTATUS)overlapped->Internal;
    if (status == STATUS_PENDING) {
        HANDLE object = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
        DWORD waited;
        if (!milliseconds) return set_error(ERROR_IO_INCOMPLETE);
        waited = WaitForSingleObjectEx(object ? object : file, milliseconds, alertable);
        if (waited == WAIT_FAILED) return FALSE;
        if (waited) return set_error(waited);
        status = (NTSTATUS)overlapped->Internal;
    }
    *count = overlapped->InternalHigh;
    return set_status(status);
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD count, BOOL wait)
{
    return GetOverlappedResultEx(file, overlapped, count, wait ? INFINITE : 0, FALSE);
}

BOOL WINAPI CancelIo(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return set_status(NtCancelIoFile(file, &io));
}

BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK io;
    return set_status(NtCancelIoFileEx(file, (PIO_STATUS_BLOCK)overlapped, &io));
}

BOOL WINAPI CancelSynchronousIo(HANDLE thread)
{
    IO_STATUS_BLOCK io;
    return set_status(NtCancelSynchronousIoFile(thread, NULL, &io));
}

BOOL WINAPI ReadDirectoryChangesW(HANDLE directory, LPVOID buffer, DWORD size, BOOL tree,
    DWORD filter, LPDWORD done, LPOVERLAPPED overlapped, LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    IO_STATUS_BLOCK own = {0}, *io = overlapped ? (PIO_STATUS_BLOCK)overlapped : &own;
    NTSTATUS status;
    if (routine) return set_error(ERROR_NOT_SUPPORTED);
    io->Status = STATUS_PENDING;
    status = NtNotifyChangeDirectoryFile(directory, overlapped ? overlapped->hEvent : NULL, NULL,
        overlapped, io, buffer, size, filter, tree != 0);
    if (status == STATUS_PENDING && overlapped) return TRUE;
    if (done) *done = io->Information;
    return set_status(status);
}
