/* Condition variables: a counter of wake-ups. A sleeper notes it while it holds the lock. */
#include "ntdll.h"

static volatile LONG *Counter(PRTL_CONDITION_VARIABLE variable)
{
    return (volatile LONG *)&variable->Ptr;
}

VOID NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE Variable)
{
    Variable->Ptr = NULL;
}

NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE Variable,
                                           PRTL_CRITICAL_SECTION Section,
                                           const LARGE_INTEGER *Timeout)
{
    LONG seen = *Counter(Variable);
    RtlLeaveCriticalSection(Section);
    NTSTATUS status = RtlWaitOnAddress(Counter(Variable), &seen, sizeof seen, Timeout);
    RtlEnterCriticalSection(Section);
    return status;
}

NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE Variable, PRTL_SRWLOCK Lock,
                                            const LARGE_INTEGER *Timeout, ULONG Flags)
{
    BOOL shared = Flags & RTL_CONDITION_VARIABLE_LOCKMODE_SHARED;
    LONG seen = *Counter(Variable);
    if (shared)
        RtlReleaseSRWLockShared(Lock);
    else
        RtlReleaseSRWLockExclusive(Lock);
    NTSTATUS status = RtlWaitOnAddress(Counter(Variable), &seen, sizeof seen, Timeout);
    if (shared)
        RtlAcquireSRWLockShared(Lock);
    else
        RtlAcquireSRWLockExclusive(Lock);
    return status;
}

VOID NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE Variable)
{
    InterlockedIncrement(Counter(Variable));
    RtlWakeAddressSingle((PVOID)Counter(Variable));
}

VOID NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE Variable)
{
    InterlockedIncrement(Counter(Variable));
    RtlWakeAddressAll((PVOID)Counter(Variable));
}
