/* Mailslots. */
#include "io.h"

typedef struct {
    ULONG MaximumMessageSize, MailslotQuota, NextMessageSize, MessagesAvailable;
    LARGE_INTEGER ReadTimeout;
} FILE_MAILSLOT_QUERY_INFORMATION;

enum { FileMailslotQueryInformation = 26, FileMailslotSetInformation = 27 };

static LARGE_INTEGER read_timeout(DWORD milliseconds)
{
    if (milliseconds == MAILSLOT_WAIT_FOREVER) return (LARGE_INTEGER){.QuadPart = -1};
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)milliseconds * -10000};
}

HANDLE WINAPI CreateMailslotW(LPCWSTR name, DWORD max_message, DWORD timeout,
    LPSECURITY_ATTRIBUTES security)
{
    LARGE_INTEGER time = read_timeout(timeout);
    IO_STATUS_BLOCK io;
    struct nt_path path;
    HANDLE slot = INVALID_HANDLE_VALUE;
    NTSTATUS status;
    if (!nt_path(&path, name)) return INVALID_HANDLE_VALUE;
    if (security && security->bInheritHandle) path.attributes.Attributes |= OBJ_INHERIT;
    if (has_prefix(&path.name, L"\\??\\mailslot\\"))
        status = NtCreateMailslotFile(&slot, GENERIC_READ | SYNCHRONIZE | WRITE_DAC,
            &path.attributes, &io, FILE_WRITE_THROUGH, 0, max_message, &time);
    else
        status = STATUS_OBJECT_NAME_INVALID;
    nt_path_free(&path);
    return set_status(status) ? slot : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateMailslotA(LPCSTR name, DWORD max_message, DWORD timeout,
    LPSECURITY_ATTRIBUTES security)
{
    FILE_WIDE(wide, name);
    return CreateMailslotW(wide, max_message, timeout, security);
}

BOOL WINAPI GetMailslotInfo(HANDLE slot, LPDWORD max_message, LPDWORD next, LPDWORD count,
    LPDWORD timeout)
{
    FILE_MAILSLOT_QUERY_INFORMATION info;
    IO_STATUS_BLOCK io;
    if (!set_status(NtQueryInformationFile(slot, &io, &info, sizeof info,
            FileMailslotQueryInformation)))
        return FALSE;
    if (max_message) *max_message = info.MaximumMessageSize;
    if (next) *next = info.NextMessageSize;
    if (count) *count = info.MessagesAvailable;
    if (timeout)
        *timeout = info.ReadTimeout.QuadPart == -1 ? MAILSLOT_WAIT_FOREVER
                                                   : (DWORD)(info.ReadTimeout.QuadPart / -10000);
    return TRUE;
}

BOOL WINAPI SetMailslotInfo(HANDLE slot, DWORD timeout)
{
    LARGE_INTEGER time = read_timeout(timeout);
    PLARGE_INTEGER info = &time;
    IO_STATUS_BLOCK io;
    return set_status(NtSetInformationFile(slot, &io, &info, sizeof info,
        FileMailslotSetInformation));
}
