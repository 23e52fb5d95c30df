/* Text in the registry, which stores UTF-16, for A callers. */
#include "advapi32.h"

BOOL is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

LSTATUS narrow_data(DWORD type, const BYTE *wide, DWORD wide_size, BYTE *data, DWORD *size)
{
    DWORD room = *size, count = wide_size / sizeof(WCHAR);
    const WCHAR *text = (const WCHAR *)wide;
    if (!is_text(type)) {
        *size = wide_size;
        if (data && room < wide_size) return ERROR_MORE_DATA;
        if (data) memcpy(data, wide, wide_size);
        return ERROR_SUCCESS;
    }
    *size = count ? WideCharToMultiByte(CP_ACP, 0, text, count, NULL, 0, NULL, NULL) : 0;
    if (!data) return ERROR_SUCCESS;
    if (room < *size) return ERROR_MORE_DATA;
    if (count) WideCharToMultiByte(CP_ACP, 0, text, count, (char *)data, room, NULL, NULL);
    if (*size < room && (!*size || data[*size - 1])) data[*size] = 0;
    return ERROR_SUCCESS;
}

LSTATUS narrow_name(const WCHAR *wide, DWORD count, char *name, DWORD *size)
{
    DWORD room = *size;
    *size = count ? WideCharToMultiByte(CP_ACP, 0, wide, count, NULL, 0, NULL, NULL) : 0;
    if (room <= *size) return ERROR_MORE_DATA;
    if (count) WideCharToMultiByte(CP_ACP, 0, wide, count, name, room, NULL, NULL);
    name[*size] = 0;
    return ERROR_SUCCESS;
}
