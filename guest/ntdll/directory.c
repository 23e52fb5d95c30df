/* The current directory: a path with a backslash at its end, and a handle, in the process
 * parameters; and looking for files along a list of directories. */
#include "ntdll.h"

#define DIRECTORY_OPTIONS 0x21 /* FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT */

/* Size in bytes; returns the length, or the size needed, as RtlGetFullPathName_U. The backslash at
 * the end goes, except a root's. */
ULONG NTAPI RtlGetCurrentDirectory_U(ULONG Size, PWSTR Buffer)
{
    RtlAcquirePebLock();
    PCUNICODE_STRING path = &NtPeb()->ProcessParameters->CurrentDirectory.DosPath;
    ULONG length = path->Length, count = length / sizeof(WCHAR);
    if (count > 1 && path->Buffer[count - 1] == '\\' && path->Buffer[count - 2] != ':')
        length -= sizeof(WCHAR);
    if (length + sizeof(WCHAR) <= Size) {
        memcpy(Buffer, path->Buffer, length);
        Buffer[length / sizeof(WCHAR)] = 0;
    } else {
        length += sizeof(WCHAR);
    }
    RtlReleasePebLock();
    return length;
}

static NTSTATUS OpenDirectory(PCWSTR path, PHANDLE handle)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL);
    if (!NT_SUCCESS(status))
        return status;
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(handle, FILE_TRAVERSE | SYNCHRONIZE, &object, &io,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, DIRECTORY_OPTIONS);
    RtlFreeUnicodeString(&name);
    return status;
}

NTSTATUS NTAPI RtlSetCurrentDirectory_U(PUNICODE_STRING Path)
{
    CURDIR *current = &NtPeb()->ProcessParameters->CurrentDirectory;
    WCHAR given[MAX_PATH + 1], full[MAX_PATH + 2];
    HANDLE handle, old;
    if (Path->Length >= sizeof given)
        return STATUS_NAME_TOO_LONG;
    memcpy(given, Path->Buffer, Path->Length);
    given[Path->Length / sizeof(WCHAR)] = 0;
    RtlAcquirePebLock();
    ULONG size = RtlGetFullPathName_U(given, sizeof full - sizeof(WCHAR), full, NULL);
    NTSTATUS status = size && size < sizeof full - sizeof(WCHAR) ? OpenDirectory(full, &handle)
                                                                 : STATUS_OBJECT_NAME_INVALID;
    if (NT_SUCCESS(status)) {
        ULONG count = size / sizeof(WCHAR);
        if (full[count - 1] != '\\')
            full[count++] = '\\';
        full[count] = 0;
        if (current->DosPath.MaximumLength < (count + 1) * sizeof(WCHAR)) {
            PWSTR room = Allocate(sizeof full);
            if (!room) {
                NtClose(handle);
                RtlReleasePebLock();
                return STATUS_NO_MEMORY;
            }
            current->DosPath.MaximumLength = sizeof full;
            current->DosPath.Buffer = room;
        }
        memcpy(current->DosPath.Buffer, full, (count + 1) * sizeof(WCHAR));
        current->DosPath.Length = (USHORT)(count * sizeof(WCHAR));
        old = current->Handle;
        current->Handle = handle;
        if (old)
            NtClose(old);
    }
    RtlReleasePebLock();
    return status;
}

/* Try `name` (and `name` + extension if it has none) in each directory of a list separated by
 * semicolons. Size in bytes; returns the length, the size needed, or 0. */
ULONG NTAPI RtlDosSearchPath_U(PCWSTR Paths, PCWSTR Name, PCWSTR Extension, ULONG Size,
                               PWSTR Buffer, PWSTR *FilePart)
{
    PCWSTR dot = wcsrchr(Name, '.'), slash = wcsrchr(Name, '\\');
    if (!Extension || (dot && (!slash || dot > slash)))
        Extension = L"";
    BOOL rooted = RtlDetermineDosPathNameType_U(Name) != RtlPathTypeRelative;
    SIZE_T room = wcslen(Paths) + wcslen(Name) + wcslen(Extension) + 2;
    PWSTR candidate = Allocate(room * sizeof(WCHAR));
    ULONG result = 0;
    while (candidate && !result && (*Paths || rooted)) {
        ULONG count = 0;
        for (; *Paths && *Paths != ';'; Paths++)
            if (!rooted)
                candidate[count++] = *Paths;
        Paths += *Paths == ';';
        if (count && candidate[count - 1] != '\\' && candidate[count - 1] != '/')
            candidate[count++] = '\\';
        memcpy(candidate + count, Name, (wcslen(Name) + 1) * sizeof(WCHAR));
        count += wcslen(Name);
        memcpy(candidate + count, Extension, (wcslen(Extension) + 1) * sizeof(WCHAR));
        if (RtlDoesFileExists_U(candidate))
            result = RtlGetFullPathName_U(candidate, Size, Buffer, FilePart);
        if (rooted)
            break;
    }
    Free(candidate);
    return result;
}
