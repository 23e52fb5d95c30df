/* Critical sections. LockCount is −1 when free, then counts acquisitions; a thread that has to
 * wait does so on LockSemaphore, in which the thread that leaves puts one wake-up. */
#include "ntdll.h"

static HANDLE ThreadId(void)
{
    return NtTeb()->ClientId.UniqueThread;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION Section, ULONG SpinCount,
                                              ULONG Flags)
{
    (void)Flags;
    Section->DebugInfo = (PVOID)(LONG_PTR)-1; /* what Windows 8 and later put there */
    Section->LockCount = -1;
    Section->RecursionCount = 0;
    Section->OwningThread = NULL;
    Section->LockSemaphore = NULL;
    Section->SpinCount = NtPeb()->NumberOfProcessors > 1 ? SpinCount & 0x00FFFFFF : 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION Section,
                                                        ULONG SpinCount)
{
    return RtlInitializeCriticalSectionEx(Section, SpinCount, 0);
}

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION Section)
{
    return RtlInitializeCriticalSectionEx(Section, 0, 0);
}

ULONG NTAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION Section, ULONG SpinCount)
{
    ULONG old = Section->SpinCount;
    Section->SpinCount = NtPeb()->NumberOfProcessors > 1 ? SpinCount : 0;
    return old;
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION Section)
{
    Section->DebugInfo = NULL;
    Section->LockCount = -1;
    Section->RecursionCount = 0;
    Section->OwningThread = NULL;
    Section->LockSemaphore = NULL;
    return STATUS_SUCCESS;
}

static VOID WaitForTurn(PRTL_CRITICAL_SECTION section)
{
    volatile LONG *turn = (volatile LONG *)&section->LockSemaphore;
    LONG none = 0;
    while (InterlockedCompareExchange(turn, 0, 1) != 1)
        RtlWaitOnAddress(turn, &none, sizeof none, NULL);
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION Section)
{
    if (InterlockedIncrement(&Section->LockCount)) {
        if (Section->OwningThread == ThreadId()) {
            Section->RecursionCount++;
            return STATUS_SUCCESS;
        }
        WaitForTurn(Section);
    }
    Section->OwningThread = ThreadId();
    Section->RecursionCount = 1;
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION Section)
{
    if (InterlockedCompareExchange(&Section->LockCount, 0, -1) == -1) {
        Section->OwningThread = ThreadId();
        Section->RecursionCount = 1;
        return TRUE;
    }
    if (Section->OwningThread != ThreadId())
        return FALSE;
    InterlockedIncrement(&Section->LockCount);
    Section->RecursionCount++;
    return TRUE;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION Section)
{
    if (--Section->RecursionCount > 0) {
        InterlockedDecrement(&Section->LockCount);
        return STATUS_SUCCESS;
    }
    if (Section->RecursionCount < 0) /* nobody has it: it can still be entered later */
        return STATUS_SUCCESS;
    Section->OwningThread = NULL;
    if (InterlockedDecrement(&Section->LockCount) >= 0) {
        InterlockedExchange((volatile LONG *)&Section->LockSemaphore, 1);
        RtlWakeAddressSingle(&Section->LockSemaphore);
    }
    return STATUS_SUCCESS;
}

ULONG NTAPI RtlIsCriticalSectionLocked(PRTL_CRITICAL_SECTION Section)
{
    return Section->RecursionCount != 0;
}

ULONG NTAPI RtlIsCriticalSectionLockedByThread(PRTL_CRITICAL_SECTION Section)
{
    return Section->OwningThread == ThreadId() && Section->RecursionCount != 0;
}

static RTL_CRITICAL_SECTION peb_lock;

VOID InitializePebLock(void)
{
    RtlInitializeCriticalSection(&peb_lock);
    NtPeb()->FastPebLock = &peb_lock;
}

VOID NTAPI RtlAcquirePebLock(void)
{
    RtlEnterCriticalSection(&peb_lock);
}

VOID NTAPI RtlReleasePebLock(void)
{
    RtlLeaveCriticalSection(&peb_lock);
}
