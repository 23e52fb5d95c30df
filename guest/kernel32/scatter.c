/* Reading into and writing from pages that lie apart. */
#include "io.h"

NTSTATUS NTAPI NtReadFileScatter(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, FILE_SEGMENT_ELEMENT *Segments, ULONG Length, PLARGE_INTEGER Offset,
    PULONG Key);
NTSTATUS NTAPI NtWriteFileGather(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, FILE_SEGMENT_ELEMENT *Segments, ULONG Length, PLARGE_INTEGER Offset,
    PULONG Key);

/* The event's low bit means: no packet to a completion port. */
static PVOID context_of(LPOVERLAPPED overlapped)
{
    return (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
}

#define TRANSFER(name, call) \
    BOOL WINAPI name(HANDLE file, FILE_SEGMENT_ELEMENT *segments, DWORD size, LPDWORD reserved, \
        LPOVERLAPPED overlapped) \
    { \
        LARGE_INTEGER offset = {.LowPart = overlapped->Offset, \
            .HighPart = (LONG)overlapped->OffsetHigh}; \
        NTSTATUS status; \
        (void)reserved; \
        overlapped->Internal = STATUS_PENDING; \
        overlapped->InternalHigh = 0; \
        status = call(file, overlapped->hEvent, NULL, context_of(overlapped), \
            (PIO_STATUS_BLOCK)overlapped, segments, size, &offset, NULL); \
        if (status == STATUS_PENDING) return set_error(ERROR_IO_PENDING); \
        return set_status(status); \
    }
TRANSFER(ReadFileScatter, NtReadFileScatter)
TRANSFER(WriteFileGather, NtWriteFileGather)
