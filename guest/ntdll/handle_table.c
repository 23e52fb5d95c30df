/* Tables of handles that a program gives out itself: entries of one size in reserved memory, free
 * ones linked through their first pointer. A used entry's first bit is set. */
#include "ntdll.h"

typedef struct handle_entry {
    struct handle_entry *Next;
} RTL_HANDLE;

typedef struct {
    ULONG MaxHandleCount;
    ULONG HandleSize;
    ULONG Reserved[2];
    RTL_HANDLE *NextFree;
    PVOID FirstHandle;
    PVOID ReservedMemory;
    PVOID MaxHandle;
} RTL_HANDLE_TABLE;

#define ENTRY_IN_USE 1

VOID NTAPI RtlInitializeHandleTable(ULONG Count, ULONG Size, RTL_HANDLE_TABLE *Table)
{
    *Table = (RTL_HANDLE_TABLE){.MaxHandleCount = Count, .HandleSize = Size};
}

NTSTATUS NTAPI RtlDestroyHandleTable(RTL_HANDLE_TABLE *Table)
{
    SIZE_T size = 0;
    return NtFreeVirtualMemory(NtCurrentProcess(), &Table->FirstHandle, &size, MEM_RELEASE);
}

static NTSTATUS Reserve(RTL_HANDLE_TABLE *table)
{
    PVOID base = NULL;
    SIZE_T size = (SIZE_T)table->MaxHandleCount * table->HandleSize;
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_RESERVE,
                                              PAGE_READWRITE);
    if (!NT_SUCCESS(status))
        return status;
    table->FirstHandle = table->ReservedMemory = base;
    table->MaxHandle = (char *)base + (SIZE_T)table->MaxHandleCount * table->HandleSize;
    return STATUS_SUCCESS;
}

/* One page more of entries, all free. */
static NTSTATUS CommitMore(RTL_HANDLE_TABLE *table)
{
    PVOID base = table->ReservedMemory;
    SIZE_T size = PAGE_SIZE;
    if (base >= table->MaxHandle)
        return STATUS_NO_MEMORY;
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_COMMIT,
                                              PAGE_READWRITE);
    if (!NT_SUCCESS(status))
        return status;
    char *end = (char *)base + size, *entry = base;
    if (end > (char *)table->MaxHandle)
        end = table->MaxHandle;
    RTL_HANDLE **link = &table->NextFree;
    for (; entry + table->HandleSize <= end; entry += table->HandleSize) {
        *link = (RTL_HANDLE *)entry;
        link = &(*link)->Next;
    }
    *link = NULL;
    table->ReservedMemory = (char *)base + size;
    return STATUS_SUCCESS;
}

RTL_HANDLE *NTAPI RtlAllocateHandle(RTL_HANDLE_TABLE *Table, PULONG Index)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!Table->FirstHandle)
        status = Reserve(Table);
    if (NT_SUCCESS(status) && !Table->NextFree)
        status = CommitMore(Table);
    RTL_HANDLE *entry = Table->NextFree;
    if (!NT_SUCCESS(status) || !entry)
        return NULL;
    Table->NextFree = entry->Next;
    entry->Next = NULL;
    if (Index)
        *Index = ((char *)entry - (char *)Table->FirstHandle) / Table->HandleSize;
    return entry;
}

BOOLEAN NTAPI RtlIsValidHandle(RTL_HANDLE_TABLE *Table, RTL_HANDLE *Handle)
{
    ULONG_PTR offset = (char *)Handle - (char *)Table->FirstHandle;
    return Handle && (PVOID)Handle >= Table->FirstHandle && (PVOID)Handle < Table->ReservedMemory
        && offset % Table->HandleSize == 0 && (ULONG_PTR)Handle->Next & ENTRY_IN_USE;
}

BOOLEAN NTAPI RtlIsValidIndexHandle(RTL_HANDLE_TABLE *Table, ULONG Index, RTL_HANDLE **Handle)
{
    if (Index >= Table->MaxHandleCount)
        return FALSE;
    RTL_HANDLE *entry = (PVOID)((char *)Table->FirstHandle + (SIZE_T)Index * Table->HandleSize);
    if (!RtlIsValidHandle(Table, entry))
        return FALSE;
    *Handle = entry;
    return TRUE;
}

BOOLEAN NTAPI RtlFreeHandle(RTL_HANDLE_TABLE *Table, RTL_HANDLE *Handle)
{
    if (!RtlIsValidHandle(Table, Handle))
        return FALSE;
    memset(Handle, 0, Table->HandleSize);
    Handle->Next = Table->NextFree;
    Table->NextFree = Handle;
    return TRUE;
}
