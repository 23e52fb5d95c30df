/* Finding and listing windows. */
#include "user32.h"
#include "wide.h"

enum which { TOP_LEVEL, BELOW, OF_THREAD };

static BOOL is_wanted(const struct window *window, enum which which, const struct window *above,
    DWORD thread)
{
    if (window->is_message_only && which != BELOW) return FALSE;
    switch (which) {
    case TOP_LEVEL: return !window->parent;
    case BELOW: return window != above && window_is_below(window, above);
    default: return !window->parent && window->queue->thread == thread;
    }
}

/* The routine may do what it likes, so it gets the windows that there were at the beginning. */
static BOOL list(enum which which, HWND parent, DWORD thread, WNDENUMPROC routine, LPARAM argument)
{
    HWND *found = user_allocate(MOST_WINDOWS * sizeof(HWND));
    ULONG count = 0;
    BOOL goes_on = TRUE;
    if (!found) return (BOOL)user_fail(ERROR_NOT_ENOUGH_MEMORY);
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *above = window_find(parent);
    for (struct window *each = window_next(NULL); each; each = window_next(each))
        if (is_wanted(each, which, above, thread)) found[count++] = each->handle;
    user_unlock();
    for (ULONG i = 0; i < count && goes_on; i++)
        if (IsWindow(found[i])) goes_on = routine(found[i], argument);
    user_free(found);
    return goes_on;
}

BOOL WINAPI EnumWindows(WNDENUMPROC routine, LPARAM argument)
{
    return list(TOP_LEVEL, NULL, 0, routine, argument);
}

BOOL WINAPI EnumThreadWindows(DWORD thread, WNDENUMPROC routine, LPARAM argument)
{
    return list(OF_THREAD, NULL, thread, routine, argument);
}

BOOL WINAPI EnumChildWindows(HWND parent, WNDENUMPROC routine, LPARAM argument)
{
    if (parent) return IsWindow(parent) && list(BELOW, parent, 0, routine, argument);
    return list(TOP_LEVEL, NULL, 0, routine, argument);
}

static BOOL is_called(const struct window *window, ATOM class, const WCHAR *name)
{
    if (class && window->class->atom != class) return FALSE;
    return !name || !_wcsicmp(window->text ? window->text : L"", name);
}

/* Without a parent and a window to begin after, message-only windows count too (documented). */
HWND WINAPI FindWindowExW(HWND parent, HWND after, LPCWSTR class, LPCWSTR name)
{
    BOOL only_messages = parent == HWND_MESSAGE, both = !parent && !after;
    ATOM atom = class ? GlobalFindAtomW(class) : 0;
    HWND found = NULL;
    if (class && !atom) return NULL;
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *above = only_messages ? NULL : window_find(parent);
    struct window *each = after ? window_find(after) : NULL;
    while ((!after || each) && (each = window_next(each)) && !found) {
        if (each->parent != above) continue;
        if (!above && !both && each->is_message_only != only_messages) continue;
        if (is_called(each, atom, name)) found = each->handle;
    }
    user_unlock();
    return found;
}

HWND WINAPI FindWindowExA(HWND parent, HWND after, LPCSTR class, LPCSTR name)
{
    BOOL is_atom = IS_INTRESOURCE(class);
    WIDE(wide_class, is_atom ? NULL : class);
    WIDE(wide_name, name);
    return FindWindowExW(parent, after, is_atom ? (LPCWSTR)class : wide_class, wide_name);
}

HWND WINAPI FindWindowW(LPCWSTR class, LPCWSTR name)
{
    return FindWindowExW(NULL, NULL, class, name);
}

HWND WINAPI FindWindowA(LPCSTR class, LPCSTR name)
{
    return FindWindowExA(NULL, NULL, class, name);
}
