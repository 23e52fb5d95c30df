/* Working sets, write watch, and pages of physical memory that a process owns. */
#include "kernel32.h"
#include <psapi.h>

#undef EmptyWorkingSet
#undef GetMappedFileNameW
#undef QueryWorkingSet
#undef QueryWorkingSetEx

enum { WORKING_SET = 1, MAPPED_FILE_NAME = 2, WORKING_SET_EX = 4 }; /* NtQueryVirtualMemory */
enum { QUOTA_LIMITS_CLASS = 1 };                                    /* NtQueryInformationProcess */

BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE process, PSIZE_T minimum, PSIZE_T maximum,
    PDWORD flags)
{
    QUOTA_LIMITS_EX limits;
    NTSTATUS status = NtQueryInformationProcess(process, QUOTA_LIMITS_CLASS, &limits,
        sizeof limits, NULL);
    if (!set_status(status)) return FALSE;
    *minimum = limits.MinimumWorkingSetSize;
    *maximum = limits.MaximumWorkingSetSize;
    if (flags) *flags = limits.Flags;
    return TRUE;
}

BOOL WINAPI GetProcessWorkingSetSize(HANDLE process, PSIZE_T minimum, PSIZE_T maximum)
{
    return GetProcessWorkingSetSizeEx(process, minimum, maximum, NULL);
}

BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE process, SIZE_T minimum, SIZE_T maximum, DWORD flags)
{
    QUOTA_LIMITS_EX limits = {.MinimumWorkingSetSize = minimum, .MaximumWorkingSetSize = maximum};
    if (!minimum || !maximum) return set_error(ERROR_INVALID_PARAMETER);
    limits.Flags = flags;
    return set_status(NtSetInformationProcess(process, QUOTA_LIMITS_CLASS, &limits, sizeof limits));
}

BOOL WINAPI SetProcessWorkingSetSize(HANDLE process, SIZE_T minimum, SIZE_T maximum)
{
    return SetProcessWorkingSetSizeEx(process, minimum, maximum, 0);
}

BOOL WINAPI K32EmptyWorkingSet(HANDLE process)
{
    return SetProcessWorkingSetSizeEx(process, (SIZE_T)-1, (SIZE_T)-1, 0);
}

BOOL WINAPI K32QueryWorkingSet(HANDLE process, PVOID buffer, DWORD size)
{
    return set_status(NtQueryVirtualMemory(process, NULL, WORKING_SET, buffer, size, NULL));
}

BOOL WINAPI K32QueryWorkingSetEx(HANDLE process, PVOID buffer, DWORD size)
{
    return set_status(NtQueryVirtualMemory(process, NULL, WORKING_SET_EX, buffer, size, NULL));
}

DWORD WINAPI K32GetMappedFileNameW(HANDLE process, LPVOID address, LPWSTR text, DWORD size)
{
    struct {
        UNICODE_STRING name;
        WCHAR room[0x400];
    } found;
    DWORD length;
    if (!set_status(NtQueryVirtualMemory(process, address, MAPPED_FILE_NAME, &found, sizeof found,
            NULL)))
        return 0;
    length = found.name.Length / sizeof(WCHAR);
    if (length >= size) {
        set_error(ERROR_INSUFFICIENT_BUFFER);
        length = size;
    }
    memcpy(text, found.name.Buffer, length * sizeof(WCHAR));
    if (length < size) text[length] = 0;
    return length;
}

UINT WINAPI GetWriteWatch(DWORD flags, PVOID base, SIZE_T size, PVOID *pages, ULONG_PTR *count,
    LPDWORD granularity)
{
    NTSTATUS status = NtGetWriteWatch(NtCurrentProcess(), flags, base, size, pages, count,
        granularity);
    return set_status(status) ? 0 : (UINT)-1;
}

UINT WINAPI ResetWriteWatch(LPVOID base, SIZE_T size)
{
    return set_status(NtResetWriteWatch(NtCurrentProcess(), base, size)) ? 0 : (UINT)-1;
}

BOOL WINAPI AllocateUserPhysicalPages(HANDLE process, PULONG_PTR count, PULONG_PTR frames)
{
    return set_status(NtAllocateUserPhysicalPages(process, count, frames));
}

BOOL WINAPI FreeUserPhysicalPages(HANDLE process, PULONG_PTR count, PULONG_PTR frames)
{
    return set_status(NtFreeUserPhysicalPages(process, count, frames));
}

BOOL WINAPI MapUserPhysicalPages(PVOID address, ULONG_PTR count, PULONG_PTR frames)
{
    return set_status(NtMapUserPhysicalPages(address, count, frames));
}

BOOL WINAPI MapUserPhysicalPagesScatter(PVOID *addresses, ULONG_PTR count, PULONG_PTR frames)
{
    return set_status(NtMapUserPhysicalPagesScatter(addresses, count, frames));
}

BOOL WINAPI PrefetchVirtualMemory(HANDLE process, ULONG_PTR count, PWIN32_MEMORY_RANGE_ENTRY ranges,
    ULONG flags)
{
    return set_status(NtSetInformationVirtualMemory(process, 0, count, ranges, &flags,
        sizeof flags));
}

LPVOID WINAPI VirtualAllocExNuma(HANDLE process, LPVOID base, SIZE_T size, DWORD type,
    DWORD protect, DWORD node)
{
    (void)node;
    return VirtualAllocEx(process, base, size, type, protect);
}
