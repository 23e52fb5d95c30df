/* Work items: threads that are made as they are needed and go when they have been idle. */
#include "ntdll.h"
#include "thread_pool.h"

#define MOST_WORKERS 500
#define IDLE_TIME (-5 * 10000000ll) /* 5 s, relative */

struct item {
    LIST_ENTRY link;
    WORKERCALLBACKFUNC function;
    PVOID context;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static RTL_CONDITION_VARIABLE arrived = RTL_CONDITION_VARIABLE_INIT;
static LIST_ENTRY items = {&items, &items};
static ULONG waiting_items, workers, idle;

/* The next item, or NULL after a long time without one. The lock is held. */
static struct item *Next(void)
{
    LARGE_INTEGER timeout = {.QuadPart = IDLE_TIME};
    NTSTATUS status = STATUS_SUCCESS;
    idle++;
    while (items.Flink == &items && status != STATUS_TIMEOUT)
        status = RtlSleepConditionVariableSRW(&arrived, &lock, &timeout, 0);
    idle--;
    if (items.Flink == &items)
        return NULL;
    struct item *item = CONTAINING_RECORD(items.Flink, struct item, link);
    ListRemove(&item->link);
    waiting_items--;
    return item;
}

static VOID NTAPI Work(PVOID unused)
{
    struct item *item;
    (void)unused;
    RtlAcquireSRWLockExclusive(&lock);
    while ((item = Next())) {
        RtlReleaseSRWLockExclusive(&lock);
        WORKERCALLBACKFUNC function = item->function;
        PVOID context = item->context;
        Free(item);
        function(context);
        RtlAcquireSRWLockExclusive(&lock);
    }
    workers--;
    RtlReleaseSRWLockExclusive(&lock);
    RtlExitUserThread(STATUS_SUCCESS);
}

static NTSTATUS AddWorker(void)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, Work, NULL,
                                          &thread, NULL);
    if (NT_SUCCESS(status))
        NtClose(thread);
    return status;
}

NTSTATUS NTAPI RtlQueueWorkItem(WORKERCALLBACKFUNC Function, PVOID Context, ULONG Flags)
{
    struct item *item = Allocate(sizeof *item);
    NTSTATUS status = STATUS_SUCCESS;
    (void)Flags; /* every item may run long: there is a thread for each, up to a limit */
    if (!item)
        return STATUS_NO_MEMORY;
    item->function = Function;
    item->context = Context;
    RtlAcquireSRWLockExclusive(&lock);
    ListAppend(&items, &item->link);
    if (++waiting_items > idle && workers < MOST_WORKERS) {
        status = AddWorker();
        if (NT_SUCCESS(status))
            workers++;
        else if (workers)
            status = STATUS_SUCCESS; /* another thread will come to it */
    }
    if (!NT_SUCCESS(status)) {
        ListRemove(&item->link);
        waiting_items--;
        Free(item);
    }
    RtlReleaseSRWLockExclusive(&lock);
    RtlWakeConditionVariable(&arrived);
    return status;
}
