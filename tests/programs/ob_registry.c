/* Native calls on the registry and on named objects; the output has no address, id or time. */
#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#define KEY L"\\Registry\\Machine\\Software\\ObRegistryTest"

typedef struct {
    UNICODE_STRING *name;
    ULONG length, offset, type;
} VALUE_ENTRY;

NTSTATUS NTAPI NtCreateKey(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG, UNICODE_STRING *,
    ULONG, ULONG *);
NTSTATUS NTAPI NtCreateEvent(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *, ULONG, BOOLEAN);
NTSTATUS NTAPI NtOpenKey(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *);
NTSTATUS NTAPI NtDeleteKey(HANDLE);
NTSTATUS NTAPI NtSetValueKey(HANDLE, UNICODE_STRING *, ULONG, ULONG, void *, ULONG);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE, UNICODE_STRING *);
NTSTATUS NTAPI NtQueryValueKey(HANDLE, UNICODE_STRING *, ULONG, void *, ULONG, ULONG *);
NTSTATUS NTAPI NtEnumerateKey(HANDLE, ULONG, ULONG, void *, ULONG, ULONG *);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE, ULONG, ULONG, void *, ULONG, ULONG *);
NTSTATUS NTAPI NtQueryKey(HANDLE, ULONG, void *, ULONG, ULONG *);
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE, HANDLE, void *, void *, IO_STATUS_BLOCK *, ULONG, BOOLEAN,
    void *, ULONG, BOOLEAN);

static UNICODE_STRING text(const WCHAR *words)
{
    UNICODE_STRING string;
    RtlInitUnicodeString(&string, words);
    return string;
}

static void told(const char *what, NTSTATUS status)
{
    printf("%s: %08lx\n", what, (unsigned long)status);
}

static NTSTATUS create(HANDLE root, const WCHAR *path, ULONG options, HANDLE *key)
{
    UNICODE_STRING name = text(path);
    OBJECT_ATTRIBUTES object;
    ULONG disposition = 0;
    NTSTATUS status;
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    status = NtCreateKey(key, KEY_ALL_ACCESS, &object, 0, NULL, options, &disposition);
    printf("create %ls: %08lx %lu\n", path, (unsigned long)status, disposition);
    return status;
}

static NTSTATUS set(HANDLE key, const WCHAR *name, ULONG type, const void *data, ULONG size)
{
    UNICODE_STRING string = text(name);
    return NtSetValueKey(key, &string, 0, type, (void *)data, size);
}

static void list(HANDLE key)
{
    ULONG buffer[64], length, index;
    WCHAR *name;
    for (index = 0; !NtEnumerateKey(key, index, 0, buffer, sizeof buffer, &length); index++) {
        name = (WCHAR *)(buffer + 4);
        name[buffer[3] / 2] = 0;
        printf("  key %ls\n", name);
    }
    for (index = 0; !NtEnumerateValueKey(key, index, 0, buffer, sizeof buffer, &length); index++) {
        name = (WCHAR *)(buffer + 3);
        name[buffer[2] / 2] = 0;
        printf("  value %ls of type %lu\n", name, buffer[1]);
    }
}

static void keys(void)
{
    HANDLE root, key, below, link, again;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    ULONG buffer[64], length;
    const WCHAR *target = KEY L"\\Target";

    if (create(NULL, KEY, 0, &root)) return;
    create(NULL, KEY, 0, &again);
    NtClose(again);
    create(root, L"a\\b", 0, &key);
    create(root, L"Volatile", REG_OPTION_VOLATILE, &key);
    create(key, L"below", 0, &below);
    create(key, L"below", REG_OPTION_VOLATILE, &below);
    told("delete with a subkey", NtDeleteKey(key));
    told("delete", NtDeleteKey(below));
    told("delete again", NtDeleteKey(below));
    told("query the deleted", NtQueryKey(below, 0, buffer, sizeof buffer, &length));
    NtClose(below);
    told("delete", NtDeleteKey(key));
    NtClose(key);

    create(root, L"Link", REG_OPTION_CREATE_LINK, &link);
    told("a string is no target", set(link, L"SymbolicLinkValue", REG_SZ, target, 2));
    told("target", set(link, L"SymbolicLinkValue", REG_LINK, target, 2 * wcslen(target)));
    name = text(L"Link");
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    told("through the link to nothing", NtOpenKey(&key, KEY_READ, &object));
    create(root, L"Link", 0, &key);
    told("set", set(key, L"One", REG_DWORD, "1234", 4));
    told("set", set(key, L"two", REG_SZ, L"2", 4));
    told("set", set(key, L"ONE", REG_BINARY, "x", 1));
    list(root);
    list(key);
    told("class of too little room", NtQueryKey(key, 2, buffer, 43, &length));
    told("whole", NtQueryKey(key, 2, buffer, sizeof buffer, &length));
    printf("  %lu values, longest name %lu, longest data %lu\n", buffer[7], buffer[8], buffer[9]);
    name = text(L"two");
    told("part of a value", NtQueryValueKey(key, &name, 2, buffer, 13, &length));
    printf("  %lu bytes\n", length);
    told("delete value", NtDeleteValueKey(key, &name));
    told("delete value again", NtDeleteValueKey(key, &name));
    told("no such class", NtQueryKey(key, 99, buffer, sizeof buffer, &length));
    name = text(L"Renamed");
    told("rename", NtRenameKey(key, &name));
    told("rename to itself", NtRenameKey(key, &name));
    list(root);
    NtDeleteKey(key);
    NtClose(key);
    NtDeleteKey(link);
    NtClose(link);
    NtDeleteKey(root);
    NtClose(root);
}

static NTSTATUS watch(HANDLE key, HANDLE event, ULONG changes)
{
    static IO_STATUS_BLOCK io;
    return NtNotifyChangeKey(key, event, NULL, NULL, &io, changes, FALSE, NULL, 0, TRUE);
}

static void notification(void)
{
    HANDLE root, key, event;
    create(NULL, KEY, 0, &root);
    NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, 0, TRUE);
    told("watch", watch(root, event, REG_NOTIFY_CHANGE_NAME));
    printf("signalled: %d\n", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    set(root, L"value", REG_SZ, L"", 2);
    printf("after a value: %d\n", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    create(root, L"child", 0, &key);
    printf("after a key: %d\n", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    told("watch the child", watch(key, event, REG_NOTIFY_CHANGE_LAST_SET));
    NtDeleteKey(key);
    NtClose(key);
    printf("after it is closed: %d\n", WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    NtDeleteKey(root);
    NtClose(root);
    NtClose(event);
}

static void objects(void)
{
    HANDLE first, second, global;
    DWORD flags = 0;
    first = CreateEventA(NULL, TRUE, FALSE, "ObRegistryEvent");
    second = CreateEventA(NULL, TRUE, FALSE, "obregistryevent");
    printf("another case: %lu\n", GetLastError());
    CloseHandle(second);
    SetLastError(0);
    second = CreateMutexA(NULL, FALSE, "ObRegistryEvent");
    printf("another type: %d %lu\n", second != NULL, GetLastError());
    second = CreateEventA(NULL, TRUE, FALSE, "Local\\ObRegistryEvent");
    printf("local: %lu\n", GetLastError());
    SetLastError(0);
    global = CreateEventA(NULL, TRUE, FALSE, "Global\\ObRegistryEvent");
    printf("global: %d %lu\n", global != NULL, GetLastError());
    CloseHandle(global);
    CloseHandle(first);
    SetEvent(second);
    first = OpenEventA(SYNCHRONIZE, FALSE, "ObRegistryEvent");
    printf("it outlives its first handle: %d\n", WaitForSingleObject(first, 0) == WAIT_OBJECT_0);
    printf("rights: %d %lu\n", SetEvent(first), GetLastError());
    SetHandleInformation(first, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    GetHandleInformation(first, &flags);
    printf("protected: %lu\n", flags);
    SetHandleInformation(first, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    CloseHandle(first);
    CloseHandle(second);
    first = OpenEventA(SYNCHRONIZE, FALSE, "ObRegistryEvent");
    printf("gone with the last: %d %lu\n", first == NULL, GetLastError());
}

int main(void)
{
    keys();
    notification();
    objects();
    return 0;
}
