/* The registry: predefined keys and plain wrappers of NT's key calls. */
#include "ntcalls.h"
#include "rtl.h"
#include <string.h>
#include <winnls.h>
#include <winreg.h>

#define NAME_ROOM 512

static LSTATUS error_of(NTSTATUS status)
{
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (LSTATUS)RtlNtStatusToDosError(status);
}

static const WCHAR *predefined(HKEY key)
{
    switch ((ULONG_PTR)key) {
    case (ULONG_PTR)HKEY_CLASSES_ROOT: return L"\\Registry\\Machine\\Software\\Classes";
    case (ULONG_PTR)HKEY_CURRENT_USER: return L"\\Registry\\User\\S-1-5-21-0-0-0-1000";
    case (ULONG_PTR)HKEY_LOCAL_MACHINE: return L"\\Registry\\Machine";
    case (ULONG_PTR)HKEY_USERS: return L"\\Registry\\User";
    case (ULONG_PTR)HKEY_CURRENT_CONFIG:
        return L"\\Registry\\Machine\\System\\CurrentControlSet\\Hardware Profiles\\Current";
    default: return NULL;
    }
}

struct key_name {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    WCHAR text[NAME_ROOM];
};

static LSTATUS name_key(struct key_name *key, HKEY root, const WCHAR *path)
{
    const WCHAR *start = predefined(root);
    SIZE_T length = start ? wcslen(start) : 0, more = path ? wcslen(path) : 0;
    if (length + more + 2 > NAME_ROOM) return ERROR_INVALID_PARAMETER;
    memcpy(key->text, start, length * sizeof(WCHAR));
    if (start && more) key->text[length++] = '\\';
    memcpy(key->text + length, path, more * sizeof(WCHAR));
    length += more;
    while (length && key->text[length - 1] == '\\') length--;
    key->text[length] = 0;
    RtlInitUnicodeString(&key->name, key->text);
    InitializeObjectAttributes(&key->object, &key->name, OBJ_CASE_INSENSITIVE,
        start ? NULL : (HANDLE)root, NULL);
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenKeyExW(HKEY root, LPCWSTR path, DWORD options, REGSAM access, PHKEY result)
{
    struct key_name key;
    LSTATUS error = name_key(&key, root, path);
    (void)options;
    if (!result) return ERROR_INVALID_PARAMETER;
    if ((!path || !*path) && predefined(root)) {
        *result = root;
        return ERROR_SUCCESS;
    }
    *result = NULL;
    return error ? error : error_of(NtOpenKey((PHANDLE)result, access, &key.object));
}

LSTATUS WINAPI RegCreateKeyExW(HKEY root, LPCWSTR path, DWORD reserved, LPWSTR class, DWORD options,
    REGSAM access, LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    struct key_name key;
    LSTATUS error = name_key(&key, root, path);
    (void)class;
    (void)security;
    if (reserved || error) return error ? error : ERROR_INVALID_PARAMETER;
    return error_of(NtCreateKey((PHANDLE)result, access, &key.object, 0, NULL, options,
        disposition));
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    if (predefined(key)) return ERROR_SUCCESS;
    return key ? error_of(NtClose(key)) : ERROR_INVALID_HANDLE;
}

/* The handle of a key for one call: a predefined one is opened, and closed by `done_with`. */
static NTSTATUS handle_of(HKEY key, REGSAM access, HANDLE *handle)
{
    struct key_name name;
    *handle = key;
    if (!predefined(key)) return STATUS_SUCCESS;
    name_key(&name, key, NULL);
    return NtOpenKey(handle, access, &name.object);
}

static void done_with(HKEY key, HANDLE handle)
{
    if (handle != (HANDLE)key) NtClose(handle);
}

typedef struct {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[];
} KEY_VALUE_PARTIAL_INFORMATION;

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR value, LPDWORD reserved, LPDWORD type,
    LPBYTE data, LPDWORD size)
{
    ULONG room = sizeof(KEY_VALUE_PARTIAL_INFORMATION) + (data && size ? *size : 0), needed = 0;
    KEY_VALUE_PARTIAL_INFORMATION *info;
    UNICODE_STRING name;
    HANDLE handle;
    NTSTATUS status;
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    status = handle_of(key, KEY_QUERY_VALUE, &handle);
    if (!NT_SUCCESS(status)) return error_of(status);
    info = RtlAllocateHeap(GetProcessHeap(), 0, room);
    RtlInitUnicodeString(&name, value);
    status = info ? NtQueryValueKey(handle, &name, 2, info, room, &needed) : STATUS_NO_MEMORY;
    done_with(key, handle);
    if (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW) {
        if (type) *type = info->Type;
        if (NT_SUCCESS(status) && data) memcpy(data, info->Data, info->DataLength);
        if (size) *size = info->DataLength;
        if (!data) status = STATUS_SUCCESS;
    }
    if (info) RtlFreeHeap(GetProcessHeap(), 0, info);
    return status == STATUS_BUFFER_OVERFLOW ? ERROR_MORE_DATA : error_of(status);
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR value, DWORD reserved, DWORD type, const BYTE *data,
    DWORD size)
{
    UNICODE_STRING name;
    HANDLE handle;
    NTSTATUS status;
    if (reserved) return ERROR_INVALID_PARAMETER;
    status = handle_of(key, KEY_SET_VALUE, &handle);
    if (!NT_SUCCESS(status)) return error_of(status);
    RtlInitUnicodeString(&name, value);
    status = NtSetValueKey(handle, &name, 0, type, (PVOID)data, size);
    done_with(key, handle);
    return error_of(status);
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR value)
{
    UNICODE_STRING name;
    HANDLE handle;
    NTSTATUS status = handle_of(key, KEY_SET_VALUE, &handle);
    if (!NT_SUCCESS(status)) return error_of(status);
    RtlInitUnicodeString(&name, value);
    status = NtDeleteValueKey(handle, &name);
    done_with(key, handle);
    return error_of(status);
}

LSTATUS WINAPI RegDeleteKeyW(HKEY root, LPCWSTR path)
{
    HKEY key;
    LSTATUS error = RegOpenKeyExW(root, path, 0, DELETE, &key);
    if (error) return error;
    error = error_of(NtDeleteKey(key));
    RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegFlushKey(HKEY key)
{
    return predefined(key) ? ERROR_SUCCESS : error_of(NtFlushKey(key));
}

static const WCHAR *widened(const char *text, WCHAR *room)
{
    if (!text || !MultiByteToWideChar(CP_ACP, 0, text, -1, room, NAME_ROOM)) return NULL;
    return room;
}

LSTATUS WINAPI RegOpenKeyExA(HKEY root, LPCSTR path, DWORD options, REGSAM access, PHKEY result)
{
    WCHAR room[NAME_ROOM];
    return RegOpenKeyExW(root, widened(path, room), options, access, result);
}

LSTATUS WINAPI RegOpenKeyA(HKEY root, LPCSTR path, PHKEY result)
{
    return RegOpenKeyExA(root, path, 0, MAXIMUM_ALLOWED, result);
}

LSTATUS WINAPI RegOpenKeyW(HKEY root, LPCWSTR path, PHKEY result)
{
    return RegOpenKeyExW(root, path, 0, MAXIMUM_ALLOWED, result);
}

static BOOL is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR value, LPDWORD reserved, LPDWORD type, LPBYTE data,
    LPDWORD size)
{
    WCHAR room[NAME_ROOM];
    DWORD wide_size = 0, kind = 0, needed;
    BYTE *wide;
    LSTATUS error;
    const WCHAR *name = widened(value, room);
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    error = RegQueryValueExW(key, name, NULL, &kind, NULL, &wide_size);
    if (error) return error;
    if (type) *type = kind;
    if (!is_text(kind)) return RegQueryValueExW(key, name, NULL, NULL, data, size);
    wide = RtlAllocateHeap(GetProcessHeap(), 0, wide_size + sizeof(WCHAR));
    if (!wide) return ERROR_NOT_ENOUGH_MEMORY;
    error = RegQueryValueExW(key, name, NULL, NULL, wide, &wide_size);
    needed = error || !wide_size ? 0 : (DWORD)WideCharToMultiByte(CP_ACP, 0, (WCHAR *)wide,
        (int)(wide_size / sizeof(WCHAR)), NULL, 0, NULL, NULL);
    if (!error && data && *size < needed) error = ERROR_MORE_DATA;
    if (!error && data && needed)
        WideCharToMultiByte(CP_ACP, 0, (WCHAR *)wide, (int)(wide_size / sizeof(WCHAR)),
            (char *)data, (int)*size, NULL, NULL);
    if (size) *size = needed;
    RtlFreeHeap(GetProcessHeap(), 0, wide);
    return error;
}
