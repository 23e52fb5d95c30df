/* Where the parts of a path are. */
#include "shlwapi.h"

LPWSTR WINAPI PathFindFileNameW(LPCWSTR path)
{
    LPCWSTR name = path;
    for (; path && *path; path++)
        if ((*path == '\\' || *path == ':' || *path == '/') && path[1] && path[1] != '\\' &&
            path[1] != '/')
            name = path + 1;
    return (LPWSTR)name;
}

LPSTR WINAPI PathFindFileNameA(LPCSTR path)
{
    LPCSTR name = path;
    for (; path && *path; path++)
        if ((*path == '\\' || *path == ':' || *path == '/') && path[1] && path[1] != '\\' &&
            path[1] != '/')
            name = path + 1;
    return (LPSTR)name;
}

/* The last dot after the last backslash and the last space, or the end. */
LPWSTR WINAPI PathFindExtensionW(LPCWSTR path)
{
    LPCWSTR dot = NULL;
    for (; path && *path; path++) {
        if (*path == '\\' || *path == ' ') dot = NULL;
        else if (*path == '.') dot = path;
    }
    return (LPWSTR)(dot ? dot : path);
}

LPSTR WINAPI PathFindExtensionA(LPCSTR path)
{
    LPCSTR dot = NULL;
    for (; path && *path; path++) {
        if (*path == '\\' || *path == ' ') dot = NULL;
        else if (*path == '.') dot = path;
    }
    return (LPSTR)(dot ? dot : path);
}

BOOL WINAPI PathIsUNCW(LPCWSTR path)
{
    return path && path[0] == '\\' && path[1] == '\\' && path[2] != '?';
}

BOOL WINAPI PathIsRelativeW(LPCWSTR path)
{
    return !path || !*path || (*path != '\\' && path[1] != ':');
}

BOOL WINAPI PathIsRelativeA(LPCSTR path)
{
    return !path || !*path || (*path != '\\' && path[1] != ':');
}

/* After "X:\", "\" or "\\server\share\"; NULL for a relative path. */
LPWSTR WINAPI PathSkipRootW(LPCWSTR path)
{
    if (!path || !*path) return NULL;
    if (path[0] == '\\' && path[1] == '\\') {
        path += 2;
        for (int part = 0; part < 2; part++) {
            while (*path && *path != '\\') path++;
            if (*path) path++;
        }
        return (LPWSTR)path;
    }
    if (*path == '\\') return (LPWSTR)path + 1;
    return path[1] == ':' && path[2] == '\\' ? (LPWSTR)path + 3 : NULL;
}

BOOL WINAPI PathIsRootW(LPCWSTR path)
{
    LPCWSTR rest = PathSkipRootW(path);
    if (!rest || *rest) return FALSE;
    return rest[-1] != '\\' || path[0] != '\\' || !path[1];
}
