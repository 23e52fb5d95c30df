/* What the files of shlwapi share: paths and strings as text. Only PathFileExists and
 * PathIsDirectory look at a disk. */
#pragma once
#include "wide.h"
#include <string.h>
#include <winerror.h>

BOOL WINAPI PathIsRelativeW(LPCWSTR path);
BOOL WINAPI PathIsRootW(LPCWSTR path);
LPWSTR WINAPI PathSkipRootW(LPCWSTR path);
LPWSTR WINAPI PathFindFileNameW(LPCWSTR path);
LPWSTR WINAPI PathFindExtensionW(LPCWSTR path);
LPWSTR WINAPI PathAddBackslashW(LPWSTR path);
BOOL WINAPI PathCanonicalizeW(LPWSTR target, LPCWSTR path);
LPWSTR WINAPI PathCombineW(LPWSTR target, LPCWSTR directory, LPCWSTR file);
BOOL WINAPI PathRemoveFileSpecW(LPWSTR path);
