/* Texts: wsprintf and the strings of resources. */
#include "rtl.h"
#include <string.h>
#include <winnls.h>
#include <winuser.h>

int _vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
int _vsnwprintf(WCHAR *buffer, size_t size, const WCHAR *format, va_list arguments);

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
