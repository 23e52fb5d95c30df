/* The processes of the system, and psapi's functions on the system as a whole. */
#include "system_processes.h"
#include <psapi.h>

#undef EnumProcesses
#undef EnumDeviceDrivers
#undef GetPerformanceInfo

enum { SystemProcessInformation = 5, SystemModuleInformation = 11 };

/* An answer of any size on the heap. */
static void *query(ULONG what)
{
    ULONG size = 0x4000, needed;
    for (;;) {
        void *info = allocate(size);
        NTSTATUS status;
        if (!info) return NULL;
        status = NtQuerySystemInformation(what, info, size, &needed);
        if (NT_SUCCESS(status)) return info;
        release(info);
        if (status != STATUS_INFO_LENGTH_MISMATCH) {
            set_status(status);
            return NULL;
        }
        size = needed > size ? needed : 2 * size;
    }
}

struct system_process *system_processes(void)
{
    return query(SystemProcessInformation);
}

BOOL WINAPI K32EnumProcesses(DWORD *ids, DWORD size, LPDWORD used)
{
    struct system_process *first = system_processes();
    DWORD count = 0;
    if (!first) return FALSE;
    for (const struct system_process *row = first; row; row = next_process(row))
        if (count < size / sizeof *ids) ids[count++] = (DWORD)(ULONG_PTR)row->UniqueProcessId;
    *used = count * sizeof *ids;
    release(first);
    return TRUE;
}

BOOL WINAPI K32GetPerformanceInfo(PPERFORMANCE_INFORMATION info, DWORD size)
{
    struct system_process *first;
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    if (size < sizeof *info) return set_error(ERROR_BAD_LENGTH);
    if (!GlobalMemoryStatusEx(&memory)) return FALSE;
    first = system_processes();
    if (!first) return FALSE;
    *info = (PERFORMANCE_INFORMATION){.cb = sizeof *info, .PageSize = PAGE_SIZE};
    info->PhysicalTotal = (SIZE_T)(memory.ullTotalPhys >> 12);
    info->PhysicalAvailable = (SIZE_T)(memory.ullAvailPhys >> 12);
    info->CommitLimit = (SIZE_T)(memory.ullTotalPageFile >> 12);
    info->CommitTotal = info->CommitLimit - (SIZE_T)(memory.ullAvailPageFile >> 12);
    info->CommitPeak = info->CommitTotal;
    for (const struct system_process *row = first; row; row = next_process(row)) {
        info->ProcessCount++;
        info->ThreadCount += row->NumberOfThreads;
        info->HandleCount += row->HandleCount;
    }
    release(first);
    return TRUE;
}

struct system_modules {
    ULONG count;
    struct {
        ULONG Spare[2];
        PVOID ImageBaseAddress;
        ULONG ImageSize, Flags;
        USHORT LoadOrderIndex, InitOrderIndex, LoadCount, OffsetToFileName;
        CHAR FullPathName[256];
    } modules[];
};

BOOL WINAPI K32EnumDeviceDrivers(LPVOID *bases, DWORD size, LPDWORD needed)
{
    struct system_modules *info = query(SystemModuleInformation);
    if (!info) return FALSE;
    for (ULONG i = 0; i < info->count && i < size / sizeof *bases; i++)
        bases[i] = info->modules[i].ImageBaseAddress;
    *needed = info->count * sizeof *bases;
    release(info);
    return TRUE;
}
