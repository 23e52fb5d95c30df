/* A thread's message queue: what is posted to it or sent by others, its timers, its end. */
#include "user32.h"

#define MOST_MESSAGES 10000 /* the documented limit of a queue */

static struct queue *queues;

struct queue *queue_of(DWORD thread, BOOL make)
{
    struct queue *queue = queues;
    while (queue && queue->thread != thread) queue = queue->next;
    if (queue || !make) return queue;
    queue = user_allocate(sizeof *queue);
    if (!queue) return NULL;
    if (!NT_SUCCESS(NtCreateEvent(&queue->event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent,
            FALSE))) {
        user_free(queue);
        return NULL;
    }
    queue->thread = thread;
    queue->next = queues;
    return queues = queue;
}

struct queue *queue_mine(VOID)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    struct queue *queue = queue_of(GetCurrentThreadId(), TRUE);
    user_unlock();
    if (!queue) user_fail(ERROR_NOT_ENOUGH_MEMORY);
    return queue;
}

VOID queue_wake(struct queue *queue, UINT bits)
{
    queue->changed |= bits;
    NtSetEvent(queue->event, NULL);
}

static void abandon(struct sent *sent)
{
    for (struct sent *next; sent; sent = next) {
        next = sent->next;
        if (!sent->sender) {
            user_free(sent);
            continue;
        }
        sent->abandoned = sent->answered = TRUE;
        queue_wake(sent->sender, 0);
    }
}

/* Senders get 0. */
VOID queue_end(DWORD thread)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    struct queue **link = &queues, *queue;
    while (*link && (*link)->thread != thread) link = &(*link)->next;
    queue = *link;
    if (queue) {
        *link = queue->next;
        abandon(queue->sent);
        queue_forget_window(queue, NULL);
        NtClose(queue->event);
        user_free(queue);
    }
    user_unlock();
}

static void drop_posts(struct queue *queue, HWND window)
{
    struct post **link = &queue->posts;
    while (*link) {
        struct post *post = *link;
        if (window && post->msg.hwnd != window) {
            link = &post->next;
            continue;
        }
        *link = post->next;
        queue->count--;
        user_free(post);
    }
}

/* NULL: all windows. */
VOID queue_forget_window(struct queue *queue, HWND window)
{
    drop_posts(queue, window);
    for (struct timer **link = &queue->timers; *link;) {
        struct timer *timer = *link;
        if (window && timer->window != window) {
            link = &timer->next;
            continue;
        }
        *link = timer->next;
        user_free(timer);
    }
}

BOOL queue_wants(const MSG *msg, HWND window, UINT low, UINT high)
{
    if (window == (HWND)-1) {
        if (msg->hwnd) return FALSE;
    } else if (window && msg->hwnd != window) {
        struct window *mine = window_find(msg->hwnd), *above = window_find(window);
        if (!mine || !above || !window_is_below(mine, above)) return FALSE;
    }
    return (!low && !high) || (msg->message >= low && msg->message <= high);
}

static BOOL take_post(struct queue *queue, MSG *msg, HWND window, UINT low, UINT high, BOOL remove)
{
    for (struct post **link = &queue->posts; *link; link = &(*link)->next) {
        struct post *post = *link;
        if (!queue_wants(&post->msg, window, low, high)) continue;
        *msg = post->msg;
        if (remove) {
            *link = post->next;
            queue->count--;
            user_free(post);
        }
        return TRUE;
    }
    return FALSE;
}

/* Posted messages come first, then the end, then timers ("About Messages and Message Queues"). */
static BOOL take(struct queue *queue, MSG *msg, HWND window, UINT low, UINT high, BOOL remove)
{
    if (take_post(queue, msg, window, low, high, remove)) return TRUE;
    if (queue->quits) {
        *msg = (MSG){NULL, WM_QUIT, (WPARAM)queue->quit_code, 0, GetTickCount(), {0, 0}};
        if (remove) queue->quits = FALSE;
        return TRUE;
    }
    return queue_fire_timer(queue, msg, window, low, high, remove);
}

static BOOL post(struct queue *queue, HWND window, UINT number, WPARAM w, LPARAM l)
{
    struct post *post = queue->count < MOST_MESSAGES ? user_allocate(sizeof *post) : NULL;
    struct post **link = &queue->posts;
    if (!post) return (BOOL)user_fail(ERROR_NOT_ENOUGH_QUOTA);
    post->msg = (MSG){window, number, w, l, GetTickCount(), {0, 0}};
    while (*link) link = &(*link)->next;
    *link = post;
    queue->count++;
    queue_wake(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    return TRUE;
}

/* Messages with addresses in them, from number to number; they cannot be posted. */
static const USHORT with_pointers[][2] = {{WM_CREATE, WM_CREATE}, {WM_SETTEXT, WM_GETTEXT},
    {WM_WININICHANGE, WM_DEVMODECHANGE}, {WM_GETMINMAXINFO, WM_GETMINMAXINFO},
    {WM_DRAWITEM, WM_DELETEITEM}, {WM_COMPAREITEM, WM_COMPAREITEM},
    {WM_WINDOWPOSCHANGING, WM_WINDOWPOSCHANGED}, {WM_COPYDATA, WM_COPYDATA}, {WM_HELP, WM_HELP},
    {WM_STYLECHANGING, WM_STYLECHANGED}, {WM_NCCREATE, WM_NCCREATE},
    {WM_NCCALCSIZE, WM_NCCALCSIZE}, {WM_GETDLGCODE, WM_GETDLGCODE}, {WM_NEXTMENU, WM_SIZING},
    {WM_MOVING, WM_MOVING}, {WM_MDICREATE, WM_MDICREATE}, {WM_MDIGETACTIVE, WM_MDIGETACTIVE}};

static BOOL can_be_posted(UINT number)
{
    for (ULONG i = 0; i < ARRAYSIZE(with_pointers); i++)
        if (number >= with_pointers[i][0] && number <= with_pointers[i][1])
            return (BOOL)user_fail(ERROR_MESSAGE_SYNC_ONLY);
    return TRUE;
}

BOOL WINAPI PostThreadMessageW(DWORD thread, UINT number, WPARAM w, LPARAM l)
{
    if (!can_be_posted(number)) return FALSE;
    HANDLE opened = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, thread);
    BOOL done = FALSE, is_mine = opened && GetProcessIdOfThread(opened) == GetCurrentProcessId();
    if (opened) NtClose(opened);
    if (!is_mine) return (BOOL)user_fail(ERROR_INVALID_THREAD_ID);
    RtlAcquireSRWLockExclusive(&user_lock);
    struct queue *queue = queue_of(thread, TRUE);
    if (queue) done = post(queue, NULL, number, w, l);
    else user_fail(ERROR_NOT_ENOUGH_MEMORY);
    user_unlock();
    return done;
}

BOOL WINAPI PostThreadMessageA(DWORD thread, UINT number, WPARAM w, LPARAM l)
{
    return PostThreadMessageW(thread, number, w, l);
}

static void post_to_all(UINT number, WPARAM w, LPARAM l)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    for (struct window *each = window_next(NULL); each; each = window_next(each))
        if (!each->parent && !each->is_message_only) post(each->queue, each->handle, number, w, l);
    user_unlock();
}

BOOL WINAPI PostMessageW(HWND handle, UINT number, WPARAM w, LPARAM l)
{
    struct window *window;
    BOOL done;
    if (!can_be_posted(number)) return FALSE;
    if (!handle) return PostThreadMessageW(GetCurrentThreadId(), number, w, l);
    if (handle == HWND_BROADCAST) {
        post_to_all(number, w, l);
        return TRUE;
    }
    window = window_lock(handle);
    if (!window) return FALSE;
    done = post(window->queue, handle, number, w, l);
    user_unlock();
    return done;
}

BOOL WINAPI PostMessageA(HWND window, UINT number, WPARAM w, LPARAM l)
{
    return PostMessageW(window, number, w, l);
}

VOID WINAPI PostQuitMessage(int code)
{
    struct queue *queue = queue_mine();
    if (!queue) return;
    RtlAcquireSRWLockExclusive(&user_lock);
    queue->quits = TRUE;
    queue->quit_code = code;
    queue_wake(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    user_unlock();
}

static BOOL is_bad_window(HWND window)
{
    return window && window != (HWND)-1 && !IsWindow(window);
}

BOOL WINAPI PeekMessageW(LPMSG msg, HWND window, UINT low, UINT high, UINT flags)
{
    struct queue *queue = queue_mine();
    BOOL found;
    if (!queue) return FALSE;
    if (is_bad_window(window)) return (BOOL)user_fail(ERROR_INVALID_WINDOW_HANDLE);
    queue_serve(queue);
    RtlAcquireSRWLockExclusive(&user_lock);
    queue->changed = 0;
    found = take(queue, msg, window, low, high, (flags & PM_REMOVE) != 0);
    if (found) queue->time = msg->time;
    user_unlock();
    return found;
}

BOOL WINAPI PeekMessageA(LPMSG msg, HWND window, UINT low, UINT high, UINT flags)
{
    return PeekMessageW(msg, window, low, high, flags);
}

/* Waits until there is one; FALSE for WM_QUIT. */
BOOL WINAPI GetMessageW(LPMSG msg, HWND window, UINT low, UINT high)
{
    struct queue *queue = queue_mine();
    NTSTATUS status;
    if (!queue || is_bad_window(window)) {
        user_fail(ERROR_INVALID_WINDOW_HANDLE);
        return -1;
    }
    while (!PeekMessageW(msg, window, low, high, PM_REMOVE)) {
        if (is_bad_window(window)) return -1;
        queue_wait(queue, 0, NULL, NULL, FALSE, &status);
    }
    return msg->message != WM_QUIT;
}

BOOL WINAPI GetMessageA(LPMSG msg, HWND window, UINT low, UINT high)
{
    return GetMessageW(msg, window, low, high);
}

static UINT present(struct queue *queue)
{
    MSG msg;
    UINT bits = queue->sent ? QS_SENDMESSAGE : 0;
    if (queue->posts || queue->quits) bits |= QS_POSTMESSAGE | QS_ALLPOSTMESSAGE;
    if (queue_fire_timer(queue, &msg, NULL, 0, 0, FALSE)) bits |= QS_TIMER;
    return bits;
}

/* The low word: what came since the last look; the high word: all that is there. */
DWORD WINAPI GetQueueStatus(UINT flags)
{
    struct queue *queue = queue_mine();
    DWORD result;
    if (!queue) return 0;
    RtlAcquireSRWLockExclusive(&user_lock);
    result = MAKELONG(queue->changed & flags, present(queue) & flags);
    queue->changed &= ~flags;
    user_unlock();
    return result;
}

BOOL WINAPI GetInputState(VOID)
{
    return FALSE;
}

LONG WINAPI GetMessageTime(VOID)
{
    struct queue *queue = queue_mine();
    return queue ? (LONG)queue->time : 0;
}

DWORD WINAPI GetMessagePos(VOID)
{
    return 0;
}

LPARAM WINAPI GetMessageExtraInfo(VOID)
{
    return 0;
}

BOOL user_has_message(UINT mask, BOOL old_too)
{
    struct queue *queue = queue_mine();
    UINT bits;
    if (!queue) return FALSE;
    RtlAcquireSRWLockExclusive(&user_lock);
    bits = queue->changed | (present(queue) & (old_too ? ~0u : QS_TIMER));
    user_unlock();
    return (bits & mask) != 0;
}
