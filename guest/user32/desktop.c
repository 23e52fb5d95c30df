/* The desktop that is not there: no focus, no clipboard, no monitors, no keyboard layout's keys. */
#include "rtl.h"
#include <winerror.h>
#include <winuser.h>

static BOOL refuse(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* The window that has the capture, the focus, the clipboard …: none. */
HWND WINAPI no_such_window(void)
{
    return NULL;
}

DWORD WINAPI nothing_yet(void)
{
    return 0;
}

BOOL WINAPI GetCursorPos(LPPOINT point)
{
    if (!point) return refuse(ERROR_NOACCESS);
    *point = (POINT){0, 0};
    return refuse(ERROR_ACCESS_DENIED);
}

BOOL WINAPI GetCaretPos(LPPOINT point)
{
    return GetCursorPos(point);
}

BOOL WINAPI AllowSetForegroundWindow(DWORD process)
{
    (void)process;
    return refuse(ERROR_ACCESS_DENIED);
}

/* A broadcast reaches every window, and so succeeds. */
LRESULT WINAPI SendMessageTimeoutW(HWND window, UINT message, WPARAM w, LPARAM l, UINT flags,
    UINT timeout, PDWORD_PTR result)
{
    (void)message, (void)w, (void)l, (void)flags, (void)timeout;
    if (result) *result = 0;
    return window == HWND_BROADCAST ? TRUE : refuse(ERROR_INVALID_WINDOW_HANDLE);
}

LONG WINAPI GetWindowLongW(HWND window, int index)
{
    (void)window, (void)index;
    return refuse(ERROR_INVALID_WINDOW_HANDLE);
}

LONG WINAPI SetWindowLongW(HWND window, int index, LONG value)
{
    (void)window, (void)index, (void)value;
    return refuse(ERROR_INVALID_WINDOW_HANDLE);
}

BOOL WINAPI ShutdownBlockReasonCreate(HWND window, LPCWSTR reason)
{
    (void)window, (void)reason;
    return refuse(ERROR_INVALID_WINDOW_HANDLE);
}

HMONITOR WINAPI MonitorFromPoint(POINT point, DWORD flags)
{
    (void)point, (void)flags;
    return NULL;
}

BOOL WINAPI GetMonitorInfoW(HMONITOR monitor, LPMONITORINFO info)
{
    (void)monitor, (void)info;
    return refuse(ERROR_INVALID_MONITOR_HANDLE);
}

/* The US layout, which nobody types on: keys have no codes and no characters. */
HKL WINAPI GetKeyboardLayout(DWORD thread)
{
    (void)thread;
    return (HKL)(ULONG_PTR)0x04090409;
}

UINT WINAPI MapVirtualKeyW(UINT code, UINT kind)
{
    (void)code, (void)kind;
    return 0;
}

int WINAPI ToUnicodeEx(UINT key, UINT scan, const BYTE *state, LPWSTR buffer, int size, UINT flags,
    HKL layout)
{
    (void)key, (void)scan, (void)state, (void)buffer, (void)size, (void)flags, (void)layout;
    return 0;
}

/* The clipboard cannot be opened. */
BOOL WINAPI OpenClipboard(HWND owner)
{
    (void)owner;
    return refuse(ERROR_ACCESS_DENIED);
}

BOOL WINAPI clipboard_is_closed(void)
{
    return refuse(ERROR_CLIPBOARD_NOT_OPEN);
}

BOOL WINAPI IsClipboardFormatAvailable(UINT format)
{
    (void)format;
    return FALSE;
}

HANDLE WINAPI GetClipboardData(UINT format)
{
    (void)format;
    clipboard_is_closed();
    return NULL;
}

HANDLE WINAPI SetClipboardData(UINT format, HANDLE data)
{
    (void)data;
    return GetClipboardData(format);
}
