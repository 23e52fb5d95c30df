/* File mappings: sections and views. */
#include "kernel32.h"

/* What a page protection needs of the section handle. */
static ACCESS_MASK section_access(DWORD protect)
{
    ACCESS_MASK access = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;
    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) access |= SECTION_MAP_WRITE;
    if (protect & 0xF0) access |= SECTION_MAP_EXECUTE;
    return access;
}

/* Neither no access nor execution without reading. */
static BOOL maps_files(DWORD protect)
{
    switch (protect) {
    case PAGE_READONLY:
    case PAGE_READWRITE:
    case PAGE_WRITECOPY:
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_READWRITE:
    case PAGE_EXECUTE_WRITECOPY: return TRUE;
    default: return FALSE;
    }
}

HANDLE WINAPI CreateFileMappingW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
    DWORD high, DWORD low, LPCWSTR name)
{
    DWORD attributes = protect & 0xFFFFFF00u;
    LARGE_INTEGER size = {.LowPart = low, .HighPart = (LONG)high};
    struct object_name object;
    HANDLE section = NULL;
    NTSTATUS status;
    protect &= 0xFF;
    if (!protect) protect = PAGE_READONLY;
    if (!maps_files(protect)) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!attributes) attributes = SEC_COMMIT;
    if (file == INVALID_HANDLE_VALUE) {
        file = NULL;
        if (!size.QuadPart) {
            set_error(ERROR_INVALID_PARAMETER);
            return NULL;
        }
    }
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    status = NtCreateSection(&section, section_access(protect), &object.attributes,
        size.QuadPart ? &size : NULL, protect, attributes, file);
    return created(status, section);
}

HANDLE WINAPI CreateFileMappingA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
    DWORD high, DWORD low, LPCSTR name)
{
    WIDE(wide, name);
    return CreateFileMappingW(file, security, protect, high, low, wide);
}

HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE section;
    if (!name) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (access & FILE_MAP_EXECUTE) access = (access & ~FILE_MAP_EXECUTE) | SECTION_MAP_EXECUTE;
    if (!name_object(&object, name, NULL, inherit ? OBJ_INHERIT : 0)) return NULL;
    return set_status(NtOpenSection(&section, access, &object.attributes)) ? section : NULL;
}

HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenFileMappingW(access, inherit, wide);
}

static DWORD view_protection(DWORD access)
{
    BOOL execute = (access & FILE_MAP_EXECUTE) != 0;
    if ((access & FILE_MAP_ALL_ACCESS) == FILE_MAP_COPY)
        return execute ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
    if (access & FILE_MAP_WRITE) return execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    if (access & FILE_MAP_READ) return execute ? PAGE_EXECUTE_READ : PAGE_READONLY;
    return PAGE_NOACCESS;
}

LPVOID WINAPI MapViewOfFileEx(HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T size,
    LPVOID base)
{
    LARGE_INTEGER offset = {.LowPart = low, .HighPart = (LONG)high};
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &base, 0, 0, &offset, &size,
        ViewShare, 0, view_protection(access));
    return set_status(status) ? base : NULL;
}

LPVOID WINAPI MapViewOfFile(HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T size)
{
    return MapViewOfFileEx(section, access, high, low, size, NULL);
}

BOOL WINAPI UnmapViewOfFile(LPCVOID base)
{
    return set_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)base));
}

BOOL WINAPI UnmapViewOfFileEx(PVOID base, ULONG flags)
{
    (void)flags;
    return UnmapViewOfFile(base);
}

BOOL WINAPI FlushViewOfFile(LPCVOID base, SIZE_T size)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtFlushVirtualMemory(NtCurrentProcess(), &base, &size, &io);
    return status == STATUS_NOT_MAPPED_DATA ? TRUE : set_status(status);
}
