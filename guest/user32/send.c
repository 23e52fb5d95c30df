/* Sending messages: a window procedure is called by its own thread, the sender waits for it. */
#include "user32.h"

struct target {
    WNDPROC procedure;
    BOOL unicode;
    struct queue *queue;
};

static BOOL find_target(HWND handle, struct target *target)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    *target = (struct target){window->procedure, window->unicode, window->queue};
    user_unlock();
    return TRUE;
}

static struct sent *take_sent(struct queue *queue)
{
    struct sent *sent;
    RtlAcquireSRWLockExclusive(&user_lock);
    sent = queue->sent;
    if (sent) queue->sent = sent->next;
    user_unlock();
    return sent;
}

static void answer(struct queue *queue, struct sent *sent, LRESULT result)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    if (!sent->sender) {
        user_free(sent);
    } else if (!sent->answered) {
        sent->result = result;
        sent->answered = TRUE;
        queue_wake(sent->sender, 0);
    }
    (void)queue;
    user_unlock();
}

VOID queue_serve(struct queue *queue)
{
    struct sent *sent;
    while ((sent = take_sent(queue))) {
        struct sent *before = queue->current;
        struct target target;
        LRESULT result = 0;
        queue->current = sent;
        if (find_target(sent->msg.hwnd, &target))
            result = call_procedure(target.procedure, target.unicode, sent->unicode,
                sent->msg.hwnd, sent->msg.message, sent->msg.wParam, sent->msg.lParam);
        if (queue->current == sent) answer(queue, sent, result);
        queue->current = before;
    }
}

BOOL WINAPI ReplyMessage(LRESULT result)
{
    struct queue *queue = queue_mine();
    struct sent *sent = queue ? queue->current : NULL;
    if (!sent) return FALSE;
    queue->current = NULL; /* what the procedure returns does not count any more */
    answer(queue, sent, result);
    return TRUE;
}

BOOL WINAPI InSendMessage(VOID)
{
    struct queue *queue = queue_mine();
    return queue && queue->current;
}

DWORD WINAPI InSendMessageEx(LPVOID reserved)
{
    struct queue *queue = queue_mine();
    const struct sent *current = queue ? queue->current : NULL;
    (void)reserved;
    if (!current) return ISMEX_NOSEND;
    return current->sender ? ISMEX_SEND : ISMEX_NOTIFY;
}

static void enqueue(struct queue *queue, struct sent *sent)
{
    struct sent **link = &queue->sent;
    while (*link) link = &(*link)->next;
    *link = sent;
    queue_wake(queue, QS_SENDMESSAGE);
}

/* The lock is held. */
static void take_back(struct queue *queue, struct sent *sent)
{
    struct sent **link = &queue->sent;
    while (*link && *link != sent) link = &(*link)->next;
    if (*link) *link = sent->next;
}

/* The block belongs to the receiver from now on if it is too late to take it back. */
static BOOL wait_for_answer(struct queue *mine, struct queue *queue, struct sent *sent,
    const LARGE_INTEGER *due)
{
    NTSTATUS status;
    while (!sent->answered) {
        queue_serve(mine);
        if (sent->answered || queue_wait(mine, 0, NULL, due, FALSE, &status)) continue;
        RtlAcquireSRWLockExclusive(&user_lock);
        take_back(queue, sent);
        user_unlock();
        return FALSE;
    }
    return !sent->abandoned;
}

static BOOL send_to_thread(struct queue *queue, struct sent *sent, DWORD timeout)
{
    struct queue *mine = queue_mine();
    LARGE_INTEGER due;
    if (!mine) return FALSE;
    due.QuadPart = (LONGLONG)(ReadSystemTime(&SharedUserData->InterruptTime) + 10000ull * timeout);
    sent->sender = mine;
    RtlAcquireSRWLockExclusive(&user_lock);
    enqueue(queue, sent);
    user_unlock();
    return wait_for_answer(mine, queue, sent, timeout == INFINITE ? NULL : &due);
}

LRESULT send_message(HWND window, UINT message, WPARAM w, LPARAM l, BOOL unicode, DWORD timeout,
    BOOL *done)
{
    struct target target;
    struct sent *sent;
    LRESULT result;
    *done = FALSE;
    if (!find_target(window, &target)) return 0;
    if (target.queue->thread == GetCurrentThreadId()) {
        *done = TRUE;
        return call_procedure(target.procedure, target.unicode, unicode, window, message, w, l);
    }
    sent = user_allocate(sizeof *sent);
    if (!sent) return user_fail(ERROR_NOT_ENOUGH_MEMORY);
    sent->unicode = unicode;
    sent->msg = (MSG){window, message, w, l, GetTickCount(), {0, 0}};
    *done = send_to_thread(target.queue, sent, timeout);
    result = sent->result;
    if (sent->answered) user_free(sent);
    return *done ? result : user_fail(ERROR_TIMEOUT);
}

LRESULT WINAPI SendMessageW(HWND window, UINT message, WPARAM w, LPARAM l)
{
    BOOL done;
    return send_message(window, message, w, l, TRUE, INFINITE, &done);
}

LRESULT WINAPI SendMessageA(HWND window, UINT message, WPARAM w, LPARAM l)
{
    BOOL done;
    return send_message(window, message, w, l, FALSE, INFINITE, &done);
}

static LRESULT send_for_some_time(HWND window, UINT message, WPARAM w, LPARAM l, BOOL unicode,
    DWORD timeout, PDWORD_PTR result)
{
    BOOL done;
    LRESULT answered = send_message(window, message, w, l, unicode, timeout, &done);
    if (result) *result = (DWORD_PTR)answered;
    return done;
}

LRESULT WINAPI SendMessageTimeoutW(HWND window, UINT message, WPARAM w, LPARAM l, UINT flags,
    UINT timeout, PDWORD_PTR result)
{
    (void)flags;
    return send_for_some_time(window, message, w, l, TRUE, timeout, result);
}

LRESULT WINAPI SendMessageTimeoutA(HWND window, UINT message, WPARAM w, LPARAM l, UINT flags,
    UINT timeout, PDWORD_PTR result)
{
    (void)flags;
    return send_for_some_time(window, message, w, l, FALSE, timeout, result);
}

static BOOL notify(HWND window, UINT message, WPARAM w, LPARAM l, BOOL unicode)
{
    struct target target;
    struct sent *sent;
    if (!find_target(window, &target)) return FALSE;
    if (target.queue->thread == GetCurrentThreadId()) {
        call_procedure(target.procedure, target.unicode, unicode, window, message, w, l);
        return TRUE;
    }
    sent = user_allocate(sizeof *sent);
    if (!sent) return (BOOL)user_fail(ERROR_NOT_ENOUGH_MEMORY);
    sent->unicode = unicode;
    sent->msg = (MSG){window, message, w, l, GetTickCount(), {0, 0}};
    RtlAcquireSRWLockExclusive(&user_lock);
    enqueue(target.queue, sent);
    user_unlock();
    return TRUE;
}

BOOL WINAPI SendNotifyMessageW(HWND window, UINT message, WPARAM w, LPARAM l)
{
    return notify(window, message, w, l, TRUE);
}

BOOL WINAPI SendNotifyMessageA(HWND window, UINT message, WPARAM w, LPARAM l)
{
    return notify(window, message, w, l, FALSE);
}
