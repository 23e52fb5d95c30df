/* Values that name a string of a DLL: "@file,-number". */
#include "advapi32.h"

#define RT_STRINGS ((LPCWSTR)6)

/* The string in a block of sixteen, each with its length in front; 0 characters: there is none. */
static DWORD find_string(HMODULE module, DWORD number, const WCHAR **text)
{
    HRSRC found = FindResourceW(module, (LPCWSTR)(ULONG_PTR)((number >> 4) + 1), RT_STRINGS);
    const WCHAR *at = found ? LockResource(LoadResource(module, found)) : NULL;
    if (!at) return 0;
    for (DWORD i = number & 15; i; i--) at += *at + 1;
    *text = at + 1;
    return *at;
}

static LSTATUS hand_over(const WCHAR *text, DWORD length, LPWSTR out, DWORD bytes, LPDWORD needed)
{
    DWORD size = (length + 1) * sizeof(WCHAR);
    if (needed) *needed = size;
    if (bytes < size) return ERROR_MORE_DATA;
    memcpy(out, text, length * sizeof(WCHAR));
    out[length] = 0;
    return ERROR_SUCCESS;
}

/* `reference` is what follows the "@"; its comma is overwritten. */
static LSTATUS from_module(WCHAR *reference, LPCWSTR directory, LPWSTR out, DWORD bytes,
    LPDWORD needed)
{
    WCHAR path[MAX_PATH * 2], *comma = wcsrchr(reference, ',');
    DWORD number = 0, length;
    const WCHAR *text;
    HMODULE module;
    LSTATUS error;
    if (!comma || comma[1] != '-') return ERROR_INVALID_DATA;
    *comma = 0;
    for (WCHAR *digit = comma + 2; *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + *digit - '0';
    *path = 0;
    if (directory && wcslen(directory) < MAX_PATH) wcscat(wcscpy(path, directory), L"\\");
    if (wcslen(reference) >= MAX_PATH) return ERROR_INVALID_DATA;
    module = LoadLibraryExW(wcscat(path, reference), NULL, LOAD_LIBRARY_AS_DATAFILE);
    if (!module) return ERROR_FILE_NOT_FOUND;
    length = find_string(module, number, &text);
    error = length ? hand_over(text, length, out, bytes, needed) : ERROR_NOT_FOUND;
    FreeLibrary(module);
    return error;
}

LSTATUS WINAPI RegLoadMUIStringW(HKEY key, LPCWSTR name, LPWSTR out, DWORD bytes, LPDWORD needed,
    DWORD flags, LPCWSTR directory)
{
    WCHAR value[1024];
    DWORD size = sizeof value;
    LSTATUS error;
    if (flags || (!out && bytes)) return ERROR_INVALID_PARAMETER;
    error = RegGetValueW(key, NULL, name, RRF_RT_REG_SZ, NULL, value, &size);
    if (error) return error;
    if (*value != '@') return ERROR_INVALID_DATA;
    return from_module(value + 1, directory, out, bytes, needed);
}
