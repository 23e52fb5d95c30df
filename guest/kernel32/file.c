/* Reading, writing and positioning. */
#include "io.h"

static HANDLE standard(HANDLE handle)
{
    LONG_PTR value = (LONG_PTR)handle;
    return value <= -10 && value >= -12 ? GetStdHandle((DWORD)value) : handle;
}

static LARGE_INTEGER offset_of(const OVERLAPPED *overlapped)
{
    LARGE_INTEGER offset;
    offset.LowPart = overlapped->Offset;
    offset.HighPart = (LONG)overlapped->OffsetHigh;
    return offset;
}

/* Mark an operation as pending; returns its offset in the file. */
static LARGE_INTEGER begin(OVERLAPPED *overlapped)
{
    overlapped->Internal = STATUS_PENDING;
    return offset_of(overlapped);
}

/* A set low bit of the event keeps the operation out of a completion port. */
static PVOID completion_context(OVERLAPPED *overlapped)
{
    return (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
}

typedef NTSTATUS NTAPI transfer_call(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK,
    PVOID, ULONG, PLARGE_INTEGER, PULONG);

static BOOL transfer_overlapped(transfer_call *call, HANDLE file, LPVOID buffer, DWORD size,
    LPDWORD done, OVERLAPPED *overlapped)
{
    LARGE_INTEGER offset = begin(overlapped);
    NTSTATUS status = call(file, overlapped->hEvent, NULL, completion_context(overlapped),
        (PIO_STATUS_BLOCK)overlapped, buffer, size, &offset, NULL);
    if (done) *done = NT_SUCCESS(status) && status != STATUS_PENDING ? overlapped->InternalHigh : 0;
    if (status == STATUS_PENDING) return set_error(ERROR_IO_PENDING);
    return set_status(status);
}

static BOOL transfer(transfer_call *call, HANDLE file, LPVOID buffer, DWORD size, LPDWORD done,
    OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK io = {0};
    file = standard(file);
    if (overlapped) return transfer_overlapped(call, file, buffer, size, done, overlapped);
    if (done) *done = 0;
    NTSTATUS status = call(file, NULL, NULL, NULL, &io, buffer, size, NULL, NULL);
    if (status == STATUS_PENDING) {
        NtWaitForSingleObject(file, FALSE, NULL);
        status = io.Status;
    }
    if (status == STATUS_END_OF_FILE) return TRUE; /* 0 bytes: the end, not an error */
    if (done) *done = io.Information;
    return set_status(status);
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD size, LPDWORD done, LPOVERLAPPED overlapped)
{
    return transfer(NtReadFile, file, buffer, size, done, overlapped);
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD size, LPDWORD done,
    LPOVERLAPPED overlapped)
{
    return transfer((transfer_call *)NtWriteFile, file, (PVOID)buffer, size, done, overlapped);
}

/* hEvent is free for the program's use here, so it carries the routine to the APC. */
static VOID NTAPI call_completion(PVOID context, PIO_STATUS_BLOCK io, ULONG reserved)
{
    LPOVERLAPPED_COMPLETION_ROUTINE routine = (LPOVERLAPPED_COMPLETION_ROUTINE)context;
    (void)reserved;
    routine(NT_SUCCESS(io->Status) ? 0 : RtlNtStatusToDosError(io->Status), io->Information,
        (LPOVERLAPPED)io);
}

BOOL WINAPI ReadFileEx(HANDLE file, LPVOID buffer, DWORD size, LPOVERLAPPED overlapped,
    LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = begin(overlapped);
    return set_status(NtReadFile(file, NULL, call_completion, (PVOID)(ULONG_PTR)routine,
        (PIO_STATUS_BLOCK)overlapped, buffer, size, &offset, NULL));
}

BOOL WINAPI WriteFileEx(HANDLE file, LPCVOID buffer, DWORD size, LPOVERLAPPED overlapped,
    LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = begin(overlapped);
    return set_status(NtWriteFile(file, NULL, call_completion, (PVOID)(ULONG_PTR)routine,
        (PIO_STATUS_BLOCK)overlapped, buffer, size, &offset, NULL));
}

BOOL WINAPI FlushFileBuffers(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return set_status(NtFlushBuffersFile(standard(file), &io));
}

static NTSTATUS query(HANDLE file, PVOID buffer, ULONG size, ULONG what)
{
    IO_STATUS_BLOCK io;
    return NtQueryInformationFile(standard(file), &io, buffer, size, what);
}

static BOOL change(HANDLE file, PVOID buffer, ULONG size, ULONG what)
{
    IO_STATUS_BLOCK io;
    return set_status(NtSetInformationFile(standard(file), &io, buffer, size, what));
}

static BOOL move_pointer(HANDLE file, LONGLONG distance, DWORD method, LONGLONG *position)
{
    LARGE_INTEGER current;
    FILE_STANDARD_INFORMATION sizes;
    if (method == FILE_CURRENT) {
        if (!set_status(query(file, &current, sizeof current, FilePositionInformation)))
            return FALSE;
        distance += current.QuadPart;
    } else if (method == FILE_END) {
        if (!set_status(query(file, &sizes, sizeof sizes, FileStandardInformation))) return FALSE;
        distance += sizes.EndOfFile.QuadPart;
    } else if (method != FILE_BEGIN) {
        return set_error(ERROR_INVALID_PARAMETER);
    }
    if (distance < 0) return set_error(ERROR_NEGATIVE_SEEK);
    current.QuadPart = *position = distance;
    return change(file, &current, sizeof current, FilePositionInformation);
}

BOOL WINAPI SetFilePointerEx(HANDLE file, LARGE_INTEGER distance, PLARGE_INTEGER position,
    DWORD method)
{
    LONGLONG result;
    if (!move_pointer(file, distance.QuadPart, method, &result)) return FALSE;
    if (position) position->QuadPart = result;
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE file, LONG low, PLONG high, DWORD method)
{
    LONGLONG distance = high ? (LONGLONG)*high << 32 | (ULONG)low : low;
    LONGLONG result;
    if (!move_pointer(file, distance, method, &result)) return INVALID_SET_FILE_POINTER;
    if (high) *high = (LONG)(result >> 32);
    else if (result >> 32) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    if ((DWORD)result == INVALID_SET_FILE_POINTER) set_error(ERROR_SUCCESS);
    return (DWORD)result;
}

BOOL WINAPI GetFileSizeEx(HANDLE file, PLARGE_INTEGER size)
{
    FILE_STANDARD_INFORMATION sizes;
    if (!set_status(query(file, &sizes, sizeof sizes, FileStandardInformation))) return FALSE;
    *size = sizes.EndOfFile;
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE file, LPDWORD high)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size)) return INVALID_FILE_SIZE;
    if (high) *high = (DWORD)size.HighPart;
    if (size.LowPart == INVALID_FILE_SIZE) set_error(ERROR_SUCCESS);
    return size.LowPart;
}

BOOL WINAPI SetEndOfFile(HANDLE file)
{
    LARGE_INTEGER position;
    if (!set_status(query(file, &position, sizeof position, FilePositionInformation))) return FALSE;
    return change(file, &position, sizeof position, FileEndOfFileInformation);
}

BOOL WINAPI SetFileValidData(HANDLE file, LONGLONG length)
{
    (void)file;
    (void)length;
    return set_error(ERROR_PRIVILEGE_NOT_HELD);
}

DWORD WINAPI GetFileType(HANDLE file)
{
    FILE_FS_DEVICE_INFORMATION device;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryVolumeInformationFile(standard(file), &io, &device, sizeof device,
        FileFsDeviceInformation);
    if (!set_status(status)) return FILE_TYPE_UNKNOWN;
    set_error(ERROR_SUCCESS);
    switch (device.DeviceType) {
    case FILE_DEVICE_NULL:
    case FILE_DEVICE_SERIAL_PORT:
    case FILE_DEVICE_PARALLEL_PORT:
    case FILE_DEVICE_UNKNOWN:
    case FILE_DEVICE_CONSOLE:
        return FILE_TYPE_CHAR;
    case FILE_DEVICE_NAMED_PIPE:
        return FILE_TYPE_PIPE;
    default:
        return FILE_TYPE_DISK;
    }
}

static BOOL lock(HANDLE file, LARGE_INTEGER offset, LARGE_INTEGER length, BOOL now, BOOL exclusive,
    OVERLAPPED *overlapped)
{
    IO_STATUS_BLOCK own, *io = overlapped ? (PIO_STATUS_BLOCK)overlapped : &own;
    NTSTATUS status;
    io->Status = STATUS_PENDING;
    status = NtLockFile(file, overlapped ? overlapped->hEvent : NULL, NULL, NULL, io, &offset,
        &length, 0, now != 0, exclusive != 0);
    if (status == STATUS_PENDING) return set_error(ERROR_IO_PENDING);
    return set_status(status);
}

BOOL WINAPI LockFileEx(HANDLE file, DWORD flags, DWORD reserved, DWORD low, DWORD high,
    LPOVERLAPPED overlapped)
{
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    if (reserved) return set_error(ERROR_INVALID_PARAMETER);
    return lock(file, offset_of(overlapped), length, flags & LOCKFILE_FAIL_IMMEDIATELY,
        flags & LOCKFILE_EXCLUSIVE_LOCK, overlapped);
}

BOOL WINAPI LockFile(HANDLE file, DWORD low, DWORD high, DWORD length_low, DWORD length_high)
{
    LARGE_INTEGER offset = {.LowPart = low, .HighPart = (LONG)high};
    LARGE_INTEGER length = {.LowPart = length_low, .HighPart = (LONG)length_high};
    return lock(file, offset, length, TRUE, TRUE, NULL);
}

static BOOL unlock(HANDLE file, LARGE_INTEGER offset, DWORD low, DWORD high)
{
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    IO_STATUS_BLOCK io;
    return set_status(NtUnlockFile(file, &io, &offset, &length, 0));
}

BOOL WINAPI UnlockFileEx(HANDLE file, DWORD reserved, DWORD low, DWORD high,
    LPOVERLAPPED overlapped)
{
    if (reserved) return set_error(ERROR_INVALID_PARAMETER);
    return unlock(file, offset_of(overlapped), low, high);
}

BOOL WINAPI UnlockFile(HANDLE file, DWORD low, DWORD high, DWORD length_low, DWORD length_high)
{
    LARGE_INTEGER offset = {.LowPart = low, .HighPart = (LONG)high};
    return unlock(file, offset, length_low, length_high);
}

UINT WINAPI SetHandleCount(UINT count)
{
    return count;
}
