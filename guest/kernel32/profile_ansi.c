/* Private profiles: the A forms, and those that mean win.ini. */
#include "kernel32.h"

/* A list or a text of `length` characters to a buffer of `size` bytes, cut as W cuts it. */
static DWORD narrow_text(const WCHAR *wide, DWORD length, char *buffer, DWORD size, BOOL list)
{
    int bytes = WideCharToMultiByte(CP_ACP, 0, wide, (int)length, buffer, (int)size, NULL, NULL);
    DWORD ends = list ? 2 : 1, most = size > ends ? size - ends : 0;
    DWORD done = min((DWORD)bytes, most);
    for (DWORD i = 0; i < ends && done + i < size; i++) buffer[done + i] = 0;
    return done;
}

DWORD WINAPI GetPrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR fallback, LPSTR buffer,
    DWORD size, LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_key, key);
    WIDE(wide_fallback, fallback);
    WIDE(wide_name, name);
    WCHAR *wide = size && buffer ? allocate(size * sizeof *wide) : NULL;
    DWORD length;
    if (!wide) return 0;
    length = GetPrivateProfileStringW(wide_section, wide_key, wide_fallback, wide, size, wide_name);
    length = narrow_text(wide, length, buffer, size, !section || !key);
    release(wide);
    return length;
}

DWORD WINAPI GetPrivateProfileSectionNamesA(LPSTR buffer, DWORD size, LPCSTR name)
{
    return GetPrivateProfileStringA(NULL, NULL, NULL, buffer, size, name);
}

DWORD WINAPI GetPrivateProfileSectionA(LPCSTR section, LPSTR buffer, DWORD size, LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_name, name);
    WCHAR *wide = buffer && size ? allocate(size * sizeof *wide) : NULL;
    DWORD length;
    if (!wide || !section) {
        release(wide);
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    length = GetPrivateProfileSectionW(wide_section, wide, size, wide_name);
    length = narrow_text(wide, length, buffer, size, TRUE);
    release(wide);
    return length;
}

UINT WINAPI GetPrivateProfileIntA(LPCSTR section, LPCSTR key, INT fallback, LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_key, key);
    WIDE(wide_name, name);
    return GetPrivateProfileIntW(wide_section, wide_key, fallback, wide_name);
}

BOOL WINAPI WritePrivateProfileStringA(LPCSTR section, LPCSTR key, LPCSTR value, LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_key, key);
    WIDE(wide_value, value);
    WIDE(wide_name, name);
    return WritePrivateProfileStringW(wide_section, wide_key, wide_value, wide_name);
}

BOOL WINAPI WritePrivateProfileSectionA(LPCSTR section, LPCSTR list, LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_name, name);
    const char *end = list;
    WCHAR *wide = NULL;
    BOOL done;
    if (list) {
        while (*end) end += strlen(end) + 1;
        SIZE_T count = (SIZE_T)(end - list) + 1;
        wide = allocate((count + 1) * sizeof *wide);
        if (!wide) return FALSE;
        MultiByteToWideChar(CP_ACP, 0, list, (int)count, wide, (int)count);
        wide[count] = 0;
    }
    done = WritePrivateProfileSectionW(wide_section, wide, wide_name);
    release(wide);
    return done;
}

BOOL WINAPI WritePrivateProfileStructA(LPCSTR section, LPCSTR key, LPVOID data, UINT size,
    LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_key, key);
    WIDE(wide_name, name);
    return WritePrivateProfileStructW(wide_section, wide_key, data, size, wide_name);
}

BOOL WINAPI GetPrivateProfileStructA(LPCSTR section, LPCSTR key, LPVOID data, UINT size,
    LPCSTR name)
{
    WIDE(wide_section, section);
    WIDE(wide_key, key);
    WIDE(wide_name, name);
    return GetPrivateProfileStructW(wide_section, wide_key, data, size, wide_name);
}

DWORD WINAPI GetProfileStringA(LPCSTR section, LPCSTR key, LPCSTR fallback, LPSTR buffer,
    DWORD size)
{
    return GetPrivateProfileStringA(section, key, fallback, buffer, size, "win.ini");
}

DWORD WINAPI GetProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR fallback, LPWSTR buffer,
    DWORD size)
{
    return GetPrivateProfileStringW(section, key, fallback, buffer, size, L"win.ini");
}

DWORD WINAPI GetProfileSectionA(LPCSTR section, LPSTR buffer, DWORD size)
{
    return GetPrivateProfileSectionA(section, buffer, size, "win.ini");
}

DWORD WINAPI GetProfileSectionW(LPCWSTR section, LPWSTR buffer, DWORD size)
{
    return GetPrivateProfileSectionW(section, buffer, size, L"win.ini");
}

UINT WINAPI GetProfileIntA(LPCSTR section, LPCSTR key, INT fallback)
{
    return GetPrivateProfileIntA(section, key, fallback, "win.ini");
}

UINT WINAPI GetProfileIntW(LPCWSTR section, LPCWSTR key, INT fallback)
{
    return GetPrivateProfileIntW(section, key, fallback, L"win.ini");
}

BOOL WINAPI WriteProfileStringA(LPCSTR section, LPCSTR key, LPCSTR value)
{
    return WritePrivateProfileStringA(section, key, value, "win.ini");
}

BOOL WINAPI WriteProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR value)
{
    return WritePrivateProfileStringW(section, key, value, L"win.ini");
}

BOOL WINAPI WriteProfileSectionA(LPCSTR section, LPCSTR list)
{
    return WritePrivateProfileSectionA(section, list, "win.ini");
}

BOOL WINAPI WriteProfileSectionW(LPCWSTR section, LPCWSTR list)
{
    return WritePrivateProfileSectionW(section, list, L"win.ini");
}
