/* Processor groups and cycle counts: there is one group, and blocks of code stand for cycles. */
#include "kernel32.h"

static BOOL affinity_of(HANDLE thread, ULONG_PTR *mask)
{
    struct {
        NTSTATUS ExitStatus;
        PVOID TebBaseAddress;
        CLIENT_ID ClientId;
        ULONG_PTR AffinityMask;
        LONG Priority, BasePriority;
    } info;
    if (!set_status(NtQueryInformationThread(thread, 0, &info, sizeof info, NULL))) return FALSE;
    *mask = info.AffinityMask;
    return TRUE;
}

BOOL WINAPI GetThreadGroupAffinity(HANDLE thread, PGROUP_AFFINITY affinity)
{
    ULONG_PTR mask;
    if (!affinity) return set_error(ERROR_INVALID_PARAMETER);
    if (!affinity_of(thread, &mask)) return FALSE;
    *affinity = (GROUP_AFFINITY){.Mask = mask};
    return TRUE;
}

BOOL WINAPI SetThreadGroupAffinity(HANDLE thread, const GROUP_AFFINITY *affinity,
    PGROUP_AFFINITY previous)
{
    DWORD_PTR own, all;
    if (!affinity) return set_error(ERROR_NOACCESS);
    if (!GetProcessAffinityMask(GetCurrentProcess(), &own, &all)) return FALSE;
    if (affinity->Group || affinity->Mask & ~all) return set_error(ERROR_INVALID_PARAMETER);
    if (previous && !GetThreadGroupAffinity(thread, previous)) return FALSE;
    return SetThreadAffinityMask(thread, affinity->Mask) != 0;
}

BOOL WINAPI GetProcessGroupAffinity(HANDLE process, PUSHORT count, PUSHORT groups)
{
    USHORT room = *count;
    DWORD_PTR own, all;
    if (!GetProcessAffinityMask(process, &own, &all)) return FALSE;
    *count = 1;
    if (!room) return set_error(ERROR_INSUFFICIENT_BUFFER);
    groups[0] = 0;
    return TRUE;
}

BOOL WINAPI GetThreadIdealProcessorEx(HANDLE thread, PPROCESSOR_NUMBER processor)
{
    enum { ThreadIdealProcessorEx = 33 };
    return set_status(NtQueryInformationThread(thread, ThreadIdealProcessorEx, processor,
        sizeof *processor, NULL));
}

BOOL WINAPI SetThreadIdealProcessorEx(HANDLE thread, PPROCESSOR_NUMBER processor,
    PPROCESSOR_NUMBER previous)
{
    enum { ThreadIdealProcessorEx = 33 };
    PROCESSOR_NUMBER before, wanted = *processor;
    if (!GetThreadIdealProcessorEx(thread, &before)) return FALSE;
    if (!set_status(NtSetInformationThread(thread, ThreadIdealProcessorEx, &wanted, sizeof wanted)))
        return FALSE;
    if (previous) *previous = before;
    return TRUE;
}

BOOL WINAPI QueryThreadCycleTime(HANDLE thread, PULONG64 cycles)
{
    enum { ThreadCycleTime = 23 };
    ULONG64 times[2];
    if (!set_status(NtQueryInformationThread(thread, ThreadCycleTime, times, sizeof times, NULL)))
        return FALSE;
    *cycles = times[0];
    return TRUE;
}

BOOL WINAPI QueryProcessCycleTime(HANDLE process, PULONG64 cycles)
{
    enum { ProcessCycleTime = 38 };
    ULONG64 times[2];
    if (!set_status(NtQueryInformationProcess(process, ProcessCycleTime, times, sizeof times,
            NULL)))
        return FALSE;
    *cycles = times[0];
    return TRUE;
}

BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT node, PGROUP_AFFINITY mask)
{
    ULONGLONG processors;
    if (!mask) return set_error(ERROR_INVALID_PARAMETER);
    if (node > 0xFF || !GetNumaNodeProcessorMask((UCHAR)node, &processors))
        return set_error(ERROR_INVALID_PARAMETER);
    *mask = (GROUP_AFFINITY){.Mask = (KAFFINITY)processors};
    return TRUE;
}
