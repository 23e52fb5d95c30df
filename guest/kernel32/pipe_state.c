/* Named pipes: modes, sizes, who is at the ends, waiting for a free instance, whole transactions. */
#include "io.h"

#define FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE 0x110030

static NTSTATUS query(HANDLE pipe, void *info, ULONG size, ULONG class)
{
    IO_STATUS_BLOCK io;
    return NtQueryInformationFile(pipe, &io, info, size, class);
}

BOOL WINAPI SetNamedPipeHandleState(HANDLE pipe, LPDWORD mode, LPDWORD collect, LPDWORD timeout)
{
    FILE_PIPE_INFORMATION info;
    IO_STATUS_BLOCK io;
    if (collect || timeout) return set_error(ERROR_INVALID_PARAMETER); /* the pipe is local */
    if (!mode) return TRUE;
    if (*mode & ~(DWORD)(PIPE_READMODE_MESSAGE | PIPE_NOWAIT))
        return set_error(ERROR_INVALID_PARAMETER);
    info.ReadMode = (*mode & PIPE_READMODE_MESSAGE) != 0;
    info.CompletionMode = (*mode & PIPE_NOWAIT) != 0;
    return set_status(NtSetInformationFile(pipe, &io, &info, sizeof info, FilePipeInformation));
}

BOOL WINAPI GetNamedPipeHandleStateW(HANDLE pipe, LPDWORD state, LPDWORD instances,
    LPDWORD collect, LPDWORD timeout, LPWSTR user, DWORD user_size)
{
    FILE_PIPE_INFORMATION modes;
    FILE_PIPE_LOCAL_INFORMATION local;
    (void)user_size;
    if (collect || timeout) return set_error(ERROR_INVALID_PARAMETER);
    if (user) return set_error(ERROR_CANNOT_IMPERSONATE);
    if (state) {
        if (!set_status(query(pipe, &modes, sizeof modes, FilePipeInformation))) return FALSE;
        *state = (modes.ReadMode ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE) |
                 (modes.CompletionMode ? PIPE_NOWAIT : PIPE_WAIT);
    }
    if (instances) {
        if (!set_status(query(pipe, &local, sizeof local, FilePipeLocalInformation))) return FALSE;
        *instances = min(local.CurrentInstances, PIPE_UNLIMITED_INSTANCES);
    }
    return TRUE;
}

BOOL WINAPI GetNamedPipeHandleStateA(HANDLE pipe, LPDWORD state, LPDWORD instances,
    LPDWORD collect, LPDWORD timeout, LPSTR user, DWORD user_size)
{
    return GetNamedPipeHandleStateW(pipe, state, instances, collect, timeout, (LPWSTR)user,
        user_size);
}

BOOL WINAPI GetNamedPipeInfo(HANDLE pipe, LPDWORD flags, LPDWORD out_size, LPDWORD in_size,
    LPDWORD instances)
{
    FILE_PIPE_LOCAL_INFORMATION info;
    if (!set_status(query(pipe, &info, sizeof info, FilePipeLocalInformation))) return FALSE;
    if (flags)
        *flags = (info.NamedPipeEnd ? PIPE_SERVER_END : PIPE_CLIENT_END) |
                 (info.NamedPipeType ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE);
    if (out_size) *out_size = info.OutboundQuota;
    if (in_size) *in_size = info.InboundQuota;
    if (instances) *instances = min(info.MaximumInstances, PIPE_UNLIMITED_INSTANCES);
    return TRUE;
}

static BOOL connection_attribute(HANDLE pipe, const char *name, PULONG value)
{
    IO_STATUS_BLOCK io;
    return set_status(NtFsControlFile(pipe, NULL, NULL, NULL, &io,
        FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, (PVOID)name, strlen(name) + 1, value,
        value ? sizeof *value : 0));
}

BOOL WINAPI GetNamedPipeClientProcessId(HANDLE pipe, PULONG id)
{
    return connection_attribute(pipe, "ClientProcessId", id);
}

BOOL WINAPI GetNamedPipeServerProcessId(HANDLE pipe, PULONG id)
{
    return connection_attribute(pipe, "ServerProcessId", id);
}

BOOL WINAPI GetNamedPipeClientSessionId(HANDLE pipe, PULONG id)
{
    return connection_attribute(pipe, "ClientSessionId", id);
}

BOOL WINAPI GetNamedPipeServerSessionId(HANDLE pipe, PULONG id)
{
    return connection_attribute(pipe, "ServerSessionId", id);
}

/* The directory of pipes, which instances are waited for in. */
static NTSTATUS open_pipes(HANDLE *root)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    RtlInitUnicodeString(&name, L"\\??\\pipe\\");
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(root, FILE_READ_ATTRIBUTES | SYNCHRONIZE, &object, &io,
        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
}

static NTSTATUS wait_for_instance(const WCHAR *name, ULONG bytes, DWORD timeout)
{
    ULONG size = FIELD_OFFSET(FILE_PIPE_WAIT_FOR_BUFFER, Name) + bytes;
    FILE_PIPE_WAIT_FOR_BUFFER *request = allocate(size);
    IO_STATUS_BLOCK io;
    HANDLE root;
    NTSTATUS status;
    if (!request) return STATUS_NO_MEMORY;
    request->TimeoutSpecified = timeout != NMPWAIT_USE_DEFAULT_WAIT;
    request->Timeout.QuadPart =
        timeout == NMPWAIT_WAIT_FOREVER ? LLONG_MIN : (LONGLONG)timeout * -10000;
    request->NameLength = bytes;
    memcpy(request->Name, name, bytes);
    status = open_pipes(&root);
    if (NT_SUCCESS(status)) {
        status = NtFsControlFile(root, NULL, NULL, NULL, &io, FSCTL_PIPE_WAIT, request, size, NULL,
            0);
        NtClose(root);
    }
    release(request);
    return status;
}

BOOL WINAPI WaitNamedPipeW(LPCWSTR name, DWORD timeout)
{
    static const WCHAR prefix[] = L"\\??\\pipe\\";
    ULONG skipped = sizeof prefix - sizeof(WCHAR);
    struct nt_path path;
    BOOL done;
    if (!nt_path(&path, name)) return FALSE;
    if (has_prefix(&path.name, prefix))
        done = set_status(wait_for_instance(path.name.Buffer + skipped / sizeof(WCHAR),
            path.name.Length - skipped, timeout));
    else
        done = set_error(ERROR_BAD_PATHNAME);
    nt_path_free(&path);
    return done;
}

BOOL WINAPI WaitNamedPipeA(LPCSTR name, DWORD timeout)
{
    FILE_WIDE(wide, name);
    return WaitNamedPipeW(wide, timeout);
}

static HANDLE open_client(LPCWSTR name, DWORD timeout)
{
    for (;;) {
        HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
            NULL);
        if (pipe != INVALID_HANDLE_VALUE) return pipe;
        if (NtTeb()->LastErrorValue != ERROR_PIPE_BUSY || timeout == NMPWAIT_NOWAIT) return pipe;
        if (!WaitNamedPipeW(name, timeout)) return pipe;
    }
}

BOOL WINAPI CallNamedPipeW(LPCWSTR name, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
    LPDWORD read, DWORD timeout)
{
    HANDLE pipe = open_client(name, timeout);
    DWORD mode = PIPE_READMODE_MESSAGE, error;
    BOOL done;
    if (pipe == INVALID_HANDLE_VALUE) return FALSE;
    done = SetNamedPipeHandleState(pipe, &mode, NULL, NULL) &&
           TransactNamedPipe(pipe, in, in_size, out, out_size, read, NULL);
    error = NtTeb()->LastErrorValue;
    NtClose(pipe);
    return done || set_error(error);
}

BOOL WINAPI CallNamedPipeA(LPCSTR name, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
    LPDWORD read, DWORD timeout)
{
    FILE_WIDE(wide, name);
    return CallNamedPipeW(wide, in, in_size, out, out_size, read, timeout);
}
