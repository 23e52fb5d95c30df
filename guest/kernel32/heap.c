/* Heaps; most of their calls are forwarded to ntdll. */
#include "kernel32.h"

void *allocate(SIZE_T size)
{
    void *block = RtlAllocateHeap(GetProcessHeap(), 0, size);
    if (!block) set_error(ERROR_NOT_ENOUGH_MEMORY);
    return block;
}

void release(void *block)
{
    RtlFreeHeap(GetProcessHeap(), 0, block);
}

HANDLE WINAPI GetProcessHeap(void)
{
    return NtPeb()->ProcessHeap;
}

DWORD WINAPI GetProcessHeaps(DWORD count, PHANDLE heaps)
{
    return RtlGetProcessHeaps(count, heaps);
}

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial, SIZE_T maximum)
{
    ULONG flags = options & (HEAP_GENERATE_EXCEPTIONS | HEAP_NO_SERIALIZE |
                             HEAP_CREATE_ENABLE_EXECUTE);
    HANDLE heap;
    if (!maximum) flags |= HEAP_GROWABLE;
    if (maximum && initial > maximum) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    heap = RtlCreateHeap(flags, NULL, maximum, initial, NULL, NULL);
    if (!heap) set_error(ERROR_NOT_ENOUGH_MEMORY);
    return heap;
}

BOOL WINAPI HeapDestroy(HANDLE heap)
{
    return RtlDestroyHeap(heap) ? set_error(ERROR_INVALID_HANDLE) : TRUE;
}

BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, LPVOID block)
{
    return RtlFreeHeap(heap, flags, block) ? TRUE : set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI HeapValidate(HANDLE heap, DWORD flags, LPCVOID block)
{
    return RtlValidateHeap(heap, flags, block);
}

BOOL WINAPI HeapLock(HANDLE heap)
{
    return RtlLockHeap(heap) ? TRUE : set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI HeapUnlock(HANDLE heap)
{
    return RtlUnlockHeap(heap) ? TRUE : set_error(ERROR_NOT_LOCKED);
}

SIZE_T WINAPI HeapCompact(HANDLE heap, DWORD flags)
{
    return RtlCompactHeap(heap, flags);
}

BOOL WINAPI HeapQueryInformation(HANDLE heap, HEAP_INFORMATION_CLASS what, PVOID buffer,
    SIZE_T size, PSIZE_T needed)
{
    return set_status(RtlQueryHeapInformation(heap, what, buffer, size, needed));
}

BOOL WINAPI HeapSetInformation(HANDLE heap, HEAP_INFORMATION_CLASS what, PVOID buffer, SIZE_T size)
{
    return set_status(RtlSetHeapInformation(heap, what, buffer, size));
}

BOOL WINAPI HeapWalk(HANDLE heap, LPPROCESS_HEAP_ENTRY entry)
{
    if (!set_status(RtlWalkHeap(heap, entry)))
        return FALSE;
    entry->wFlags = entry->wFlags & RTL_HEAP_BUSY ? PROCESS_HEAP_ENTRY_BUSY : 0;
    return TRUE;
}
