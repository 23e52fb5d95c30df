/* Waiting for messages, and for objects beside them. */
#include "user32.h"

BOOL user_has_message(UINT mask, BOOL old_too);

/* 100 ns until the next timer of the queue comes due; negative: there is none. */
static LONGLONG timer_wait(const struct queue *queue, ULONGLONG now)
{
    LONGLONG least = -1;
    for (const struct timer *timer = queue->timers; timer; timer = timer->next) {
        LONGLONG left = timer->due > now ? (LONGLONG)(timer->due - now) : 0;
        if (least < 0 || left < least) least = left;
    }
    return least;
}

static LONGLONG time_left(const LARGE_INTEGER *due, ULONGLONG now)
{
    if (!due) return -1;
    return due->QuadPart > (LONGLONG)now ? due->QuadPart - (LONGLONG)now : 0;
}

/* Until the queue changes, a timer is due, one of the objects is signalled (`status` says which)
 * or it is `due` (interrupt time); FALSE for the last. */
BOOL queue_wait(struct queue *queue, ULONG count, const HANDLE *handles, const LARGE_INTEGER *due,
    BOOL alertable, NTSTATUS *status)
{
    HANDLE all[MAXIMUM_WAIT_OBJECTS];
    ULONGLONG now = ReadSystemTime(&SharedUserData->InterruptTime);
    LARGE_INTEGER interval;
    RtlAcquireSRWLockExclusive(&user_lock);
    LONGLONG timer = timer_wait(queue, now), left = time_left(due, now);
    user_unlock();
    BOOL for_timer = timer >= 0 && (left < 0 || timer < left);
    interval.QuadPart = -(for_timer ? timer : left);
    memcpy(all, handles, count * sizeof(HANDLE));
    all[count] = queue->event;
    *status = NtWaitForMultipleObjects(count + 1, all, WaitAny, (BOOLEAN)alertable,
        for_timer || left >= 0 ? &interval : NULL);
    return *status != STATUS_TIMEOUT || for_timer;
}

BOOL WINAPI WaitMessage(void)
{
    struct queue *queue = queue_mine();
    NTSTATUS status;
    if (!queue) return FALSE;
    while (!user_has_message(QS_ALLINPUT, FALSE)) queue_wait(queue, 0, NULL, NULL, FALSE, &status);
    return TRUE;
}

static DWORD result_of(NTSTATUS status)
{
    if (status == STATUS_USER_APC) return WAIT_IO_COMPLETION;
    if (NT_SUCCESS(status)) return (DWORD)status;
    user_fail(RtlNtStatusToDosError(status));
    return WAIT_FAILED;
}

static DWORD wait_for_any(DWORD number, const HANDLE *handles, DWORD milliseconds, DWORD mask,
    DWORD flags)
{
    struct queue *queue = queue_mine();
    LARGE_INTEGER due;
    NTSTATUS status = STATUS_TIMEOUT;
    due.QuadPart = (LONGLONG)(ReadSystemTime(&SharedUserData->InterruptTime) +
        10000ull * milliseconds);
    for (;;) {
        BOOL found = user_has_message(mask, (flags & MWMO_INPUTAVAILABLE) != 0), in_time;
        LARGE_INTEGER at_once = {.QuadPart = 0};
        const LARGE_INTEGER *limit = found ? &at_once : milliseconds == INFINITE ? NULL : &due;
        in_time = queue_wait(queue, number, handles, limit, (flags & MWMO_ALERTABLE) != 0, &status);
        if (status != STATUS_TIMEOUT && status != (NTSTATUS)(STATUS_WAIT_0 + number))
            return result_of(status);
        if (found) return WAIT_OBJECT_0 + number;
        if (!in_time) return WAIT_TIMEOUT;
    }
}

/* With MWMO_WAITALL the message is waited for after the objects, not at once with them. */
DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD number, const HANDLE *handles, DWORD milliseconds,
    DWORD mask, DWORD flags)
{
    DWORD result;
    if (number > MAXIMUM_WAIT_OBJECTS - 1) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    if (!queue_mine()) return WAIT_FAILED;
    if (!(flags & MWMO_WAITALL) || !number)
        return wait_for_any(number, handles, milliseconds, mask, flags);
    result = WaitForMultipleObjectsEx(number, handles, TRUE, milliseconds,
        (flags & MWMO_ALERTABLE) != 0);
    if (result == WAIT_TIMEOUT || result == WAIT_FAILED || result == WAIT_IO_COMPLETION)
        return result;
    return wait_for_any(0, NULL, milliseconds, mask, flags);
}

DWORD WINAPI MsgWaitForMultipleObjects(DWORD number, const HANDLE *handles, BOOL all,
    DWORD milliseconds, DWORD mask)
{
    return MsgWaitForMultipleObjectsEx(number, handles, milliseconds, mask,
        all ? MWMO_WAITALL : 0);
}

DWORD WINAPI WaitForInputIdle(HANDLE process, DWORD milliseconds)
{
    (void)process, (void)milliseconds;
    return WAIT_FAILED; /* a console program has no queue to be idle */
}
