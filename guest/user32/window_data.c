/* What is stored with a window: its words, its text, its properties. */
#include "user32.h"
#include "wide.h"

/* The lock is held.  NULL, with the last error, for an offset that does not exist. */
static LONG *word_of(struct window *window, int offset)
{
    switch (offset) {
    case GWL_STYLE: return (LONG *)&window->style;
    case GWL_EXSTYLE: return (LONG *)&window->extended;
    case GWL_ID: return (LONG *)&window->id;
    case GWL_HINSTANCE: return (LONG *)&window->instance;
    case GWL_USERDATA: return (LONG *)&window->data;
    case GWL_WNDPROC: return (LONG *)&window->procedure;
    default:
        if (offset >= 0 && offset <= window->class->info.cbWndExtra - (int)sizeof(LONG))
            return (LONG *)(window->extra + offset);
        user_fail(ERROR_INVALID_INDEX);
        return NULL;
    }
}

static LONG get_long(HWND handle, int offset)
{
    struct window *window = window_lock(handle);
    LONG *word, value = 0;
    if (!window) return 0;
    word = word_of(window, offset);
    if (word) value = *word;
    if (offset == GWL_HWNDPARENT) {
        struct window *above = window->parent ? window->parent : window->owner;
        value = above ? (LONG)(LONG_PTR)above->handle : 0;
        user_fail(0);
    }
    user_unlock();
    return value;
}

LONG WINAPI GetWindowLongW(HWND window, int offset)
{
    return get_long(window, offset);
}

LONG WINAPI GetWindowLongA(HWND window, int offset)
{
    return get_long(window, offset);
}

/* The lock is held.  WS_VISIBLE is ShowWindow's, the handles of parents are not for the guest. */
static LONG replace(struct window *window, int offset, LONG value, BOOL unicode)
{
    LONG *word = word_of(window, offset), before;
    if (!word) return 0;
    before = *word;
    *word = value;
    if (offset == GWL_WNDPROC) window->unicode = unicode;
    return before;
}

static LONG set_long(HWND handle, int offset, LONG value, BOOL unicode)
{
    struct window *window = window_lock(handle);
    STYLESTRUCT styles;
    LONG before;
    if (!window) return 0;
    before = replace(window, offset, value, unicode);
    user_unlock();
    if (offset == GWL_STYLE || offset == GWL_EXSTYLE) {
        styles = (STYLESTRUCT){(DWORD)before, (DWORD)value};
        SendMessageW(handle, WM_STYLECHANGED, (WPARAM)offset, (LPARAM)&styles);
    }
    return before;
}

LONG WINAPI SetWindowLongW(HWND window, int offset, LONG value)
{
    return set_long(window, offset, value, TRUE);
}

LONG WINAPI SetWindowLongA(HWND window, int offset, LONG value)
{
    return set_long(window, offset, value, FALSE);
}

DWORD WINAPI GetClassLongW(HWND handle, int offset)
{
    struct window *window = window_lock(handle);
    DWORD value = 0;
    if (!window) return 0;
    const WNDCLASSEXW *info = &window->class->info;
    switch (offset) {
    case GCW_ATOM: value = window->class->atom; break;
    case GCL_STYLE: value = info->style; break;
    case GCL_WNDPROC: value = (DWORD)(DWORD_PTR)info->lpfnWndProc; break;
    case GCL_CBCLSEXTRA: value = (DWORD)info->cbClsExtra; break;
    case GCL_CBWNDEXTRA: value = (DWORD)info->cbWndExtra; break;
    case GCL_HMODULE: value = (DWORD)(DWORD_PTR)info->hInstance; break;
    case GCL_HICON: value = (DWORD)(DWORD_PTR)info->hIcon; break;
    case GCL_HCURSOR: value = (DWORD)(DWORD_PTR)info->hCursor; break;
    case GCL_HBRBACKGROUND: value = (DWORD)(DWORD_PTR)info->hbrBackground; break;
    default: user_fail(ERROR_INVALID_INDEX);
    }
    user_unlock();
    return value;
}

DWORD WINAPI GetClassLongA(HWND window, int offset)
{
    return GetClassLongW(window, offset);
}

BOOL WINAPI IsWindowUnicode(HWND handle)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    BOOL unicode = window->unicode;
    user_unlock();
    return unicode;
}

DWORD WINAPI GetWindowThreadProcessId(HWND handle, LPDWORD process)
{
    struct window *window = window_lock(handle);
    if (!window) return 0;
    DWORD thread = window->queue->thread;
    user_unlock();
    if (process) *process = GetCurrentProcessId();
    return thread;
}

int WINAPI GetWindowTextW(HWND window, LPWSTR buffer, int size)
{
    if (size <= 0) return 0;
    buffer[0] = 0;
    return (int)SendMessageW(window, WM_GETTEXT, (WPARAM)size, (LPARAM)buffer);
}

int WINAPI GetWindowTextA(HWND window, LPSTR buffer, int size)
{
    if (size <= 0) return 0;
    buffer[0] = 0;
    return (int)SendMessageA(window, WM_GETTEXT, (WPARAM)size, (LPARAM)buffer);
}

int WINAPI GetWindowTextLengthW(HWND window)
{
    return (int)SendMessageW(window, WM_GETTEXTLENGTH, 0, 0);
}

int WINAPI GetWindowTextLengthA(HWND window)
{
    return (int)SendMessageA(window, WM_GETTEXTLENGTH, 0, 0);
}

BOOL WINAPI SetWindowTextW(HWND window, LPCWSTR text)
{
    return SendMessageW(window, WM_SETTEXT, 0, (LPARAM)text) != 0;
}

BOOL WINAPI SetWindowTextA(HWND window, LPCSTR text)
{
    return SendMessageA(window, WM_SETTEXT, 0, (LPARAM)text) != 0;
}

/* The lock is held. */
static struct property **find_property(struct window *window, ATOM atom)
{
    struct property **link = &window->properties;
    while (*link && (*link)->atom != atom) link = &(*link)->next;
    return link;
}

HANDLE WINAPI GetPropW(HWND handle, LPCWSTR name)
{
    ATOM atom = GlobalFindAtomW(name);
    struct window *window = window_lock(handle);
    struct property *property = window ? *find_property(window, atom) : NULL;
    HANDLE data = property ? property->data : NULL;
    if (window) user_unlock();
    return data;
}

HANDLE WINAPI GetPropA(HWND window, LPCSTR name)
{
    if (IS_INTRESOURCE(name)) return GetPropW(window, (LPCWSTR)name);
    WIDE(wide, name);
    return GetPropW(window, wide);
}

BOOL WINAPI SetPropW(HWND handle, LPCWSTR name, HANDLE data)
{
    ATOM atom = GlobalAddAtomW(name);
    struct window *window = window_lock(handle);
    struct property **link;
    BOOL done;
    if (!window) return FALSE;
    link = find_property(window, atom);
    if (!*link) *link = user_allocate(sizeof **link);
    done = *link != NULL;
    if (done) (*link)->atom = atom, (*link)->data = data;
    user_unlock();
    return done ? TRUE : (BOOL)user_fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI SetPropA(HWND window, LPCSTR name, HANDLE data)
{
    if (IS_INTRESOURCE(name)) return SetPropW(window, (LPCWSTR)name, data);
    WIDE(wide, name);
    return SetPropW(window, wide, data);
}

HANDLE WINAPI RemovePropW(HWND handle, LPCWSTR name)
{
    ATOM atom = GlobalFindAtomW(name);
    struct window *window = window_lock(handle);
    HANDLE data = NULL;
    if (!window) return NULL;
    struct property **link = find_property(window, atom), *property = *link;
    if (property) {
        data = property->data;
        *link = property->next;
        user_free(property);
    }
    user_unlock();
    return data;
}

HANDLE WINAPI RemovePropA(HWND window, LPCSTR name)
{
    if (IS_INTRESOURCE(name)) return RemovePropW(window, (LPCWSTR)name);
    WIDE(wide, name);
    return RemovePropW(window, wide);
}
