/* Paths of any length as text (pathcch.h). A result that is longer than MAX_PATH begins with "\\?\"
 * where the caller allows long paths. */
#include "kernel32.h"

enum { ALLOW_LONG_PATHS = 1, ENSURE_LONG_PATH = 0x10 };
#define LONGEST 0x8000 /* characters: PATHCCH_MAX_CCH */
static const WCHAR extended[] = L"\\\\?\\";

static BOOL is_extended(const WCHAR *path)
{
    return path[0] == '\\' && path[1] == '\\' && path[2] == '?' && path[3] == '\\';
}

static BOOL is_extended_share(const WCHAR *path)
{
    return is_extended(path) && (path[4] | 0x20) == 'u' && (path[5] | 0x20) == 'n' &&
           (path[6] | 0x20) == 'c' && path[7] == '\\';
}

/* Characters of "X:\", "\", "\\server\share\", each also after "\\?\" or "\\?\UNC\". */
static SIZE_T root_length(const WCHAR *path)
{
    SIZE_T at = 0;
    BOOL share = FALSE;
    if (is_extended(path)) {
        share = is_extended_share(path);
        at = share ? 8 : 4;
    } else if (path[0] == '\\' && path[1] == '\\') {
        share = TRUE;
        at = 2;
    }
    for (int part = 0; share && part < 2; part++) {
        while (path[at] && path[at] != '\\') at++;
        if (path[at]) at++;
    }
    if (share) return at;
    if (path[at] && path[at + 1] == ':') return at + 2 + (path[at + 2] == '\\');
    return at + (path[at] == '\\');
}

/* Resolves "." and ".." behind the root; "" becomes "\". `out` has room for the path and two. */
static SIZE_T resolve(const WCHAR *path, WCHAR *out)
{
    SIZE_T root = root_length(path), length = root;
    const WCHAR *at = path + root;
    memcpy(out, path, root * sizeof *out);
    while (*at) {
        SIZE_T size = 0;
        while (at[size] && at[size] != '\\') size++;
        if (size == 2 && at[0] == '.' && at[1] == '.') {
            if (length > root) length--;
            while (length > root && out[length - 1] != '\\') length--;
        } else if (size != 1 || *at != '.') {
            memcpy(out + length, at, size * sizeof *out);
            length += size;
            if (at[size]) out[length++] = '\\';
        }
        at += size + (at[size] == '\\');
    }
    if (length > root && out[length - 1] == '\\' && at[-1] != '\\') length--;
    if (length > 2 && length == root && out[length - 1] == '\\' && at[-1] != '\\' &&
        out[length - 2] != ':')
        length--;
    if (!length) out[length++] = '\\';
    out[length] = 0;
    return length;
}

/* The canonical form on the heap (LocalFree), with the prefix that its length asks for. */
HRESULT WINAPI PathAllocCanonicalize(PCWSTR path, ULONG flags, PWSTR *result)
{
    SIZE_T length;
    WCHAR *out;
    if (!path || !result || wcslen(path) >= LONGEST) return E_INVALIDARG;
    *result = NULL;
    out = LocalAlloc(LMEM_FIXED, (wcslen(path) + 8) * sizeof *out);
    if (!out) return E_OUTOFMEMORY;
    length = resolve(path, out);
    if (length >= MAX_PATH && !(flags & (ALLOW_LONG_PATHS | ENSURE_LONG_PATH))) {
        LocalFree(out);
        return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    }
    if (!is_extended(out) && length > 2 && out[1] == ':' &&
        (length >= MAX_PATH || flags & ENSURE_LONG_PATH)) {
        memmove(out + 4, out, (length + 1) * sizeof *out);
        memcpy(out, extended, 4 * sizeof *out);
    } else if (is_extended(out) && length - 4 < MAX_PATH && !(flags & ENSURE_LONG_PATH)) {
        if (out[5] == ':') memmove(out, out + 4, (length - 3) * sizeof *out);
        else if (is_extended_share(out)) memmove(out + 2, out + 8, (length - 7) * sizeof *out);
    }
    *result = out;
    return S_OK;
}

HRESULT WINAPI PathAllocCombine(PCWSTR first, PCWSTR second, ULONG flags, PWSTR *result)
{
    SIZE_T length = 0, more = second ? wcslen(second) : 0;
    BOOL absolute = more && (second[0] == '\\' || second[1] == ':');
    WCHAR *joined;
    HRESULT status;
    if ((!first && !second) || !result) return E_INVALIDARG;
    if (first && !absolute) length = wcslen(first);
    else if (first && second[0] == '\\' && second[1] != '\\') length = root_length(first);
    if (length + more >= LONGEST) return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    joined = allocate((length + more + 2) * sizeof *joined);
    if (!joined) return E_OUTOFMEMORY;
    if (length) memcpy(joined, first, length * sizeof *joined);
    if (length && more && joined[length - 1] != '\\' && *second != '\\') joined[length++] = '\\';
    if (length && more && joined[length - 1] == '\\' && *second == '\\') second++, more--;
    if (more) memcpy(joined + length, second, more * sizeof *joined);
    if (!length && more == 2 && second[1] == ':') joined[more++] = '\\';
    joined[length + more] = 0;
    status = PathAllocCanonicalize(joined, flags, result);
    release(joined);
    return status;
}

/* Moves a result into the caller's buffer. */
static HRESULT hand_over(HRESULT status, WCHAR *made, PWSTR out, SIZE_T size)
{
    SIZE_T length;
    if (status != S_OK) {
        if (size) *out = 0;
        return status;
    }
    length = wcslen(made);
    if (length < size) memcpy(out, made, (length + 1) * sizeof *out);
    else if (size) *out = 0;
    LocalFree(made);
    return length < size ? S_OK : HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
}

HRESULT WINAPI PathCchCanonicalizeEx(PWSTR out, SIZE_T size, PCWSTR path, ULONG flags)
{
    WCHAR *made = NULL;
    if (!out) return E_INVALIDARG;
    return hand_over(PathAllocCanonicalize(path, flags, &made), made, out, size);
}

HRESULT WINAPI PathCchCombineEx(PWSTR out, SIZE_T size, PCWSTR first, PCWSTR second, ULONG flags)
{
    WCHAR *made = NULL;
    if (!out) return E_INVALIDARG;
    return hand_over(PathAllocCombine(first, second, flags, &made), made, out, size);
}

/* Cuts the last component and the backslash before it, but nothing of the root. */
HRESULT WINAPI PathCchRemoveFileSpec(PWSTR path, SIZE_T size)
{
    SIZE_T root, length;
    if (!path || !size || size > LONGEST || wcsnlen(path, size) == size) return E_INVALIDARG;
    root = root_length(path);
    length = wcslen(path);
    if (length <= root) return S_FALSE;
    while (length > root && path[length - 1] != '\\') length--;
    if (length > root || (length > 3 && path[length - 1] == '\\')) length--;
    path[length] = 0;
    return S_OK;
}
