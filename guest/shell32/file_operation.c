/* SHFileOperation: files and trees are copied, moved, renamed and deleted, and nobody is asked.
 *
 * pFrom is a list of names, which may have wildcards in their last part; pTo is one directory or
 * file, or with FOF_MULTIDESTFILES a name for each of pFrom. Codes below are those of the manual. */
#include "file_tree.h"
#include <shellapi.h>
#include <string.h>

#define DE_SAMEFILE 0x71
#define DE_MANYSRC1DEST 0x72
#define DE_DIFFDIR 0x73
#define DE_DESTSUBTREE 0x76
#define DE_INVALIDFILES 0x7C

struct operation {
    UINT what;
    FILEOP_FLAGS flags;
    const WCHAR *target;
    BOOL into; /* the target is a directory for what comes */
};

static BOOL is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static WCHAR *last_part(WCHAR *path)
{
    WCHAR *slash = wcsrchr(path, '\\');
    return slash ? slash + 1 : path;
}

/* Whether a path is another one or lies beneath it. */
static BOOL is_within(const WCHAR *path, const WCHAR *above)
{
    SIZE_T length = wcslen(above);
    return CompareStringOrdinal(path, (int)min(length, wcslen(path)), above, (int)length, TRUE) ==
               CSTR_EQUAL && (!path[length] || path[length] == '\\');
}

static DWORD transfer(const struct operation *operation, const WCHAR *from, const WCHAR *name)
{
    struct path target;
    DWORD error = path_join(&target, operation->target, operation->into ? name : L"");
    if (error) return error;
    if (!operation->into) target.text[wcslen(operation->target)] = 0;
    if (is_within(target.text, from)) {
        if (target.text[wcslen(from)]) return DE_DESTSUBTREE;
        return operation->what == FO_RENAME ? ERROR_SUCCESS : DE_SAMEFILE;
    }
    return operation->what == FO_COPY ? copy_tree(from, target.text)
                                      : move_tree(from, target.text);
}

static DWORD act(const WIN32_FIND_DATAW *found, const WCHAR *path, void *context)
{
    const struct operation *operation = context;
    if (operation->flags & FOF_FILESONLY && found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return ERROR_SUCCESS;
    if (operation->what == FO_DELETE) return delete_tree(path);
    return transfer(operation, path, found->cFileName);
}

static DWORD operate(struct operation *operation, const WCHAR *name)
{
    WIN32_FIND_DATAW one;
    WCHAR from[MAX_PATH], pattern[MAX_PATH], *part;
    DWORD length = GetFullPathNameW(name, MAX_PATH, from, NULL);
    if (!length || length >= MAX_PATH) return DE_INVALIDFILES;
    if (length > 3 && from[length - 1] == '\\') from[length - 1] = 0;
    part = last_part(from);
    memcpy(pattern, part, (wcslen(part) + 1) * sizeof(WCHAR));
    if (wcspbrk(pattern, L"*?")) {
        if (operation->what == FO_RENAME) return DE_MANYSRC1DEST;
        *part = 0;
        return visit_entries(from, pattern, act, operation);
    }
    one.dwFileAttributes = GetFileAttributesW(from);
    if (one.dwFileAttributes == INVALID_FILE_ATTRIBUTES) return GetLastError();
    memcpy(one.cFileName, pattern, sizeof pattern);
    operation->flags &= (FILEOP_FLAGS)~FOF_FILESONLY; /* means what wildcards find */
    return act(&one, from, operation);
}

/* The target of the first name, and whether it is a directory to put things into. */
static DWORD prepare(struct operation *operation, const SHFILEOPSTRUCTW *asked, WCHAR *target)
{
    const WCHAR *second = asked->pFrom + wcslen(asked->pFrom) + 1;
    BOOL many = *second || wcspbrk(asked->pFrom, L"*?");
    DWORD length;
    if (!asked->pTo || !*asked->pTo) return DE_INVALIDFILES;
    length = GetFullPathNameW(asked->pTo, MAX_PATH, target, NULL);
    if (!length || length >= MAX_PATH) return DE_INVALIDFILES;
    if (length > 3 && target[length - 1] == '\\') target[length - 1] = 0;
    if (asked->wFunc == FO_RENAME && *second) return DE_MANYSRC1DEST;
    operation->target = target;
    operation->into = asked->wFunc != FO_RENAME && !(asked->fFlags & FOF_MULTIDESTFILES) &&
                      (many || is_directory(target));
    if (operation->into && !is_directory(target) && !CreateDirectoryW(target, NULL))
        return GetLastError();
    return ERROR_SUCCESS;
}

int WINAPI SHFileOperationW(LPSHFILEOPSTRUCTW asked)
{
    WCHAR target[MAX_PATH];
    struct operation operation = {.what = asked->wFunc, .flags = asked->fFlags};
    const WCHAR *from = asked->pFrom, *to = asked->pTo;
    DWORD error = ERROR_SUCCESS;
    asked->fAnyOperationsAborted = FALSE;
    if (asked->wFunc < FO_MOVE || asked->wFunc > FO_RENAME) return ERROR_INVALID_PARAMETER;
    if (!from || !*from) return DE_INVALIDFILES;
    if (asked->wFunc != FO_DELETE) error = prepare(&operation, asked, target);
    for (; !error && *from; from += wcslen(from) + 1) {
        if (operation.target && asked->fFlags & FOF_MULTIDESTFILES) {
            DWORD length = *to ? GetFullPathNameW(to, MAX_PATH, target, NULL) : 0;
            if (!length || length >= MAX_PATH) return DE_INVALIDFILES;
            to += wcslen(to) + 1;
        }
        error = operate(&operation, from);
        operation.flags = asked->fFlags;
    }
    if (error) asked->fAnyOperationsAborted = TRUE;
    return (int)error;
}

/* The UTF-16 form of a list of names; NULL for NULL or when memory ran out. */
static WCHAR *wide_list(const char *list)
{
    const char *end = list;
    WCHAR *wide;
    int size, count;
    if (!list) return NULL;
    while (*end) end += strlen(end) + 1;
    size = (int)(end + 1 - list);
    count = MultiByteToWideChar(CP_ACP, 0, list, size, NULL, 0);
    wide = RtlAllocateHeap(GetProcessHeap(), 0, (SIZE_T)count * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, list, size, wide, count);
    return wide;
}

int WINAPI SHFileOperationA(LPSHFILEOPSTRUCTA asked)
{
    WCHAR *from = wide_list(asked->pFrom), *to = wide_list(asked->pTo);
    SHFILEOPSTRUCTW wide = {.hwnd = asked->hwnd, .wFunc = asked->wFunc, .pFrom = from, .pTo = to,
        .fFlags = asked->fFlags};
    int error = SHFileOperationW(&wide);
    asked->fAnyOperationsAborted = wide.fAnyOperationsAborted;
    if (from) RtlFreeHeap(GetProcessHeap(), 0, from);
    if (to) RtlFreeHeap(GetProcessHeap(), 0, to);
    return error;
}
