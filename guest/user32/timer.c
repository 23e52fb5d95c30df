/* Timers: a WM_TIMER comes when nothing else is in the queue. */
#include "user32.h"

#define UNITS_PER_MILLISECOND 10000

static UINT_PTR next_id = 0x7FFF; /* of timers without a window; each is one less than the last */

static struct timer **find(struct queue *queue, HWND window, UINT_PTR id)
{
    struct timer **link = &queue->timers;
    while (*link && ((*link)->window != window || (*link)->id != id)) link = &(*link)->next;
    return link;
}

/* The timer that has waited longest; it starts anew when its message is removed. */
BOOL queue_fire_timer(struct queue *queue, MSG *msg, HWND window, UINT low, UINT high, BOOL remove)
{
    ULONGLONG now = ReadSystemTime(&SharedUserData->InterruptTime);
    struct timer *first = NULL;
    for (struct timer *timer = queue->timers; timer; timer = timer->next) {
        MSG made = {timer->window, WM_TIMER, timer->id, (LPARAM)timer->procedure, GetTickCount(),
            {0, 0}};
        if (timer->due > now || (first && first->due <= timer->due)) continue;
        if (!queue_wants(&made, window, low, high)) continue;
        first = timer;
        *msg = made;
    }
    if (first && remove) first->due = now + (ULONGLONG)first->period * UNITS_PER_MILLISECOND;
    return first != NULL;
}

static UINT_PTR set(struct queue *queue, HWND window, UINT_PTR id, UINT period,
    TIMERPROC procedure)
{
    struct timer *timer = *find(queue, window, id);
    if (!timer) {
        if (!window) id = next_id-- & 0x7FFF;
        timer = user_allocate(sizeof *timer);
        if (!timer) return (UINT_PTR)user_fail(ERROR_NOT_ENOUGH_MEMORY);
        timer->next = queue->timers;
        queue->timers = timer;
    }
    if (period < USER_TIMER_MINIMUM) period = USER_TIMER_MINIMUM;
    if (period > USER_TIMER_MAXIMUM) period = USER_TIMER_MAXIMUM;
    timer->window = window;
    timer->id = id;
    timer->period = period;
    timer->procedure = procedure;
    timer->due = ReadSystemTime(&SharedUserData->InterruptTime) +
        (ULONGLONG)period * UNITS_PER_MILLISECOND;
    queue_wake(queue, 0);
    return window ? 1 : id;
}

UINT_PTR WINAPI SetTimer(HWND handle, UINT_PTR id, UINT period, TIMERPROC procedure)
{
    struct queue *queue = queue_mine();
    UINT_PTR result;
    if (!queue) return 0;
    if (handle) {
        struct window *window = window_lock(handle);
        if (!window) return 0;
        queue = window->queue;
    } else {
        RtlAcquireSRWLockExclusive(&user_lock);
    }
    result = set(queue, handle, id, period, procedure);
    user_unlock();
    return result;
}

UINT_PTR WINAPI SetCoalescableTimer(HWND window, UINT_PTR id, UINT period, TIMERPROC procedure,
    ULONG tolerance)
{
    (void)tolerance;
    return SetTimer(window, id, period, procedure);
}

BOOL WINAPI KillTimer(HWND handle, UINT_PTR id)
{
    struct queue *queue = queue_mine();
    struct timer **link, *timer;
    if (!queue) return FALSE;
    if (handle) {
        struct window *window = window_lock(handle);
        if (!window) return FALSE;
        queue = window->queue;
    } else {
        RtlAcquireSRWLockExclusive(&user_lock);
    }
    link = find(queue, handle, id);
    timer = *link;
    if (timer) *link = timer->next;
    user_unlock();
    user_free(timer);
    return timer ? TRUE : (BOOL)user_fail(ERROR_INVALID_PARAMETER);
}
