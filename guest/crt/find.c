/* _findfirst and relatives, in every combination of time and size widths. */
#include "crt.h"

#define EPOCH 116444736000000000ll

static int64_t seconds(FILETIME time)
{
    int64_t value = (int64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;

    return value ? (value - EPOCH) / 10000000 : -1;
}

static void ended(DWORD error)
{
    crt_thread()->dos_error = error;
    errno = error == ERROR_NOT_ENOUGH_MEMORY ? ENOMEM
            : error == ERROR_NO_MORE_FILES || error == ERROR_FILE_NOT_FOUND ||
                      error == ERROR_PATH_NOT_FOUND ? ENOENT : EINVAL;
}

static bool narrow_name(char *out, const wchar_t *name)
{
    return WideCharToMultiByte(crt_file_code_page(), 0, name, -1, out, 260, NULL, NULL) > 0;
}

static bool wide_name(wchar_t *out, const wchar_t *name)
{
    wcscpy(out, name);
    return true;
}

#define FIND(KIND, CH, TIME, SIZE, first, next, to_wide, put_name)                            \
    struct KIND {                                                                             \
        unsigned attrib;                                                                      \
        TIME time_create, time_access, time_write;                                            \
        SIZE size;                                                                            \
        CH name[260];                                                                         \
    };                                                                                        \
    static bool fill_##KIND(struct KIND *out, const WIN32_FIND_DATAW *from)                   \
    {                                                                                         \
        out->attrib = from->dwFileAttributes == FILE_ATTRIBUTE_NORMAL                         \
                          ? 0 : from->dwFileAttributes & 0xFF;                                \
        out->time_create = (TIME)seconds(from->ftCreationTime);                               \
        out->time_access = (TIME)seconds(from->ftLastAccessTime);                             \
        out->time_write = (TIME)seconds(from->ftLastWriteTime);                               \
        out->size = (SIZE)((uint64_t)from->nFileSizeHigh << 32 | from->nFileSizeLow);         \
        return put_name(out->name, from->cFileName);                                          \
    }                                                                                         \
    intptr_t first(const CH *pattern, struct KIND *out)                                       \
    {                                                                                         \
        WIN32_FIND_DATAW found;                                                               \
        wchar_t *wide;                                                                        \
        HANDLE search;                                                                        \
        if (!pattern || !out)                                                                 \
            return crt_invalid(EINVAL), -1;                                                   \
        wide = to_wide(pattern);                                                              \
        if (!wide)                                                                            \
            return -1;                                                                        \
        search = FindFirstFileW(wide, &found);                                                \
        free(wide);                                                                           \
        if (search == INVALID_HANDLE_VALUE)                                                   \
            return ended(GetLastError()), -1;                                                 \
        fill_##KIND(out, &found);                                                             \
        return (intptr_t)search;                                                              \
    }                                                                                         \
    int next(intptr_t search, struct KIND *out)                                               \
    {                                                                                         \
        WIN32_FIND_DATAW found;                                                               \
        if (search == -1 || !out)                                                             \
            return crt_invalid(EINVAL), -1;                                                   \
        if (!FindNextFileW((HANDLE)search, &found))                                           \
            return ended(GetLastError()), -1;                                                 \
        fill_##KIND(out, &found);                                                             \
        return 0;                                                                             \
    }
FIND(find32, char, int32_t, uint32_t, _findfirst32, _findnext32, crt_widen, narrow_name)
FIND(find32i64, char, int32_t, int64_t, _findfirst32i64, _findnext32i64, crt_widen, narrow_name)
FIND(find64i32, char, int64_t, uint32_t, _findfirst64i32, _findnext64i32, crt_widen, narrow_name)
FIND(find64, char, int64_t, int64_t, _findfirst64, _findnext64, crt_widen, narrow_name)
FIND(wfind32, wchar_t, int32_t, uint32_t, _wfindfirst32, _wfindnext32, _wcsdup, wide_name)
FIND(wfind32i64, wchar_t, int32_t, int64_t, _wfindfirst32i64, _wfindnext32i64, _wcsdup, wide_name)
FIND(wfind64i32, wchar_t, int64_t, uint32_t, _wfindfirst64i32, _wfindnext64i32, _wcsdup, wide_name)
FIND(wfind64, wchar_t, int64_t, int64_t, _wfindfirst64, _wfindnext64, _wcsdup, wide_name)

int _findclose(intptr_t search)
{
    if (search != -1 && FindClose((HANDLE)search))
        return 0;
    errno = EINVAL;
    return -1;
}
