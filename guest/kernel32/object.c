/* Handles and the names of kernel objects. */
#include "kernel32.h"

#define GLOBAL_DIRECTORY L"\\BaseNamedObjects\\"
#define DIRECTORY L"\\Sessions\\1\\BaseNamedObjects\\"

/* The directory of a name, which is stripped of terminal services' prefixes. */
static const WCHAR *directory_of(const WCHAR **name)
{
    if (!_wcsnicmp(*name, L"Global\\", 7)) {
        *name += 7;
        return GLOBAL_DIRECTORY;
    }
    if (!_wcsnicmp(*name, L"Local\\", 6)) *name += 6;
    return DIRECTORY;
}

BOOL name_object(struct object_name *object, const WCHAR *name,
    const SECURITY_ATTRIBUTES *security, ULONG attributes)
{
    UNICODE_STRING *string = NULL;
    if (security && security->bInheritHandle) attributes |= OBJ_INHERIT;
    if (name && *name) {
        const WCHAR *directory = directory_of(&name);
        SIZE_T prefix = wcslen(directory), length = wcslen(name);
        if (length > MAX_PATH) return set_error(ERROR_FILENAME_EXCED_RANGE);
        memcpy(object->text, directory, prefix * sizeof(WCHAR));
        memcpy(object->text + prefix, name, (length + 1) * sizeof(WCHAR));
        RtlInitUnicodeString(&object->name, object->text);
        string = &object->name;
    }
    InitializeObjectAttributes(&object->attributes, string, attributes, NULL,
        security ? security->lpSecurityDescriptor : NULL);
    return TRUE;
}

HANDLE created(NTSTATUS status, HANDLE handle)
{
    if (status == STATUS_OBJECT_NAME_EXISTS) {
        set_error(ERROR_ALREADY_EXISTS);
        return handle;
    }
    if (!set_status(status)) return NULL;
    set_error(ERROR_SUCCESS);
    return handle;
}

/* Standard handles' pseudo values (-10…-12) are accepted where a handle is. */
static HANDLE real_handle(HANDLE handle)
{
    LONG_PTR value = (LONG_PTR)handle;
    return value <= -10 && value >= -12 ? GetStdHandle((DWORD)value) : handle;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    return set_status(NtClose(real_handle(handle)));
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
    LPHANDLE target, DWORD access, BOOL inherit, DWORD options)
{
    return set_status(NtDuplicateObject(source_process, real_handle(source), target_process,
        target, access, inherit ? OBJ_INHERIT : 0, options));
}

BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    return first == second;
}

struct handle_flags {
    BOOLEAN inherit;
    BOOLEAN protect;
};
#define ObjectHandleFlagInformation 4

BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags)
{
    struct handle_flags info;
    if (!set_status(NtQueryObject(real_handle(handle), ObjectHandleFlagInformation, &info,
            sizeof info, NULL)))
        return FALSE;
    *flags = (info.inherit ? HANDLE_FLAG_INHERIT : 0) |
             (info.protect ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
    return TRUE;
}

BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    struct handle_flags info;
    handle = real_handle(handle);
    if (!set_status(NtQueryObject(handle, ObjectHandleFlagInformation, &info, sizeof info, NULL)))
        return FALSE;
    if (mask & HANDLE_FLAG_INHERIT) info.inherit = (flags & HANDLE_FLAG_INHERIT) != 0;
    if (mask & HANDLE_FLAG_PROTECT_FROM_CLOSE)
        info.protect = (flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0;
    return set_status(NtSetInformationObject(handle, ObjectHandleFlagInformation, &info,
        sizeof info));
}
