/* Looking up values in a version resource. */
#include "version.h"

static const void *aligned(const void *at)
{
    return (const void *)(((ULONG_PTR)at + 3) & ~(ULONG_PTR)3);
}

static DWORD value_bytes(const struct block *block)
{
    return block->value_length * (block->type == 1 ? sizeof(WCHAR) : 1);
}

static const void *value_of(const struct block *block)
{
    return aligned(block->key + wcslen(block->key) + 1);
}

/* The block below `parent` with that key of `length` characters, whatever their case. */
static const struct block *child(const struct block *parent, LPCWSTR key, int length)
{
    const char *end = (const char *)parent + parent->length;
    const struct block *block = aligned((const char *)value_of(parent) + value_bytes(parent));
    while ((const char *)block + sizeof *block <= end && block->length >= sizeof *block) {
        if (CompareStringW(LOCALE_INVARIANT, NORM_IGNORECASE, block->key, -1, key, length) ==
            CSTR_EQUAL)
            return block;
        block = aligned((const char *)block + block->length);
    }
    return NULL;
}

static const struct block *walk(const struct block *block, LPCWSTR path)
{
    while (block && *path) {
        int length = 0;
        while (path[length] && path[length] != '\\') length++;
        if (length) block = child(block, path, length);
        path += length + (path[length] != 0);
    }
    return block;
}

static const struct block *find(LPCVOID data, LPCWSTR path)
{
    const struct block *block = data && path ? walk(data, path) : NULL;
    if (!block) SetLastError(data ? ERROR_RESOURCE_TYPE_NOT_FOUND : ERROR_INVALID_PARAMETER);
    return block;
}

BOOL WINAPI VerQueryValueW(LPCVOID data, LPCWSTR path, LPVOID *value, PUINT length)
{
    const struct block *block = find(data, path);
    if (length) *length = block ? block->value_length : 0;
    if (!block) return FALSE;
    *value = (LPVOID)value_of(block);
    return TRUE;
}

BOOL WINAPI VerQueryValueA(LPCVOID data, LPCSTR path, LPVOID *value, PUINT length)
{
    WIDE(wide, path);
    const struct block *block = find(data, wide), *root = data;
    const WCHAR *text;
    char *copy;
    int count;
    if (length) *length = block ? block->value_length : 0;
    if (!block) return FALSE;
    *value = (LPVOID)value_of(block);
    if (block->type != 1) return TRUE;
    text = *value;
    copy = (char *)data + ((root->length + 3) & ~3u) + ((const char *)text - (const char *)data);
    count = WideCharToMultiByte(CP_ACP, 0, text, block->value_length, copy, block->value_length * 2,
        NULL, NULL);
    *value = copy;
    if (length) *length = (UINT)count;
    return TRUE;
}
