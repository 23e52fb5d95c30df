/* FindFirstFile and its relatives, over NtQueryDirectoryFile. */
#include "io.h"

#define SEARCH_MAGIC 0x46696E64
#define SEARCH_ROOM 0x2000

struct search {
    ULONG magic;
    HANDLE directory;
    BOOL only_directories;
    FILE_BOTH_DIR_INFORMATION *next;
    union {
        FILE_BOTH_DIR_INFORMATION first;
        char room[SEARCH_ROOM];
    };
};

/* Win32's wildcards as the file system's: a `?` may match nothing at a dot or the end, `*.` is
 * any name without extension, and `*.*` is everything (FsRtlIsNameInExpression). */
static void translate_pattern(WCHAR *pattern)
{
    if (!wcscmp(pattern, L"*.*")) {
        pattern[1] = 0;
        return;
    }
    for (WCHAR *c = pattern; *c; c++) {
        if (*c == '?') *c = '>';
        else if (*c == '.' && (c[1] == '?' || c[1] == '*')) *c = '"';
        else if (*c == '*' && c[1] == '.' && !c[2]) {
            wcscpy(c, L"<\"");
            break;
        }
    }
}

/* `path` split into the directory to open and the pattern to ask for. */
static WCHAR *split(const WCHAR *path, WCHAR **pattern)
{
    DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
    WCHAR *full = size ? allocate((size + 2) * sizeof(WCHAR)) : NULL, *name;
    SIZE_T given = wcslen(path);
    if (!full) return NULL;
    GetFullPathNameW(path, size, full, NULL);
    name = wcsrchr(full, '\\');
    if (!name || !given) {
        release(full);
        set_error(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    name++;
    /* Full names lose a trailing dot, which means something in `*.`. */
    if (given > 1 && path[given - 1] == '.' && path[given - 2] == '*') {
        SIZE_T end = wcslen(name);
        if (end && name[end - 1] == '*') memcpy(name + end, L".", 2 * sizeof(WCHAR));
    }
    memmove(name + 1, name, (wcslen(name) + 1) * sizeof(WCHAR));
    *name = 0;
    *pattern = name + 1;
    return full;
}

static void fill(WIN32_FIND_DATAW *data, const FILE_BOTH_DIR_INFORMATION *entry)
{
    data->dwFileAttributes = entry->FileAttributes;
    memcpy(&data->ftCreationTime, &entry->CreationTime, sizeof(FILETIME));
    memcpy(&data->ftLastAccessTime, &entry->LastAccessTime, sizeof(FILETIME));
    memcpy(&data->ftLastWriteTime, &entry->LastWriteTime, sizeof(FILETIME));
    data->nFileSizeHigh = (DWORD)entry->EndOfFile.HighPart;
    data->nFileSizeLow = entry->EndOfFile.LowPart;
    data->dwReserved0 = entry->FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ? entry->EaSize : 0;
    data->dwReserved1 = 0;
    wide_out(entry->FileName, min(entry->FileNameLength / sizeof(WCHAR), MAX_PATH - 1),
        data->cFileName, MAX_PATH);
    wide_out(entry->ShortName, min((DWORD)entry->ShortNameLength / sizeof(WCHAR), 12),
        data->cAlternateFileName, 14);
}

static NTSTATUS fetch(struct search *search, UNICODE_STRING *pattern, BOOL restart)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryDirectoryFile(search->directory, NULL, NULL, NULL, &io, search->room,
        SEARCH_ROOM, FileBothDirectoryInformation, FALSE, pattern, (BOOLEAN)restart);
    search->next = NT_SUCCESS(status) && io.Information ? &search->first : NULL;
    return status;
}

static BOOL next(struct search *search, WIN32_FIND_DATAW *data)
{
    for (;;) {
        FILE_BOTH_DIR_INFORMATION *entry = search->next;
        if (!entry) {
            NTSTATUS status = fetch(search, NULL, FALSE);
            if (!set_status(status)) return FALSE;
            entry = search->next;
            if (!entry) return set_error(ERROR_NO_MORE_FILES);
        }
        search->next = entry->NextEntryOffset
            ? (FILE_BOTH_DIR_INFORMATION *)((char *)entry + entry->NextEntryOffset) : NULL;
        if (search->only_directories && !(entry->FileAttributes & FILE_ATTRIBUTE_DIRECTORY))
            continue;
        fill(data, entry);
        return TRUE;
    }
}

static NTSTATUS begin(struct search *search, const WCHAR *directory, WCHAR *text)
{
    UNICODE_STRING pattern;
    NTSTATUS status = open_path(directory, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE,
        &search->directory);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_NOT_A_DIRECTORY)
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (!NT_SUCCESS(status)) return status;
    translate_pattern(text);
    RtlInitUnicodeString(&pattern, text);
    status = *text ? fetch(search, &pattern, TRUE) : STATUS_NO_SUCH_FILE;
    if (!NT_SUCCESS(status)) NtClose(search->directory);
    return status == STATUS_NO_MORE_FILES ? STATUS_NO_SUCH_FILE : status;
}

HANDLE WINAPI FindFirstFileExW(LPCWSTR name, FINDEX_INFO_LEVELS level, LPVOID data,
    FINDEX_SEARCH_OPS operation, LPVOID filter, DWORD flags)
{
    WCHAR *directory, *pattern;
    struct search *search;
    NTSTATUS status;
    (void)flags;
    if (level > FindExInfoBasic || operation > FindExSearchLimitToDirectories || filter || !name) {
        set_error(name ? ERROR_INVALID_PARAMETER : ERROR_PATH_NOT_FOUND);
        return INVALID_HANDLE_VALUE;
    }
    directory = split(name, &pattern);
    if (!directory) return INVALID_HANDLE_VALUE;
    search = allocate(sizeof *search);
    status = search ? begin(search, directory, pattern) : STATUS_NO_MEMORY;
    release(directory);
    if (NT_SUCCESS(status)) {
        search->magic = SEARCH_MAGIC;
        search->only_directories = operation == FindExSearchLimitToDirectories;
        if (next(search, data)) return search;
        NtClose(search->directory);
    } else {
        set_status(status);
    }
    if (search) release(search);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstFileW(LPCWSTR name, LPWIN32_FIND_DATAW data)
{
    return FindFirstFileExW(name, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

static struct search *search_of(HANDLE handle)
{
    struct search *search = handle;
    if (!search || handle == INVALID_HANDLE_VALUE || (ULONG_PTR)handle & 7 ||
        IsBadReadPtr(search, sizeof *search) || search->magic != SEARCH_MAGIC) {
        set_error(ERROR_INVALID_HANDLE);
        return NULL;
    }
    return search;
}

BOOL WINAPI FindNextFileW(HANDLE handle, LPWIN32_FIND_DATAW data)
{
    struct search *search = search_of(handle);
    return search && next(search, data);
}

BOOL WINAPI FindClose(HANDLE handle)
{
    struct search *search = search_of(handle);
    if (!search) return FALSE;
    search->magic = 0;
    NtClose(search->directory);
    release(search);
    return TRUE;
}

static void narrow_data(const WIN32_FIND_DATAW *wide, WIN32_FIND_DATAA *data)
{
    memcpy(data, wide, offsetof(WIN32_FIND_DATAA, cFileName));
    narrow_out(wide->cFileName, (DWORD)wcslen(wide->cFileName), data->cFileName,
        sizeof data->cFileName, file_code_page());
    narrow_out(wide->cAlternateFileName, (DWORD)wcslen(wide->cAlternateFileName),
        data->cAlternateFileName, sizeof data->cAlternateFileName, file_code_page());
}

HANDLE WINAPI FindFirstFileExA(LPCSTR name, FINDEX_INFO_LEVELS level, LPVOID data,
    FINDEX_SEARCH_OPS operation, LPVOID filter, DWORD flags)
{
    WIN32_FIND_DATAW found;
    FILE_WIDE(wide, name);
    HANDLE handle = FindFirstFileExW(wide, level, &found, operation, filter, flags);
    if (handle != INVALID_HANDLE_VALUE) narrow_data(&found, data);
    return handle;
}

HANDLE WINAPI FindFirstFileA(LPCSTR name, LPWIN32_FIND_DATAA data)
{
    return FindFirstFileExA(name, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

BOOL WINAPI FindNextFileA(HANDLE handle, LPWIN32_FIND_DATAA data)
{
    WIN32_FIND_DATAW found;
    if (!FindNextFileW(handle, &found)) return FALSE;
    narrow_data(&found, data);
    return TRUE;
}
