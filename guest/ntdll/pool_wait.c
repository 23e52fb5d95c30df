/* Thread pools: wait objects. A waiter is a thread that waits for up to 63 of them, and for being
 * told that they have changed. */
#include "pool.h"

#define MOST_WAITS (MAXIMUM_WAIT_OBJECTS - 1)

struct waiter {
    LIST_ENTRY link;
    LIST_ENTRY waits; /* armed objects; each holds a reference */
    ULONG count;
    HANDLE changed;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT; /* taken before a pool's */
static RTL_CONDITION_VARIABLE let_go = RTL_CONDITION_VARIABLE_INIT;
static LIST_ENTRY waiters = {&waiters, &waiters};

static LONGLONG Now(void)
{
    return (LONGLONG)ReadSystemTime(&SharedUserData->InterruptTime);
}

/* The lock is held; the reference is the caller's afterwards. */
static VOID Disarm(struct object *object)
{
    object->wait.waiter->count--;
    object->wait.waiter = NULL;
    ListRemove(&object->wait.link);
    NtClose(object->wait.handle);
}

static VOID Fire(struct object *object, BOOL signalled)
{
    Disarm(object);
    ObjectPost(object, NULL, signalled);
    ObjectDereference(object);
}

/* What to wait for: handles[0] is the waiter's own event. Returns the first due time. */
static LONGLONG Gather(struct waiter *waiter, HANDLE *handles, struct object **objects,
                       ULONG *count)
{
    LONGLONG due = NEVER;
    handles[0] = waiter->changed;
    *count = 1;
    for (LIST_ENTRY *at = waiter->waits.Flink; at != &waiter->waits; at = at->Flink) {
        struct object *object = CONTAINING_RECORD(at, struct object, wait.link);
        if (object->wait.dropped)
            continue;
        object->wait.watched = TRUE;
        handles[*count] = object->wait.handle;
        objects[(*count)++] = object;
        if (object->wait.due < due)
            due = object->wait.due;
    }
    return due;
}

/* After a wait: what was signalled or is over fires; nothing that was watched leaves before. */
static VOID Settle(struct object **objects, ULONG count, ULONG signalled)
{
    for (ULONG i = 1; i < count; i++) {
        objects[i]->wait.watched = FALSE;
        if (i == signalled)
            Fire(objects[i], TRUE);
        else if (!objects[i]->wait.dropped && objects[i]->wait.due <= Now())
            Fire(objects[i], FALSE);
    }
    RtlWakeAllConditionVariable(&let_go);
}

static VOID NTAPI Serve(PVOID context)
{
    struct waiter *waiter = context;
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    struct object *objects[MAXIMUM_WAIT_OBJECTS];
    ULONG count;
    RtlAcquireSRWLockExclusive(&lock);
    for (;;) {
        LONGLONG due = Gather(waiter, handles, objects, &count);
        LARGE_INTEGER timeout = {.QuadPart = Now() - due};
        if (timeout.QuadPart > 0)
            timeout.QuadPart = 0;
        RtlReleaseSRWLockExclusive(&lock);
        NTSTATUS status = NtWaitForMultipleObjects(count, handles, WaitAny, FALSE,
                                                   due == NEVER ? NULL : &timeout);
        RtlAcquireSRWLockExclusive(&lock);
        ULONG index = (ULONG)status;
        if (index - STATUS_ABANDONED_WAIT_0 < count)
            index -= STATUS_ABANDONED_WAIT_0;
        Settle(objects, count, index < count ? index : 0);
    }
}

/* A waiter with room; the lock is held. */
static NTSTATUS FindWaiter(struct waiter **found)
{
    for (LIST_ENTRY *at = waiters.Flink; at != &waiters; at = at->Flink) {
        *found = CONTAINING_RECORD(at, struct waiter, link);
        if ((*found)->count < MOST_WAITS)
            return STATUS_SUCCESS;
    }
    struct waiter *waiter = AllocateZeroed(sizeof *waiter);
    if (!waiter)
        return STATUS_NO_MEMORY;
    ListInitialize(&waiter->waits);
    NTSTATUS status = NtCreateEvent(&waiter->changed, EVENT_ALL_ACCESS, NULL,
                                    SynchronizationEvent, FALSE);
    if (NT_SUCCESS(status)) {
        status = StartPoolThread(Serve, waiter);
        if (NT_SUCCESS(status)) {
            ListAppend(&waiters, &waiter->link);
            *found = waiter;
            return STATUS_SUCCESS;
        }
        NtClose(waiter->changed);
    }
    Free(waiter);
    return status;
}

/* The lock is held. The waiter must let go of the handle first, or it would take a signal that
 * comes after this. */
static BOOL Withdraw(struct object *object)
{
    if (object->wait.waiter && object->wait.watched) {
        object->wait.dropped = TRUE;
        NtSetEvent(object->wait.waiter->changed, NULL);
        while (object->wait.waiter && object->wait.watched)
            RtlSleepConditionVariableSRW(&let_go, &lock, NULL, 0);
        object->wait.dropped = FALSE;
    }
    if (!object->wait.waiter)
        return FALSE;
    Disarm(object);
    return TRUE;
}

VOID WaitDisarm(struct object *object)
{
    RtlAcquireSRWLockExclusive(&lock);
    BOOL was_armed = Withdraw(object);
    RtlReleaseSRWLockExclusive(&lock);
    if (was_armed)
        ObjectDereference(object);
}

NTSTATUS NTAPI TpAllocWait(PTP_WAIT *Wait, PTP_WAIT_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment)
{
    struct object *object;
    NTSTATUS status = ObjectMake(&object, WAIT, Callback, Context, Environment);
    if (!NT_SUCCESS(status))
        return status;
    ListInitialize(&object->wait.link);
    *Wait = (PTP_WAIT)object;
    return STATUS_SUCCESS;
}

static NTSTATUS Arm(struct object *object, HANDLE handle, const LARGE_INTEGER *timeout)
{
    struct waiter *waiter;
    NTSTATUS status = NtDuplicateObject(NtCurrentProcess(), handle, NtCurrentProcess(),
                                        &object->wait.handle, SYNCHRONIZE, 0, 0);
    if (!NT_SUCCESS(status))
        return status;
    status = FindWaiter(&waiter);
    if (!NT_SUCCESS(status)) {
        NtClose(object->wait.handle);
        return status;
    }
    object->wait.due = timeout ? DueTime(timeout) : NEVER;
    object->wait.waiter = waiter;
    waiter->count++;
    ListAppend(&waiter->waits, &object->wait.link);
    ObjectReference(object);
    NtSetEvent(waiter->changed, NULL);
    return STATUS_SUCCESS;
}

/* Object: NULL stops waiting. A time-out of zero is over at once. */
VOID NTAPI TpSetWait(PTP_WAIT Wait, HANDLE Object, PLARGE_INTEGER Timeout)
{
    struct object *object = (struct object *)Wait;
    NTSTATUS status = STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&lock);
    BOOL was_armed = Withdraw(object);
    if (Object)
        status = Arm(object, Object, Timeout);
    RtlReleaseSRWLockExclusive(&lock);
    if (was_armed)
        ObjectDereference(object);
    if (!NT_SUCCESS(status))
        RtlRaiseStatus(status);
}

VOID NTAPI TpWaitForWait(PTP_WAIT Wait, ULONG Cancel)
{
    ObjectWait((struct object *)Wait, Cancel != 0, FALSE);
}

VOID NTAPI TpReleaseWait(PTP_WAIT Wait)
{
    ObjectRelease((struct object *)Wait);
}
