/* Files, and directories with all that is in them. */
#pragma once
#include "wide.h"

/* Paths are at most MAX_PATH units, as those of SHFileOperation. */
struct path {
    WCHAR text[MAX_PATH];
};

/* All return a Win32 error. */
DWORD path_join(struct path *path, const WCHAR *directory, const WCHAR *name);
DWORD delete_tree(const WCHAR *path);
DWORD copy_tree(const WCHAR *from, const WCHAR *to);
DWORD move_tree(const WCHAR *from, const WCHAR *to);

/* Do something with every entry of a directory that matches a pattern, until it fails. */
typedef DWORD (*visitor)(const WIN32_FIND_DATAW *found, const WCHAR *path, void *context);
DWORD visit_entries(const WCHAR *directory, const WCHAR *pattern, visitor visit, void *context);
