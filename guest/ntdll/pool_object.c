/* What thread pools run: objects that count their pending and their running callbacks. */
#include "pool.h"

static TP_CALLBACK_PRIORITY PriorityOf(PTP_CALLBACK_ENVIRON environment)
{
    if (!environment || environment->Version < 3)
        return TP_CALLBACK_PRIORITY_NORMAL;
    return environment->CallbackPriority;
}

static VOID JoinGroup(struct object *object, struct _TP_CLEANUP_GROUP *group)
{
    object->group = group;
    if (!group)
        return;
    RtlAcquireSRWLockExclusive(&group->lock);
    ListAppend(&group->members, &object->member);
    RtlReleaseSRWLockExclusive(&group->lock);
}

static VOID LeaveGroup(struct object *object)
{
    struct _TP_CLEANUP_GROUP *group = object->group;
    if (!group)
        return;
    RtlAcquireSRWLockExclusive(&group->lock);
    if (object->group) {
        ListRemove(&object->member);
        object->group = NULL;
    }
    RtlReleaseSRWLockExclusive(&group->lock);
}

NTSTATUS ObjectMake(struct object **made, enum kind kind, PVOID callback, PVOID context,
                    PTP_CALLBACK_ENVIRON environment)
{
    if (PriorityOf(environment) >= TP_CALLBACK_PRIORITY_COUNT)
        return STATUS_INVALID_PARAMETER;
    struct object *object = AllocateZeroed(sizeof *object);
    if (!object)
        return STATUS_NO_MEMORY;
    NTSTATUS status = PoolAcquire(environment ? environment->Pool : NULL, &object->pool);
    if (!NT_SUCCESS(status)) {
        Free(object);
        return status;
    }
    object->kind = kind;
    object->callback = callback;
    object->context = context;
    object->references = 1;
    object->priority = PriorityOf(environment);
    ListInitialize(&object->link);
    ListInitialize(&object->member);
    if (environment) {
        object->cancelled = environment->CleanupGroupCancelCallback;
        object->finalize = environment->FinalizationCallback;
        object->long_function = environment->u.s.LongFunction;
        object->dll = environment->RaceDll;
        if (object->dll)
            LdrAddRefDll(0, object->dll);
        JoinGroup(object, environment->CleanupGroup);
    }
    *made = object;
    return STATUS_SUCCESS;
}

VOID ObjectReference(struct object *object)
{
    InterlockedIncrement(&object->references);
}

VOID ObjectDereference(struct object *object)
{
    if (InterlockedDecrement(&object->references))
        return;
    LeaveGroup(object);
    if (object->kind == IO)
        Free(object->io.completions);
    if (object->dll)
        LdrUnloadDll(object->dll);
    PoolRelease(object->pool);
    Free(object);
}

/* Callbacks that are pending still run; the object goes after them. */
VOID ObjectRelease(struct object *object)
{
    LeaveGroup(object);
    object->released = TRUE;
    if (object->kind == TIMER)
        TimerDisarm(object);
    else if (object->kind == WAIT)
        WaitDisarm(object);
    ObjectDereference(object);
}

/* Room for one more completion in the object's list. The lock is held. */
static BOOL KeepCompletion(struct object *object, const struct completion *completion)
{
    ULONG pending = (ULONG)object->pending;
    if (pending == object->io.room) {
        ULONG room = pending ? pending * 2 : 4;
        struct completion *larger = Allocate(room * sizeof *larger);
        if (!larger)
            return FALSE;
        memcpy(larger, object->io.completions, pending * sizeof *larger);
        Free(object->io.completions);
        object->io.completions = larger;
        object->io.room = room;
    }
    object->io.completions[pending] = *completion;
    return TRUE;
}

/* Queue one callback; each holds a reference. */
VOID ObjectPost(struct object *object, const struct completion *completion, BOOL signalled)
{
    struct _TP_POOL *pool = object->pool;
    RtlAcquireSRWLockExclusive(&pool->lock);
    if (!completion || KeepCompletion(object, completion)) {
        ObjectReference(object);
        if (!object->pending++)
            ListAppend(&pool->queues[object->priority], &object->link);
        if (object->kind == WAIT && signalled)
            object->wait.signalled++;
        if (++pool->queued > pool->idle && pool->workers < pool->most)
            PoolAddWorker(pool);
    }
    RtlReleaseSRWLockExclusive(&pool->lock);
    RtlWakeConditionVariable(&pool->arrived);
}

static VOID CallBack(PTP_CALLBACK_INSTANCE instance, struct object *object,
                     struct completion *completion, TP_WAIT_RESULT result)
{
    switch (object->kind) {
    case SIMPLE:
        ((PTP_SIMPLE_CALLBACK)object->callback)(instance, object->context);
        break;
    case WORK:
        ((PTP_WORK_CALLBACK)object->callback)(instance, object->context, (PTP_WORK)object);
        break;
    case TIMER:
        ((PTP_TIMER_CALLBACK)object->callback)(instance, object->context, (PTP_TIMER)object);
        break;
    case WAIT:
        ((PTP_WAIT_CALLBACK)object->callback)(instance, object->context, (PTP_WAIT)object, result);
        break;
    case IO:
        ((PTP_IO_CALLBACK)object->callback)(instance, object->context, completion->context,
                                            &completion->status, (PTP_IO)object);
        break;
    }
}

/* What the callback asked for, in the documented order. */
static VOID CleanUp(PTP_CALLBACK_INSTANCE instance)
{
    if (instance->section)
        RtlLeaveCriticalSection(instance->section);
    if (instance->mutex)
        NtReleaseMutant(instance->mutex, NULL);
    if (instance->semaphore)
        NtReleaseSemaphore(instance->semaphore, (LONG)instance->semaphore_count, NULL);
    if (instance->event)
        NtSetEvent(instance->event, NULL);
    if (instance->dll)
        LdrUnloadDll(instance->dll);
}

static struct object *Dequeue(struct _TP_POOL *pool)
{
    ULONG priority = 0;
    while (pool->queues[priority].Flink == &pool->queues[priority])
        priority++;
    struct object *object = CONTAINING_RECORD(pool->queues[priority].Flink, struct object, link);
    ListRemove(&object->link);
    pool->queued--;
    if (--object->pending) /* its other callbacks wait behind other objects' */
        ListAppend(&pool->queues[priority], &object->link);
    object->running++;
    object->associated++;
    return object;
}

struct _TP_POOL *ObjectRunNext(struct _TP_POOL *pool)
{
    struct object *object = Dequeue(pool);
    struct _TP_CALLBACK_INSTANCE instance = {
        .object = object,
        .thread = NtTeb()->ClientId.UniqueThread,
        .associated = TRUE,
        .may_run_long = object->long_function,
    };
    struct completion completion = {0};
    TP_WAIT_RESULT result = WAIT_TIMEOUT;
    if (object->kind == IO) {
        completion = object->io.completions[0];
        memmove(object->io.completions, object->io.completions + 1,
                (ULONG)object->pending * sizeof completion);
    } else if (object->kind == WAIT && object->wait.signalled) {
        object->wait.signalled--;
        result = WAIT_OBJECT_0;
    }
    RtlReleaseSRWLockExclusive(&pool->lock);
    CallBack(&instance, object, &completion, result);
    if (object->finalize)
        object->finalize(&instance, object->context);
    CleanUp(&instance);
    RtlAcquireSRWLockExclusive(&pool->lock);
    object->running--;
    if (instance.associated)
        object->associated--;
    RtlWakeAllConditionVariable(&object->finished);
    RtlReleaseSRWLockExclusive(&pool->lock);
    ObjectDereference(object);
    RtlAcquireSRWLockExclusive(&pool->lock);
    return pool;
}

/* The lock is held; returns how many callbacks will not run. */
static LONG CancelPending(struct object *object)
{
    LONG cancelled = object->pending;
    if (!cancelled)
        return 0;
    ListRemove(&object->link);
    object->pool->queued -= (ULONG)cancelled;
    object->pending = 0;
    if (object->kind == WAIT)
        object->wait.signalled = 0;
    return cancelled;
}

LONG ObjectWait(struct object *object, BOOL cancel, BOOL whole_group)
{
    struct _TP_POOL *pool = object->pool;
    RtlAcquireSRWLockExclusive(&pool->lock);
    LONG cancelled = cancel ? CancelPending(object) : 0;
    while (object->pending || (whole_group ? object->running : object->associated)
           || (object->kind == IO && !cancel && object->io.started))
        RtlSleepConditionVariableSRW(&object->finished, &pool->lock, NULL, 0);
    RtlReleaseSRWLockExclusive(&pool->lock);
    for (LONG i = 0; i < cancelled; i++)
        ObjectDereference(object);
    return cancelled;
}
