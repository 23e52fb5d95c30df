/* Where windows are and how they belong together. */
#include "user32.h"
#include "wide.h"

enum fact { PARENT, ROOT, ROOT_OWNER, OWNER, FIRST_CHILD, STYLE, PLACE };

/* The lock is held. */
static struct window *related(struct window *window, enum fact fact)
{
    switch (fact) {
    case PARENT: return window->parent ? window->parent : window->owner;
    case OWNER: return window->owner;
    case FIRST_CHILD:
        for (struct window *each = window_next(NULL); each; each = window_next(each))
            if (each->parent == window) return each;
        return NULL;
    default:
        while (window->parent || (fact == ROOT_OWNER && window->owner))
            window = window->parent ? window->parent : window->owner;
        return window;
    }
}

static HWND relative(HWND handle, enum fact fact)
{
    struct window *window = window_lock(handle);
    if (!window) return NULL;
    struct window *found = related(window, fact);
    HWND result = found ? found->handle : NULL;
    user_unlock();
    return result;
}

HWND WINAPI GetParent(HWND window)
{
    return relative(window, PARENT);
}

HWND WINAPI GetAncestor(HWND window, UINT which)
{
    if (which == GA_PARENT) return relative(window, PARENT);
    return relative(window, which == GA_ROOT ? ROOT : ROOT_OWNER);
}

HWND WINAPI GetWindow(HWND window, UINT which)
{
    if (which == GW_OWNER) return relative(window, OWNER);
    return which == GW_CHILD ? relative(window, FIRST_CHILD) : NULL;
}

HWND WINAPI SetParent(HWND handle, HWND parent)
{
    struct window *window = window_lock(handle), *above;
    HWND before = NULL;
    if (!window) return NULL;
    above = parent ? window_find(parent) : NULL;
    if (above && !window_is_below(above, window)) {
        if (window->parent) before = window->parent->handle;
        window->parent = above;
    } else if (!parent) {
        if (window->parent) before = window->parent->handle;
        window->parent = NULL;
    } else {
        user_fail(above ? ERROR_INVALID_PARAMETER : ERROR_INVALID_WINDOW_HANDLE);
    }
    user_unlock();
    return before;
}

BOOL WINAPI IsChild(HWND parent, HWND handle)
{
    RtlAcquireSRWLockExclusive(&user_lock);
    struct window *above = window_find(parent), *window = window_find(handle);
    BOOL is = above && window && window != above && window_is_below(window, above);
    user_unlock();
    return is;
}

/* In the coordinates of the screen. */
static BOOL place_of(HWND handle, RECT *place)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    *place = window->place;
    while ((window = window->parent)) OffsetRect(place, window->place.left, window->place.top);
    user_unlock();
    return TRUE;
}

BOOL WINAPI GetWindowRect(HWND window, LPRECT rectangle)
{
    return place_of(window, rectangle);
}

/* Windows have no frames. */
BOOL WINAPI GetClientRect(HWND window, LPRECT rectangle)
{
    if (!place_of(window, rectangle)) return FALSE;
    OffsetRect(rectangle, -rectangle->left, -rectangle->top);
    return TRUE;
}

BOOL WINAPI ClientToScreen(HWND window, LPPOINT point)
{
    RECT place;
    if (!place_of(window, &place)) return FALSE;
    point->x += place.left, point->y += place.top;
    return TRUE;
}

BOOL WINAPI ScreenToClient(HWND window, LPPOINT point)
{
    RECT place;
    if (!place_of(window, &place)) return FALSE;
    point->x -= place.left, point->y -= place.top;
    return TRUE;
}

/* The lock is held. */
static void put(struct window *window, const WINDOWPOS *pos)
{
    LONG width = window->place.right - window->place.left;
    LONG height = window->place.bottom - window->place.top;
    if (!(pos->flags & SWP_NOMOVE)) window->place.left = pos->x, window->place.top = pos->y;
    if (!(pos->flags & SWP_NOSIZE)) width = pos->cx, height = pos->cy;
    window->place.right = window->place.left + width;
    window->place.bottom = window->place.top + height;
    if (pos->flags & SWP_SHOWWINDOW) window->style |= WS_VISIBLE;
    if (pos->flags & SWP_HIDEWINDOW) window->style &= ~(DWORD)WS_VISIBLE;
}

BOOL WINAPI SetWindowPos(HWND handle, HWND after, int x, int y, int width, int height, UINT flags)
{
    WINDOWPOS pos = {handle, after, x, y, width, height, flags};
    RECT place;
    if (!IsWindow(handle)) return FALSE;
    if (!(flags & SWP_NOSENDCHANGING))
        SendMessageW(handle, WM_WINDOWPOSCHANGING, 0, (LPARAM)&pos);
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    put(window, &pos);
    user_unlock();
    SendMessageW(handle, WM_WINDOWPOSCHANGED, 0, (LPARAM)&pos);
    if (!(pos.flags & SWP_NOSIZE) && GetClientRect(handle, &place))
        SendMessageW(handle, WM_SIZE, SIZE_RESTORED, MAKELONG(place.right, place.bottom));
    return TRUE;
}

BOOL WINAPI MoveWindow(HWND window, int x, int y, int width, int height, BOOL repaint)
{
    (void)repaint;
    return SetWindowPos(window, NULL, x, y, width, height, SWP_NOZORDER | SWP_NOACTIVATE);
}

BOOL WINAPI ShowWindow(HWND handle, int how)
{
    struct window *window = window_lock(handle);
    BOOL shows = how != SW_HIDE;
    if (!window) return FALSE;
    BOOL was_shown = (window->style & WS_VISIBLE) != 0;
    user_unlock();
    if (was_shown == shows) return was_shown;
    SendMessageW(handle, WM_SHOWWINDOW, (WPARAM)shows, 0);
    SetWindowPos(handle, NULL, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE | SWP_NOZORDER |
        (shows ? SWP_SHOWWINDOW : SWP_HIDEWINDOW));
    return was_shown;
}

static BOOL has_style(HWND handle, DWORD style, BOOL above_too)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    BOOL has = (window->style & style) == style;
    while (has && above_too && (window = window->parent)) has = (window->style & style) == style;
    user_unlock();
    return has;
}

BOOL WINAPI IsWindowVisible(HWND window)
{
    return has_style(window, WS_VISIBLE, TRUE);
}

BOOL WINAPI IsWindowEnabled(HWND window)
{
    return IsWindow(window) && !has_style(window, WS_DISABLED, FALSE);
}

BOOL WINAPI IsIconic(HWND window)
{
    return has_style(window, WS_MINIMIZE, FALSE);
}

BOOL WINAPI IsZoomed(HWND window)
{
    return has_style(window, WS_MAXIMIZE, FALSE);
}

BOOL WINAPI EnableWindow(HWND handle, BOOL enable)
{
    struct window *window = window_lock(handle);
    if (!window) return FALSE;
    BOOL was_disabled = (window->style & WS_DISABLED) != 0;
    window->style = enable ? window->style & ~(DWORD)WS_DISABLED : window->style | WS_DISABLED;
    user_unlock();
    if (was_disabled == enable) SendMessageW(handle, WM_ENABLE, (WPARAM)enable, 0);
    return was_disabled;
}

int WINAPI GetDlgCtrlID(HWND handle)
{
    return GetWindowLongW(handle, GWL_ID);
}

HWND WINAPI GetDlgItem(HWND dialog, int id)
{
    HWND found = NULL;
    struct window *above = window_lock(dialog);
    if (!above) return NULL;
    for (struct window *each = window_next(NULL); each && !found; each = window_next(each))
        if (each->parent == above && each->id == (UINT_PTR)id) found = each->handle;
    user_unlock();
    return found ? found : (HWND)user_fail(ERROR_CONTROL_ID_NOT_FOUND);
}
