/* Paths as text: _splitpath, _makepath, _fullpath, _searchenv, _mktemp, tmpnam; wide and narrow. */
#include "crt.h"

#define SPLIT_LIMIT 256

#define COMPONENT(CH, out, room, from, end)                                                   \
    ((out) ? (size_t)((end) - (from)) >= (room)                                               \
                 ? ERANGE                                                                     \
                 : (memcpy((out), (from), (size_t)((end) - (from)) * sizeof(CH)),             \
                    (out)[(end) - (from)] = 0, 0)                                             \
           : 0)

#define SPLITTER(CH, splitpath_s, splitpath, makepath_s, makepath)                            \
    static bool split_##CH(const CH *path, CH *parts[4], const size_t rooms[4])               \
    {                                                                                         \
        const CH *colon = path, *name, *dot = NULL, *at;                                      \
        int failed = 0;                                                                       \
        if (*path && path[1] == ':')                                                          \
            colon = path + 2;                                                                 \
        for (at = name = colon; *at; at++)                                                    \
            if (*at == '/' || *at == '\\')                                                    \
                name = at + 1, dot = NULL;                                                    \
            else if (*at == '.')                                                              \
                dot = at;                                                                     \
        if (!dot)                                                                             \
            dot = at;                                                                         \
        failed |= COMPONENT(CH, parts[0], rooms[0], path, colon);                             \
        failed |= COMPONENT(CH, parts[1], rooms[1], colon, name);                             \
        failed |= COMPONENT(CH, parts[2], rooms[2], name, dot);                               \
        failed |= COMPONENT(CH, parts[3], rooms[3], dot, at);                                 \
        return !failed;                                                                       \
    }                                                                                         \
    int splitpath_s(const CH *path, CH *drive, size_t drive_room, CH *folder,                 \
                    size_t folder_room, CH *name, size_t name_room, CH *ext, size_t ext_room) \
    {                                                                                         \
        CH *parts[4] = {drive, folder, name, ext};                                            \
        size_t rooms[4] = {drive_room, folder_room, name_room, ext_room};                     \
        bool bad = !path;                                                                     \
        for (int i = 0; i < 4; i++)                                                           \
            bad |= !parts[i] != !rooms[i];                                                    \
        if (!bad && split_##CH(path, parts, rooms))                                           \
            return 0;                                                                         \
        for (int i = 0; i < 4; i++)                                                           \
            if (parts[i] && rooms[i])                                                         \
                *parts[i] = 0;                                                                \
        return bad ? crt_invalid(EINVAL) : (errno = ERANGE);                                  \
    }                                                                                         \
    void splitpath(const CH *path, CH *drive, CH *folder, CH *name, CH *ext)                  \
    {                                                                                         \
        splitpath_s(path, drive, drive ? 3 : 0, folder, folder ? SPLIT_LIMIT : 0, name,       \
                    name ? SPLIT_LIMIT : 0, ext, ext ? SPLIT_LIMIT : 0);                      \
    }                                                                                         \
    static bool add_##CH(CH **out, size_t *room, const CH *text, size_t limit)                \
    {                                                                                         \
        for (; *text && limit--; text++) {                                                    \
            if (*room < 2)                                                                    \
                return false;                                                                 \
            *(*out)++ = *text;                                                                \
            --*room;                                                                          \
        }                                                                                     \
        return true;                                                                          \
    }                                                                                         \
    int makepath_s(CH *out, size_t room, const CH *drive, const CH *folder, const CH *name,   \
                   const CH *ext)                                                             \
    {                                                                                         \
        static const CH colon[] = {':', 0}, slash[] = {'\\', 0}, dot[] = {'.', 0};            \
        CH *at = out;                                                                         \
        bool ok = true;                                                                       \
        if (!out || !room)                                                                    \
            return crt_invalid(EINVAL);                                                       \
        if (drive && *drive)                                                                  \
            ok = add_##CH(&at, &room, drive, 1) && add_##CH(&at, &room, colon, 1);            \
        if (ok && folder && *folder) {                                                        \
            ok = add_##CH(&at, &room, folder, SIZE_MAX);                                      \
            if (ok && at[-1] != '/' && at[-1] != '\\')                                        \
                ok = add_##CH(&at, &room, slash, 1);                                          \
        }                                                                                     \
        if (ok && name)                                                                       \
            ok = add_##CH(&at, &room, name, SIZE_MAX);                                        \
        if (ok && ext && *ext)                                                                \
            ok = (*ext == '.' || add_##CH(&at, &room, dot, 1)) &&                             \
                 add_##CH(&at, &room, ext, SIZE_MAX);                                         \
        *(ok ? at : out) = 0;                                                                 \
        return ok ? 0 : crt_invalid(ERANGE);                                                  \
    }                                                                                         \
    void makepath(CH *out, const CH *drive, const CH *folder, const CH *name, const CH *ext)  \
    {                                                                                         \
        makepath_s(out, 260, drive, folder, name, ext);                                       \
    }
SPLITTER(char, _splitpath_s, _splitpath, _makepath_s, _makepath)
SPLITTER(wchar_t, _wsplitpath_s, _wsplitpath, _wmakepath_s, _wmakepath)

wchar_t *_wfullpath(wchar_t *out, const wchar_t *path, size_t room)
{
    DWORD size;

    if (!path || !*path)
        path = L".";
    size = GetFullPathNameW(path, 0, NULL, NULL);
    if (!size)
        return NULL;
    if (!out) {
        out = malloc(size * sizeof *out);
        room = size;
    } else if (room < size) {
        crt_invalid(ERANGE);
        return NULL;
    }
    if (out)
        GetFullPathNameW(path, (DWORD)room, out, NULL);
    return out;
}

/* Copies a narrow form of `wide` into the caller's room, or hands out an allocated one. */
static char *give(char *out, size_t room, wchar_t *wide, int too_small)
{
    char *text = wide ? crt_narrow(wide) : NULL;

    free(wide);
    if (!out || !text)
        return text;
    if (strlen(text) >= room) {
        errno = too_small;
        *out = 0;
        out = NULL;
    } else {
        strcpy(out, text);
    }
    free(text);
    return out;
}

char *_fullpath(char *out, const char *path, size_t room)
{
    wchar_t *wide = path ? crt_widen(path) : NULL, *full = _wfullpath(NULL, wide, 0);

    free(wide);
    return give(out, room, full, ERANGE);
}

int _wsearchenv_s(const wchar_t *file, const wchar_t *variable, wchar_t *out, size_t room)
{
    wchar_t *paths, *full;
    DWORD size;

    if (!file || !out || !room)
        return crt_invalid(EINVAL);
    *out = 0;
    if (!*file)
        return errno = ENOENT;
    if (GetFileAttributesW(file) != INVALID_FILE_ATTRIBUTES) {
        full = _wfullpath(NULL, file, 0);
        if (full && wcslen(full) < room)
            wcscpy(out, full);
        free(full);
        return *out ? 0 : (errno = ERANGE);
    }
    paths = _wgetenv(variable);
    size = paths ? SearchPathW(paths, file, NULL, (DWORD)room, out, NULL) : 0;
    if (size && size < room)
        return 0;
    *out = 0;
    return errno = size ? ERANGE : ENOENT;
}

void _wsearchenv(const wchar_t *file, const wchar_t *variable, wchar_t *out)
{
    _wsearchenv_s(file, variable, out, MAX_PATH);
}

int _searchenv_s(const char *file, const char *variable, char *out, size_t room)
{
    wchar_t *wide_file = file ? crt_widen(file) : NULL, *found = malloc(MAX_PATH * 4);
    wchar_t *name = variable ? crt_widen(variable) : NULL;
    int error = found && name ? _wsearchenv_s(wide_file, name, found, MAX_PATH * 2) : EINVAL;

    free(wide_file);
    free(name);
    if (error)
        free(found);
    else if (!give(out, room, found, ERANGE))
        error = errno;
    if (error && out && room)
        *out = 0;
    return error;
}

void _searchenv(const char *file, const char *variable, char *out)
{
    _searchenv_s(file, variable, out, MAX_PATH);
}

/* XXXXXX becomes a letter and five digits of the process's number. */
int _wmktemp_s(wchar_t *template, size_t room)
{
    size_t size = template ? wcsnlen(template, room) : 0;
    unsigned process = GetCurrentProcessId();
    wchar_t *mark = template + size - 6;

    if (!template || size < 6 || size == room || wcscmp(mark, L"XXXXXX")) {
        if (template && room)
            *template = 0;
        return crt_invalid(EINVAL);
    }
    for (int i = 5; i > 0; i--, process /= 10)
        mark[i] = (wchar_t)('0' + process % 10);
    for (*mark = 'a'; *mark <= 'z'; ++*mark)
        if (GetFileAttributesW(template) == INVALID_FILE_ATTRIBUTES)
            return 0;
    *template = 0;
    return errno = EEXIST;
}

wchar_t *_wmktemp(wchar_t *template)
{
    return template && !_wmktemp_s(template, wcslen(template) + 1) ? template : NULL;
}

int _mktemp_s(char *template, size_t room)
{
    wchar_t *wide = template && strnlen(template, room) < room ? crt_widen(template) : NULL;
    int error = _wmktemp_s(wide, wide ? wcslen(wide) + 1 : 0);

    if (error)
        free(wide);
    else
        give(template, room, wide, EINVAL);
    return error;
}

char *_mktemp(char *template)
{
    return template && !_mktemp_s(template, strlen(template) + 1) ? template : NULL;
}

static bool temporary_path(wchar_t *out, size_t room)
{
    wchar_t folder[MAX_PATH];

    if (_MSVCRT)
        wcscpy(folder, L"\\");
    else if (!GetTempPathW(MAX_PATH, folder))
        return false;
    return crt_temporary_name(out, room, folder, L"s");
}

int _wtmpnam_s(wchar_t *out, size_t room)
{
    wchar_t path[MAX_PATH + 32];

    if (!out || !temporary_path(path, COUNT_OF(path)))
        return crt_invalid(EINVAL);
    if (wcslen(path) >= room)
        return crt_invalid(ERANGE);
    wcscpy(out, path);
    return 0;
}

wchar_t *_wtmpnam(wchar_t *out)
{
    static wchar_t own[MAX_PATH];

    return _wtmpnam_s(out ? out : own, MAX_PATH) ? NULL : out ? out : own;
}

int tmpnam_s(char *out, size_t room)
{
    wchar_t path[MAX_PATH + 32];

    if (!out || !temporary_path(path, COUNT_OF(path)))
        return crt_invalid(EINVAL);
    return give(out, room, _wcsdup(path), ERANGE) ? 0 : errno;
}

char *tmpnam(char *out)
{
    static char own[MAX_PATH];

    return tmpnam_s(out ? out : own, MAX_PATH) ? NULL : out ? out : own;
}

wchar_t *_wtempnam(const wchar_t *folder, const wchar_t *prefix)
{
    wchar_t path[MAX_PATH * 2], *base = _wgetenv(L"TMP");

    if (!base || GetFileAttributesW(base) == INVALID_FILE_ATTRIBUTES)
        base = folder && *folder ? (wchar_t *)folder : (wchar_t *)L".";
    if (wcslen(base) >= MAX_PATH)
        return NULL;
    wcscpy(path, base);
    if (!wcschr(L"/\\", path[wcslen(path) - 1]))
        wcscat(path, L"\\");
    base = _wcsdup(path);
    if (!base || !crt_temporary_name(path, COUNT_OF(path), base, prefix ? prefix : L""))
        path[0] = 0;
    free(base);
    return *path ? _wcsdup(path) : NULL;
}

char *_tempnam(const char *folder, const char *prefix)
{
    wchar_t *wide = folder ? crt_widen(folder) : NULL, *start = prefix ? crt_widen(prefix) : NULL;
    wchar_t *path = _wtempnam(wide, start);

    free(wide);
    free(start);
    return give(NULL, 0, path, ERANGE);
}
