/* Window procedures: calling one that takes the other kind of text, and the default one. */
#include "user32.h"
#include "wide.h"

/* To a procedure of the ANSI kind. */
static LRESULT create_as_ansi(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    CREATESTRUCTA narrow = *(const CREATESTRUCTA *)l;
    const CREATESTRUCTW *wide = (const CREATESTRUCTW *)l;
    char name[MAX_PATH] = "", class[MAX_PATH] = "";
    if (wide->lpszName) {
        WideCharToMultiByte(CP_ACP, 0, wide->lpszName, -1, name, sizeof name - 1, NULL, NULL);
        narrow.lpszName = name;
    }
    if (!IS_INTRESOURCE(wide->lpszClass)) {
        WideCharToMultiByte(CP_ACP, 0, wide->lpszClass, -1, class, sizeof class - 1, NULL, NULL);
        narrow.lpszClass = class;
    }
    return call(window, message, w, (LPARAM)&narrow);
}

static LRESULT create_as_wide(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    CREATESTRUCTW wide = *(const CREATESTRUCTW *)l;
    const CREATESTRUCTA *narrow = (const CREATESTRUCTA *)l;
    BOOL has_class = !IS_INTRESOURCE(narrow->lpszClass);
    WIDE(name, narrow->lpszName);
    WIDE(class, has_class ? narrow->lpszClass : NULL);
    wide.lpszName = name;
    if (has_class) wide.lpszClass = class;
    return call(window, message, w, (LPARAM)&wide);
}

static LRESULT set_text_as_ansi(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    int size = l ? WideCharToMultiByte(CP_ACP, 0, (LPCWSTR)l, -1, NULL, 0, NULL, NULL) : 0;
    char *text = size ? user_allocate((SIZE_T)size) : NULL;
    LRESULT result;
    if (text) WideCharToMultiByte(CP_ACP, 0, (LPCWSTR)l, -1, text, size, NULL, NULL);
    result = call(window, message, w, (LPARAM)text);
    user_free(text);
    return result;
}

static LRESULT set_text_as_wide(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    WIDE(text, (LPCSTR)l);
    return call(window, message, w, (LPARAM)text);
}

static LRESULT get_text_as_ansi(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    char *text = user_allocate(w * 2 + 1);
    LRESULT length = text ? call(window, message, w * 2, (LPARAM)text) : 0;
    if (w) {
        length = MultiByteToWideChar(CP_ACP, 0, text, (int)length, (LPWSTR)l, (int)w - 1);
        ((LPWSTR)l)[length] = 0;
    }
    user_free(text);
    return length;
}

static LRESULT get_text_as_wide(WNDPROC call, HWND window, UINT message, WPARAM w, LPARAM l)
{
    WCHAR *text = user_allocate((w + 1) * sizeof(WCHAR));
    LRESULT length = text ? call(window, message, w, (LPARAM)text) : 0;
    if (w) {
        length = WideCharToMultiByte(CP_ACP, 0, text, (int)length, (LPSTR)l, (int)w - 1, NULL,
            NULL);
        ((LPSTR)l)[length] = 0;
    }
    user_free(text);
    return length;
}

LRESULT call_procedure(WNDPROC procedure, BOOL takes_unicode, BOOL unicode, HWND window,
    UINT message, WPARAM w, LPARAM l)
{
    if (!procedure) return 0;
    if (!takes_unicode == !unicode) return procedure(window, message, w, l);
    switch (message) {
    case WM_NCCREATE:
    case WM_CREATE:
        return (takes_unicode ? create_as_wide : create_as_ansi)(procedure, window, message, w, l);
    case WM_SETTEXT:
        return (takes_unicode ? set_text_as_wide : set_text_as_ansi)(procedure, window, message, w,
            l);
    case WM_GETTEXT:
        return (takes_unicode ? get_text_as_wide : get_text_as_ansi)(procedure, window, message, w,
            l);
    default: return procedure(window, message, w, l);
    }
}

LRESULT WINAPI CallWindowProcW(WNDPROC procedure, HWND window, UINT message, WPARAM w, LPARAM l)
{
    return procedure ? procedure(window, message, w, l) : 0;
}

LRESULT WINAPI CallWindowProcA(WNDPROC procedure, HWND window, UINT message, WPARAM w, LPARAM l)
{
    return procedure ? procedure(window, message, w, l) : 0;
}

static LRESULT set_text(HWND handle, WCHAR *text)
{
    struct window *window = window_lock(handle);
    if (window) {
        user_free(window->text);
        window->text = text;
        user_unlock();
    } else {
        user_free(text);
    }
    return window != NULL;
}

static LRESULT get_text(HWND handle, LPWSTR buffer, SIZE_T size)
{
    struct window *window = window_lock(handle);
    SIZE_T length = 0;
    if (!window) return 0;
    if (window->text) length = wcslen(window->text);
    if (buffer && size) {
        if (length >= size) length = size - 1;
        if (length) memcpy(buffer, window->text, length * sizeof(WCHAR));
        buffer[length] = 0;
    }
    user_unlock();
    return (LRESULT)length;
}

LRESULT WINAPI DefWindowProcW(HWND window, UINT message, WPARAM w, LPARAM l)
{
    const CREATESTRUCTW *made = (const CREATESTRUCTW *)l;
    switch (message) {
    case WM_NCCREATE:
        if (made && made->lpszName) set_text(window, user_copy(made->lpszName));
        return TRUE;
    case WM_SETTEXT: return set_text(window, l ? user_copy((LPCWSTR)l) : NULL);
    case WM_GETTEXT: return w ? get_text(window, (LPWSTR)l, w) : 0;
    case WM_GETTEXTLENGTH: return get_text(window, NULL, 0);
    case WM_CLOSE: DestroyWindow(window); return 0;
    case WM_QUERYOPEN:
    case WM_QUERYENDSESSION: return TRUE;
    default: return 0;
    }
}

LRESULT WINAPI DefWindowProcA(HWND window, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_GETTEXTLENGTH) {
        int length = (int)get_text(window, NULL, 0);
        char *text = user_allocate((SIZE_T)length * 2 + 1);
        if (!text) return 0;
        length = (int)DefWindowProcA(window, WM_GETTEXT, (WPARAM)length * 2 + 1, (LPARAM)text);
        user_free(text);
        return length;
    }
    return call_procedure(DefWindowProcW, TRUE, FALSE, window, message, w, l);
}

static LRESULT dispatch(const MSG *msg, BOOL unicode)
{
    struct window *window;
    if (msg->message == WM_TIMER && msg->lParam) {
        ((TIMERPROC)msg->lParam)(msg->hwnd, WM_TIMER, msg->wParam, GetTickCount());
        return 0;
    }
    if (!msg->hwnd || !(window = window_lock(msg->hwnd))) return 0;
    WNDPROC procedure = window->procedure;
    BOOL takes_unicode = window->unicode, is_mine = window->queue->thread == GetCurrentThreadId();
    user_unlock();
    if (!is_mine) return 0;
    return call_procedure(procedure, takes_unicode, unicode, msg->hwnd, msg->message, msg->wParam,
        msg->lParam);
}

LRESULT WINAPI DispatchMessageW(const MSG *msg)
{
    return dispatch(msg, TRUE);
}

LRESULT WINAPI DispatchMessageA(const MSG *msg)
{
    return dispatch(msg, FALSE);
}

BOOL WINAPI TranslateMessage(const MSG *msg)
{
    (void)msg;
    return FALSE; /* there is no keyboard */
}
