/* Fiber-local storage: 128 slots with callbacks, and the values of each thread that has some. */
#include "ntdll.h"

#define SLOTS 128

struct values {
    LIST_ENTRY links; /* from PEB.FlsListHead */
    PVOID slots[SLOTS];
};

static PFLS_CALLBACK_FUNCTION callbacks[SLOTS];
static RTL_BITMAP bitmap;
static RTL_SRWLOCK lock;

VOID InitializeFls(void)
{
    PPEB peb = NtPeb();
    RtlInitializeBitMap(&bitmap, peb->FlsBitmapBits, SLOTS);
    RtlSetBits(&bitmap, 0, 1); /* index 0 is never given out */
    peb->FlsBitmap = &bitmap;
    peb->FlsCallback = callbacks;
    ListInitialize(&peb->FlsListHead);
}

static struct values *Own(BOOL create)
{
    struct values *values = NtTeb()->FlsData;
    if (values || !create || !(values = AllocateZeroed(sizeof *values)))
        return values;
    RtlAcquireSRWLockExclusive(&lock);
    ListAppend(&NtPeb()->FlsListHead, &values->links);
    RtlReleaseSRWLockExclusive(&lock);
    NtTeb()->FlsData = values;
    return values;
}

NTSTATUS NTAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION Callback, PULONG Index)
{
    if (!Own(TRUE))
        return STATUS_NO_MEMORY;
    RtlAcquireSRWLockExclusive(&lock);
    ULONG index = RtlFindClearBitsAndSet(&bitmap, 1, 1);
    if (index < SLOTS) {
        callbacks[index] = Callback;
        if (index > NtPeb()->FlsHighIndex)
            NtPeb()->FlsHighIndex = index;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (index >= SLOTS)
        return STATUS_NO_MEMORY;
    *Index = index;
    return STATUS_SUCCESS;
}

/* Calls the callback for every thread's value, as documented for FlsFree. */
NTSTATUS NTAPI RtlFlsFree(ULONG Index)
{
    if (!Index || Index >= SLOTS || !RtlTestBit(&bitmap, Index))
        return STATUS_INVALID_PARAMETER;
    RtlAcquireSRWLockExclusive(&lock);
    PFLS_CALLBACK_FUNCTION callback = callbacks[Index];
    PLIST_ENTRY head = &NtPeb()->FlsListHead;
    for (PLIST_ENTRY link = head->Flink; link != head; link = link->Flink) {
        PVOID value = ((struct values *)link)->slots[Index];
        ((struct values *)link)->slots[Index] = NULL;
        if (value && callback)
            callback(value);
    }
    callbacks[Index] = NULL;
    RtlClearBits(&bitmap, Index, 1);
    RtlReleaseSRWLockExclusive(&lock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlFlsGetValue(ULONG Index, PVOID *Value)
{
    struct values *values = Own(FALSE);
    if (!Index || Index >= SLOTS || !values)
        return STATUS_INVALID_PARAMETER;
    *Value = values->slots[Index];
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlFlsSetValue(ULONG Index, PVOID Value)
{
    if (!Index || Index >= SLOTS)
        return STATUS_INVALID_PARAMETER;
    struct values *values = Own(TRUE);
    if (!values)
        return STATUS_NO_MEMORY;
    values->slots[Index] = Value;
    return STATUS_SUCCESS;
}

/* The end of a thread or fiber: 1 runs the callbacks, 2 frees the values. */
VOID NTAPI RtlProcessFlsData(PVOID Data, ULONG Flags)
{
    struct values *values = Data;
    if (!values)
        return;
    for (ULONG index = 1; Flags & 1 && index < SLOTS; index++) {
        PVOID value = values->slots[index];
        values->slots[index] = NULL;
        if (value && callbacks[index])
            callbacks[index](value);
    }
    if (!(Flags & 2))
        return;
    RtlAcquireSRWLockExclusive(&lock);
    ListRemove(&values->links);
    RtlReleaseSRWLockExclusive(&lock);
    if (NtTeb()->FlsData == values)
        NtTeb()->FlsData = NULL;
    Free(values);
}
