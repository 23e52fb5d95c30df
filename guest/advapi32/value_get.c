/* RegGetValue: a value of a subkey, restricted to some types, terminated and expanded. */
#include "advapi32.h"

#define ANY_TYPE (RRF_RT_ANY & 0xFFFF)

static DWORD flag_of(DWORD type)
{
    static const DWORD flags[] = {RRF_RT_REG_NONE, RRF_RT_REG_SZ, RRF_RT_REG_EXPAND_SZ,
        RRF_RT_REG_BINARY, RRF_RT_REG_DWORD, 0, 0, RRF_RT_REG_MULTI_SZ, 0, 0, 0, RRF_RT_REG_QWORD};
    return type < COUNT(flags) ? flags[type] : 0;
}

static LSTATUS check_type(DWORD flags, DWORD type, DWORD size)
{
    DWORD numbers = flags & (RRF_RT_REG_DWORD | RRF_RT_REG_QWORD);
    if ((flags & ANY_TYPE) == ANY_TYPE) return ERROR_SUCCESS;
    if (flag_of(type) & flags) {
        if (type == REG_DWORD && size != sizeof(DWORD)) return ERROR_INVALID_DATA;
        if (type == REG_QWORD && size != sizeof(DWORD64)) return ERROR_INVALID_DATA;
        return ERROR_SUCCESS;
    }
    if (type != REG_BINARY || !(flags & RRF_RT_REG_BINARY ? 0 : numbers))
        return ERROR_UNSUPPORTED_TYPE;
    if ((numbers == RRF_RT_REG_DWORD && size > sizeof(DWORD)) || size > sizeof(DWORD64))
        return ERROR_INVALID_DATA;
    return ERROR_UNSUPPORTED_TYPE;
}

/* The whole value on the heap, with room for two terminators. */
static LSTATUS fetch(HKEY key, LPCWSTR name, DWORD *type, BYTE **data, DWORD *size)
{
    LSTATUS error;
    *size = 0;
    do {
        error = RegQueryValueExW(key, name, NULL, type, NULL, size);
        if (error) return error;
        *data = allocate(*size + 2 * sizeof(WCHAR));
        if (!*data) return ERROR_NOT_ENOUGH_MEMORY;
        error = RegQueryValueExW(key, name, NULL, type, *data, size);
        if (error) release(*data);
    } while (error == ERROR_MORE_DATA);
    return error;
}

static void terminate(DWORD type, BYTE *data, DWORD *size)
{
    DWORD zeros = type == REG_MULTI_SZ ? 2 : 1, count = *size / sizeof(WCHAR), found = 0;
    WCHAR *text = (WCHAR *)data;
    if (!is_text(type)) return;
    while (found < zeros && found < count && !text[count - 1 - found]) found++;
    for (; found < zeros; found++) text[count++] = 0;
    *size = count * sizeof(WCHAR);
}

static LSTATUS expand(DWORD *type, BYTE **data, DWORD *size)
{
    DWORD count = ExpandEnvironmentStringsW((WCHAR *)*data, NULL, 0);
    WCHAR *text = allocate(count * sizeof(WCHAR));
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    ExpandEnvironmentStringsW((WCHAR *)*data, text, count);
    release(*data);
    *data = (BYTE *)text;
    *size = count * sizeof(WCHAR);
    *type = REG_SZ;
    return ERROR_SUCCESS;
}

struct value {
    DWORD type, size;
    BYTE *data; /* UTF-16 where it is text; NULL after an error */
};

static LSTATUS get(HKEY root, LPCWSTR subkey, LPCWSTR name, DWORD flags, struct value *value)
{
    HKEY key = root;
    BOOL as_is = (flags & RRF_NOEXPAND) != 0;
    LSTATUS error = ERROR_SUCCESS;
    value->data = NULL;
    if (!as_is && (flags & RRF_RT_REG_EXPAND_SZ) && (flags & ANY_TYPE) != ANY_TYPE)
        return ERROR_INVALID_PARAMETER;
    if (!(flags & ANY_TYPE)) return ERROR_INVALID_PARAMETER;
    if (subkey && *subkey) {
        REGSAM view = flags & RRF_SUBKEY_WOW6464KEY ? KEY_WOW64_64KEY
            : flags & RRF_SUBKEY_WOW6432KEY ? KEY_WOW64_32KEY : 0;
        error = RegOpenKeyExW(root, subkey, 0, KEY_QUERY_VALUE | view, &key);
        if (error) return error;
    }
    error = fetch(key, name, &value->type, &value->data, &value->size);
    if (key != root) RegCloseKey(key);
    if (error) {
        value->data = NULL;
        return error;
    }
    terminate(value->type, value->data, &value->size);
    if (value->type == REG_EXPAND_SZ && !as_is)
        error = expand(&value->type, &value->data, &value->size);
    return error ? error : check_type(flags, value->type, value->size);
}

static LSTATUS finish(struct value *value, LSTATUS error, DWORD flags, PVOID data, DWORD room)
{
    if (error && data && flags & RRF_ZEROONFAILURE) memset(data, 0, room);
    if (value->data) release(value->data);
    return error;
}

LSTATUS WINAPI RegGetValueW(HKEY root, LPCWSTR subkey, LPCWSTR name, DWORD flags, LPDWORD type,
    PVOID data, LPDWORD size)
{
    struct value value;
    DWORD room = size ? *size : 0;
    LSTATUS error;
    if (data && !size) return ERROR_INVALID_PARAMETER;
    error = get(root, subkey, name, flags, &value);
    if (value.data) {
        if (type) *type = value.type;
        if (!error && data && room < value.size) error = ERROR_MORE_DATA;
        else if (!error && data) memcpy(data, value.data, value.size);
        if (size) *size = value.size;
    }
    return finish(&value, error, flags, data, room);
}

LSTATUS WINAPI RegGetValueA(HKEY root, LPCSTR subkey, LPCSTR name, DWORD flags, LPDWORD type,
    PVOID data, LPDWORD size)
{
    struct value value;
    DWORD room = size ? *size : 0, needed = room;
    LSTATUS error;
    WIDE(wide_subkey, subkey);
    WIDE(wide_name, name);
    if (data && !size) return ERROR_INVALID_PARAMETER;
    error = get(root, wide_subkey, wide_name, flags, &value);
    if (value.data) {
        LSTATUS narrowed = narrow_data(value.type, value.data, value.size, error ? NULL : data,
            &needed);
        if (!error) error = narrowed;
        if (type) *type = value.type;
        if (size) *size = needed;
    }
    return finish(&value, error, flags, data, room);
}
