/* Keys of the registry: predefined ones, opening, creating, deleting. */
#include "advapi32.h"

#define FIRST_PREDEFINED 0x80000000

/* HKEY_CLASSES_ROOT…; the current user's key is not at a fixed path, and two have no data. */
static const WCHAR *const paths[] = {
    L"\\Registry\\Machine\\Software\\Classes",
    NULL,
    L"\\Registry\\Machine",
    L"\\Registry\\User",
    NULL,
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Hardware Profiles\\Current",
};
static HANDLE opened[COUNT(paths)];

static NTSTATUS open_predefined(ULONG index, HANDLE *handle)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    if (index == (ULONG)(ULONG_PTR)HKEY_CURRENT_USER - FIRST_PREDEFINED)
        return RtlOpenCurrentUser(MAXIMUM_ALLOWED, handle);
    if (!paths[index]) return STATUS_INVALID_HANDLE;
    RtlInitUnicodeString(&name, paths[index]);
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateKey(handle, MAXIMUM_ALLOWED, &object, 0, NULL, 0, NULL);
}

LSTATUS key_handle(HKEY key, HANDLE *handle)
{
    ULONG_PTR index = (ULONG)(ULONG_PTR)key - FIRST_PREDEFINED;
    HANDLE new;
    NTSTATUS status;
    *handle = key;
    if (!key) return ERROR_INVALID_HANDLE;
    if (index >= COUNT(paths)) return ERROR_SUCCESS;
    if (!opened[index]) {
        status = open_predefined(index, &new);
        if (!NT_SUCCESS(status)) return error_of(status);
        if (InterlockedCompareExchangePointer(&opened[index], new, NULL)) NtClose(new);
    }
    *handle = opened[index];
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    ULONG_PTR index = (ULONG)(ULONG_PTR)key - FIRST_PREDEFINED;
    HANDLE handle;
    if (!key) return ERROR_INVALID_HANDLE;
    if (index >= 0x100) return error_of(NtClose(key));
    handle = index < COUNT(paths) ? InterlockedExchangePointer(&opened[index], NULL) : NULL;
    if (handle) NtClose(handle);
    return ERROR_SUCCESS;
}

/* A path below a key. Backslashes at the end, which the Win32 functions allow, are left out. */
struct path {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
};

static LSTATUS name_key(struct path *path, HKEY root, const WCHAR *text, ULONG attributes)
{
    HANDLE handle;
    LSTATUS error = key_handle(root, &handle);
    SIZE_T length = text ? wcslen(text) : 0;
    if (error) return error;
    while (length && text[length - 1] == '\\') length--;
    if (length > UNICODE_STRING_MAX_CHARS) return ERROR_INVALID_PARAMETER;
    path->name.Buffer = (WCHAR *)text;
    path->name.Length = path->name.MaximumLength = (USHORT)(length * sizeof(WCHAR));
    InitializeObjectAttributes(&path->object, &path->name, OBJ_CASE_INSENSITIVE | attributes,
        handle, NULL);
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenKeyExW(HKEY root, LPCWSTR text, DWORD options, REGSAM access, PHKEY result)
{
    struct path path;
    LSTATUS error;
    if (!result) return ERROR_INVALID_PARAMETER;
    if ((!text || !*text) && (ULONG)(ULONG_PTR)root - FIRST_PREDEFINED < COUNT(paths)) {
        *result = root;
        return ERROR_SUCCESS;
    }
    *result = NULL;
    if (text && *text == '\\') return ERROR_BAD_PATHNAME;
    error = name_key(&path, root, text, options & REG_OPTION_OPEN_LINK ? OBJ_OPENLINK : 0);
    if (error) return error;
    return error_of(NtOpenKeyEx((PHANDLE)result, access, &path.object, options));
}

LSTATUS WINAPI RegOpenKeyW(HKEY root, LPCWSTR text, PHKEY result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if (!text || !*text) {
        *result = root;
        return ERROR_SUCCESS;
    }
    return RegOpenKeyExW(root, text, 0, MAXIMUM_ALLOWED, result);
}

struct creation {
    UNICODE_STRING class;
    DWORD options;
    REGSAM access;
    DWORD disposition;
};

/* Creates the keys on the way too: NtCreateKey makes only the last one. */
static NTSTATUS create_path(struct path *path, struct creation *new, HANDLE *key)
{
    NTSTATUS status = NtCreateKey(key, new->access, &path->object, 0, &new->class, new->options,
        &new->disposition);
    const UNICODE_STRING whole = path->name;
    for (USHORT i = 1; status == STATUS_OBJECT_NAME_NOT_FOUND && i < whole.Length / 2; i++) {
        HANDLE parent;
        if (whole.Buffer[i] != '\\') continue;
        path->name.Length = i * sizeof(WCHAR);
        status = NtCreateKey(&parent, KEY_CREATE_SUB_KEY | (new->access & KEY_WOW64_RES),
            &path->object, 0, NULL, new->options & ~REG_OPTION_CREATE_LINK, NULL);
        if (!NT_SUCCESS(status)) return status;
        NtClose(parent);
        path->name = whole;
        status = NtCreateKey(key, new->access, &path->object, 0, &new->class, new->options,
            &new->disposition);
    }
    return status;
}

LSTATUS WINAPI RegCreateKeyExW(HKEY root, LPCWSTR text, DWORD reserved, LPWSTR class,
    DWORD options, REGSAM access, LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    struct creation new = {.options = options, .access = access};
    struct path path;
    HANDLE key = NULL;
    ULONG attributes = options & REG_OPTION_OPEN_LINK ? OBJ_OPENLINK : 0;
    LSTATUS error;
    if (!text) return ERROR_INVALID_PARAMETER;
    if (!result) return ERROR_BADKEY;
    if (reserved) return ERROR_INVALID_PARAMETER;
    if (*text == '\\') return ERROR_BAD_PATHNAME;
    if (security && security->bInheritHandle) attributes |= OBJ_INHERIT;
    error = name_key(&path, root, text, attributes);
    if (error) return error;
    if (security) path.object.SecurityDescriptor = security->lpSecurityDescriptor;
    RtlInitUnicodeString(&new.class, class);
    error = error_of(create_path(&path, &new, &key));
    *result = (HKEY)key;
    if (!error && disposition) *disposition = new.disposition;
    return error;
}

LSTATUS WINAPI RegCreateKeyW(HKEY root, LPCWSTR text, PHKEY result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    if (!text || !*text) {
        *result = root;
        return ERROR_SUCCESS;
    }
    return RegCreateKeyExW(root, text, 0, NULL, 0, MAXIMUM_ALLOWED, NULL, result, NULL);
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY root, LPCWSTR text, REGSAM access, DWORD reserved)
{
    HKEY key;
    LSTATUS error;
    if (!text || reserved) return ERROR_INVALID_PARAMETER;
    error = RegOpenKeyExW(root, text, REG_OPTION_OPEN_LINK, DELETE | (access & KEY_WOW64_RES),
        &key);
    if (error) return error;
    error = error_of(NtDeleteKey(key));
    RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegDeleteKeyW(HKEY root, LPCWSTR text)
{
    return RegDeleteKeyExW(root, text, 0, 0);
}

LSTATUS WINAPI RegRenameKey(HKEY root, LPCWSTR text, LPCWSTR name)
{
    UNICODE_STRING new;
    HKEY key;
    LSTATUS error;
    if (!name) return ERROR_INVALID_PARAMETER;
    error = RegOpenKeyExW(root, text, 0, KEY_WRITE, &key);
    if (error) return error;
    RtlInitUnicodeString(&new, name);
    error = error_of(NtRenameKey(key, &new));
    if (key != root) RegCloseKey(key);
    return error;
}

LSTATUS WINAPI RegFlushKey(HKEY key)
{
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    return error ? error : error_of(NtFlushKey(handle));
}

LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, PHKEY result)
{
    return error_of(RtlOpenCurrentUser(access, (PHANDLE)result));
}

LSTATUS WINAPI RegOpenUserClassesRoot(HANDLE token, DWORD options, REGSAM access, PHKEY result)
{
    (void)token;
    return RegOpenKeyExW(HKEY_CURRENT_USER, L"Software\\Classes", options, access, result);
}

/* There is no network: a machine of another name is not found. */
LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, PHKEY result)
{
    WCHAR own[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = COUNT(own);
    HANDLE handle;
    LSTATUS error;
    if (machine && machine[0] == '\\' && machine[1] == '\\') machine += 2;
    if (machine && *machine && (!GetComputerNameW(own, &size) || _wcsicmp(machine, own)))
        return ERROR_BAD_NETPATH;
    if (!result) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    error = key_handle(key, &handle);
    if (error) return error;
    return error_of(NtDuplicateObject(NtCurrentProcess(), handle, NtCurrentProcess(),
        (PHANDLE)result, 0, 0, DUPLICATE_SAME_ACCESS));
}

LSTATUS WINAPI RegNotifyChangeKeyValue(HKEY key, BOOL subtree, DWORD filter, HANDLE event,
    BOOL asynchronous)
{
    IO_STATUS_BLOCK io;
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    if (asynchronous && !event) return ERROR_INVALID_PARAMETER;
    return error_of(NtNotifyChangeKey(handle, event, NULL, NULL, &io, filter, subtree != 0, NULL, 0,
        asynchronous != 0));
}

LSTATUS WINAPI RegGetKeySecurity(HKEY key, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR buffer,
    LPDWORD size)
{
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    return error ? error : error_of(NtQuerySecurityObject(handle, what, buffer, *size, size));
}

LSTATUS WINAPI RegSetKeySecurity(HKEY key, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor)
{
    HANDLE handle;
    LSTATUS error = key_handle(key, &handle);
    return error ? error : error_of(NtSetSecurityObject(handle, what, descriptor));
}

/* 32 and 64 bits see the same keys here, and there are no key transactions. */
LONG WINAPI RegDisableReflectionKey(HKEY key)
{
    HANDLE handle;
    return key_handle(key, &handle);
}

LONG WINAPI RegEnableReflectionKey(HKEY key)
{
    HANDLE handle;
    return key_handle(key, &handle);
}

LONG WINAPI RegDisablePredefinedCache(void)
{
    return ERROR_SUCCESS;
}

/* There is no transaction manager. */
LSTATUS WINAPI RegCreateKeyTransactedW(HKEY root, LPCWSTR text, DWORD reserved, LPWSTR class,
    DWORD options, REGSAM access, const LPSECURITY_ATTRIBUTES security, PHKEY result,
    LPDWORD disposition, HANDLE transaction, PVOID parameter)
{
    (void)root, (void)text, (void)reserved, (void)class, (void)options, (void)access;
    (void)security, (void)result, (void)disposition, (void)transaction, (void)parameter;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

LSTATUS WINAPI RegOpenKeyTransactedW(HKEY root, LPCWSTR text, DWORD options, REGSAM access,
    PHKEY result, HANDLE transaction, PVOID parameter)
{
    (void)root, (void)text, (void)options, (void)access, (void)result, (void)transaction;
    (void)parameter;
    return ERROR_CALL_NOT_IMPLEMENTED;
}
