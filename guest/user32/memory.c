/* The heap, the lock and the last error; what happens when threads come and go. */
#include "user32.h"

RTL_SRWLOCK user_lock = RTL_SRWLOCK_INIT;

PVOID user_allocate(SIZE_T size)
{
    return RtlAllocateHeap(NtPeb()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

VOID user_free(PVOID block)
{
    if (block) RtlFreeHeap(NtPeb()->ProcessHeap, 0, block);
}

WCHAR *user_copy(const WCHAR *text)
{
    SIZE_T size = (wcslen(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = user_allocate(size);
    if (copy) memcpy(copy, text, size);
    return copy;
}

LRESULT user_fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

VOID user_unlock(VOID)
{
    RtlReleaseSRWLockExclusive(&user_lock);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    (void)instance, (void)reserved;
    if (reason == DLL_THREAD_DETACH) {
        windows_of_thread_end(GetCurrentThreadId());
        queue_end(GetCurrentThreadId());
    }
    return TRUE;
}

#include "wide.inc"
