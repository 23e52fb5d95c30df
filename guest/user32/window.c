/* Windows of a process without a desktop: none can be made, and a queue never gets a message. */
#include "rtl.h"
#include "ntcalls.h"
#include <winnls.h>
#include <winuser.h>

static int no_window(void)
{
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return 0;
}

static int no_desktop(void)
{
    SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    return 0;
}

/* Classes are only counted: what is registered can be unregistered. */
static LONG next_class = 0xC000;

ATOM WINAPI RegisterClassExW(const WNDCLASSEXW *class)
{
    if (class->cbSize != sizeof *class) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return (ATOM)InterlockedIncrement(&next_class);
}

ATOM WINAPI RegisterClassExA(const WNDCLASSEXA *class)
{
    return RegisterClassExW((const WNDCLASSEXW *)class);
}

ATOM WINAPI RegisterClassW(const WNDCLASSW *class)
{
    (void)class;
    return (ATOM)InterlockedIncrement(&next_class);
}

ATOM WINAPI RegisterClassA(const WNDCLASSA *class)
{
    (void)class;
    return (ATOM)InterlockedIncrement(&next_class);
}

BOOL WINAPI UnregisterClassW(LPCWSTR name, HINSTANCE instance)
{
    (void)name;
    (void)instance;
    return TRUE;
}

BOOL WINAPI UnregisterClassA(LPCSTR name, HINSTANCE instance)
{
    (void)name;
    (void)instance;
    return TRUE;
}

HWND WINAPI CreateWindowExW(DWORD extended, LPCWSTR class, LPCWSTR name, DWORD style, int x, int y,
    int width, int height, HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    (void)extended, (void)class, (void)name, (void)style, (void)x, (void)y, (void)width;
    (void)height, (void)parent, (void)menu, (void)instance, (void)parameter;
    no_desktop();
    return NULL;
}

HWND WINAPI CreateWindowExA(DWORD extended, LPCSTR class, LPCSTR name, DWORD style, int x, int y,
    int width, int height, HWND parent, HMENU menu, HINSTANCE instance, LPVOID parameter)
{
    (void)class, (void)name;
    return CreateWindowExW(extended, NULL, NULL, style, x, y, width, height, parent, menu, instance,
        parameter);
}

BOOL WINAPI DestroyWindow(HWND window)
{
    (void)window;
    return no_window();
}

BOOL WINAPI IsWindow(HWND window)
{
    (void)window;
    return no_window();
}

BOOL WINAPI ShowWindow(HWND window, int how)
{
    (void)window, (void)how;
    return no_window();
}

BOOL WINAPI UpdateWindow(HWND window)
{
    (void)window;
    return no_window();
}

BOOL WINAPI GetClientRect(HWND window, LPRECT rectangle)
{
    (void)window, (void)rectangle;
    return no_window();
}

DWORD WINAPI GetWindowThreadProcessId(HWND window, LPDWORD process)
{
    (void)window, (void)process;
    return (DWORD)no_window();
}

HWND WINAPI FindWindowA(LPCSTR class, LPCSTR name)
{
    (void)class, (void)name;
    return NULL;
}

HWND WINAPI FindWindowW(LPCWSTR class, LPCWSTR name)
{
    (void)class, (void)name;
    return NULL;
}

HWND WINAPI GetForegroundWindow(void)
{
    return NULL;
}

BOOL WINAPI EnumWindows(WNDENUMPROC callback, LPARAM parameter)
{
    (void)callback, (void)parameter;
    return TRUE;
}

LRESULT WINAPI DefWindowProcA(HWND window, UINT message, WPARAM w, LPARAM l)
{
    (void)window, (void)message, (void)w, (void)l;
    return 0;
}

LRESULT WINAPI DefWindowProcW(HWND window, UINT message, WPARAM w, LPARAM l)
{
    return DefWindowProcA(window, message, w, l);
}

LRESULT WINAPI SendMessageA(HWND window, UINT message, WPARAM w, LPARAM l)
{
    (void)window, (void)message, (void)w, (void)l;
    return no_window();
}

LRESULT WINAPI SendMessageW(HWND window, UINT message, WPARAM w, LPARAM l)
{
    return SendMessageA(window, message, w, l);
}

HCURSOR WINAPI LoadCursorW(HINSTANCE instance, LPCWSTR name)
{
    (void)instance, (void)name;
    no_desktop();
    return NULL;
}

HCURSOR WINAPI LoadCursorA(HINSTANCE instance, LPCSTR name)
{
    (void)name;
    return LoadCursorW(instance, NULL);
}

HDESK WINAPI GetThreadDesktop(DWORD thread)
{
    (void)thread;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

BOOL WINAPI SystemParametersInfoW(UINT action, UINT number, PVOID data, UINT flags)
{
    (void)action, (void)number, (void)data, (void)flags;
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

BOOL WINAPI SystemParametersInfoA(UINT action, UINT number, PVOID data, UINT flags)
{
    return SystemParametersInfoW(action, number, data, flags);
}
