/* One-time initialisation. The low two bits of the word are its state, the rest the context. */
#include "ntdll.h"

#define PENDING 1u
#define COMPLETE 2u
#define ASYNC_PENDING 3u
#define STATE 3u

static ULONG_PTR Swap(PRTL_RUN_ONCE once, ULONG_PTR from, ULONG_PTR to)
{
    return (ULONG_PTR)InterlockedCompareExchange((volatile LONG *)&once->Ptr, (LONG)to,
                                                 (LONG)from);
}

VOID NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE Once)
{
    Once->Ptr = NULL;
}

static DWORD Begin(PRTL_RUN_ONCE once, BOOL async)
{
    for (;;) {
        ULONG_PTR old = Swap(once, 0, async ? ASYNC_PENDING : PENDING);
        if (!old)
            return STATUS_PENDING;
        if ((old & STATE) == COMPLETE)
            return STATUS_SUCCESS;
        if ((old & STATE) == ASYNC_PENDING)
            return async ? STATUS_PENDING : STATUS_INVALID_PARAMETER;
        if (async)
            return STATUS_INVALID_PARAMETER;
        RtlWaitOnAddress(&once->Ptr, &old, sizeof old, NULL);
    }
}

/* STATUS_SUCCESS: initialised, *Context set; STATUS_PENDING: the caller has to do it. */
DWORD NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE Once, DWORD Flags, PVOID *Context)
{
    BOOL check = Flags & RTL_RUN_ONCE_CHECK_ONLY;
    ULONG_PTR value = (ULONG_PTR)Once->Ptr;
    if (check && Flags & RTL_RUN_ONCE_ASYNC)
        return STATUS_INVALID_PARAMETER;
    if ((value & STATE) != COMPLETE) {
        if (check)
            return STATUS_UNSUCCESSFUL;
        DWORD status = Begin(Once, Flags & RTL_RUN_ONCE_ASYNC);
        if (status != STATUS_SUCCESS)
            return status;
        value = (ULONG_PTR)Once->Ptr;
    }
    if (Context)
        *Context = (PVOID)(value & ~(ULONG_PTR)STATE);
    return STATUS_SUCCESS;
}

DWORD NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE Once, DWORD Flags, PVOID Context)
{
    BOOL failed = Flags & RTL_RUN_ONCE_INIT_FAILED, async = Flags & RTL_RUN_ONCE_ASYNC;
    if ((ULONG_PTR)Context & STATE || (failed && (Context || async)))
        return STATUS_INVALID_PARAMETER;
    ULONG_PTR from = async ? ASYNC_PENDING : PENDING;
    if (Swap(Once, from, failed ? 0 : (ULONG_PTR)Context | COMPLETE) != from)
        return STATUS_UNSUCCESSFUL;
    RtlWakeAddressAll(&Once->Ptr);
    return STATUS_SUCCESS;
}

DWORD NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE Once, PRTL_RUN_ONCE_INIT_FN Function,
                                  PVOID Parameter, PVOID *Context)
{
    PVOID made = NULL;
    DWORD status = RtlRunOnceBeginInitialize(Once, 0, Context);
    if (status != STATUS_PENDING)
        return status;
    if (!Function(Once, Parameter, Context ? Context : &made)) {
        RtlRunOnceComplete(Once, RTL_RUN_ONCE_INIT_FAILED, NULL);
        return STATUS_UNSUCCESSFUL;
    }
    return RtlRunOnceComplete(Once, 0, Context ? *Context : made);
}
