/* Keys with all below them, and values of subkeys by one call. */
#include "advapi32.h"

#define MOST_KEY_NAME 256
#define MOST_VALUE_NAME 16384

static LSTATUS delete_subkeys(HKEY key)
{
    WCHAR name[MOST_KEY_NAME];
    LSTATUS error;
    for (;;) {
        DWORD size = COUNT(name);
        error = RegEnumKeyExW(key, 0, name, &size, NULL, NULL, NULL, NULL);
        if (error) break;
        error = RegDeleteTreeW(key, name);
        if (error) return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

static LSTATUS delete_values(HKEY key)
{
    LSTATUS error;
    WCHAR *name = allocate(MOST_VALUE_NAME * sizeof(WCHAR));
    if (!name) return ERROR_NOT_ENOUGH_MEMORY;
    for (;;) {
        DWORD size = MOST_VALUE_NAME;
        error = RegEnumValueW(key, 0, name, &size, NULL, NULL, NULL, NULL);
        if (!error) error = RegDeleteValueW(key, name);
        if (error) break;
    }
    release(name);
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

/* Without a path the key itself stays, but empty. */
LSTATUS WINAPI RegDeleteTreeW(HKEY root, LPCWSTR path)
{
    REGSAM access = KEY_QUERY_VALUE | KEY_ENUMERATE_SUB_KEYS | KEY_SET_VALUE | DELETE;
    HKEY key = root;
    BOOL below = path && *path;
    LSTATUS error = below ? RegOpenKeyExW(root, path, 0, access, &key) : ERROR_SUCCESS;
    if (error) return error;
    error = delete_subkeys(key);
    if (!error) error = below ? error_of(NtDeleteKey(key)) : delete_values(key);
    if (below) RegCloseKey(key);
    return error;
}

static LSTATUS copy_values(HKEY source, HKEY target)
{
    DWORD name_room, data_room, type;
    LSTATUS error = RegQueryInfoKeyW(source, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &name_room,
        &data_room, NULL, NULL);
    WCHAR *name;
    BYTE *data;
    if (error) return error;
    name = allocate((name_room + 1) * sizeof(WCHAR));
    data = allocate(data_room ? data_room : 1);
    for (DWORD i = 0; name && data && !error; i++) {
        DWORD name_size = name_room + 1, size = data_room;
        error = RegEnumValueW(source, i, name, &name_size, NULL, &type, data, &size);
        if (!error) error = RegSetValueExW(target, name, 0, type, data, size);
    }
    if (!name || !data) error = ERROR_NOT_ENOUGH_MEMORY;
    if (name) release(name);
    if (data) release(data);
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

static LSTATUS copy_subkeys(HKEY source, HKEY target)
{
    WCHAR name[MOST_KEY_NAME];
    LSTATUS error = ERROR_SUCCESS;
    for (DWORD i = 0; !error; i++) {
        DWORD size = COUNT(name);
        HKEY copy;
        error = RegEnumKeyExW(source, i, name, &size, NULL, NULL, NULL, NULL);
        if (!error) error = RegCreateKeyW(target, name, &copy);
        if (error) break;
        error = RegCopyTreeW(source, name, copy);
        RegCloseKey(copy);
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

LSTATUS WINAPI RegCopyTreeW(HKEY source, LPCWSTR path, HKEY target)
{
    HKEY key = source;
    BOOL below = path && *path;
    LSTATUS error = below ? RegOpenKeyExW(source, path, 0, KEY_READ, &key) : ERROR_SUCCESS;
    if (error) return error;
    error = copy_values(key, target);
    if (!error) error = copy_subkeys(key, target);
    if (below) RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegSetKeyValueW(HKEY root, LPCWSTR path, LPCWSTR name, DWORD type, LPCVOID data,
    DWORD size)
{
    HKEY key = root;
    LSTATUS error = ERROR_SUCCESS;
    if (path && *path)
        error = RegCreateKeyExW(root, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    error = RegSetValueExW(key, name, 0, type, data, size);
    if (key != root) RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegSetKeyValueA(HKEY root, LPCSTR path, LPCSTR name, DWORD type, LPCVOID data,
    DWORD size)
{
    HKEY key = root;
    LSTATUS error = ERROR_SUCCESS;
    WIDE(wide, path);
    if (wide && *wide)
        error = RegCreateKeyExW(root, wide, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    error = RegSetValueExA(key, name, 0, type, data, size);
    if (key != root) RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegDeleteKeyValueW(HKEY root, LPCWSTR path, LPCWSTR name)
{
    HKEY key = root;
    LSTATUS error = ERROR_SUCCESS;
    if (path && *path) error = RegOpenKeyExW(root, path, 0, KEY_SET_VALUE, &key);
    if (error) return error;
    error = RegDeleteValueW(key, name);
    if (key != root) RegCloseKey(key);
    return error;
}

/* The functions of Windows 3.1: a key's unnamed value, always a string. */
#define QUERY_VALUE(name, char_type, query, open) \
    LSTATUS WINAPI name(HKEY root, const char_type *path, char_type *data, PLONG size) \
    { \
        HKEY key = root; \
        LSTATUS error = ERROR_SUCCESS; \
        if (path && *path) error = open(root, path, 0, KEY_QUERY_VALUE, &key); \
        if (error) return error; \
        error = query(key, NULL, NULL, NULL, (BYTE *)data, (DWORD *)size); \
        if (key != root) RegCloseKey(key); \
        if (error != ERROR_FILE_NOT_FOUND) return error; \
        if (data) *data = 0; \
        if (size) *size = sizeof(char_type); \
        return ERROR_SUCCESS; \
    }
QUERY_VALUE(RegQueryValueW, WCHAR, RegQueryValueExW, RegOpenKeyExW)
QUERY_VALUE(RegQueryValueA, char, RegQueryValueExA, RegOpenKeyExA)

LSTATUS WINAPI RegSetValueW(HKEY root, LPCWSTR path, DWORD type, LPCWSTR data, DWORD size)
{
    (void)size;
    if (type != REG_SZ || !data) return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueW(root, path, NULL, type, data, (wcslen(data) + 1) * sizeof(WCHAR));
}

LSTATUS WINAPI RegSetValueA(HKEY root, LPCSTR path, DWORD type, LPCSTR data, DWORD size)
{
    (void)size;
    if (type != REG_SZ || !data) return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueA(root, path, NULL, type, data, strlen(data) + 1);
}
