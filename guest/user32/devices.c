/* Keyboard, caret and monitors: a US layout that nobody types on, and no display. */
#include "user32.h"

#define US_LAYOUT 0x04090409

SHORT WINAPI GetKeyState(int key)
{
    (void)key;
    return 0;
}

SHORT WINAPI GetAsyncKeyState(int key)
{
    (void)key;
    return 0;
}

HKL WINAPI GetKeyboardLayout(DWORD thread)
{
    (void)thread;
    return (HKL)(ULONG_PTR)US_LAYOUT;
}

/* Keys have no codes and no characters. */
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

BOOL WINAPI GetCaretPos(LPPOINT point)
{
    return GetCursorPos(point);
}

HMONITOR WINAPI MonitorFromPoint(POINT point, DWORD flags)
{
    (void)point, (void)flags;
    return NULL;
}

BOOL WINAPI GetMonitorInfoW(HMONITOR monitor, LPMONITORINFO info)
{
    (void)monitor, (void)info;
    return (BOOL)user_fail(ERROR_INVALID_MONITOR_HANDLE);
}
