/* Threads and the process's end. */
#include "ntdll.h"

#define ThreadAmILastThread 12
#define ThreadHideFromDebugger 17
#define THREAD_CREATE_FLAGS_CREATE_SUSPENDED 1

/* An attribute list of NtCreateThreadEx with one attribute: the client id, out. */
struct attributes {
    SIZE_T total;
    ULONG_PTR attribute;
    SIZE_T size;
    PVOID value;
    PSIZE_T returned;
};
#define PS_ATTRIBUTE_CLIENT_ID_OUT 0x00010003

NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PVOID Descriptor, BOOLEAN Suspended,
                                   ULONG ZeroBits, SIZE_T Reserve, SIZE_T Commit, PVOID Start,
                                   PVOID Argument, PHANDLE Thread, PCLIENT_ID ClientId)
{
    CLIENT_ID id;
    HANDLE thread;
    OBJECT_ATTRIBUTES object;
    struct attributes list = {sizeof list, PS_ATTRIBUTE_CLIENT_ID_OUT, sizeof id, &id, NULL};
    InitializeObjectAttributes(&object, NULL, 0, NULL, Descriptor);
    NTSTATUS status = NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, &object, Process, Start,
                                       Argument,
                                       Suspended ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0,
                                       ZeroBits, Commit, Reserve, &list);
    if (!NT_SUCCESS(status))
        return status;
    if (ClientId)
        *ClientId = id;
    if (Thread)
        *Thread = thread;
    else
        NtClose(thread);
    return STATUS_SUCCESS;
}

/* The last thread's end is the process's. */
VOID NTAPI RtlExitUserThread(NTSTATUS Status)
{
    ULONG last = FALSE;
    NTSTATUS asked = NtQueryInformationThread(NtCurrentThread(), ThreadAmILastThread, &last,
                                              sizeof last, NULL);
    if (NT_SUCCESS(asked) && last)
        RtlExitUserProcess(Status);
    LdrShutdownThread();
    for (;;)
        NtTerminateThread(NtCurrentThread(), Status);
}

/* First the other threads, then the DLLs, then the process. */
VOID NTAPI RtlExitUserProcess(NTSTATUS Status)
{
    RtlEnterCriticalSection(NtPeb()->LoaderLock);
    RtlAcquirePebLock();
    NtTerminateProcess(NULL, Status);
    ForgetWaiters();
    RtlReleasePebLock();
    RtlLeaveCriticalSection(NtPeb()->LoaderLock);
    LdrShutdownProcess();
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), Status);
}

PPEB NTAPI RtlGetCurrentPeb(void)
{
    return NtPeb();
}

VOID NTAPI RtlFreeUserStack(PVOID Allocation)
{
    SIZE_T size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Allocation, &size, MEM_RELEASE);
}

#define ERROR_MODES 0x70u

ULONG NTAPI RtlGetThreadErrorMode(void)
{
    return NtTeb()->HardErrorMode;
}

NTSTATUS NTAPI RtlSetThreadErrorMode(ULONG Mode, PULONG Previous)
{
    if (Mode & ~ERROR_MODES)
        return STATUS_INVALID_PARAMETER_1;
    if (Previous)
        *Previous = NtTeb()->HardErrorMode;
    NtTeb()->HardErrorMode = Mode;
    return STATUS_SUCCESS;
}

/* Return addresses along the chain of frame pointers; Hash is their sum. */
USHORT NTAPI RtlCaptureStackBackTrace(ULONG Skip, ULONG Count, PVOID *Trace, PULONG Hash)
{
    const NT_TIB *tib = &NtTeb()->Tib;
    PVOID *frame = __builtin_frame_address(0);
    ULONG found = 0, sum = 0;
    while (found < Skip + Count && !((ULONG_PTR)frame & 3) &&
           (ULONG_PTR)frame >= (ULONG_PTR)tib->StackLimit &&
           (ULONG_PTR)(frame + 2) <= (ULONG_PTR)tib->StackBase && frame[1]) {
        if (found >= Skip) {
            Trace[found - Skip] = frame[1];
            sum += (ULONG)(ULONG_PTR)frame[1];
        }
        found++;
        if ((PVOID *)frame[0] <= frame)
            break;
        frame = frame[0];
    }
    if (Hash)
        *Hash = sum;
    return (USHORT)(found > Skip ? found - Skip : 0);
}

/* Monitoring of silent exits is off, as without its registry values. */
NTSTATUS NTAPI RtlReportSilentProcessExit(HANDLE Process, NTSTATUS Status)
{
    (void)Process;
    (void)Status;
    return STATUS_SUCCESS;
}
