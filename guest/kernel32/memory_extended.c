/* Virtual memory and views with extended parameters (Windows 8 to 10). */
#include "kernel32.h"
#include <memoryapi.h>

#define EVENT_QUERY_STATE 1

PVOID WINAPI VirtualAlloc2(HANDLE process, PVOID base, SIZE_T size, ULONG type, ULONG protect,
    MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    NTSTATUS status = NtAllocateVirtualMemoryEx(process ? process : NtCurrentProcess(), &base,
        &size, type, protect, parameters, count);
    return set_status(status) ? base : NULL;
}

/* The FromApp forms refuse what a store app may not have. */
static BOOL for_apps(ULONG protect)
{
    if (!(protect & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE
            | PAGE_EXECUTE_WRITECOPY)))
        return TRUE;
    return set_error(ERROR_INVALID_PARAMETER);
}

PVOID WINAPI VirtualAllocFromApp(PVOID base, SIZE_T size, ULONG type, ULONG protect)
{
    return for_apps(protect) ? VirtualAlloc(base, size, type, protect) : NULL;
}

PVOID WINAPI VirtualAlloc2FromApp(HANDLE process, PVOID base, SIZE_T size, ULONG type,
    ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    return for_apps(protect) ? VirtualAlloc2(process, base, size, type, protect, parameters, count)
                             : NULL;
}

BOOL WINAPI VirtualProtectFromApp(PVOID base, SIZE_T size, ULONG protect, PULONG previous)
{
    return for_apps(protect) && VirtualProtect(base, size, protect, previous);
}

PVOID WINAPI MapViewOfFile3(HANDLE section, HANDLE process, PVOID base, ULONG64 offset, SIZE_T size,
    ULONG type, ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    LARGE_INTEGER start = {.QuadPart = (LONGLONG)offset};
    NTSTATUS status = NtMapViewOfSectionEx(section, process ? process : NtCurrentProcess(), &base,
        &start, &size, type, protect, parameters, count);
    return set_status(status) ? base : NULL;
}

PVOID WINAPI MapViewOfFile3FromApp(HANDLE section, HANDLE process, PVOID base, ULONG64 offset,
    SIZE_T size, ULONG type, ULONG protect, MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    return for_apps(protect)
        ? MapViewOfFile3(section, process, base, offset, size, type, protect, parameters, count)
        : NULL;
}

PVOID WINAPI MapViewOfFileNuma2(HANDLE section, HANDLE process, ULONG64 offset, PVOID base,
    SIZE_T size, ULONG type, ULONG protect, ULONG node)
{
    LARGE_INTEGER start = {.QuadPart = (LONGLONG)offset};
    NTSTATUS status = NtMapViewOfSection(section, process, &base, 0, 0, &start, &size, ViewUnmap,
        type, protect);
    (void)node;
    return set_status(status) ? base : NULL;
}

LPVOID WINAPI MapViewOfFileExNuma(HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T size,
    LPVOID base, DWORD node)
{
    (void)node;
    return MapViewOfFileEx(section, access, high, low, size, base);
}

PVOID WINAPI MapViewOfFileFromApp(HANDLE section, ULONG access, ULONG64 offset, SIZE_T size)
{
    return MapViewOfFile(section, access, (DWORD)(offset >> 32), (DWORD)offset, size);
}

BOOL WINAPI UnmapViewOfFile2(HANDLE process, PVOID base, ULONG flags)
{
    return set_status(NtUnmapViewOfSectionEx(process, base, flags));
}

HANDLE WINAPI CreateFileMappingNumaW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
    DWORD high, DWORD low, LPCWSTR name, DWORD node)
{
    (void)node;
    return CreateFileMappingW(file, security, protect, high, low, name);
}

HANDLE WINAPI CreateFileMappingNumaA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
    DWORD high, DWORD low, LPCSTR name, DWORD node)
{
    (void)node;
    return CreateFileMappingA(file, security, protect, high, low, name);
}

HANDLE WINAPI CreateFileMappingFromApp(HANDLE file, PSECURITY_ATTRIBUTES security, ULONG protect,
    ULONG64 size, PCWSTR name)
{
    if (!for_apps(protect)) return NULL;
    return CreateFileMappingW(file, security, protect, (DWORD)(size >> 32), (DWORD)size, name);
}

HANDLE WINAPI OpenFileMappingFromApp(ULONG access, BOOL inherit, LPCWSTR name)
{
    return OpenFileMappingW(access, inherit, name);
}

HANDLE WINAPI CreateFileMapping2(HANDLE file, SECURITY_ATTRIBUTES *security, ULONG access,
    ULONG protect, ULONG attributes, ULONG64 size, PCWSTR name, MEM_EXTENDED_PARAMETER *parameters,
    ULONG count)
{
    LARGE_INTEGER maximum = {.QuadPart = (LONGLONG)size};
    struct object_name object;
    HANDLE section = NULL;
    NTSTATUS status;
    if (file == INVALID_HANDLE_VALUE) file = NULL;
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    status = NtCreateSectionEx(&section, access, &object.attributes, size ? &maximum : NULL,
        protect, attributes ? attributes : SEC_COMMIT, file, parameters, count);
    return created(status, section);
}

BOOL WINAPI QueryVirtualMemoryInformation(HANDLE process, const VOID *address,
    WIN32_MEMORY_INFORMATION_CLASS class, PVOID info, SIZE_T size, PSIZE_T returned)
{
    enum { MemoryRegionInformationEx = 7 };
    if (class != MemoryRegionInfo) return set_error(ERROR_INVALID_PARAMETER);
    return set_status(NtQueryVirtualMemory(process, address, MemoryRegionInformationEx, info, size,
        returned));
}

/* What a caller gives up need not be kept: NT may drop it in place of writing it to a page file. */
DWORD WINAPI DiscardVirtualMemory(PVOID base, SIZE_T size)
{
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESET,
        PAGE_NOACCESS);
    return NT_SUCCESS(status) ? ERROR_SUCCESS : RtlNtStatusToDosError(status);
}

DWORD WINAPI OfferVirtualMemory(PVOID base, SIZE_T size, OFFER_PRIORITY priority)
{
    if ((ULONG)priority < VmOfferPriorityVeryLow || (ULONG)priority > VmOfferPriorityNormal)
        return ERROR_INVALID_PARAMETER;
    return DiscardVirtualMemory(base, size);
}

DWORD WINAPI ReclaimVirtualMemory(PVOID base, SIZE_T size)
{
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESET_UNDO,
        PAGE_NOACCESS);
    return NT_SUCCESS(status) ? ERROR_SUCCESS : RtlNtStatusToDosError(status);
}

BOOL WINAPI AllocateUserPhysicalPagesNuma(HANDLE process, PULONG_PTR count, PULONG_PTR frames,
    DWORD node)
{
    (void)node;
    return AllocateUserPhysicalPages(process, count, frames);
}

/* Notification objects that the memory manager signals. */
HANDLE WINAPI CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    static const WCHAR *const names[] = {L"\\KernelObjects\\LowMemoryCondition",
        L"\\KernelObjects\\HighMemoryCondition"};
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    HANDLE event;
    if ((ULONG)type >= COUNT(names)) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlInitUnicodeString(&name, names[type]);
    InitializeObjectAttributes(&object, &name, 0, NULL, NULL);
    return set_status(NtOpenEvent(&event, EVENT_QUERY_STATE | SYNCHRONIZE, &object)) ? event : NULL;
}

BOOL WINAPI QueryMemoryResourceNotification(HANDLE event, PBOOL state)
{
    DWORD result = WaitForSingleObject(event, 0);
    if (result == WAIT_FAILED || !state) return set_error(ERROR_INVALID_PARAMETER);
    *state = result == WAIT_OBJECT_0;
    return TRUE;
}
