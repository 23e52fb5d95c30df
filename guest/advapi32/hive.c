/* Keys saved to files and loaded from them. */
#include "advapi32.h"

static LSTATUS save(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES security, DWORD format)
{
    HANDLE handle, target;
    NTSTATUS status;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    if (!file || !*file) return ERROR_INVALID_PARAMETER;
    target = CreateFileW(file, GENERIC_READ | GENERIC_WRITE, 0, security, CREATE_NEW,
        FILE_ATTRIBUTE_NORMAL, NULL);
    if (target == INVALID_HANDLE_VALUE) return GetLastError();
    status = format ? NtSaveKeyEx(handle, target, format) : NtSaveKey(handle, target);
    CloseHandle(target);
    if (!NT_SUCCESS(status)) DeleteFileW(file);
    return error_of(status);
}

LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES security)
{
    return save(key, file, security, 0);
}

LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR file, LPSECURITY_ATTRIBUTES security, DWORD format)
{
    return save(key, file, security, format);
}

LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR file, DWORD flags)
{
    HANDLE handle, source;
    NTSTATUS status;
    LSTATUS error = key_handle(key, &handle);
    if (error) return error;
    if (!file || !*file) return ERROR_INVALID_PARAMETER;
    source = CreateFileW(file, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (source == INVALID_HANDLE_VALUE) return GetLastError();
    status = NtRestoreKey(handle, source, flags);
    CloseHandle(source);
    return error_of(status);
}

struct named {
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
};

static LSTATUS name_key(struct named *key, HKEY root, LPCWSTR path)
{
    HANDLE handle;
    LSTATUS error = key_handle(root, &handle);
    if (error) return error;
    RtlInitUnicodeString(&key->name, path);
    InitializeObjectAttributes(&key->object, &key->name, OBJ_CASE_INSENSITIVE, handle, NULL);
    return ERROR_SUCCESS;
}

static BOOL name_file(struct named *file, LPCWSTR path)
{
    if (!RtlDosPathNameToNtPathName_U(path, &file->name, NULL, NULL)) return FALSE;
    InitializeObjectAttributes(&file->object, &file->name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return TRUE;
}

LSTATUS WINAPI RegLoadKeyW(HKEY root, LPCWSTR path, LPCWSTR file)
{
    struct named key, source;
    LSTATUS error;
    if (!path || !file) return ERROR_INVALID_PARAMETER;
    error = name_key(&key, root, path);
    if (error) return error;
    if (!name_file(&source, file)) return ERROR_INVALID_PARAMETER;
    error = error_of(NtLoadKey(&key.object, &source.object));
    RtlFreeUnicodeString(&source.name);
    return error;
}

LSTATUS WINAPI RegUnLoadKeyW(HKEY root, LPCWSTR path)
{
    struct named key;
    LSTATUS error = name_key(&key, root, path);
    return error ? error : error_of(NtUnloadKey(&key.object));
}

LSTATUS WINAPI RegReplaceKeyW(HKEY root, LPCWSTR path, LPCWSTR new_file, LPCWSTR old_file)
{
    struct named new, old;
    HKEY key;
    LSTATUS error = RegOpenKeyExW(root, path, 0, MAXIMUM_ALLOWED, &key);
    if (error) return error;
    error = ERROR_INVALID_PARAMETER;
    if (name_file(&new, new_file)) {
        if (name_file(&old, old_file)) {
            error = error_of(NtReplaceKey(&new.object, key, &old.object));
            RtlFreeUnicodeString(&old.name);
        }
        RtlFreeUnicodeString(&new.name);
    }
    if (key != root) RegCloseKey(key);
    return error;
}
