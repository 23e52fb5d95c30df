/* URLs of files. */
#include "shlwapi.h"

enum { URLIS_URL, URLIS_OPAQUE, URLIS_NOHISTORY, URLIS_FILEURL };

static SIZE_T scheme_length(LPCWSTR url)
{
    SIZE_T length = 0;
    for (; url[length]; length++) {
        WCHAR c = url[length], lower = c | 0x20;
        if (c == ':') return length > 1 ? length : 0;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '+' && c != '-' &&
            c != '.')
            return 0;
    }
    return 0;
}

static BOOL has_scheme(LPCWSTR url, LPCWSTR scheme)
{
    int length = (int)wcslen(scheme);
    return (int)scheme_length(url) == length &&
           CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, url, length, scheme, length) ==
               CSTR_EQUAL;
}

BOOL WINAPI UrlIsW(LPCWSTR url, int what)
{
    if (!url) return FALSE;
    if (what == URLIS_FILEURL) return has_scheme(url, L"file");
    if (what == URLIS_URL) return scheme_length(url) != 0;
    if (what == URLIS_OPAQUE) return has_scheme(url, L"mailto") || has_scheme(url, L"javascript");
    return FALSE;
}

static int hex_value(WCHAR c)
{
    WCHAR lower = c | 0x20;
    if (c >= '0' && c <= '9') return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "file:///C:/a%20b" is C:\a b, "file://server/x" \\server\x. Escapes are single bytes of the ANSI
 * code page, as the function's page in MSDN has it for what is not a URL in UTF-8. */
HRESULT WINAPI PathCreateFromUrlW(LPCWSTR url, LPWSTR path, LPDWORD size, DWORD reserved)
{
    WCHAR *out, *text;
    DWORD length;
    (void)reserved;
    if (!url || !path || !size || !*size) return E_INVALIDARG;
    if (!has_scheme(url, L"file")) return E_INVALIDARG;
    url += 5;
    text = LocalAlloc(LMEM_FIXED, (wcslen(url) + 3) * sizeof(WCHAR));
    if (!text) return E_OUTOFMEMORY;
    if (url[0] == '/' && url[1] == '/' && url[2] == '/') url += 3;
    for (out = text; *url; url++, out++) {
        *out = *url == '/' ? '\\' : *url == '|' && out == text + 1 ? ':' : *url;
        if (*url == '%' && hex_value(url[1]) >= 0 && hex_value(url[2]) >= 0) {
            *out = (WCHAR)(hex_value(url[1]) << 4 | hex_value(url[2]));
            url += 2;
        }
    }
    *out = 0;
    length = (DWORD)(out - text);
    if (length < *size) memcpy(path, text, (length + 1) * sizeof(WCHAR));
    HRESULT result = length < *size ? S_OK : E_POINTER;
    *size = length + (result != S_OK);
    LocalFree(text);
    return result;
}
