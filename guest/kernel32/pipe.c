/* Anonymous and named pipes: making, connecting, reading without taking. */
#include "io.h"

static LARGE_INTEGER default_timeout(DWORD milliseconds)
{
    if (milliseconds == NMPWAIT_WAIT_FOREVER) return (LARGE_INTEGER){.QuadPart = LLONG_MIN};
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)(milliseconds ? milliseconds : 50) * -10000};
}

BOOL has_prefix(const UNICODE_STRING *path, const WCHAR *prefix)
{
    SIZE_T length = wcslen(prefix);
    return path->Length > length * sizeof(WCHAR) && !_wcsnicmp(path->Buffer, prefix, length);
}

/* `\Device\NamedPipe\Win32Pipes.<process>.<number>`, eight hexadecimal digits each. */
static void anonymous_name(WCHAR *name)
{
    static const WCHAR prefix[] = L"\\Device\\NamedPipe\\Win32Pipes.";
    static LONG serial;
    ULONG numbers[2] = {GetCurrentProcessId(), (ULONG)InterlockedIncrement(&serial)};
    memcpy(name, prefix, sizeof prefix);
    name += COUNT(prefix) - 1;
    for (int part = 0; part < 2; part++) {
        for (int shift = 28; shift >= 0; shift -= 4)
            *name++ = (WCHAR)"0123456789abcdef"[numbers[part] >> shift & 15];
        *name++ = part ? 0 : '.';
    }
}

BOOL WINAPI CreatePipe(PHANDLE read, PHANDLE write, LPSECURITY_ATTRIBUTES security, DWORD size)
{
    WCHAR text[64];
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    LARGE_INTEGER timeout = default_timeout(120000);
    NTSTATUS status;
    if (!size) size = PAGE_SIZE;
    anonymous_name(text);
    RtlInitUnicodeString(&name, text);
    InitializeObjectAttributes(&object, &name,
        OBJ_CASE_INSENSITIVE | (security && security->bInheritHandle ? OBJ_INHERIT : 0), NULL,
        NULL);
    status = NtCreateNamedPipeFile(read, GENERIC_READ | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE,
        &object, &io, FILE_SHARE_WRITE, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, 0, 0, 0, 1, size,
        size, &timeout);
    if (!set_status(status)) return FALSE;
    status = NtOpenFile(write, GENERIC_WRITE | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &object, &io,
        FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
    if (!NT_SUCCESS(status)) NtClose(*read);
    return set_status(status);
}

static HANDLE created_pipe(NTSTATUS status, HANDLE pipe)
{
    if (set_status(status)) return pipe;
    if (status == STATUS_INSTANCE_NOT_AVAILABLE) set_error(ERROR_PIPE_BUSY);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateNamedPipeW(LPCWSTR name, DWORD open, DWORD mode, DWORD instances,
    DWORD out_size, DWORD in_size, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    /* Whether a client may read and write is the server's direction reversed. */
    static const ULONG shares[] = {0, FILE_SHARE_WRITE, FILE_SHARE_READ,
        FILE_SHARE_READ | FILE_SHARE_WRITE};
    ACCESS_MASK access = SYNCHRONIZE | (open & (WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY));
    ULONG options = open & FILE_FLAG_OVERLAPPED ? 0 : FILE_SYNCHRONOUS_IO_NONALERT;
    LARGE_INTEGER wait = default_timeout(timeout);
    struct nt_path path;
    IO_STATUS_BLOCK io;
    HANDLE pipe = NULL;
    NTSTATUS status;
    if (!(open & PIPE_ACCESS_DUPLEX) || !instances || instances > PIPE_UNLIMITED_INSTANCES) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!nt_path(&path, name)) return INVALID_HANDLE_VALUE;
    if (!has_prefix(&path.name, L"\\??\\pipe\\")) {
        nt_path_free(&path);
        set_error(ERROR_INVALID_NAME);
        return INVALID_HANDLE_VALUE;
    }
    if (security && security->bInheritHandle) path.attributes.Attributes |= OBJ_INHERIT;
    if (open & PIPE_ACCESS_INBOUND) access |= GENERIC_READ;
    if (open & PIPE_ACCESS_OUTBOUND) access |= GENERIC_WRITE;
    if (open & FILE_FLAG_WRITE_THROUGH) options |= FILE_WRITE_THROUGH;
    status = NtCreateNamedPipeFile(&pipe, access, &path.attributes, &io,
        shares[open & PIPE_ACCESS_DUPLEX],
        open & FILE_FLAG_FIRST_PIPE_INSTANCE ? FILE_CREATE : FILE_OPEN_IF, options,
        (mode & PIPE_TYPE_MESSAGE) != 0, (mode & PIPE_READMODE_MESSAGE) != 0,
        (mode & PIPE_NOWAIT) != 0, instances == PIPE_UNLIMITED_INSTANCES ? ~0u : instances, in_size,
        out_size, &wait);
    nt_path_free(&path);
    return created_pipe(status, pipe);
}

HANDLE WINAPI CreateNamedPipeA(LPCSTR name, DWORD open, DWORD mode, DWORD instances, DWORD out_size,
    DWORD in_size, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    FILE_WIDE(wide, name);
    return CreateNamedPipeW(wide, open, mode, instances, out_size, in_size, timeout, security);
}

/* A control call that ends before it returns, or goes on with the caller's OVERLAPPED. */
static BOOL control(HANDLE pipe, ULONG code, void *in, ULONG in_size, void *out, ULONG out_size,
    DWORD *done, OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK own, *io = overlapped ? (PIO_STATUS_BLOCK)overlapped : &own;
    NTSTATUS status;
    io->Status = STATUS_PENDING;
    io->Information = 0;
    status = NtFsControlFile(pipe, overlapped ? overlapped->hEvent : NULL, NULL, overlapped, io,
        code, in, in_size, out, out_size);
    if (status == STATUS_PENDING && overlapped) return set_error(ERROR_IO_PENDING);
    if (status == STATUS_PENDING) {
        NtWaitForSingleObject(pipe, FALSE, NULL);
        status = io->Status;
    }
    if (done) *done = io->Information;
    return set_status(status);
}

BOOL WINAPI ConnectNamedPipe(HANDLE pipe, LPOVERLAPPED overlapped)
{
    return control(pipe, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0, NULL, overlapped);
}

BOOL WINAPI DisconnectNamedPipe(HANDLE pipe)
{
    return control(pipe, FSCTL_PIPE_DISCONNECT, NULL, 0, NULL, 0, NULL, NULL);
}

BOOL WINAPI TransactNamedPipe(HANDLE pipe, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
    LPDWORD done, LPOVERLAPPED overlapped)
{
    return control(pipe, FSCTL_PIPE_TRANSCEIVE, in, in_size, out, out_size, done, overlapped);
}

BOOL WINAPI PeekNamedPipe(HANDLE pipe, LPVOID data, DWORD size, LPDWORD read, LPDWORD available,
    LPDWORD left)
{
    ULONG room = sizeof(FILE_PIPE_PEEK_BUFFER) + (data ? size : 0);
    FILE_PIPE_PEEK_BUFFER *peek = allocate(room);
    IO_STATUS_BLOCK io = {0};
    ULONG got = 0;
    NTSTATUS status;
    if (!peek) return FALSE;
    status = NtFsControlFile(pipe, NULL, NULL, NULL, &io, FSCTL_PIPE_PEEK, NULL, 0, peek, room);
    if (status == STATUS_BUFFER_OVERFLOW) status = STATUS_SUCCESS;
    if (NT_SUCCESS(status)) {
        if (io.Information > sizeof *peek) got = min(io.Information, room) - sizeof *peek;
        if (data) memcpy(data, peek->Data, got);
        if (read) *read = got;
        if (available) *available = peek->ReadDataAvailable;
        if (left) *left = peek->MessageLength - got; /* a pipe without messages: below zero */
    }
    release(peek);
    return set_status(status);
}

BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, LPVOID in, DWORD in_size, LPVOID out,
    DWORD out_size, LPDWORD done, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK own, *io = overlapped ? (PIO_STATUS_BLOCK)overlapped : &own;
    NTSTATUS status;
    if (code >> 16 == FILE_DEVICE_FILE_SYSTEM || code >> 16 == FILE_DEVICE_NAMED_PIPE)
        return control(device, code, in, in_size, out, out_size, done, overlapped);
    io->Status = STATUS_PENDING;
    io->Information = 0;
    status = NtDeviceIoControlFile(device, overlapped ? overlapped->hEvent : NULL, NULL, overlapped,
        io, code, in, in_size, out, out_size);
    if (status == STATUS_PENDING && overlapped) return set_error(ERROR_IO_PENDING);
    if (done) *done = io->Information;
    return set_status(status);
}
