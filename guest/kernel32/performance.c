/* Process status (the K32… names of psapi) and processor topology. */
#include "kernel32.h"
#include <psapi.h>

#undef GetProcessMemoryInfo
#undef GetModuleFileNameExW
#undef EnumProcessModules

BOOL WINAPI K32GetProcessMemoryInfo(HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD size)
{
    struct {
        SIZE_T peak_virtual, virtual;
        ULONG faults;
        SIZE_T peak_working_set, working_set, peak_paged, paged, peak_nonpaged, nonpaged;
        SIZE_T page_file, peak_page_file;
    } vm; /* VM_COUNTERS */
    if (size < sizeof *counters) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!set_status(NtQueryInformationProcess(process, 3, &vm, sizeof vm, NULL))) return FALSE;
    *counters = (PROCESS_MEMORY_COUNTERS){size, vm.faults, vm.peak_working_set, vm.working_set,
        vm.peak_paged, vm.paged, vm.peak_nonpaged, vm.nonpaged, vm.page_file, vm.peak_page_file};
    if (size >= sizeof(PROCESS_MEMORY_COUNTERS_EX))
        ((PROCESS_MEMORY_COUNTERS_EX *)counters)->PrivateUsage = vm.page_file;
    return TRUE;
}

BOOL WINAPI GetNumaHighestNodeNumber(PULONG node)
{
    *node = 0;
    return TRUE;
}

BOOL WINAPI GetNumaNodeProcessorMask(UCHAR node, PULONGLONG mask)
{
    DWORD_PTR own, all;
    if (node) return set_error(ERROR_INVALID_PARAMETER);
    GetProcessAffinityMask(NtCurrentProcess(), &own, &all);
    *mask = all;
    return TRUE;
}

WORD WINAPI GetMaximumProcessorGroupCount(void)
{
    return 1;
}

BOOL WINAPI GetProcessIoCounters(HANDLE process, PIO_COUNTERS counters)
{
    return set_status(NtQueryInformationProcess(process, 2, counters, sizeof *counters, NULL));
}

SIZE_T WINAPI GetLargePageMinimum(void)
{
    return 0; /* large pages are not supported */
}

BOOL WINAPI GetSystemPowerStatus(LPSYSTEM_POWER_STATUS status)
{
    memset(status, 0xFF, sizeof *status); /* all unknown, but on mains and no battery */
    status->ACLineStatus = 1;
    status->BatteryFlag = 128;
    status->SystemStatusFlag = 0;
    return TRUE;
}
