/* A message box of a process without a desktop: its text goes to standard error. */
#include "rtl.h"
#include <string.h>
#include <winnls.h>
#include <winuser.h>

int _vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
int _vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments);

static void put(const char *text)
{
    DWORD done;
    if (text) WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)strlen(text), &done, NULL);
}

int WINAPI MessageBoxA(HWND owner, LPCSTR text, LPCSTR caption, UINT type)
{
    (void)owner;
    put(caption ? caption : "Error");
    put(": ");
    put(text);
    put("\r\n");
    switch (type & MB_TYPEMASK) {
    case MB_ABORTRETRYIGNORE: return IDABORT;
    case MB_YESNO:
    case MB_YESNOCANCEL: return IDYES;
    case MB_RETRYCANCEL: return IDCANCEL;
    default: return IDOK;
    }
}

int WINAPI MessageBoxW(HWND owner, LPCWSTR text, LPCWSTR caption, UINT type)
{
    char narrow[1024] = "", title[256] = "Error";
    if (text) WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, sizeof narrow - 1, NULL, NULL);
    if (caption) WideCharToMultiByte(CP_ACP, 0, caption, -1, title, sizeof title - 1, NULL, NULL);
    return MessageBoxA(owner, narrow, title, type);
}

BOOL WINAPI MessageBeep(UINT type)
{
    (void)type;
    return TRUE;
}

HWND WINAPI GetActiveWindow(void)
{
    return NULL;
}

HWND WINAPI GetDesktopWindow(void)
{
    return NULL;
}

/* The longest text is 1024 bytes (documented). */
int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments)
{
    int length = _vsnprintf(buffer, 1024, format, arguments);
    if (length < 0 || length >= 1024) buffer[length = 1023] = 0;
    return length;
}

int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments)
{
    int length = _vsnwprintf(buffer, 1024, format, arguments);
    if (length < 0 || length >= 1024) buffer[length = 1023] = 0;
    return length;
}

int CDECL wsprintfA(LPSTR buffer, LPCSTR format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = wvsprintfA(buffer, format, arguments);
    va_end(arguments);
    return length;
}

int CDECL wsprintfW(LPWSTR buffer, LPCWSTR format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = wvsprintfW(buffer, format, arguments);
    va_end(arguments);
    return length;
}

int WINAPI LoadStringW(HINSTANCE module, UINT id, LPWSTR buffer, int size)
{
    /* A block holds 16 counted strings. */
    HRSRC found = FindResourceW(module, (LPCWSTR)(ULONG_PTR)((id >> 4) + 1), (LPCWSTR)6);
    const WCHAR *text = found ? LoadResource(module, found) : NULL;
    if (!text) return 0;
    for (UINT i = id & 15; i; i--) text += *text + 1;
    if (!size) {
        *(const WCHAR **)buffer = text + 1;
        return *text;
    }
    size = *text < size ? *text : size - 1;
    memcpy(buffer, text + 1, (SIZE_T)size * sizeof(WCHAR));
    buffer[size] = 0;
    return size;
}

int WINAPI LoadStringA(HINSTANCE module, UINT id, LPSTR buffer, int size)
{
    const WCHAR *text = NULL;
    int length = LoadStringW(module, id, (LPWSTR)&text, 0);
    if (length)
        length = WideCharToMultiByte(CP_ACP, 0, text, length, buffer, size - 1, NULL, NULL);
    buffer[length] = 0;
    return length;
}

int WINAPI GetSystemMetrics(int index)
{
    switch (index) {
    case SM_CXSCREEN: return 1024;
    case SM_CYSCREEN: return 768;
    case SM_CMONITORS: return 1;
    default: return 0;
    }
}

HWINSTA WINAPI GetProcessWindowStation(void)
{
    return NULL;
}

BOOL WINAPI GetUserObjectInformationW(HANDLE object, int what, PVOID info, DWORD size,
    LPDWORD needed)
{
    (void)object;
    (void)what;
    (void)info;
    (void)size;
    if (needed) *needed = 0;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}
