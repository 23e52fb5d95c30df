/* Thread pools: simple callbacks, work objects, cleanup groups and what a callback may ask for. */
#include "pool.h"

NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK Callback, PVOID Context,
                               PTP_CALLBACK_ENVIRON Environment)
{
    struct object *object;
    NTSTATUS status = ObjectMake(&object, SIMPLE, Callback, Context, Environment);
    if (!NT_SUCCESS(status))
        return status;
    ObjectPost(object, NULL, FALSE);
    ObjectDereference(object); /* the pending callback keeps it, and its place in the group */
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpAllocWork(PTP_WORK *Work, PTP_WORK_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment)
{
    return ObjectMake((struct object **)Work, WORK, Callback, Context, Environment);
}

VOID NTAPI TpPostWork(PTP_WORK Work)
{
    ObjectPost((struct object *)Work, NULL, FALSE);
}

VOID NTAPI TpWaitForWork(PTP_WORK Work, ULONG Cancel)
{
    ObjectWait((struct object *)Work, Cancel != 0, FALSE);
}

VOID NTAPI TpReleaseWork(PTP_WORK Work)
{
    ObjectRelease((struct object *)Work);
}

NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *Group)
{
    struct _TP_CLEANUP_GROUP *group = AllocateZeroed(sizeof *group);
    if (!group)
        return STATUS_NO_MEMORY;
    ListInitialize(&group->members);
    *Group = group;
    return STATUS_SUCCESS;
}

VOID NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP Group)
{
    Free(Group);
}

/* The next member, taken out of the group and referenced, or NULL. One that is going is left. */
static struct object *TakeMember(struct _TP_CLEANUP_GROUP *group)
{
    struct object *taken = NULL;
    RtlAcquireSRWLockExclusive(&group->lock);
    while (!taken && group->members.Flink != &group->members) {
        struct object *object = CONTAINING_RECORD(group->members.Flink, struct object, member);
        ListRemove(&object->member);
        if (InterlockedIncrement(&object->references) > 1)
            taken = object;
        else
            object->references = 0;
        object->group = NULL;
    }
    RtlReleaseSRWLockExclusive(&group->lock);
    return taken;
}

VOID NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP Group, ULONG Cancel, PVOID Context)
{
    struct object *object;
    while ((object = TakeMember(Group))) {
        if (object->kind == TIMER)
            TimerDisarm(object);
        else if (object->kind == WAIT)
            WaitDisarm(object);
        BOOL simple = object->kind == SIMPLE;
        LONG cancelled = ObjectWait(object, Cancel != 0, TRUE);
        /* Its owner may have released it meanwhile. */
        BOOL held = simple ? cancelled > 0 : !object->released;
        if (held && Cancel && object->cancelled)
            object->cancelled(object->context, Context);
        if (held && !simple)
            ObjectRelease(object);
        ObjectDereference(object);
    }
}

NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE Instance)
{
    struct _TP_POOL *pool = Instance->object->pool;
    NTSTATUS status = STATUS_SUCCESS;
    if (Instance->thread != NtTeb()->ClientId.UniqueThread)
        return STATUS_UNSUCCESSFUL; /* another thread than the callback's */
    if (Instance->may_run_long)
        return STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&pool->lock);
    if (!pool->idle)
        status = pool->workers < pool->most ? PoolAddWorker(pool) : STATUS_TOO_MANY_THREADS;
    RtlReleaseSRWLockExclusive(&pool->lock);
    Instance->may_run_long = NT_SUCCESS(status);
    return status;
}

VOID NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE Instance)
{
    struct object *object = Instance->object;
    if (Instance->thread != NtTeb()->ClientId.UniqueThread || !Instance->associated)
        return;
    RtlAcquireSRWLockExclusive(&object->pool->lock);
    Instance->associated = FALSE;
    object->associated--;
    RtlWakeAllConditionVariable(&object->finished);
    RtlReleaseSRWLockExclusive(&object->pool->lock);
}

/* Each of these is remembered once: the first call counts. */
VOID NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Event)
{
    if (!Instance->event)
        Instance->event = Event;
}

VOID NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE Instance,
                                                  HANDLE Semaphore, ULONG Count)
{
    if (Instance->semaphore)
        return;
    Instance->semaphore = Semaphore;
    Instance->semaphore_count = Count;
}

VOID NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Mutex)
{
    if (!Instance->mutex)
        Instance->mutex = Mutex;
}

VOID NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE Instance,
                                                      PRTL_CRITICAL_SECTION Section)
{
    if (!Instance->section)
        Instance->section = Section;
}

VOID NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID Dll)
{
    if (!Instance->dll)
        Instance->dll = Dll;
}
