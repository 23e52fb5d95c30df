/* Thread pools: completions of asynchronous I/O, all through one port that a thread reads. */
#include "pool.h"

struct binding {
    struct object *io; /* NULL: a plain function instead */
    VOID(NTAPI *function)(NTSTATUS Status, ULONG_PTR Information, PVOID Context);
};

struct call {
    struct binding *binding;
    struct completion completion;
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static HANDLE port;

static VOID NTAPI CallFunction(PVOID context)
{
    struct call call = *(struct call *)context;
    Free(context);
    call.binding->function(call.completion.status.Status, call.completion.status.Information,
                           call.completion.context);
}

/* An operation that nobody said had begun has no callback. */
static VOID CompleteIo(struct object *object, const struct completion *completion)
{
    RtlAcquireSRWLockExclusive(&object->pool->lock);
    BOOL expected = object->io.started > 0;
    RtlReleaseSRWLockExclusive(&object->pool->lock);
    if (!expected)
        return;
    ObjectPost(object, completion, FALSE);
    TpCancelAsyncIoOperation((PTP_IO)object);
}

static VOID NTAPI Serve(PVOID unused)
{
    struct binding *binding;
    struct completion completion;
    (void)unused;
    while (NT_SUCCESS(NtRemoveIoCompletion(port, (PULONG_PTR)&binding,
                                           (PULONG_PTR)&completion.context, &completion.status,
                                           NULL))) {
        if (binding->io) {
            CompleteIo(binding->io, &completion);
            continue;
        }
        struct call *call = Allocate(sizeof *call);
        if (!call)
            continue;
        *call = (struct call){binding, completion};
        if (!NT_SUCCESS(RtlQueueWorkItem(CallFunction, call, WT_EXECUTEDEFAULT)))
            Free(call);
    }
    RtlExitUserThread(STATUS_SUCCESS);
}

static NTSTATUS OpenPort(void)
{
    NTSTATUS status = STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&lock);
    if (!port) {
        status = NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
        if (NT_SUCCESS(status))
            status = StartPoolThread(Serve, NULL);
        if (!NT_SUCCESS(status) && port) {
            NtClose(port);
            port = NULL;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

/* The binding lives as long as the process: the file may complete an operation at any time. */
static NTSTATUS Bind(HANDLE file, struct object *io, PVOID function)
{
    IO_STATUS_BLOCK done;
    NTSTATUS status = OpenPort();
    if (!NT_SUCCESS(status))
        return status;
    struct binding *binding = Allocate(sizeof *binding);
    if (!binding)
        return STATUS_NO_MEMORY;
    *binding = (struct binding){io, function};
    FILE_COMPLETION_INFORMATION info = {port, binding};
    status = NtSetInformationFile(file, &done, &info, sizeof info, FileCompletionInformation);
    if (!NT_SUCCESS(status))
        Free(binding);
    return status;
}

NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE File, PVOID Function, ULONG Flags)
{
    (void)Flags;
    return Bind(File, NULL, Function);
}

NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *Io, HANDLE File, PTP_IO_CALLBACK Callback,
                                   PVOID Context, PTP_CALLBACK_ENVIRON Environment)
{
    struct object *object;
    NTSTATUS status = ObjectMake(&object, IO, Callback, Context, Environment);
    if (!NT_SUCCESS(status))
        return status;
    status = Bind(File, object, NULL);
    if (!NT_SUCCESS(status)) {
        ObjectRelease(object);
        return status;
    }
    ObjectReference(object); /* the binding's */
    *Io = (PTP_IO)object;
    return STATUS_SUCCESS;
}

VOID NTAPI TpStartAsyncIoOperation(PTP_IO Io)
{
    struct object *object = (struct object *)Io;
    RtlAcquireSRWLockExclusive(&object->pool->lock);
    object->io.started++;
    RtlReleaseSRWLockExclusive(&object->pool->lock);
}

/* The operation failed at once: no completion will come. */
VOID NTAPI TpCancelAsyncIoOperation(PTP_IO Io)
{
    struct object *object = (struct object *)Io;
    RtlAcquireSRWLockExclusive(&object->pool->lock);
    object->io.started--;
    RtlWakeAllConditionVariable(&object->finished);
    RtlReleaseSRWLockExclusive(&object->pool->lock);
}

VOID NTAPI TpWaitForIoCompletion(PTP_IO Io, ULONG Cancel)
{
    ObjectWait((struct object *)Io, Cancel != 0, FALSE);
}

VOID NTAPI TpReleaseIoCompletion(PTP_IO Io)
{
    ObjectRelease((struct object *)Io);
}
