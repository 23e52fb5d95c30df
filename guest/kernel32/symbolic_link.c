/* Symbolic links: the volumes have no reparse points, so none can be made, as on FAT. */
#include "kernel32.h"

BOOLEAN WINAPI CreateSymbolicLinkW(LPCWSTR link, LPCWSTR target, DWORD flags)
{
    (void)flags;
    if (!link || !*link || !target || !*target) return (BOOLEAN)set_error(ERROR_INVALID_PARAMETER);
    if (GetFileAttributesW(link) != INVALID_FILE_ATTRIBUTES)
        return (BOOLEAN)set_error(ERROR_ALREADY_EXISTS);
    return (BOOLEAN)set_error(ERROR_INVALID_FUNCTION);
}

BOOLEAN WINAPI CreateSymbolicLinkA(LPCSTR link, LPCSTR target, DWORD flags)
{
    FILE_WIDE(wide, link);
    FILE_WIDE(wanted, target);
    return CreateSymbolicLinkW(wide, wanted, flags);
}
