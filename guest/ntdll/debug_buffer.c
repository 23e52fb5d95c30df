/* RTL_DEBUG_INFORMATION: what a process tells of itself. Only the caller's own process is looked
 * into, and of it the heaps and their blocks. */
#include "ntdll.h"

#define PDI_HEAPS 0x04
#define PDI_HEAP_BLOCKS 0x10
#define PROCESS_QUERY (PROCESS_QUERY_INFORMATION | PROCESS_VM_READ)

struct heap_entry {
    SIZE_T size;
    USHORT flags, backtrace;
    ULONG reserved[2];
};

struct heap_information {
    PVOID base;
    ULONG flags;
    USHORT entry_overhead, backtrace;
    SIZE_T allocated, committed;
    ULONG tags, entries, pseudo_tags, pseudo_tag_granularity;
    ULONG reserved[5];
    PVOID tag_rows;
    struct heap_entry *entry_rows;
};

struct process_heaps {
    ULONG count;
    struct heap_information heaps[];
};

struct debug_information {
    HANDLE section;
    PVOID view_base, remote_view_base;
    ULONG view_delta;
    HANDLE event_pair, remote_event_pair;
    ULONG process_id;
    HANDLE thread;
    ULONG flags;
    SIZE_T offset_free, commit_size, view_size;
    PVOID modules, backtraces;
    struct process_heaps *heaps;
    PVOID locks, specific_heap;
    HANDLE remote_process;
    PVOID reserved[4];
};

struct walk_entry {
    PVOID address;
    SIZE_T size;
    UCHAR overhead, segment;
    USHORT flags;
    ULONG tail[4];
};

PVOID NTAPI RtlCreateQueryDebugBuffer(ULONG Size, BOOLEAN EventPair)
{
    (void)EventPair;
    struct debug_information *buffer = AllocateZeroed(sizeof *buffer);
    if (!buffer)
        return NULL;
    buffer->view_base = buffer->remote_view_base = buffer;
    buffer->view_size = Size ? Size : 0x400000;
    buffer->commit_size = buffer->offset_free = sizeof *buffer;
    return buffer;
}

static VOID DropHeaps(struct debug_information *buffer)
{
    for (ULONG i = 0; buffer->heaps && i < buffer->heaps->count; i++)
        Free(buffer->heaps->heaps[i].entry_rows);
    Free(buffer->heaps);
    buffer->heaps = NULL;
}

NTSTATUS NTAPI RtlDestroyQueryDebugBuffer(struct debug_information *Buffer)
{
    DropHeaps(Buffer);
    Free(Buffer);
    return STATUS_SUCCESS;
}

/* Counts the blocks in use, or stores them too; never more than `room`. */
static ULONG Walk(PVOID heap, struct heap_information *info, struct heap_entry *rows, ULONG room)
{
    struct walk_entry entry = {0};
    ULONG count = 0;
    while (NT_SUCCESS(RtlWalkHeap(heap, &entry))) {
        info->committed += entry.size + entry.overhead;
        if (entry.flags & RTL_HEAP_BUSY)
            info->allocated += entry.size;
        if (rows && count < room)
            rows[count] = (struct heap_entry){.size = entry.size, .flags = entry.flags};
        count++;
    }
    return rows && count > room ? room : count;
}

static NTSTATUS DescribeHeaps(struct debug_information *buffer, BOOL blocks)
{
    PVOID all[64];
    ULONG count = RtlGetProcessHeaps(LENGTH_OF(all), all);
    if (count > LENGTH_OF(all))
        count = LENGTH_OF(all);
    buffer->heaps = AllocateZeroed(sizeof *buffer->heaps + count * sizeof *buffer->heaps->heaps);
    if (!buffer->heaps)
        return STATUS_NO_MEMORY;
    buffer->heaps->count = count;
    for (ULONG i = 0; i < count; i++) {
        struct heap_information *info = &buffer->heaps->heaps[i], unused = {0};
        info->base = all[i];
        info->entry_overhead = 8;
        info->entries = Walk(all[i], info, NULL, 0);
        if (!blocks)
            continue;
        info->entry_rows = AllocateZeroed(info->entries * sizeof *info->entry_rows);
        if (!info->entry_rows)
            return STATUS_NO_MEMORY;
        info->entries = Walk(all[i], &unused, info->entry_rows, info->entries);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryProcessDebugInformation(ULONG Process, ULONG What,
                                               struct debug_information *Buffer)
{
    HANDLE handle;
    OBJECT_ATTRIBUTES object;
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)Process, NULL};
    InitializeObjectAttributes(&object, NULL, 0, NULL, NULL);
    NTSTATUS status = NtOpenProcess(&handle, PROCESS_QUERY, &object, &client);
    if (!NT_SUCCESS(status))
        return status;
    NtClose(handle);
    Buffer->process_id = Process;
    Buffer->flags = What;
    if (client.UniqueProcess != NtTeb()->ClientId.UniqueProcess)
        return STATUS_NOT_SUPPORTED;
    DropHeaps(Buffer);
    if (What & (PDI_HEAPS | PDI_HEAP_BLOCKS))
        status = DescribeHeaps(Buffer, (What & PDI_HEAP_BLOCKS) != 0);
    return status;
}
