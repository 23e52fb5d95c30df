/* Thread pools: those calls that differ from ntdll's by more than their names. */
#include "kernel32.h"
#include "thread_pool.h"

PTP_POOL WINAPI CreateThreadpool(PVOID reserved)
{
    PTP_POOL pool;
    return set_status(TpAllocPool(&pool, reserved)) ? pool : NULL;
}

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(void)
{
    PTP_CLEANUP_GROUP group;
    return set_status(TpAllocCleanupGroup(&group)) ? group : NULL;
}

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context,
    PTP_CALLBACK_ENVIRON environment)
{
    PTP_WORK work;
    return set_status(TpAllocWork(&work, callback, context, environment)) ? work : NULL;
}

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context,
    PTP_CALLBACK_ENVIRON environment)
{
    PTP_TIMER timer;
    return set_status(TpAllocTimer(&timer, callback, context, environment)) ? timer : NULL;
}

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context,
    PTP_CALLBACK_ENVIRON environment)
{
    PTP_WAIT wait;
    return set_status(TpAllocWait(&wait, callback, context, environment)) ? wait : NULL;
}

/* Win32's callback has a Win32 error and a byte count for the status block. */
struct io {
    PTP_WIN32_IO_CALLBACK callback;
    PVOID context;
};

static VOID NTAPI completed(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
    PVOID block, PTP_IO io)
{
    struct io *win32 = context;
    IO_STATUS_BLOCK *status = block;
    win32->callback(instance, win32->context, overlapped, RtlNtStatusToDosError(status->Status),
        status->Information, io);
}

/* `win32` lives as long as the process, as the file's binding does. */
PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context,
    PTP_CALLBACK_ENVIRON environment)
{
    PTP_IO io;
    struct io *win32 = allocate(sizeof *win32);
    if (!win32) return NULL;
    *win32 = (struct io){callback, context};
    if (set_status(TpAllocIoCompletion(&io, file, completed, win32, environment))) return io;
    release(win32);
    return NULL;
}

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context,
    PTP_CALLBACK_ENVIRON environment)
{
    return set_status(TpSimpleTryPost(callback, context, environment));
}

BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD least)
{
    return set_status(TpSetPoolMinThreads(pool, least));
}

BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION stack)
{
    return set_status(TpSetPoolStackInformation(pool, stack));
}

BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION stack)
{
    return set_status(TpQueryPoolStackInformation(pool, stack));
}

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    return set_status(TpCallbackMayRunLong(instance));
}

BOOL WINAPI BindIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine,
    ULONG flags)
{
    return set_status(RtlSetIoCompletionCallback(file, routine, flags));
}
