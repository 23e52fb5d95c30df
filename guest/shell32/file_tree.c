/* What file_tree.h declares. */
#include "file_tree.h"
#include <string.h>

static BOOL is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

/* A link to a directory is no part of the tree behind it. */
static BOOL is_tree(DWORD attributes)
{
    return attributes & FILE_ATTRIBUTE_DIRECTORY && !(attributes & FILE_ATTRIBUTE_REPARSE_POINT);
}

DWORD path_join(struct path *path, const WCHAR *directory, const WCHAR *name)
{
    SIZE_T length = wcslen(directory), more = wcslen(name);
    BOOL separator = length && directory[length - 1] != '\\';
    if (length + separator + more >= MAX_PATH) return ERROR_FILENAME_EXCED_RANGE;
    memcpy(path->text, directory, length * sizeof(WCHAR));
    if (separator) path->text[length++] = '\\';
    memcpy(path->text + length, name, (more + 1) * sizeof(WCHAR));
    return ERROR_SUCCESS;
}

static BOOL is_dots(const WCHAR *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

DWORD visit_entries(const WCHAR *directory, const WCHAR *pattern, visitor visit, void *context)
{
    WIN32_FIND_DATAW found;
    struct path path;
    DWORD error = path_join(&path, directory, pattern);
    HANDLE search = error ? INVALID_HANDLE_VALUE : FindFirstFileW(path.text, &found);
    if (search == INVALID_HANDLE_VALUE) return error ? error : GetLastError();
    do {
        if (is_dots(found.cFileName)) continue;
        error = path_join(&path, directory, found.cFileName);
        if (!error) error = visit(&found, path.text, context);
    } while (!error && FindNextFileW(search, &found));
    FindClose(search);
    return error;
}

static DWORD delete_entry(const WIN32_FIND_DATAW *found, const WCHAR *path, void *context)
{
    (void)found;
    (void)context;
    return delete_tree(path);
}

DWORD delete_tree(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path), error;
    if (attributes == INVALID_FILE_ATTRIBUTES) return GetLastError();
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes & ~FILE_ATTRIBUTE_READONLY);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return DeleteFileW(path) ? ERROR_SUCCESS : GetLastError();
    error = is_tree(attributes) ? visit_entries(path, L"*", delete_entry, NULL) : ERROR_SUCCESS;
    if (error) return error;
    return RemoveDirectoryW(path) ? ERROR_SUCCESS : GetLastError();
}

static DWORD copy_entry(const WIN32_FIND_DATAW *found, const WCHAR *path, void *context)
{
    struct path target;
    DWORD error = path_join(&target, context, found->cFileName);
    return error ? error : copy_tree(path, target.text);
}

DWORD copy_tree(const WCHAR *from, const WCHAR *to)
{
    DWORD attributes = GetFileAttributesW(from);
    if (attributes == INVALID_FILE_ATTRIBUTES) return GetLastError();
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return CopyFileW(from, to, FALSE) ? ERROR_SUCCESS : GetLastError();
    if (!CreateDirectoryW(to, NULL) && !is_directory(to)) return GetLastError();
    return visit_entries(from, L"*", copy_entry, (void *)to);
}

DWORD move_tree(const WCHAR *from, const WCHAR *to)
{
    DWORD error;
    if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING)) return ERROR_SUCCESS;
    error = GetLastError();
    if (error != ERROR_NOT_SAME_DEVICE && !is_directory(to)) return error;
    error = copy_tree(from, to);
    return error ? error : delete_tree(from);
}
