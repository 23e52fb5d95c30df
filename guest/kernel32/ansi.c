/* Between the A and the W form of a function. */
#include "kernel32.h"
#include "wide.inc"

static BOOL files_use_oem;

UINT file_code_page(void)
{
    return files_use_oem ? CP_OEMCP : CP_ACP;
}

void WINAPI SetFileApisToOEM(void)
{
    files_use_oem = TRUE;
}

void WINAPI SetFileApisToANSI(void)
{
    files_use_oem = FALSE;
}

BOOL WINAPI AreFileApisANSI(void)
{
    return !files_use_oem;
}

DWORD narrow_out(const WCHAR *text, DWORD length, char *buffer, DWORD size, UINT code_page)
{
    DWORD error = NtTeb()->LastErrorValue;
    int needed = length ? WideCharToMultiByte(code_page, 0, text, length, NULL, 0, NULL, NULL) : 0;
    if ((DWORD)needed >= size) return needed + 1;
    if (length) WideCharToMultiByte(code_page, 0, text, length, buffer, size, NULL, NULL);
    buffer[needed] = 0;
    set_error(error);
    return needed;
}

DWORD wide_out(const WCHAR *text, DWORD length, WCHAR *buffer, DWORD size)
{
    if (length >= size) return length + 1;
    memcpy(buffer, text, length * sizeof(WCHAR));
    buffer[length] = 0;
    return length;
}

DWORD narrow_get(wide_getter get, void *context, char *buffer, DWORD size, UINT code_page)
{
    WCHAR room[MAX_PATH], *text = room;
    DWORD count = get(context, room, COUNT(room)), needed;
    if (count >= COUNT(room)) {
        needed = count;
        text = allocate(needed * sizeof(WCHAR));
        if (!text) return 0;
        count = get(context, text, needed);
        if (count >= needed) count = 0;
    }
    if (count) count = narrow_out(text, count, buffer, size, code_page);
    else if (size) *buffer = 0;
    if (text != room) release(text);
    return count;
}
