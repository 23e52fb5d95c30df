/* Timer queues: a thread for each queue, which sleeps until its first timer is due. */
#include "ntdll.h"
#include "thread_pool.h"

#define TICKS_PER_MILLISECOND 10000ll
#define NEVER 0x7FFFFFFFFFFFFFFFll

struct queue {
    RTL_SRWLOCK lock;
    RTL_CONDITION_VARIABLE changed; /* timers, or what is running */
    LIST_ENTRY timers; /* those that are armed, by due time */
    LONG running;
    BOOL quit;
    HANDLE event; /* to be set when the queue is gone */
    CLIENT_ID thread;
};

struct timer {
    LIST_ENTRY link; /* to itself: not armed */
    struct queue *queue;
    WAITORTIMERCALLBACKFUNC function;
    PVOID context;
    LONGLONG due; /* interrupt time */
    DWORD period; /* ms; 0: once */
    ULONG flags;
    LONG running;
    BOOL deleted;
    HANDLE event; /* to be set when a deleted timer runs no more */
};

static struct queue *default_queue;

static LONGLONG Now(void)
{
    return (LONGLONG)ReadSystemTime(&SharedUserData->InterruptTime);
}

static LONGLONG After(DWORD milliseconds)
{
    return milliseconds == INFINITE ? NEVER : Now() + milliseconds * TICKS_PER_MILLISECOND;
}

static VOID Arm(struct timer *timer, LONGLONG due)
{
    LIST_ENTRY *before = timer->queue->timers.Blink; /* most are due after all others */
    timer->due = due;
    while (before != &timer->queue->timers
           && CONTAINING_RECORD(before, struct timer, link)->due > due)
        before = before->Blink;
    ListAppend(before->Flink, &timer->link);
    RtlWakeAllConditionVariable(&timer->queue->changed);
}

/* The lock is held; a deleted timer that nobody runs any more is freed. */
static VOID Drop(struct timer *timer)
{
    struct queue *queue = timer->queue;
    if (!timer->deleted || timer->running)
        return;
    if (timer->event)
        NtSetEvent(timer->event, NULL);
    Free(timer);
    RtlWakeAllConditionVariable(&queue->changed);
}

static VOID NTAPI Run(PVOID context)
{
    struct timer *timer = context;
    struct queue *queue = timer->queue;
    timer->function(timer->context, TRUE);
    RtlAcquireSRWLockExclusive(&queue->lock);
    timer->running--;
    queue->running--;
    RtlWakeAllConditionVariable(&queue->changed);
    Drop(timer);
    RtlReleaseSRWLockExclusive(&queue->lock);
}

/* The first timer is due: it is armed again if it is periodic. The lock is let go meanwhile. */
static VOID Expire(struct queue *queue, struct timer *timer)
{
    ListRemove(&timer->link);
    if (timer->period && !(timer->flags & WT_EXECUTEONLYONCE))
        Arm(timer, timer->due + timer->period * TICKS_PER_MILLISECOND);
    timer->running++;
    queue->running++;
    RtlReleaseSRWLockExclusive(&queue->lock);
    if (timer->flags & WT_EXECUTEINTIMERTHREAD
        || !NT_SUCCESS(RtlQueueWorkItem(Run, timer, timer->flags)))
        Run(timer);
    RtlAcquireSRWLockExclusive(&queue->lock);
}

static VOID NTAPI Serve(PVOID context)
{
    struct queue *queue = context;
    RtlAcquireSRWLockExclusive(&queue->lock);
    while (!queue->quit || queue->running) {
        struct timer *first = CONTAINING_RECORD(queue->timers.Flink, struct timer, link);
        BOOL none = queue->timers.Flink == &queue->timers || first->due == NEVER;
        LARGE_INTEGER wait = {.QuadPart = none ? 0 : Now() - first->due};
        if (!none && wait.QuadPart >= 0)
            Expire(queue, first);
        else
            RtlSleepConditionVariableSRW(&queue->changed, &queue->lock, none ? NULL : &wait, 0);
    }
    RtlReleaseSRWLockExclusive(&queue->lock);
    if (queue->event)
        NtSetEvent(queue->event, NULL);
    Free(queue);
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE Queue)
{
    HANDLE thread;
    struct queue *queue = AllocateZeroed(sizeof *queue);
    if (!queue)
        return STATUS_NO_MEMORY;
    ListInitialize(&queue->timers);
    NTSTATUS status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, Serve, queue,
                                          &thread, &queue->thread);
    if (!NT_SUCCESS(status)) {
        Free(queue);
        return status;
    }
    NtClose(thread);
    *Queue = queue;
    return STATUS_SUCCESS;
}

/* The queue that NULL stands for lives as long as the process. */
static NTSTATUS QueueOf(HANDLE handle, struct queue **queue)
{
    HANDLE new;
    *queue = handle ? handle : default_queue;
    if (*queue)
        return STATUS_SUCCESS;
    NTSTATUS status = RtlCreateTimerQueue(&new);
    if (!NT_SUCCESS(status))
        return status;
    if (InterlockedCompareExchangePointer((PVOID *)&default_queue, new, NULL))
        RtlDeleteTimerQueueEx(new, NULL);
    *queue = default_queue;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlCreateTimer(HANDLE Queue, PHANDLE Timer, WAITORTIMERCALLBACKFUNC Function,
    PVOID Context, DWORD Due, DWORD Period, ULONG Flags)
{
    struct queue *queue;
    NTSTATUS status = QueueOf(Queue, &queue);
    if (!NT_SUCCESS(status))
        return status;
    struct timer *timer = AllocateZeroed(sizeof *timer);
    if (!timer)
        return STATUS_NO_MEMORY;
    timer->queue = queue;
    timer->function = Function;
    timer->context = Context;
    timer->period = Period;
    timer->flags = Flags;
    ListInitialize(&timer->link);
    RtlAcquireSRWLockExclusive(&queue->lock);
    if (queue->quit) {
        status = STATUS_INVALID_HANDLE;
        Free(timer);
    } else {
        *Timer = timer;
        Arm(timer, After(Due));
    }
    RtlReleaseSRWLockExclusive(&queue->lock);
    return status;
}

NTSTATUS NTAPI RtlUpdateTimer(HANDLE Queue, HANDLE Timer, DWORD Due, DWORD Period)
{
    struct timer *timer = Timer;
    struct queue *queue = timer->queue;
    (void)Queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    /* A timer that fires once and has is not armed again. */
    if (timer->link.Flink != &timer->link || timer->running) {
        ListRemove(&timer->link);
        timer->period = Period;
        Arm(timer, After(Due));
    }
    RtlReleaseSRWLockExclusive(&queue->lock);
    return STATUS_SUCCESS;
}

/* Event: NULL asks not to wait, INVALID_HANDLE_VALUE to wait for running callbacks. */
NTSTATUS NTAPI RtlDeleteTimer(HANDLE Queue, HANDLE Timer, HANDLE Event)
{
    struct timer *timer = Timer;
    NTSTATUS status = STATUS_SUCCESS;
    (void)Queue;
    if (!Timer)
        return STATUS_INVALID_PARAMETER_1;
    struct queue *queue = timer->queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    ListRemove(&timer->link);
    if (Event == INVALID_HANDLE_VALUE) {
        while (timer->running)
            RtlSleepConditionVariableSRW(&queue->changed, &queue->lock, NULL, 0);
    } else {
        timer->event = Event;
        if (timer->running)
            status = STATUS_PENDING;
    }
    timer->deleted = TRUE;
    Drop(timer);
    RtlReleaseSRWLockExclusive(&queue->lock);
    return status;
}

NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE Queue, HANDLE Event)
{
    struct queue *queue = Queue;
    HANDLE thread = NULL;
    if (!queue)
        return STATUS_INVALID_HANDLE;
    BOOL wait = Event == INVALID_HANDLE_VALUE;
    if (wait) {
        OBJECT_ATTRIBUTES object;
        InitializeObjectAttributes(&object, NULL, 0, NULL, NULL);
        NtOpenThread(&thread, SYNCHRONIZE, &object, &queue->thread);
    }
    RtlAcquireSRWLockExclusive(&queue->lock);
    queue->quit = TRUE;
    queue->event = wait ? NULL : Event;
    /* Timers that have fired and were not deleted are not found any more. */
    for (LIST_ENTRY *at = queue->timers.Flink; at != &queue->timers;) {
        struct timer *timer = CONTAINING_RECORD(at, struct timer, link);
        at = at->Flink;
        ListRemove(&timer->link);
        timer->deleted = TRUE;
        Drop(timer);
    }
    RtlWakeAllConditionVariable(&queue->changed);
    RtlReleaseSRWLockExclusive(&queue->lock);
    if (!thread)
        return wait ? STATUS_SUCCESS : STATUS_PENDING;
    NtWaitForSingleObject(thread, FALSE, NULL);
    NtClose(thread);
    return STATUS_SUCCESS;
}
