/* The names that DOS devices have: symbolic links in \??. */
#include "io.h"

#define MOST_TARGET 0x400

typedef struct {
    UNICODE_STRING Name, TypeName;
} OBJECT_DIRECTORY_INFORMATION;
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE Directory, PVOID Buffer, ULONG Length, BOOLEAN Single,
    BOOLEAN Restart, PULONG Context, PULONG Returned);

static void name_link(OBJECT_ATTRIBUTES *object, UNICODE_STRING *name, WCHAR *room,
    const WCHAR *device)
{
    wcscpy(room, L"\\??\\");
    lstrcpynW(room + 4, device, MAX_PATH);
    RtlInitUnicodeString(name, room);
    InitializeObjectAttributes(object, name, OBJ_CASE_INSENSITIVE, NULL, NULL);
}

/* One link's target and two zeros. */
static DWORD query_one(const WCHAR *device, WCHAR *target, DWORD room)
{
    WCHAR link_name[MAX_PATH + 4];
    UNICODE_STRING name, found = {0, 0, target};
    OBJECT_ATTRIBUTES object;
    HANDLE link;
    NTSTATUS status;
    name_link(&object, &name, link_name, device);
    if (room < 2) return set_error(ERROR_INSUFFICIENT_BUFFER);
    found.MaximumLength = (USHORT)((room - 2 < 0x7FFE ? room - 2 : 0x7FFE) * sizeof(WCHAR));
    if (!set_status(NtOpenSymbolicLinkObject(&link, 1, &object))) return 0;
    status = NtQuerySymbolicLinkObject(link, &found, NULL);
    NtClose(link);
    if (status == STATUS_BUFFER_TOO_SMALL) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!set_status(status)) return 0;
    target[found.Length / sizeof(WCHAR)] = target[found.Length / sizeof(WCHAR) + 1] = 0;
    return found.Length / sizeof(WCHAR) + 2;
}

/* The names of all links, each with a zero, and one more. */
static DWORD query_all(WCHAR *names, DWORD room)
{
    struct {
        OBJECT_DIRECTORY_INFORMATION info;
        WCHAR text[MOST_TARGET];
    } row;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    HANDLE directory;
    ULONG context = 0;
    DWORD used = 0;
    NTSTATUS status;
    RtlInitUnicodeString(&name, L"\\??");
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!set_status(NtOpenDirectoryObject(&directory, 1, &object))) return 0;
    while ((status = NtQueryDirectoryObject(directory, &row, sizeof row, TRUE, FALSE, &context,
                NULL)) == STATUS_SUCCESS) {
        DWORD length = row.info.Name.Length / sizeof(WCHAR);
        if (_wcsicmp(row.info.TypeName.Buffer, L"SymbolicLink")) continue;
        if (used + length + 2 > room) break;
        memcpy(names + used, row.info.Name.Buffer, length * sizeof(WCHAR));
        names[used + length] = 0;
        used += length + 1;
    }
    NtClose(directory);
    if (status == STATUS_SUCCESS || used == room) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (status != STATUS_NO_MORE_ENTRIES && !set_status(status)) return 0;
    names[used] = 0;
    return used + 1;
}

DWORD WINAPI QueryDosDeviceW(LPCWSTR device, LPWSTR target, DWORD room)
{
    return device ? query_one(device, target, room) : query_all(target, room);
}

DWORD WINAPI QueryDosDeviceA(LPCSTR device, LPSTR target, DWORD room)
{
    WCHAR *names;
    DWORD count;
    int narrow = 0;
    WIDE(wide, device);
    names = room ? allocate(room * sizeof(WCHAR)) : NULL;
    if (!names) return set_error(ERROR_INSUFFICIENT_BUFFER);
    count = QueryDosDeviceW(wide, names, room);
    if (count) narrow = WideCharToMultiByte(CP_ACP, 0, names, count, target, room, NULL, NULL);
    release(names);
    return narrow;
}
