/* The life of a window.  None is drawn; a message-only one is like the others but is not listed. */
#include "user32.h"
#include "wide.h"

static struct window *table[MOST_WINDOWS];
static ULONG used, generation;

/* A handle is the place in the table and, above, a number that changes when it is used again. */
#define PLACE(handle) (((ULONG)(ULONG_PTR)(handle) & 0xFFFF) / 2)

struct window *window_find(HWND handle)
{
    ULONG place = PLACE(handle);
    struct window *found = place && place <= used ? table[place - 1] : NULL;
    return found && found->handle == handle ? found : NULL;
}

struct window *window_next(struct window *before)
{
    ULONG place = before ? PLACE(before->handle) : 0;
    while (place < used && !table[place]) place++;
    return place < used ? table[place] : NULL;
}

struct window *window_lock(HWND handle)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *found = window_find(handle);
    if (found) return found;
    user_unlock();
    user_fail(ERROR_INVALID_WINDOW_HANDLE);
    return NULL;
}

BOOL window_is_below(const struct window *window, const struct window *ancestor)
{
    while (window && window != ancestor) window = window->parent;
    return window != NULL;
}

static BOOL give_handle(struct window *window)
{
    ULONG place = 0;
    while (place < used && table[place]) place++;
    if (place == MOST_WINDOWS) return (BOOL)user_fail(ERROR_NO_MORE_USER_HANDLES);
    if (place == used) used++;
    table[place] = window;
    window->handle = (HWND)(ULONG_PTR)(++generation << 16 | (place + 1) * 2);
    return TRUE;
}

/* The lock is held.  0, or why the parent cannot be one. */
static DWORD set_parent(struct window *window, HWND parent)
{
    if (parent == HWND_MESSAGE) {
        window->is_message_only = TRUE;
        return 0;
    }
    struct window *above = window_find(parent);
    if (parent && !above) return ERROR_INVALID_WINDOW_HANDLE;
    if ((window->style & (WS_CHILD | WS_POPUP)) == WS_CHILD) {
        if (!above) return ERROR_TLW_WITH_WSCHILD;
        window->parent = above;
    } else {
        while (above && above->parent) above = above->parent;
        window->owner = above;
    }
    return 0;
}

static struct window *make(const CREATESTRUCTW *wanted, DWORD *error)
{
    struct window_class *class = class_find(wanted->lpszClass, wanted->hInstance);
    struct queue *queue = queue_of(GetCurrentThreadId(), TRUE);
    struct window *window = NULL;
    *error = class ? ERROR_NOT_ENOUGH_MEMORY : ERROR_CANNOT_FIND_WND_CLASS;
    if (!class || !queue) return NULL;
    window = user_allocate(sizeof *window + (SIZE_T)class->info.cbWndExtra);
    if (!window) return NULL;
    window->class = class;
    window->queue = queue;
    window->procedure = class->info.lpfnWndProc;
    window->unicode = class->unicode;
    window->style = (DWORD)wanted->style & ~WS_VISIBLE;
    window->extended = wanted->dwExStyle;
    window->id = (UINT_PTR)wanted->hMenu;
    window->instance = wanted->hInstance;
    *error = set_parent(window, wanted->hwndParent);
    if (!*error && give_handle(window)) {
        class->windows++;
        return window;
    }
    user_free(window);
    return NULL;
}

static int or_zero(int place)
{
    return place == CW_USEDEFAULT ? 0 : place;
}

/* The messages of a birth; FALSE where the procedure does not want it. */
static BOOL announce(HWND handle, CREATESTRUCTW *made, BOOL unicode)
{
    RECT place;
    BOOL done;
    if (!send_message(handle, WM_NCCREATE, 0, (LPARAM)made, unicode, INFINITE, &done)) return FALSE;
    GetWindowRect(handle, &place);
    SendMessageW(handle, WM_NCCALCSIZE, FALSE, (LPARAM)&place);
    if (send_message(handle, WM_CREATE, 0, (LPARAM)made, unicode, INFINITE, &done) == -1)
        return FALSE;
    if (!IsWindow(handle)) return FALSE;
    GetClientRect(handle, &place);
    SendMessageW(handle, WM_SIZE, SIZE_RESTORED, MAKELONG(place.right, place.bottom));
    SendMessageW(handle, WM_MOVE, 0, MAKELONG(made->x, made->y));
    if (made->style & WS_VISIBLE) ShowWindow(handle, SW_SHOW);
    return IsWindow(handle);
}

static HWND create(CREATESTRUCTW *made, BOOL unicode, const WCHAR *class)
{
    DWORD error;
    CREATESTRUCTW wide = *made;
    HWND handle;
    wide.lpszClass = class;
    if (!wide.hInstance) wide.hInstance = GetModuleHandleW(NULL);
    made->x = or_zero(made->x), made->y = or_zero(made->y);
    made->cx = or_zero(made->cx), made->cy = or_zero(made->cy);
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *window = make(&wide, &error);
    handle = window ? window->handle : NULL;
    if (window) SetRect(&window->place, made->x, made->y, made->x + made->cx, made->y + made->cy);
    user_unlock();
    if (!window) {
        if (error) user_fail(error);
        return NULL;
    }
    if (announce(handle, made, unicode)) return handle;
    if (IsWindow(handle)) DestroyWindow(handle);
    return NULL;
}

HWND WINAPI CreateWindowExW(DWORD extended, LPCWSTR class, LPCWSTR name, DWORD style, int x, int y,
    int width, int height, HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    CREATESTRUCTW made = {parameter, instance, menu, parent, height, width, y, x, (LONG)style, name,
        class, extended};
    return create(&made, TRUE, class);
}

HWND WINAPI CreateWindowExA(DWORD extended, LPCSTR class, LPCSTR name, DWORD style, int x, int y,
    int width, int height, HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    CREATESTRUCTW made = {parameter, instance, menu, parent, height, width, y, x, (LONG)style,
        (LPCWSTR)name, (LPCWSTR)class, extended};
    if (IS_INTRESOURCE(class)) return create(&made, FALSE, (LPCWSTR)class);
    WIDE(wide, class);
    return create(&made, FALSE, wide);
}

/* The lock is held. */
static void forget(struct window *window)
{
    for (struct window *each = window_next(NULL); each; each = window_next(each)) {
        if (each->parent == window) each->parent = NULL;
        if (each->owner == window) each->owner = NULL;
    }
    queue_forget_window(window->queue, window->handle);
    table[PLACE(window->handle) - 1] = NULL;
    window->class->windows--;
    while (window->properties) {
        struct property *property = window->properties;
        window->properties = property->next;
        user_free(property);
    }
    user_free(window->text);
    user_free(window);
}

static HWND some_below(HWND handle)
{
    HWND found = NULL;
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *above = window_find(handle);
    for (struct window *each = window_next(NULL); above && each && !found; each = window_next(each))
        if ((each->parent == above || each->owner == above) && !each->is_going)
            found = each->handle;
    user_unlock();
    return found;
}

static void destroy(HWND handle)
{
    struct window *window = window_lock(handle);
    HWND below;
    if (!window) return;
    window->is_going = TRUE;
    user_unlock();
    SendMessageW(handle, WM_DESTROY, 0, 0);
    while ((below = some_below(handle))) destroy(below);
    SendMessageW(handle, WM_NCDESTROY, 0, 0);
    if ((window = window_lock(handle))) {
        forget(window);
        user_unlock();
    }
}

BOOL WINAPI DestroyWindow(HWND handle)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    BOOL is_mine = window->queue->thread == GetCurrentThreadId(), is_going = window->is_going;
    user_unlock();
    if (!is_mine) return (BOOL)user_fail(ERROR_ACCESS_DENIED);
    if (!is_going) destroy(handle);
    return TRUE;
}

/* Its procedures are not called: they would run in a thread that has ended. */
VOID windows_of_thread_end(DWORD thread)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    for (ULONG place = 0; place < used; place++)
        if (table[place] && table[place]->queue->thread == thread) forget(table[place]);
    user_unlock();
}

BOOL WINAPI IsWindow(HWND handle)
{
    struct window *window = window_lock(handle);
    if (window) user_unlock();
    return window != NULL;
}
