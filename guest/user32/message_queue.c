/* A thread's message queue: what PostThreadMessage and PostQuitMessage put there, and waits for it.
 * There are no windows, so there are no other messages. */
#include "rtl.h"
#include "ntcalls.h"
#include <winnls.h>
#include <winuser.h>

#define MOST_MESSAGES 10000 /* the documented limit of a queue */

struct message {
    struct message *next;
    DWORD thread;
    MSG msg;
};

/* One list for the process, in the order of posting, and an event that every post sets. */
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static RTL_CONDITION_VARIABLE posted = RTL_CONDITION_VARIABLE_INIT;
static struct message *messages;
static ULONG count;

static BOOL wanted(const MSG *msg, UINT lowest, UINT highest)
{
    if (!lowest && !highest) return TRUE;
    return msg->message == WM_QUIT || (msg->message >= lowest && msg->message <= highest);
}

/* The lock is held. */
static BOOL take(LPMSG msg, UINT lowest, UINT highest, BOOL remove)
{
    for (struct message **link = &messages; *link; link = &(*link)->next) {
        struct message *found = *link;
        if (found->thread != GetCurrentThreadId() || !wanted(&found->msg, lowest, highest))
            continue;
        if (msg) *msg = found->msg;
        if (remove) {
            *link = found->next;
            count--;
            RtlFreeHeap(NtPeb()->ProcessHeap, 0, found);
        }
        return TRUE;
    }
    return FALSE;
}

BOOL WINAPI PostThreadMessageW(DWORD thread, UINT number, WPARAM w, LPARAM l)
{
    struct message *message, **link;
    HANDLE opened = OpenThread(SYNCHRONIZE, FALSE, thread);
    if (!opened) {
        SetLastError(ERROR_INVALID_THREAD_ID);
        return FALSE;
    }
    NtClose(opened);
    message = count < MOST_MESSAGES ? RtlAllocateHeap(NtPeb()->ProcessHeap, 0, sizeof *message)
                                    : NULL;
    if (!message) {
        SetLastError(ERROR_NOT_ENOUGH_QUOTA);
        return FALSE;
    }
    *message = (struct message){NULL, thread, {NULL, number, w, l, GetTickCount(), {0, 0}}};
    RtlAcquireSRWLockExclusive(&lock);
    for (link = &messages; *link;) link = &(*link)->next;
    *link = message;
    count++;
    RtlReleaseSRWLockExclusive(&lock);
    RtlWakeAllConditionVariable(&posted);
    return TRUE;
}

BOOL WINAPI PostThreadMessageA(DWORD thread, UINT number, WPARAM w, LPARAM l)
{
    return PostThreadMessageW(thread, number, w, l);
}

BOOL WINAPI PostMessageW(HWND window, UINT number, WPARAM w, LPARAM l)
{
    if (!window) return PostThreadMessageW(GetCurrentThreadId(), number, w, l);
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return FALSE;
}

BOOL WINAPI PostMessageA(HWND window, UINT number, WPARAM w, LPARAM l)
{
    return PostMessageW(window, number, w, l);
}

VOID WINAPI PostQuitMessage(int code)
{
    PostThreadMessageW(GetCurrentThreadId(), WM_QUIT, (WPARAM)code, 0);
}

BOOL WINAPI PeekMessageW(LPMSG msg, HWND window, UINT lowest, UINT highest, UINT flags)
{
    if (window && window != (HWND)-1) {
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
        return FALSE;
    }
    RtlAcquireSRWLockExclusive(&lock);
    BOOL found = take(msg, lowest, highest, (flags & PM_REMOVE) != 0);
    RtlReleaseSRWLockExclusive(&lock);
    return found;
}

BOOL WINAPI PeekMessageA(LPMSG msg, HWND window, UINT lowest, UINT highest, UINT flags)
{
    return PeekMessageW(msg, window, lowest, highest, flags);
}

/* Waits until there is one; FALSE for WM_QUIT. */
BOOL WINAPI GetMessageW(LPMSG msg, HWND window, UINT lowest, UINT highest)
{
    if (window && window != (HWND)-1) {
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
        return -1;
    }
    RtlAcquireSRWLockExclusive(&lock);
    while (!take(msg, lowest, highest, TRUE))
        RtlSleepConditionVariableSRW(&posted, &lock, NULL, 0);
    RtlReleaseSRWLockExclusive(&lock);
    return msg->message != WM_QUIT;
}

BOOL WINAPI GetMessageA(LPMSG msg, HWND window, UINT lowest, UINT highest)
{
    return GetMessageW(msg, window, lowest, highest);
}

BOOL WINAPI WaitMessage(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    while (!take(NULL, 0, 0, FALSE)) RtlSleepConditionVariableSRW(&posted, &lock, NULL, 0);
    RtlReleaseSRWLockExclusive(&lock);
    return TRUE;
}

LRESULT WINAPI DispatchMessageW(const MSG *msg)
{
    (void)msg;
    return 0;
}

LRESULT WINAPI DispatchMessageA(const MSG *msg)
{
    return DispatchMessageW(msg);
}

BOOL WINAPI TranslateMessage(const MSG *msg)
{
    (void)msg;
    return FALSE;
}

/* The messages that count are those that were there before the wait. */
DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD number, const HANDLE *handles, DWORD milliseconds,
    DWORD mask, DWORD flags)
{
    BOOL alertable = (flags & MWMO_ALERTABLE) != 0, found = FALSE;
    if (number > MAXIMUM_WAIT_OBJECTS - 1) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    if (mask & QS_POSTMESSAGE && !(flags & MWMO_WAITALL)) {
        RtlAcquireSRWLockShared(&lock);
        found = take(NULL, 0, 0, FALSE);
        RtlReleaseSRWLockShared(&lock);
    }
    if (!number) {
        if (found) return WAIT_OBJECT_0;
        return SleepEx(milliseconds, alertable) ? WAIT_IO_COMPLETION : WAIT_TIMEOUT;
    }
    DWORD result = WaitForMultipleObjectsEx(number, handles, (flags & MWMO_WAITALL) != 0,
        found ? 0 : milliseconds, alertable);
    return result == WAIT_TIMEOUT && found ? WAIT_OBJECT_0 + number : result;
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

/* Timers would need a window or a loop that asks for them. */
UINT_PTR WINAPI SetTimer(HWND window, UINT_PTR id, UINT period, TIMERPROC callback)
{
    (void)window, (void)id, (void)period, (void)callback;
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return 0;
}

BOOL WINAPI KillTimer(HWND window, UINT_PTR id)
{
    (void)window, (void)id;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}
