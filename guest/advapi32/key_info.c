/* Asking about keys: subkeys, numbers and sizes. */
#include "advapi32.h"

enum { KeyBasicInformation, KeyNodeInformation, KeyFullInformation };

typedef struct {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset, ClassLength;
    ULONG NameLength;
    WCHAR Name[];
} KEY_NODE_INFORMATION;

typedef struct {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset, ClassLength;
    ULONG SubKeys, MaxNameLength, MaxClassLength;
    ULONG Values, MaxValueNameLength, MaxValueDataLength;
    WCHAR Class[];
} KEY_FULL_INFORMATION;

#define FIRST_ROOM 0x400

/* One answer of NtQueryKey (index -1) or NtEnumerateKey on the heap, or NULL. */
static void *query(HANDLE key, DWORD index, ULONG class, NTSTATUS *status)
{
    ULONG room = FIRST_ROOM, needed;
    for (;;) {
        void *info = allocate(room);
        if (!info) {
            *status = STATUS_NO_MEMORY;
            return NULL;
        }
        *status = index == (DWORD)-1 ? NtQueryKey(key, class, info, room, &needed)
                                     : NtEnumerateKey(key, index, class, info, room, &needed);
        if (NT_SUCCESS(*status)) return info;
        release(info);
        if (*status != STATUS_BUFFER_OVERFLOW && *status != STATUS_BUFFER_TOO_SMALL) return NULL;
        room = needed;
    }
}

/* Text and a zero into a buffer of `*room` characters; `*room` becomes the length. */
static LSTATUS put(const WCHAR *text, ULONG bytes, WCHAR *buffer, DWORD *room)
{
    DWORD count = bytes / sizeof(WCHAR);
    BOOL fits = count < *room;
    *room = count;
    if (!fits) return ERROR_MORE_DATA;
    memcpy(buffer, text, bytes);
    buffer[count] = 0;
    return ERROR_SUCCESS;
}

static LSTATUS put_ansi(const WCHAR *text, ULONG bytes, char *buffer, DWORD *room)
{
    return narrow_name(text, bytes / sizeof(WCHAR), buffer, room);
}

#define ENUMERATE(name, char_type, put_text) \
    LSTATUS WINAPI name(HKEY key, DWORD index, char_type *buffer, LPDWORD size, LPDWORD reserved, \
        char_type *class, LPDWORD class_size, FILETIME *written) \
    { \
        KEY_NODE_INFORMATION *info; \
        HANDLE handle; \
        NTSTATUS status; \
        LSTATUS error = key_handle(key, &handle); \
        DWORD room = size ? *size : 0, class_room = class_size ? *class_size : 0; \
        if (error) return error; \
        if (reserved || !size || !buffer) return ERROR_INVALID_PARAMETER; \
        info = query(handle, index, KeyNodeInformation, &status); \
        if (!info) return error_of(status); \
        error = put_text(info->Name, info->NameLength, buffer, &room); \
        if (!error) *size = room; \
        if (!error && class_size) { \
            error = put_text((WCHAR *)((char *)info + info->ClassOffset), \
                info->ClassOffset == (ULONG)-1 ? 0 : info->ClassLength, class, &class_room); \
            *class_size = class_room; \
        } \
        if (!error && written) memcpy(written, &info->LastWriteTime, sizeof *written); \
        release(info); \
        return error; \
    }
ENUMERATE(RegEnumKeyExW, WCHAR, put)
ENUMERATE(RegEnumKeyExA, char, put_ansi)

LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR buffer, DWORD size)
{
    return RegEnumKeyExW(key, index, buffer, &size, NULL, NULL, NULL, NULL);
}

LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR buffer, DWORD size)
{
    return RegEnumKeyExA(key, index, buffer, &size, NULL, NULL, NULL, NULL);
}

static void give(LPDWORD target, DWORD value)
{
    if (target) *target = value;
}

static DWORD security_length(HANDLE key)
{
    ULONG length = 0;
    NtQuerySecurityObject(key,
        OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, NULL,
        0, &length);
    return length;
}

#define QUERY_INFO(name, char_type, put_text) \
    LSTATUS WINAPI name(HKEY key, char_type *class, LPDWORD class_size, LPDWORD reserved, \
        LPDWORD subkeys, LPDWORD name_length, LPDWORD class_length, LPDWORD values, \
        LPDWORD value_name_length, LPDWORD data_length, LPDWORD security, FILETIME *written) \
    { \
        KEY_FULL_INFORMATION *info; \
        HANDLE handle; \
        NTSTATUS status; \
        LSTATUS error = key_handle(key, &handle); \
        if (error) return error; \
        if (reserved || (class && !class_size)) return ERROR_INVALID_PARAMETER; \
        info = query(handle, (DWORD)-1, KeyFullInformation, &status); \
        if (!info) return error_of(status); \
        if (class && *class_size) \
            error = put_text(info->Class, info->ClassLength, class, class_size); \
        else give(class_size, info->ClassLength / sizeof(WCHAR)); \
        give(subkeys, info->SubKeys); \
        give(name_length, info->MaxNameLength / sizeof(WCHAR)); \
        give(class_length, info->MaxClassLength / sizeof(WCHAR)); \
        give(values, info->Values); \
        give(value_name_length, info->MaxValueNameLength / sizeof(WCHAR)); \
        give(data_length, info->MaxValueDataLength); \
        if (security) *security = security_length(handle); \
        if (written) memcpy(written, &info->LastWriteTime, sizeof *written); \
        release(info); \
        return error; \
    }
QUERY_INFO(RegQueryInfoKeyW, WCHAR, put)
QUERY_INFO(RegQueryInfoKeyA, char, put_ansi)
