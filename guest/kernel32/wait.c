/* Waiting: for objects, for time, on condition variables and addresses. */
#include "kernel32.h"

LARGE_INTEGER *relative_time(LARGE_INTEGER *time, DWORD milliseconds)
{
    if (milliseconds == INFINITE) return NULL;
    time->QuadPart = (LONGLONG)milliseconds * -10000;
    return time;
}

static DWORD wait_result(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return (DWORD)status;
    set_status(status);
    return WAIT_FAILED;
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    LONG_PTR value = (LONG_PTR)handle;
    if (value <= -10 && value >= -12) handle = GetStdHandle((DWORD)value);
    return wait_result(NtWaitForSingleObject(handle, alertable != 0,
        relative_time(&time, milliseconds)));
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForSingleObjectEx(handle, milliseconds, FALSE);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all,
    DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    return wait_result(NtWaitForMultipleObjects(count, handles, all ? WaitAll : WaitAny,
        alertable != 0, relative_time(&time, milliseconds)));
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all,
    DWORD milliseconds)
{
    return WaitForMultipleObjectsEx(count, handles, all, milliseconds, FALSE);
}

DWORD WINAPI SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    return wait_result(NtSignalAndWaitForSingleObject(signal, wait, alertable != 0,
        relative_time(&time, milliseconds)));
}

DWORD WINAPI SleepEx(DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    LARGE_INTEGER *interval = relative_time(&time, milliseconds);
    if (!interval) { /* an infinite delay is the most negative relative time */
        time.QuadPart = INT64_MIN;
        interval = &time;
    }
    return NtDelayExecution(alertable != 0, interval) == STATUS_USER_APC ? WAIT_IO_COMPLETION : 0;
}

VOID WINAPI Sleep(DWORD milliseconds)
{
    SleepEx(milliseconds, FALSE);
}

BOOL WINAPI SwitchToThread(void)
{
    return NtYieldExecution() != STATUS_NO_YIELD_PERFORMED;
}

/* STATUS_TIMEOUT is a success code, but these calls report it as ERROR_TIMEOUT. */
static BOOL not_timed_out(NTSTATUS status)
{
    return status == STATUS_TIMEOUT ? set_error(ERROR_TIMEOUT) : set_status(status);
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section,
    DWORD milliseconds)
{
    LARGE_INTEGER time;
    return not_timed_out(RtlSleepConditionVariableCS((PVOID)variable, section,
        relative_time(&time, milliseconds)));
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock,
    DWORD milliseconds, ULONG flags)
{
    LARGE_INTEGER time;
    return not_timed_out(RtlSleepConditionVariableSRW((PVOID)variable, (PVOID)lock,
        relative_time(&time, milliseconds), flags));
}

BOOL WINAPI WaitOnAddress(volatile VOID *address, PVOID compare, SIZE_T size, DWORD milliseconds)
{
    LARGE_INTEGER time;
    return not_timed_out(RtlWaitOnAddress(address, compare, size,
        relative_time(&time, milliseconds)));
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter,
    LPVOID *context)
{
    return !RtlRunOnceExecuteOnce((PVOID)once, (PVOID)function, parameter, context);
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context)
{
    NTSTATUS status = RtlRunOnceBeginInitialize((PVOID)once, flags, context);
    if (!set_status(status)) return FALSE;
    *pending = status == STATUS_PENDING;
    return TRUE;
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context)
{
    return set_status(RtlRunOnceComplete((PVOID)once, flags, context));
}

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spins, DWORD flags)
{
    return set_status(RtlInitializeCriticalSectionEx(section, spins, flags));
}

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spins)
{
    return set_status(RtlInitializeCriticalSectionAndSpinCount(section, spins));
}
