/* Thread pools: timer objects. One thread sleeps until the first of them is due. */
#include "pool.h"

#define TICKS_PER_MILLISECOND 10000ll

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT; /* taken before a pool's */
static RTL_CONDITION_VARIABLE changed = RTL_CONDITION_VARIABLE_INIT;
static LIST_ENTRY armed = {&armed, &armed}; /* by due time; each holds a reference */
static BOOL serving;

static LONGLONG Now(void)
{
    return (LONGLONG)ReadSystemTime(&SharedUserData->InterruptTime);
}

LONGLONG DueTime(const LARGE_INTEGER *due)
{
    if (due->QuadPart <= 0)
        return Now() - due->QuadPart;
    LONGLONG left = due->QuadPart - (LONGLONG)ReadSystemTime(&SharedUserData->SystemTime);
    return Now() + (left > 0 ? left : 0);
}

static VOID Arm(struct object *object, LONGLONG due)
{
    LIST_ENTRY *at = armed.Flink;
    object->timer.due = due;
    while (at != &armed && CONTAINING_RECORD(at, struct object, timer.link)->timer.due <= due)
        at = at->Flink;
    ListAppend(at, &object->timer.link);
    ObjectReference(object);
    RtlWakeAllConditionVariable(&changed);
}

/* The lock is held. */
static BOOL Disarm(struct object *object)
{
    if (object->timer.link.Flink == &object->timer.link)
        return FALSE;
    ListRemove(&object->timer.link);
    return TRUE;
}

VOID TimerDisarm(struct object *object)
{
    RtlAcquireSRWLockExclusive(&lock);
    BOOL was_armed = Disarm(object);
    object->timer.set = FALSE;
    RtlReleaseSRWLockExclusive(&lock);
    if (was_armed)
        ObjectDereference(object);
}

static VOID Expire(struct object *object)
{
    Disarm(object);
    ObjectPost(object, NULL, FALSE);
    if (object->timer.period) {
        LONGLONG next = object->timer.due + object->timer.period * TICKS_PER_MILLISECOND;
        Arm(object, next > Now() ? next : Now() + 1);
    }
    ObjectDereference(object); /* not the last one: its callback has another */
}

static VOID NTAPI Serve(PVOID unused)
{
    (void)unused;
    RtlAcquireSRWLockExclusive(&lock);
    for (;;) {
        struct object *first = CONTAINING_RECORD(armed.Flink, struct object, timer.link);
        BOOL none = armed.Flink == &armed;
        LARGE_INTEGER wait = {.QuadPart = none ? 0 : Now() - first->timer.due};
        if (!none && wait.QuadPart >= 0)
            Expire(first);
        else
            RtlSleepConditionVariableSRW(&changed, &lock, none ? NULL : &wait, 0);
    }
}

NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *Timer, PTP_TIMER_CALLBACK Callback, PVOID Context,
                            PTP_CALLBACK_ENVIRON Environment)
{
    struct object *object;
    NTSTATUS status = STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&lock);
    if (!serving)
        status = StartPoolThread(Serve, NULL);
    if (NT_SUCCESS(status))
        serving = TRUE;
    RtlReleaseSRWLockExclusive(&lock);
    if (NT_SUCCESS(status))
        status = ObjectMake(&object, TIMER, Callback, Context, Environment);
    if (!NT_SUCCESS(status))
        return status;
    ListInitialize(&object->timer.link);
    *Timer = (PTP_TIMER)object;
    return STATUS_SUCCESS;
}

/* Due: NULL stops it, zero is at once. Window only allows delay, which is never needed here. */
VOID NTAPI TpSetTimer(PTP_TIMER Timer, PLARGE_INTEGER Due, ULONG Period, ULONG Window)
{
    struct object *object = (struct object *)Timer;
    (void)Window;
    RtlAcquireSRWLockExclusive(&lock);
    BOOL was_armed = Disarm(object);
    object->timer.set = Due != NULL;
    object->timer.period = Due ? Period : 0;
    if (Due)
        Arm(object, DueTime(Due));
    RtlReleaseSRWLockExclusive(&lock);
    if (was_armed)
        ObjectDereference(object);
}

ULONG NTAPI TpIsTimerSet(PTP_TIMER Timer)
{
    return ((struct object *)Timer)->timer.set;
}

VOID NTAPI TpWaitForTimer(PTP_TIMER Timer, ULONG Cancel)
{
    ObjectWait((struct object *)Timer, Cancel != 0, FALSE);
}

VOID NTAPI TpReleaseTimer(PTP_TIMER Timer)
{
    ObjectRelease((struct object *)Timer);
}
