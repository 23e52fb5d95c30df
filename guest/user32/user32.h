/* Windows and queues of one process.  Nobody sees the windows of another, and none is ever drawn. */
#pragma once
#include "rtl.h"
#include "ntcalls.h"
#include <string.h>
#include <winnls.h>
#include <winuser.h>

/* One lock for all that is declared here; it is never held while a window procedure runs. */
extern RTL_SRWLOCK user_lock;

struct window_class {
    struct window_class *next;
    ATOM atom;
    BOOL unicode;
    ULONG windows;
    WNDCLASSEXW info; /* lpszClassName is owned by the class */
};

struct timer {
    struct timer *next;
    HWND window;
    UINT_PTR id;
    UINT period; /* milliseconds */
    TIMERPROC procedure;
    ULONGLONG due; /* interrupt time, 100 ns */
};

struct post {
    struct post *next;
    MSG msg;
};

/* A message that its sender waits for. */
struct sent {
    struct sent *next;
    struct queue *sender;
    BOOL unicode, answered, abandoned;
    MSG msg;
    LRESULT result;
};

struct queue {
    struct queue *next;
    DWORD thread;
    HANDLE event; /* set with every change */
    struct post *posts;
    ULONG count;
    struct sent *sent, *current;
    struct timer *timers;
    UINT changed; /* QS_ bits since the last look at the queue */
    BOOL quits;
    int quit_code;
    DWORD time; /* of the message that was taken last, milliseconds */
};

struct property {
    struct property *next;
    ATOM atom;
    HANDLE data;
};

struct window {
    HWND handle;
    struct window_class *class;
    struct queue *queue;
    WNDPROC procedure;
    BOOL unicode, is_message_only, is_going;
    DWORD style, extended;
    RECT place; /* in the parent's client area */
    struct window *parent, *owner;
    UINT_PTR id; /* or the menu */
    HINSTANCE instance;
    LONG_PTR data;
    WCHAR *text;
    struct property *properties;
    BYTE extra[];
};

#define MOST_WINDOWS 10000 /* the documented limit of a process */

PVOID user_allocate(SIZE_T size);
VOID user_free(PVOID block);
WCHAR *user_copy(const WCHAR *text);
LRESULT user_fail(DWORD error); /* returns 0 */

/* The lock is held in these. */
struct window *window_find(HWND handle);
struct window *window_next(struct window *before); /* in the order of creation; NULL: the first */
struct window_class *class_find(LPCWSTR name, HINSTANCE instance);
struct queue *queue_of(DWORD thread, BOOL make);
VOID queue_wake(struct queue *queue, UINT bits);
VOID queue_forget_window(struct queue *queue, HWND window);
BOOL queue_fire_timer(struct queue *queue, MSG *msg, HWND window, UINT low, UINT high, BOOL remove);
BOOL queue_wants(const MSG *msg, HWND window, UINT low, UINT high);
BOOL window_is_below(const struct window *window, const struct window *ancestor);

/* The lock is taken by these. */
struct window *window_lock(HWND handle); /* NULL, with the last error, without the lock */
VOID user_unlock(VOID);
struct queue *queue_mine(VOID);
VOID queue_serve(struct queue *queue); /* lets the thread's windows answer what others sent */
BOOL queue_wait(struct queue *queue, ULONG count, const HANDLE *handles, const LARGE_INTEGER *due,
    BOOL alertable, NTSTATUS *status);
LRESULT send_message(HWND window, UINT message, WPARAM w, LPARAM l, BOOL unicode, DWORD timeout,
    BOOL *done);
LRESULT call_procedure(WNDPROC procedure, BOOL takes_unicode, BOOL unicode, HWND window,
    UINT message, WPARAM w, LPARAM l);
VOID windows_of_thread_end(DWORD thread);
VOID queue_end(DWORD thread);
