/* Putting paths together and cutting them. Targets have room for MAX_PATH characters. */
#include "shlwapi.h"

LPWSTR WINAPI PathAddBackslashW(LPWSTR path)
{
    SIZE_T length = path ? wcslen(path) : MAX_PATH;
    if (length >= MAX_PATH - 1) return NULL;
    if (length && path[length - 1] != '\\') {
        path[length++] = '\\';
        path[length] = 0;
    }
    return path + length;
}

LPWSTR WINAPI PathRemoveBackslashW(LPWSTR path)
{
    WCHAR *last;
    if (!path) return NULL;
    last = path + wcslen(path);
    if (last > path) last--;
    if (*last == '\\' && !PathIsRootW(path)) *last = 0;
    return last;
}

/* Cuts the last component; a root keeps its backslash. TRUE: something was cut. */
BOOL WINAPI PathRemoveFileSpecW(LPWSTR path)
{
    LPWSTR cut = path, at = path;
    if (!path) return FALSE;
    if (*at == '\\') cut = ++at;
    if (*at == '\\') cut = ++at;
    while (*at) {
        if (*at == '\\') {
            cut = at;
        } else if (*at == ':') {
            cut = ++at;
            if (*at == '\\') cut = at + 1;
            else continue;
        }
        at++;
    }
    if (!*cut) return FALSE;
    *cut = 0;
    return TRUE;
}

BOOL WINAPI PathRemoveFileSpecA(LPSTR path)
{
    WIDE(wide, path);
    BOOL cut = PathRemoveFileSpecW(wide);
    if (cut) path[WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL) - 1] = 0;
    return cut;
}

void WINAPI PathRemoveExtensionW(LPWSTR path)
{
    if (path) *PathFindExtensionW(path) = 0;
}

void WINAPI PathStripPathW(LPWSTR path)
{
    LPWSTR name = PathFindFileNameW(path);
    if (path && name != path) memmove(path, name, (wcslen(name) + 1) * sizeof(WCHAR));
}

/* Cuts the last component of a path that ends in a backslash, but nothing of its root. */
static SIZE_T cut_component(const WCHAR *path, SIZE_T length, SIZE_T root)
{
    if (length > root) length--;
    while (length > root && path[length - 1] != '\\') length--;
    return length;
}

/* Resolves "." and "..". A ".." at the start stays; "a\..\b" is "\b", and what is empty "\". */
BOOL WINAPI PathCanonicalizeW(LPWSTR target, LPCWSTR path)
{
    WCHAR out[MAX_PATH + 1];
    LPCWSTR at = path ? PathSkipRootW(path) : NULL;
    SIZE_T root = at ? (SIZE_T)(at - path) : 0, length = root;
    if (!target || !path || wcslen(path) >= MAX_PATH) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    memcpy(out, path, root * sizeof(WCHAR));
    for (at = path + root; *at;) {
        SIZE_T size = 0;
        while (at[size] && at[size] != '\\') size++;
        if (size == 2 && at[0] == '.' && at[1] == '.' && at > path) {
            length = cut_component(out, length, root);
            if (!length && at[size]) out[length++] = '\\';
        } else if (size != 1 || *at != '.') {
            memcpy(out + length, at, size * sizeof(WCHAR));
            length += size;
            if (at[size]) out[length++] = '\\';
        }
        at += size + (at[size] == '\\');
    }
    if (length > root && length > 1 && out[length - 1] == '\\' && at[-1] != '\\') length--;
    if (!length || (length == 2 && out[1] == ':')) out[length++] = '\\';
    out[length] = 0;
    memcpy(target, out, (length + 1) * sizeof(WCHAR));
    return TRUE;
}

LPWSTR WINAPI PathCombineW(LPWSTR target, LPCWSTR directory, LPCWSTR file)
{
    WCHAR joined[MAX_PATH + 1];
    SIZE_T length = 0, more = file ? wcslen(file) : 0;
    if (!target) return NULL;
    if (directory && (!more || PathIsRelativeW(file))) {
        length = wcslen(directory);
    } else if (directory && file[0] == '\\' && file[1] != '\\') {
        LPCWSTR rest = PathSkipRootW(directory);
        length = rest ? (SIZE_T)(rest - directory) : 0;
        file++, more--;
    }
    if ((!directory && !file) || length + more >= MAX_PATH - 1) {
        *target = 0;
        return NULL;
    }
    memcpy(joined, directory, length * sizeof(WCHAR));
    if (length && more && joined[length - 1] != '\\') joined[length++] = '\\';
    if (more) memcpy(joined + length, file, more * sizeof(WCHAR));
    joined[length + more] = 0;
    return PathCanonicalizeW(target, joined) ? target : NULL;
}

BOOL WINAPI PathAppendW(LPWSTR path, LPCWSTR more)
{
    if (!path || !more) return FALSE;
    while (*more == '\\' && more[1] != '\\') more++;
    return PathCombineW(path, path, more) != NULL;
}

BOOL WINAPI PathFileExistsW(LPCWSTR path)
{
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathFileExistsA(LPCSTR path)
{
    return path && GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathIsDirectoryW(LPCWSTR path)
{
    DWORD attributes = path ? GetFileAttributesW(path) : INVALID_FILE_ATTRIBUTES;
    if (attributes == INVALID_FILE_ATTRIBUTES) return FALSE;
    return attributes & FILE_ATTRIBUTE_DIRECTORY;
}
