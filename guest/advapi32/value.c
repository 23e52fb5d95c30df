/* Values of keys. */
#include "advapi32.h"

enum { KeyValueFullInformation = 1, KeyValuePartialInformation = 2 };

typedef struct {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[];
} KEY_VALUE_PARTIAL_INFORMATION;

typedef struct {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataOffset, DataLength;
    ULONG NameLength;
    WCHAR Name[];
} KEY_VALUE_FULL_INFORMATION;

#define FIRST_ROOM 0x400

/* A value on the heap, whose data a zero character follows that is not counted. */
static LSTATUS read_value(HKEY key, LPCWSTR name, KEY_VALUE_PARTIAL_INFORMATION **info)
{
    UNICODE_STRING string;
    HANDLE handle;
    ULONG room = FIRST_ROOM, needed;
    NTSTATUS status;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    RtlInitUnicodeString(&string, name);
    for (;;) {
        *info = allocate(room + sizeof(WCHAR));
        if (!*info) return ERROR_NOT_ENOUGH_MEMORY;
        status = NtQueryValueKey(handle, &string, KeyValuePartialInformation, *info, room, &needed);
        if (NT_SUCCESS(status)) break;
        release(*info);
        if (status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL)
            return error_of(status);
        room = needed;
    }
    memset((*info)->Data + (*info)->DataLength, 0, sizeof(WCHAR));
    return ERROR_SUCCESS;
}

/* Data as RegQueryValueEx gives it: text gets a terminator if it has none and there is room. */
static LSTATUS give_data(const KEY_VALUE_PARTIAL_INFORMATION *info, BYTE *data, DWORD *size)
{
    DWORD room = size ? *size : 0, length = info->DataLength;
    if (size) *size = length;
    if (!data) return ERROR_SUCCESS;
    if (room < length) return ERROR_MORE_DATA;
    memcpy(data, info->Data, length);
    if (is_text(info->Type) && room - length >= sizeof(WCHAR)
        && (length < sizeof(WCHAR) || *(UNALIGNED WCHAR *)(info->Data + length - sizeof(WCHAR))))
        memset(data + length, 0, sizeof(WCHAR));
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
    LPDWORD size)
{
    KEY_VALUE_PARTIAL_INFORMATION *info;
    LSTATUS error;
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    error = read_value(key, name, &info);
    if (error) {
        if (type) *type = REG_NONE;
        if (size && !data) *size = 0;
        return error;
    }
    if (type) *type = info->Type;
    error = give_data(info, data, size);
    release(info);
    return error;
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
    LPDWORD size)
{
    KEY_VALUE_PARTIAL_INFORMATION *info;
    DWORD needed = size ? *size : 0;
    LSTATUS error;
    WIDE(wide, name);
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    error = read_value(key, wide, &info);
    if (error) {
        if (type) *type = REG_NONE;
        if (size && !data) *size = 0;
        return error;
    }
    if (type) *type = info->Type;
    error = narrow_data(info->Type, info->Data, info->DataLength, data, &needed);
    if (size) *size = needed;
    release(info);
    return error;
}

static LSTATUS store(HKEY key, LPCWSTR name, DWORD type, const BYTE *data, DWORD size)
{
    UNICODE_STRING string;
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    RtlInitUnicodeString(&string, name);
    return error_of(NtSetValueKey(handle, &string, 0, type, (PVOID)data, size));
}

/* A size that leaves out the terminator right behind the text is put right, as NT does. */
LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data,
    DWORD size)
{
    const UNALIGNED WCHAR *text = (const WCHAR *)data;
    (void)reserved;
    if (size && is_text(type)) {
        if ((ULONG_PTR)data < 0x10000) return ERROR_NOACCESS;
        if (size >= sizeof(WCHAR) && text[size / sizeof(WCHAR) - 1] && !text[size / sizeof(WCHAR)])
            size += sizeof(WCHAR);
    }
    return store(key, name, type, data, size);
}

LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data,
    DWORD size)
{
    WCHAR *text;
    DWORD count;
    LSTATUS error;
    WIDE(wide, name);
    (void)reserved;
    if (!is_text(type) || !size) return store(key, wide, type, data, size);
    if ((ULONG_PTR)data < 0x10000) return ERROR_NOACCESS;
    if (data[size - 1] && !data[size]) size++;
    count = MultiByteToWideChar(CP_ACP, 0, (const char *)data, size, NULL, 0);
    text = allocate(count * sizeof(WCHAR));
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    MultiByteToWideChar(CP_ACP, 0, (const char *)data, size, text, count);
    error = store(key, wide, type, (BYTE *)text, count * sizeof(WCHAR));
    release(text);
    return error;
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    UNICODE_STRING string;
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    RtlInitUnicodeString(&string, name);
    return error_of(NtDeleteValueKey(handle, &string));
}

LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    WIDE(wide, name);
    return RegDeleteValueW(key, wide);
}

static LSTATUS enumerate(HKEY key, DWORD index, KEY_VALUE_FULL_INFORMATION **info)
{
    HANDLE handle;
    ULONG room = FIRST_ROOM, needed;
    NTSTATUS status;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    for (;;) {
        *info = allocate(room);
        if (!*info) return ERROR_NOT_ENOUGH_MEMORY;
        status = NtEnumerateValueKey(handle, index, KeyValueFullInformation, *info, room, &needed);
        if (NT_SUCCESS(status)) return ERROR_SUCCESS;
        release(*info);
        if (status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL)
            return error_of(status);
        room = needed;
    }
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD name_size,
    LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    KEY_VALUE_FULL_INFORMATION *info;
    DWORD count, room = data && size ? *size : 0;
    LSTATUS error;
    if (reserved || !name || !name_size || (data && !size)) return ERROR_INVALID_PARAMETER;
    error = enumerate(key, index, &info);
    if (error) return error;
    count = info->NameLength / sizeof(WCHAR);
    if (count >= *name_size) error = ERROR_MORE_DATA;
    else {
        memcpy(name, info->Name, info->NameLength);
        name[count] = 0;
        *name_size = count;
        if (data && room < info->DataLength) error = ERROR_MORE_DATA;
        else if (data) memcpy(data, (char *)info + info->DataOffset, info->DataLength);
    }
    if (type) *type = info->Type;
    if (size) *size = info->DataLength;
    release(info);
    return error;
}

LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD name_size, LPDWORD reserved,
    LPDWORD type, LPBYTE data, LPDWORD size)
{
    KEY_VALUE_FULL_INFORMATION *info;
    DWORD needed = data && size ? *size : 0, room = name_size ? *name_size : 0;
    LSTATUS error, data_error;
    if (reserved || !name || !name_size || (data && !size)) return ERROR_INVALID_PARAMETER;
    error = enumerate(key, index, &info);
    if (error) return error;
    error = narrow_name(info->Name, info->NameLength / sizeof(WCHAR), name, &room);
    if (!error) *name_size = room;
    data_error = narrow_data(info->Type, (BYTE *)info + info->DataOffset, info->DataLength, data,
        &needed);
    if (type) *type = info->Type;
    if (size) *size = needed;
    release(info);
    return error ? error : data_error;
}
