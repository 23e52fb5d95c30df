/* Work items, timer queues and registered waits, which are ntdll's. */
#include "thread_pool.h"
#include "kernel32.h"

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
    return set_status(RtlQueueWorkItem((PVOID)function, context, flags));
}

HANDLE WINAPI CreateTimerQueue(void)
{
    HANDLE queue;
    return set_status(RtlCreateTimerQueue(&queue)) ? queue : NULL;
}

/* Both tell of a callback that still runs as an error, unless they wait for it. */
BOOL WINAPI DeleteTimerQueueEx(HANDLE queue, HANDLE event)
{
    NTSTATUS status = RtlDeleteTimerQueueEx(queue, event);
    return status == STATUS_PENDING ? set_error(ERROR_IO_PENDING) : set_status(status);
}

BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return NT_SUCCESS(RtlDeleteTimerQueueEx(queue, NULL));
}

BOOL WINAPI CreateTimerQueueTimer(PHANDLE timer, HANDLE queue, WAITORTIMERCALLBACK function,
    PVOID context, DWORD due, DWORD period, ULONG flags)
{
    return set_status(RtlCreateTimer(queue, timer, function, context, due, period, flags));
}

BOOL WINAPI ChangeTimerQueueTimer(HANDLE queue, HANDLE timer, ULONG due, ULONG period)
{
    return set_status(RtlUpdateTimer(queue, timer, due, period));
}

BOOL WINAPI DeleteTimerQueueTimer(HANDLE queue, HANDLE timer, HANDLE event)
{
    NTSTATUS status = RtlDeleteTimer(queue, timer, event);
    return status == STATUS_PENDING ? set_error(ERROR_IO_PENDING) : set_status(status);
}

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK function,
    PVOID context, ULONG milliseconds, ULONG flags)
{
    return set_status(RtlRegisterWait(wait, object, function, context, milliseconds, flags));
}

HANDLE WINAPI RegisterWaitForSingleObjectEx(HANDLE object, WAITORTIMERCALLBACK function,
    PVOID context, ULONG milliseconds, ULONG flags)
{
    HANDLE wait;
    return set_status(RtlRegisterWait(&wait, object, function, context, milliseconds, flags))
        ? wait : NULL;
}

BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE event)
{
    NTSTATUS status = RtlDeregisterWaitEx(wait, event);
    return status == STATUS_PENDING ? set_error(ERROR_IO_PENDING) : set_status(status);
}

BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return UnregisterWaitEx(wait, NULL);
}
