/* What a process without a desktop is told: no focus, no cursor, no clipboard, a screen of a size. */
#include "user32.h"
#include "wide.h"

#define SCREEN_WIDTH 1024
#define SCREEN_HEIGHT 768

/* Of the desktop window of this process, which is no window otherwise. */
HWND WINAPI GetDesktopWindow(void)
{
    return (HWND)0x10;
}

HWND WINAPI GetActiveWindow(void)
{
    return NULL;
}

HWND WINAPI GetForegroundWindow(void)
{
    return NULL;
}

HWND WINAPI GetFocus(void)
{
    return NULL;
}

HWND WINAPI GetCapture(void)
{
    return NULL;
}

HWND WINAPI GetShellWindow(void)
{
    return NULL;
}

/* The window that has the clipboard, or looks at it: none. */
HWND WINAPI no_such_window(void)
{
    return NULL;
}

BOOL WINAPI AllowSetForegroundWindow(DWORD process)
{
    (void)process;
    return (BOOL)user_fail(ERROR_ACCESS_DENIED);
}

/* The window may be one of this process; nobody shuts the session down. */
BOOL WINAPI ShutdownBlockReasonCreate(HWND window, LPCWSTR reason)
{
    (void)reason;
    return (BOOL)user_fail(IsWindow(window) ? ERROR_ACCESS_DENIED : ERROR_INVALID_WINDOW_HANDLE);
}

static HWND refused(HWND window)
{
    if (IsWindow(window)) user_fail(ERROR_ACCESS_DENIED);
    return NULL;
}

HWND WINAPI SetFocus(HWND window)
{
    return refused(window);
}

HWND WINAPI SetActiveWindow(HWND window)
{
    return refused(window);
}

BOOL WINAPI SetForegroundWindow(HWND window)
{
    return refused(window) != NULL;
}

BOOL WINAPI BringWindowToTop(HWND window)
{
    return IsWindow(window);
}

/* Nothing is ever drawn, so nothing is ever out of date. */
BOOL WINAPI UpdateWindow(HWND window)
{
    return IsWindow(window);
}

BOOL WINAPI InvalidateRect(HWND window, const RECT *rectangle, BOOL erase)
{
    (void)rectangle, (void)erase;
    return !window || IsWindow(window);
}

BOOL WINAPI ValidateRect(HWND window, const RECT *rectangle)
{
    (void)rectangle;
    return !window || IsWindow(window);
}

int WINAPI GetSystemMetrics(int index)
{
    switch (index) {
    case SM_CXSCREEN:
    case SM_CXVIRTUALSCREEN:
    case SM_CXFULLSCREEN: return SCREEN_WIDTH;
    case SM_CYSCREEN:
    case SM_CYVIRTUALSCREEN:
    case SM_CYFULLSCREEN: return SCREEN_HEIGHT;
    case SM_CMONITORS: return 1;
    case SM_CXICON:
    case SM_CYICON:
    case SM_CXCURSOR:
    case SM_CYCURSOR: return 32;
    case SM_CXSMICON:
    case SM_CYSMICON: return 16;
    default: return 0;
    }
}

HWINSTA WINAPI GetProcessWindowStation(void)
{
    return NULL;
}

HDESK WINAPI GetThreadDesktop(DWORD thread)
{
    (void)thread;
    return (HDESK)user_fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI GetUserObjectInformationW(HANDLE object, int what, PVOID info, DWORD size,
    LPDWORD needed)
{
    (void)object, (void)what, (void)info, (void)size;
    if (needed) *needed = 0;
    return (BOOL)user_fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI SystemParametersInfoW(UINT action, UINT number, PVOID data, UINT flags)
{
    (void)number, (void)flags;
    if (action != SPI_GETWORKAREA) return (BOOL)user_fail(ERROR_ACCESS_DENIED);
    return SetRect(data, 0, 0, SCREEN_WIDTH, SCREEN_HEIGHT);
}

BOOL WINAPI SystemParametersInfoA(UINT action, UINT number, PVOID data, UINT flags)
{
    return SystemParametersInfoW(action, number, data, flags);
}

HCURSOR WINAPI LoadCursorW(HINSTANCE instance, LPCWSTR name)
{
    (void)instance, (void)name;
    return (HCURSOR)user_fail(ERROR_NO_SYSTEM_RESOURCES);
}

HCURSOR WINAPI LoadCursorA(HINSTANCE instance, LPCSTR name)
{
    return LoadCursorW(instance, (LPCWSTR)name);
}

HICON WINAPI LoadIconW(HINSTANCE instance, LPCWSTR name)
{
    (void)instance, (void)name;
    return (HICON)user_fail(ERROR_NO_SYSTEM_RESOURCES);
}

HICON WINAPI LoadIconA(HINSTANCE instance, LPCSTR name)
{
    return LoadIconW(instance, (LPCWSTR)name);
}

HANDLE WINAPI LoadImageW(HINSTANCE instance, LPCWSTR name, UINT type, int width, int height,
    UINT flags)
{
    (void)instance, (void)name, (void)type, (void)width, (void)height, (void)flags;
    return (HANDLE)user_fail(ERROR_NO_SYSTEM_RESOURCES);
}

HANDLE WINAPI LoadImageA(HINSTANCE instance, LPCSTR name, UINT type, int width, int height,
    UINT flags)
{
    return LoadImageW(instance, (LPCWSTR)name, type, width, height, flags);
}

HCURSOR WINAPI SetCursor(HCURSOR cursor)
{
    (void)cursor;
    return NULL;
}

BOOL WINAPI GetCursorPos(LPPOINT point)
{
    if (!point) return (BOOL)user_fail(ERROR_NOACCESS);
    point->x = point->y = 0;
    return TRUE;
}

/* The clipboard belongs to somebody else all the time. */
BOOL WINAPI OpenClipboard(HWND window)
{
    (void)window;
    return (BOOL)user_fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI CloseClipboard(void)
{
    return (BOOL)user_fail(ERROR_CLIPBOARD_NOT_OPEN);
}

BOOL WINAPI EmptyClipboard(void)
{
    return (BOOL)user_fail(ERROR_CLIPBOARD_NOT_OPEN);
}

HANDLE WINAPI GetClipboardData(UINT format)
{
    (void)format;
    return (HANDLE)user_fail(ERROR_CLIPBOARD_NOT_OPEN);
}

HANDLE WINAPI SetClipboardData(UINT format, HANDLE data)
{
    (void)format, (void)data;
    return (HANDLE)user_fail(ERROR_CLIPBOARD_NOT_OPEN);
}

BOOL WINAPI IsClipboardFormatAvailable(UINT format)
{
    (void)format;
    return FALSE;
}

UINT WINAPI RegisterWindowMessageW(LPCWSTR name)
{
    return GlobalAddAtomW(name);
}

UINT WINAPI RegisterWindowMessageA(LPCSTR name)
{
    WIDE(wide, name);
    return GlobalAddAtomW(wide);
}

UINT WINAPI RegisterClipboardFormatW(LPCWSTR name)
{
    return GlobalAddAtomW(name);
}

UINT WINAPI RegisterClipboardFormatA(LPCSTR name)
{
    return RegisterWindowMessageA(name);
}

/* A dialog needs somebody who answers it. */
INT_PTR WINAPI DialogBoxParamW(HINSTANCE instance, LPCWSTR template, HWND owner,
    DLGPROC procedure, LPARAM parameter)
{
    (void)instance, (void)template, (void)owner, (void)procedure, (void)parameter;
    user_fail(ERROR_NO_SYSTEM_RESOURCES);
    return -1;
}

INT_PTR WINAPI DialogBoxParamA(HINSTANCE instance, LPCSTR template, HWND owner, DLGPROC procedure,
    LPARAM parameter)
{
    return DialogBoxParamW(instance, (LPCWSTR)template, owner, procedure, parameter);
}

BOOL WINAPI EndDialog(HWND dialog, INT_PTR result)
{
    (void)result;
    return IsWindow(dialog);
}
