/* Virtual memory, and the advice against IsBadReadPtr made safe by asking instead of touching. */
#include "kernel32.h"

LPVOID WINAPI VirtualAllocEx(HANDLE process, LPVOID base, SIZE_T size, DWORD type, DWORD protect)
{
    if (base && (ULONG_PTR)base < 0x10000) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return set_status(NtAllocateVirtualMemory(process, &base, 0, &size, type, protect)) ? base
                                                                                        : NULL;
}

LPVOID WINAPI VirtualAlloc(LPVOID base, SIZE_T size, DWORD type, DWORD protect)
{
    return VirtualAllocEx(NtCurrentProcess(), base, size, type, protect);
}

BOOL WINAPI VirtualFreeEx(HANDLE process, LPVOID base, SIZE_T size, DWORD type)
{
    if (type == MEM_RELEASE && size) return set_error(ERROR_INVALID_PARAMETER);
    return set_status(NtFreeVirtualMemory(process, &base, &size, type));
}

BOOL WINAPI VirtualFree(LPVOID base, SIZE_T size, DWORD type)
{
    return VirtualFreeEx(NtCurrentProcess(), base, size, type);
}

BOOL WINAPI VirtualProtectEx(HANDLE process, LPVOID base, SIZE_T size, DWORD protect,
    PDWORD previous)
{
    return set_status(NtProtectVirtualMemory(process, &base, &size, protect, previous));
}

BOOL WINAPI VirtualProtect(LPVOID base, SIZE_T size, DWORD protect, PDWORD previous)
{
    return VirtualProtectEx(NtCurrentProcess(), base, size, protect, previous);
}

SIZE_T WINAPI VirtualQueryEx(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION buffer,
    SIZE_T size)
{
    SIZE_T returned = 0;
    NTSTATUS status = NtQueryVirtualMemory(process, address, 0, buffer, size, &returned);
    return set_status(status) ? returned : 0;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION buffer, SIZE_T size)
{
    return VirtualQueryEx(NtCurrentProcess(), address, buffer, size);
}

BOOL WINAPI VirtualLock(LPVOID base, SIZE_T size)
{
    return set_status(NtLockVirtualMemory(NtCurrentProcess(), &base, &size, 1));
}

BOOL WINAPI VirtualUnlock(LPVOID base, SIZE_T size)
{
    return set_status(NtUnlockVirtualMemory(NtCurrentProcess(), &base, &size, 1));
}

BOOL WINAPI ReadProcessMemory(HANDLE process, LPCVOID base, LPVOID buffer, SIZE_T size,
    SIZE_T *done)
{
    return set_status(NtReadVirtualMemory(process, base, buffer, size, done));
}

#define ONLY_EXECUTABLE (PAGE_EXECUTE | PAGE_EXECUTE_READ)

static NTSTATUS write_code(HANDLE process, PVOID base, LPCVOID buffer, SIZE_T size, SIZE_T *done)
{
    PVOID start = base;
    SIZE_T length = size;
    ULONG before;
    NTSTATUS result, status = NtProtectVirtualMemory(process, &start, &length,
        PAGE_EXECUTE_READWRITE, &before);
    if (!NT_SUCCESS(status)) return status;
    result = NtWriteVirtualMemory(process, base, buffer, size, done);
    NtProtectVirtualMemory(process, &start, &length, before, &before);
    return result;
}

/* Writes what is in the same region as `base`, and makes `*size` that. */
static NTSTATUS write_region(HANDLE process, PVOID base, LPCVOID buffer, SIZE_T *size, SIZE_T *done)
{
    MEMORY_BASIC_INFORMATION area;
    SIZE_T room;
    if (NtQueryVirtualMemory(process, base, 0, &area, sizeof area, NULL)
        || area.State != MEM_COMMIT)
        return NtWriteVirtualMemory(process, base, buffer, *size, done);
    room = (char *)area.BaseAddress + area.RegionSize - (char *)base;
    if (*size > room) *size = room;
    if (area.Protect & ONLY_EXECUTABLE) return write_code(process, base, buffer, *size, done);
    if (area.Protect & (PAGE_READONLY | PAGE_NOACCESS)) return STATUS_ACCESS_VIOLATION;
    return NtWriteVirtualMemory(process, base, buffer, *size, done);
}

BOOL WINAPI WriteProcessMemory(HANDLE process, LPVOID base, LPCVOID buffer, SIZE_T size,
    SIZE_T *done)
{
    SIZE_T total = 0;
    NTSTATUS status;
    do {
        SIZE_T part = size - total, written = 0;
        status = write_region(process, (char *)base + total, (const char *)buffer + total, &part,
            &written);
        total += written;
    } while (!status && total < size);
    if (done) *done = total;
    if (total && status == STATUS_ACCESS_VIOLATION) status = STATUS_PARTIAL_COPY;
    return set_status(status);
}

BOOL WINAPI FlushInstructionCache(HANDLE process, LPCVOID base, SIZE_T size)
{
    return set_status(NtFlushInstructionCache(process, (PVOID)base, size));
}

static BOOL has_access(ULONG_PTR start, SIZE_T size, ULONG allowed)
{
    ULONG_PTR end = start + size - 1;
    MEMORY_BASIC_INFORMATION area;
    if (!size) return TRUE;
    if (!start || end < start) return FALSE;
    do {
        if (NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)start, 0, &area, sizeof area, NULL))
            return FALSE;
        if (area.State != MEM_COMMIT || !(area.Protect & allowed)) return FALSE;
        if (area.Protect & (PAGE_GUARD | PAGE_NOACCESS)) return FALSE;
        start = (ULONG_PTR)area.BaseAddress + area.RegionSize;
    } while (start && start <= end);
    return TRUE;
}

#define READABLE 0xEE
#define WRITABLE 0xCC
#define EXECUTABLE 0xF0

BOOL WINAPI IsBadReadPtr(const VOID *start, UINT_PTR size)
{
    return !has_access((ULONG_PTR)start, size, READABLE);
}

BOOL WINAPI IsBadWritePtr(LPVOID start, UINT_PTR size)
{
    return !has_access((ULONG_PTR)start, size, WRITABLE);
}

BOOL WINAPI IsBadCodePtr(FARPROC start)
{
    return !has_access((ULONG_PTR)start, 1, EXECUTABLE | READABLE);
}

BOOL WINAPI IsBadHugeReadPtr(const VOID *start, UINT_PTR size)
{
    return IsBadReadPtr(start, size);
}

BOOL WINAPI IsBadHugeWritePtr(LPVOID start, UINT_PTR size)
{
    return IsBadWritePtr(start, size);
}

BOOL WINAPI IsBadStringPtrA(LPCSTR text, UINT_PTR limit)
{
    for (; limit; limit--, text++) {
        if (!has_access((ULONG_PTR)text, 1, READABLE)) return TRUE;
        if (!*text) break;
    }
    return FALSE;
}

BOOL WINAPI IsBadStringPtrW(LPCWSTR text, UINT_PTR limit)
{
    for (; limit; limit--, text++) {
        if (!has_access((ULONG_PTR)text, sizeof *text, READABLE)) return TRUE;
        if (!*text) break;
    }
    return FALSE;
}
