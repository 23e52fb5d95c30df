/* COM's task memory is the process heap; there are no apartments to enter. */
#include "rtl.h"

LPVOID WINAPI CoTaskMemAlloc(SIZE_T size)
{
    return RtlAllocateHeap(GetProcessHeap(), 0, size);
}

LPVOID WINAPI CoTaskMemRealloc(LPVOID block, SIZE_T size)
{
    if (!block) return CoTaskMemAlloc(size);
    if (size) return RtlReAllocateHeap(GetProcessHeap(), 0, block, size);
    RtlFreeHeap(GetProcessHeap(), 0, block);
    return NULL;
}

VOID WINAPI CoTaskMemFree(LPVOID block)
{
    if (block) RtlFreeHeap(GetProcessHeap(), 0, block);
}

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD apartment)
{
    (void)apartment;
    return reserved ? (HRESULT)0x80070057 : 0;
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, 0);
}

VOID WINAPI CoUninitialize(void)
{
}
