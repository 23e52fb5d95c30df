/* The registry by well-known places (docs: RtlQueryRegistryValues and its relatives). */
#include "ntdll.h"

#define RTL_REGISTRY_HANDLE 0x40000000
#define RTL_REGISTRY_OPTIONAL 0x80000000

#define KeyValueFullInformation 1
#define KeyValuePartialInformation 2

typedef struct {
    ULONG TitleIndex, Type, DataOffset, DataLength, NameLength;
    WCHAR Name[1];
} KEY_VALUE_FULL_INFORMATION;

typedef struct {
    ULONG TitleIndex, Type, DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION;

typedef NTSTATUS(NTAPI *PRTL_QUERY_REGISTRY_ROUTINE)(PCWSTR Name, ULONG Type, PVOID Data,
                                                     ULONG Length, PVOID Context, PVOID Entry);
typedef struct {
    PRTL_QUERY_REGISTRY_ROUTINE QueryRoutine;
    ULONG Flags;
    PCWSTR Name;
    PVOID EntryContext;
    ULONG DefaultType;
    PVOID DefaultData;
    ULONG DefaultLength;
} RTL_QUERY_REGISTRY_TABLE, *PRTL_QUERY_REGISTRY_TABLE;

enum { SUBKEY = 1, TOPKEY = 2, REQUIRED = 4, NOVALUE = 8, NOEXPAND = 16, DIRECT = 32, DELETE_IT = 64 };

static const PCWSTR places[] = {
    L"",
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\",
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\",
    L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion\\",
    L"\\Registry\\Machine\\Hardware\\DeviceMap\\",
};
#define USER_PLACE LENGTH_OF(places)

/* The whole path, allocated. */
static NTSTATUS PathOf(ULONG place, PCWSTR path, PUNICODE_STRING whole)
{
    UNICODE_STRING start = {0};
    NTSTATUS status = STATUS_SUCCESS;
    place &= ~RTL_REGISTRY_OPTIONAL;
    if (place > USER_PLACE)
        return STATUS_INVALID_PARAMETER;
    if (!place && (!path || *path != '\\'))
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (place == USER_PLACE)
        status = RtlFormatCurrentUserKeyPath(&start);
    else
        RtlInitUnicodeString(&start, places[place]);
    if (!NT_SUCCESS(status))
        return status;
    SIZE_T size = start.Length + ((path ? wcslen(path) : 0) + 2) * sizeof(WCHAR);
    *whole = (UNICODE_STRING){0, (USHORT)size, size > 0xFFFE ? NULL : Allocate(size)};
    if (whole->Buffer) {
        RtlAppendUnicodeStringToString(whole, &start);
        if (path && *path) {
            if (place == USER_PLACE)
                RtlAppendUnicodeToString(whole, L"\\");
            RtlAppendUnicodeToString(whole, path);
        }
        while (whole->Length > 2 && whole->Buffer[whole->Length / 2 - 1] == '\\')
            whole->Length -= sizeof(WCHAR);
    } else {
        status = STATUS_NO_MEMORY;
    }
    if (place == USER_PLACE)
        RtlFreeUnicodeString(&start);
    return status;
}

static NTSTATUS Open(ULONG place, PCWSTR path, ACCESS_MASK access, BOOL create, PHANDLE key)
{
    UNICODE_STRING whole;
    OBJECT_ATTRIBUTES object;
    if (place & RTL_REGISTRY_HANDLE) {
        *key = (HANDLE)path;
        return STATUS_SUCCESS;
    }
    NTSTATUS status = PathOf(place, path, &whole);
    if (!NT_SUCCESS(status))
        return status;
    InitializeObjectAttributes(&object, &whole, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = create ? NtCreateKey(key, access, &object, 0, NULL, 0, NULL)
                    : NtOpenKey(key, access, &object);
    RtlFreeUnicodeString(&whole);
    return status;
}

static VOID Close(ULONG place, HANDLE key)
{
    if (!(place & RTL_REGISTRY_HANDLE))
        NtClose(key);
}

NTSTATUS NTAPI RtlCheckRegistryKey(ULONG Place, PCWSTR Path)
{
    HANDLE key;
    NTSTATUS status = Open(Place, Path, KEY_QUERY_VALUE, FALSE, &key);
    if (NT_SUCCESS(status))
        Close(Place, key);
    return status;
}

NTSTATUS NTAPI RtlCreateRegistryKey(ULONG Place, PCWSTR Path)
{
    HANDLE key;
    NTSTATUS status = Open(Place, Path, KEY_ALL_ACCESS, TRUE, &key);
    if (NT_SUCCESS(status))
        Close(Place, key);
    return status;
}

NTSTATUS NTAPI RtlWriteRegistryValue(ULONG Place, PCWSTR Path, PCWSTR Name, ULONG Type,
                                     PVOID Data, ULONG Length)
{
    HANDLE key;
    UNICODE_STRING name;
    NTSTATUS status = Open(Place, Path, KEY_SET_VALUE, TRUE, &key);
    if (!NT_SUCCESS(status))
        return status;
    RtlInitUnicodeString(&name, Name);
    status = NtSetValueKey(key, &name, 0, Type, Data, Length);
    Close(Place, key);
    return status;
}

NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG Place, PCWSTR Path, PCWSTR Name)
{
    HANDLE key;
    UNICODE_STRING name;
    NTSTATUS status = Open(Place, Path, KEY_SET_VALUE, FALSE, &key);
    if (!NT_SUCCESS(status))
        return status;
    RtlInitUnicodeString(&name, Name);
    status = NtDeleteValueKey(key, &name);
    Close(Place, key);
    return status;
}

/* What DIRECT stores: strings go to a UNICODE_STRING; numbers of 4 bytes and less to the place;
 * anything else behind a length and a type, or as it is if the caller's first LONG is negative. */
static NTSTATUS StoreDirect(PVOID target, ULONG type, PCVOID data, ULONG length)
{
    if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
        PUNICODE_STRING string = target;
        if (length > 0xFFFE)
            return STATUS_BUFFER_OVERFLOW;
        if (!string->Buffer) {
            if (!(string->Buffer = Allocate(length)))
                return STATUS_NO_MEMORY;
            string->MaximumLength = (USHORT)length;
        } else if (length > string->MaximumLength) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        memcpy(string->Buffer, data, length);
        string->Length = (USHORT)(length >= sizeof(WCHAR) ? length - sizeof(WCHAR) : 0);
        return STATUS_SUCCESS;
    }
    if (length <= sizeof(ULONG)) {
        memcpy(target, data, length);
        return STATUS_SUCCESS;
    }
    LONG room = *(PLONG)target;
    if (room < 0) {
        if ((ULONG)-room < length)
            return STATUS_BUFFER_TOO_SMALL;
        memcpy(target, data, length);
        return STATUS_SUCCESS;
    }
    if ((ULONG)room < length + 2 * sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    ((PULONG)target)[0] = length;
    ((PULONG)target)[1] = type;
    memcpy((PULONG)target + 2, data, length);
    return STATUS_SUCCESS;
}

/* An expanded copy, or NULL. */
static PWSTR Expanded(PCWSTR text, ULONG length, PVOID environment, PULONG size)
{
    UNICODE_STRING source = {(USHORT)(length & ~1u), (USHORT)length, (PWSTR)text}, target = {0};
    ULONG needed = 0;
    if (source.Length && !text[source.Length / 2 - 1])
        source.Length -= sizeof(WCHAR);
    RtlExpandEnvironmentStrings_U(environment, &source, &target, &needed);
    target.Buffer = needed && needed <= 0xFFFE ? Allocate(needed) : NULL;
    if (!target.Buffer)
        return NULL;
    target.MaximumLength = (USHORT)needed;
    RtlExpandEnvironmentStrings_U(environment, &source, &target, &needed);
    *size = target.Length + sizeof(WCHAR);
    return target.Buffer;
}

struct query {
    PVOID context, environment;
};

static NTSTATUS Tell(const struct query *query, PRTL_QUERY_REGISTRY_TABLE entry, PCWSTR name,
                     ULONG type, PVOID data, ULONG length)
{
    NTSTATUS status = STATUS_SUCCESS;
    PWSTR expanded = NULL;
    BOOL plain = entry->Flags & NOEXPAND;
    if (type == REG_EXPAND_SZ && !plain) {
        expanded = Expanded(data, length, query->environment, &length);
        if (!expanded)
            return STATUS_NO_MEMORY;
        data = expanded;
        type = REG_SZ;
    }
    if (entry->Flags & DIRECT) {
        status = StoreDirect(entry->EntryContext, type, data, length);
    } else if (type == REG_MULTI_SZ && !plain) {
        /* One call for each string. */
        PWSTR at = data, end = at + length / sizeof(WCHAR);
        while (NT_SUCCESS(status) && at < end && *at) {
            ULONG size = (ULONG)(wcslen(at) + 1) * sizeof(WCHAR);
            status = entry->QueryRoutine(name, REG_SZ, at, size, query->context,
                                         entry->EntryContext);
            at += size / sizeof(WCHAR);
        }
    } else {
        status = entry->QueryRoutine(name, type, data, length, query->context,
                                     entry->EntryContext);
        if (status == STATUS_BUFFER_TOO_SMALL)
            status = STATUS_SUCCESS;
    }
    Free(expanded);
    return status;
}

/* A value by its name, or by index when `name` is NULL; *info is the caller's to free. */
static NTSTATUS Read(HANDLE key, PCWSTR name, ULONG index, KEY_VALUE_FULL_INFORMATION **info)
{
    UNICODE_STRING string;
    ULONG size = 256, needed = 0;
    NTSTATUS status = STATUS_BUFFER_OVERFLOW;
    RtlInitUnicodeString(&string, name);
    *info = NULL;
    while (status == STATUS_BUFFER_OVERFLOW || status == STATUS_BUFFER_TOO_SMALL) {
        Free(*info);
        size = needed > size ? needed : size;
        if (!(*info = Allocate(size + sizeof(WCHAR))))
            return STATUS_NO_MEMORY;
        status = name ? NtQueryValueKey(key, &string, KeyValueFullInformation, *info, size, &needed)
                      : NtEnumerateValueKey(key, index, KeyValueFullInformation, *info, size,
                                            &needed);
    }
    return status;
}

static NTSTATUS TellValue(const struct query *query, PRTL_QUERY_REGISTRY_TABLE entry,
                          KEY_VALUE_FULL_INFORMATION *info)
{
    WCHAR name[260];
    ULONG length = min(info->NameLength, (ULONG)sizeof name - sizeof(WCHAR));
    memcpy(name, info->Name, length);
    name[length / sizeof(WCHAR)] = 0;
    return Tell(query, entry, name, info->Type, (char *)info + info->DataOffset, info->DataLength);
}

static NTSTATUS TellAll(const struct query *query, PRTL_QUERY_REGISTRY_TABLE entry, HANDLE key)
{
    KEY_VALUE_FULL_INFORMATION *info;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG index = 0;
    while (NT_SUCCESS(status) && NT_SUCCESS(status = Read(key, NULL, index++, &info))) {
        status = TellValue(query, entry, info);
        Free(info);
        info = NULL;
    }
    if (status == STATUS_NO_MORE_ENTRIES) {
        Free(info);
        status = index == 1 && entry->Flags & REQUIRED ? STATUS_OBJECT_NAME_NOT_FOUND
                                                       : STATUS_SUCCESS;
    }
    return status;
}

static NTSTATUS TellDefault(const struct query *query, PRTL_QUERY_REGISTRY_TABLE entry)
{
    ULONG length = entry->DefaultLength;
    if (entry->Flags & REQUIRED)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (entry->DefaultType == REG_NONE || !entry->DefaultData)
        return STATUS_SUCCESS;
    if (!length && entry->DefaultType != REG_MULTI_SZ)
        length = (ULONG)(wcslen(entry->DefaultData) + 1) * sizeof(WCHAR);
    return Tell(query, entry, entry->Name, entry->DefaultType, entry->DefaultData, length);
}

static NTSTATUS QueryEntry(const struct query *query, PRTL_QUERY_REGISTRY_TABLE entry, HANDLE key)
{
    KEY_VALUE_FULL_INFORMATION *info;
    UNICODE_STRING name;
    if (entry->Flags & NOVALUE)
        return entry->QueryRoutine(entry->Name, REG_NONE, NULL, 0, query->context,
                                   entry->EntryContext);
    if (!entry->Name)
        return entry->Flags & DIRECT ? STATUS_INVALID_PARAMETER : TellAll(query, entry, key);
    NTSTATUS status = Read(key, entry->Name, 0, &info);
    if (NT_SUCCESS(status)) {
        status = TellValue(query, entry, info);
        RtlInitUnicodeString(&name, entry->Name);
        if (NT_SUCCESS(status) && entry->Flags & DELETE_IT)
            NtDeleteValueKey(key, &name);
    } else if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
        status = TellDefault(query, entry);
    }
    Free(info);
    return status;
}

static NTSTATUS OpenSubkey(HANDLE top, PCWSTR name, PHANDLE key)
{
    UNICODE_STRING string;
    OBJECT_ATTRIBUTES object;
    RtlInitUnicodeString(&string, name);
    InitializeObjectAttributes(&object, &string, OBJ_CASE_INSENSITIVE, top, NULL);
    return NtOpenKey(key, KEY_ALL_ACCESS, &object);
}

NTSTATUS NTAPI RtlQueryRegistryValues(ULONG Place, PCWSTR Path, PRTL_QUERY_REGISTRY_TABLE Table,
                                      PVOID Context, PVOID Environment)
{
    const struct query query = {Context, Environment};
    HANDLE top, key;
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = Open(Place, Path, KEY_ALL_ACCESS, FALSE, &top);
    if (!NT_SUCCESS(status))
        return status;
    key = top;
    for (; NT_SUCCESS(status) && (Table->QueryRoutine || Table->Flags & (SUBKEY | DIRECT));
         Table++) {
        if (Table->Flags & (SUBKEY | TOPKEY) && key != top) {
            NtClose(key);
            key = top;
        }
        if (Table->Flags & SUBKEY) {
            if (!Table->Name) {
                status = STATUS_INVALID_PARAMETER;
                break;
            }
            status = OpenSubkey(top, Table->Name, &key);
            if (!NT_SUCCESS(status)) {
                key = top;
                if (!(Table->Flags & REQUIRED) && status == STATUS_OBJECT_NAME_NOT_FOUND)
                    status = STATUS_SUCCESS;
                continue;
            }
            if (!Table->QueryRoutine)
                continue;
            RTL_QUERY_REGISTRY_TABLE all = *Table;
            all.Name = NULL;
            status = QueryEntry(&query, &all, key);
        } else {
            status = QueryEntry(&query, Table, key);
        }
    }
    if (key != top)
        NtClose(key);
    Close(Place, top);
    return status;
}

/* The data of the unnamed value; *Length is the buffer's size, then the data's. */
NTSTATUS NTAPI RtlpNtQueryValueKey(HANDLE Key, PULONG Type, PVOID Data, PULONG Length, PVOID Unused)
{
    UNICODE_STRING name = {0, 0, NULL};
    ULONG room = Length ? *Length : 0, size = sizeof(KEY_VALUE_PARTIAL_INFORMATION) + room, needed;
    KEY_VALUE_PARTIAL_INFORMATION *info = Allocate(size);
    (void)Unused;
    if (!info)
        return STATUS_NO_MEMORY;
    NTSTATUS status = NtQueryValueKey(Key, &name, KeyValuePartialInformation, info, size, &needed);
    if (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW) {
        if (Length)
            *Length = info->DataLength;
        if (Type)
            *Type = info->Type;
        if (info->DataLength > room)
            status = STATUS_BUFFER_OVERFLOW;
        else if (Data)
            memcpy(Data, info->Data, info->DataLength);
    }
    Free(info);
    return status;
}
