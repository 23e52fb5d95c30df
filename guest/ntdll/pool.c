/* Thread pools: worker threads that are made as they are needed and go when they have been idle. */
#include "pool.h"

#define MOST_WORKERS 500
#define IDLE_TIME (-5 * 10000000ll) /* 5 s, relative */

static struct _TP_POOL *default_pool;

NTSTATUS StartPoolThread(PVOID function, PVOID context)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, function,
                                          context, &thread, NULL);
    if (NT_SUCCESS(status))
        NtClose(thread);
    return status;
}

/* Waits until an object is queued; FALSE: the thread is to go. The lock is held. */
static BOOL AwaitObject(struct _TP_POOL *pool)
{
    LARGE_INTEGER timeout = {.QuadPart = IDLE_TIME};
    while (!pool->queued) {
        if (!pool->references)
            return FALSE;
        pool->idle++;
        NTSTATUS status = RtlSleepConditionVariableSRW(&pool->arrived, &pool->lock, &timeout, 0);
        pool->idle--;
        if (status == STATUS_TIMEOUT && !pool->queued && pool->workers > pool->least)
            return FALSE;
    }
    return TRUE;
}

static VOID NTAPI Work(PVOID context)
{
    struct _TP_POOL *pool = context;
    RtlAcquireSRWLockExclusive(&pool->lock);
    while (AwaitObject(pool))
        ObjectRunNext(pool);
    BOOL last = !--pool->workers && !pool->references;
    RtlReleaseSRWLockExclusive(&pool->lock);
    if (last)
        Free(pool);
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS PoolAddWorker(struct _TP_POOL *pool)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0,
                                          pool->stack.StackReserve, pool->stack.StackCommit, Work,
                                          pool, &thread, NULL);
    if (!NT_SUCCESS(status))
        return status;
    pool->workers++;
    NtClose(thread);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpAllocPool(PTP_POOL *Pool, PVOID Reserved)
{
    struct _TP_POOL *pool = AllocateZeroed(sizeof *pool);
    (void)Reserved;
    if (!pool)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
        ListInitialize(&pool->queues[i]);
    pool->most = MOST_WORKERS;
    pool->references = 1;
    *Pool = pool;
    return STATUS_SUCCESS;
}

NTSTATUS PoolAcquire(struct _TP_POOL *pool, struct _TP_POOL **acquired)
{
    if (!pool && !default_pool) {
        NTSTATUS status = TpAllocPool(&pool, NULL);
        if (!NT_SUCCESS(status))
            return status;
        if (InterlockedCompareExchangePointer((PVOID *)&default_pool, pool, NULL))
            Free(pool);
    }
    *acquired = pool ? pool : default_pool;
    InterlockedIncrement(&(*acquired)->references);
    return STATUS_SUCCESS;
}

VOID PoolRelease(struct _TP_POOL *pool)
{
    RtlAcquireSRWLockExclusive(&pool->lock);
    LONG left = InterlockedDecrement(&pool->references);
    BOOL last = !left && !pool->workers;
    if (!left)
        RtlWakeAllConditionVariable(&pool->arrived);
    RtlReleaseSRWLockExclusive(&pool->lock);
    if (last)
        Free(pool);
}

VOID NTAPI TpReleasePool(PTP_POOL Pool)
{
    PoolRelease(Pool);
}

VOID NTAPI TpSetPoolMaxThreads(PTP_POOL Pool, ULONG Most)
{
    RtlAcquireSRWLockExclusive(&Pool->lock);
    Pool->most = Most ? Most : 1;
    if (Pool->least > Pool->most)
        Pool->least = Pool->most;
    RtlReleaseSRWLockExclusive(&Pool->lock);
}

NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL Pool, ULONG Least)
{
    NTSTATUS status = STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&Pool->lock);
    while (NT_SUCCESS(status) && Pool->workers < Least)
        status = PoolAddWorker(Pool);
    if (NT_SUCCESS(status)) {
        Pool->least = Least;
        if (Pool->most < Least)
            Pool->most = Least;
    }
    RtlReleaseSRWLockExclusive(&Pool->lock);
    return status;
}

NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Stack)
{
    RtlAcquireSRWLockShared(&Pool->lock);
    *Stack = Pool->stack;
    RtlReleaseSRWLockShared(&Pool->lock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Stack)
{
    RtlAcquireSRWLockExclusive(&Pool->lock);
    Pool->stack = *Stack;
    RtlReleaseSRWLockExclusive(&Pool->lock);
    return STATUS_SUCCESS;
}
