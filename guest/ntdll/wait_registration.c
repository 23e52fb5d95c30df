/* Registered waits: a thread for each, which waits for the object and for being told to stop. */
#include "ntdll.h"
#include "thread_pool.h"

/* An I/O thread is one that waits alertably. */
#define IN_WAIT_THREAD \
    (WT_EXECUTEINWAITTHREAD | WT_EXECUTEINPERSISTENTTHREAD | WT_EXECUTEINIOTHREAD)

struct registration {
    HANDLE object, cancel, done; /* done: set by the thread when it ends */
    WAITORTIMERCALLBACKFUNC function;
    PVOID context;
    ULONG milliseconds, flags;
    LONG references, running;
    CLIENT_ID thread;
    BOOLEAN timed_out;
};

static VOID Release(struct registration *wait)
{
    if (InterlockedDecrement(&wait->references))
        return;
    if (wait->done)
        NtSetEvent(wait->done, NULL);
    NtClose(wait->cancel);
    Free(wait);
}

static VOID NTAPI Run(PVOID context)
{
    struct registration *wait = context;
    wait->function(wait->context, wait->timed_out);
    InterlockedDecrement(&wait->running);
    RtlWakeAddressAll(&wait->running);
    Release(wait);
}

static VOID Call(struct registration *wait, BOOLEAN timedOut)
{
    wait->timed_out = timedOut;
    InterlockedIncrement(&wait->references);
    InterlockedIncrement(&wait->running);
    if (wait->flags & IN_WAIT_THREAD
        || !NT_SUCCESS(RtlQueueWorkItem(Run, wait, wait->flags)))
        Run(wait);
}

static VOID NTAPI Serve(PVOID context)
{
    struct registration *wait = context;
    HANDLE handles[2] = {wait->cancel, wait->object};
    LARGE_INTEGER timeout = {.QuadPart = (LONGLONG)wait->milliseconds * -10000};
    NTSTATUS status;
    do {
        status = NtWaitForMultipleObjects(2, handles, WaitAny,
                                          (wait->flags & WT_EXECUTEINIOTHREAD) != 0,
                                          wait->milliseconds == INFINITE ? NULL : &timeout);
        if (status == STATUS_WAIT_0 + 1 || status == STATUS_ABANDONED_WAIT_0 + 1
            || status == STATUS_TIMEOUT)
            Call(wait, status == STATUS_TIMEOUT);
        else if (status != STATUS_USER_APC)
            break;
    } while (status == STATUS_USER_APC || !(wait->flags & WT_EXECUTEONLYONCE));
    Release(wait);
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI RtlRegisterWait(PHANDLE Wait, HANDLE Object, WAITORTIMERCALLBACKFUNC Function,
    PVOID Context, ULONG Milliseconds, ULONG Flags)
{
    HANDLE thread;
    struct registration *wait = AllocateZeroed(sizeof *wait);
    if (!wait)
        return STATUS_NO_MEMORY;
    *wait = (struct registration){.object = Object, .function = Function, .context = Context,
                                  .milliseconds = Milliseconds, .flags = Flags, .references = 2};
    NTSTATUS status = NtCreateEvent(&wait->cancel, EVENT_ALL_ACCESS, NULL, NotificationEvent,
                                    FALSE);
    if (NT_SUCCESS(status)) {
        *Wait = wait;
        status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, Serve, wait, &thread,
                                     &wait->thread);
        if (NT_SUCCESS(status)) {
            NtClose(thread);
            return STATUS_SUCCESS;
        }
        NtClose(wait->cancel);
    }
    Free(wait);
    return status;
}

/* Event: NULL asks not to wait, INVALID_HANDLE_VALUE to wait for a running callback. */
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE Wait, HANDLE Event)
{
    struct registration *wait = Wait;
    NTSTATUS status = STATUS_SUCCESS;
    if (!wait)
        return STATUS_INVALID_HANDLE;
    NtSetEvent(wait->cancel, NULL);
    if (Event == INVALID_HANDLE_VALUE) {
        for (LONG running; (running = wait->running) != 0;)
            RtlWaitOnAddress(&wait->running, &running, sizeof running, NULL);
    } else {
        wait->done = Event;
        if (wait->running)
            status = STATUS_PENDING;
    }
    Release(wait);
    return status;
}

NTSTATUS NTAPI RtlDeregisterWait(HANDLE Wait)
{
    return RtlDeregisterWaitEx(Wait, NULL);
}
