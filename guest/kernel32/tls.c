/* Thread-local and fiber-local slots. */
#include "kernel32.h"

#define SLOTS 64
#define EXPANSION_SLOTS 1024

/* The slot of the calling thread; NULL: no such index, or (create false) never set. */
static PVOID *slot(DWORD index, BOOL create)
{
    PTEB teb = NtTeb();
    if (index < SLOTS) return &teb->TlsSlots[index];
    if (index >= SLOTS + EXPANSION_SLOTS) return NULL;
    if (!teb->TlsExpansionSlots && create)
        teb->TlsExpansionSlots = RtlAllocateHeap(GetProcessHeap(), HEAP_ZERO_MEMORY,
            EXPANSION_SLOTS * sizeof(PVOID));
    return teb->TlsExpansionSlots ? &teb->TlsExpansionSlots[index - SLOTS] : NULL;
}

DWORD WINAPI TlsAlloc(void)
{
    PPEB peb = NtPeb();
    ULONG index;
    RtlAcquirePebLock();
    index = RtlFindClearBitsAndSet(peb->TlsBitmap, 1, 0);
    if (index == ~0u && peb->TlsExpansionBitmap) {
        index = RtlFindClearBitsAndSet(peb->TlsExpansionBitmap, 1, 0);
        if (index != ~0u) index += SLOTS;
    }
    RtlReleasePebLock();
    if (index == ~0u) {
        set_error(ERROR_NO_MORE_ITEMS);
        return TLS_OUT_OF_INDEXES;
    }
    TlsSetValue(index, NULL);
    return index;
}

BOOL WINAPI TlsFree(DWORD index)
{
    PRTL_BITMAP map = index < SLOTS ? NtPeb()->TlsBitmap : NtPeb()->TlsExpansionBitmap;
    ULONG bit = index < SLOTS ? index : index - SLOTS;
    BOOL held = FALSE;
    if (index >= SLOTS + EXPANSION_SLOTS || !map) return set_error(ERROR_INVALID_PARAMETER);
    RtlAcquirePebLock();
    held = RtlAreBitsSet(map, bit, 1);
    if (held) {
        RtlClearBits(map, bit, 1);
        NtSetInformationThread(NtCurrentThread(), 10, &index, sizeof index); /* ThreadZeroTlsCell */
    }
    RtlReleasePebLock();
    return held ? TRUE : set_error(ERROR_INVALID_PARAMETER);
}

LPVOID WINAPI TlsGetValue(DWORD index)
{
    PVOID *found = slot(index, FALSE);
    set_error(found || index < SLOTS + EXPANSION_SLOTS ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
    return found ? *found : NULL;
}

BOOL WINAPI TlsSetValue(DWORD index, LPVOID value)
{
    PVOID *found = slot(index, TRUE);
    if (!found)
        return set_error(index < SLOTS + EXPANSION_SLOTS ? ERROR_NOT_ENOUGH_MEMORY
                                                         : ERROR_INVALID_PARAMETER);
    *found = value;
    return TRUE;
}

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback)
{
    ULONG index;
    return set_status(RtlFlsAlloc(callback, &index)) ? index : FLS_OUT_OF_INDEXES;
}

BOOL WINAPI FlsFree(DWORD index)
{
    return set_status(RtlFlsFree(index));
}

PVOID WINAPI FlsGetValue(DWORD index)
{
    PVOID value = NULL;
    if (!set_status(RtlFlsGetValue(index, &value))) return NULL;
    set_error(ERROR_SUCCESS);
    return value;
}

BOOL WINAPI FlsSetValue(DWORD index, PVOID value)
{
    return set_status(RtlFlsSetValue(index, value));
}
