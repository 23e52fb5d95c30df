/* Heaps as objects: creation, the process's list of them, locking, validation. */
#include "heap.h"

#define MAXIMUM_HEAPS 256

static PVOID heaps[MAXIMUM_HEAPS];

VOID HeapSubsystemInitialize(void)
{
    PPEB peb = NtPeb();
    peb->ProcessHeaps = heaps;
    peb->MaximumNumberOfHeaps = MAXIMUM_HEAPS;
}

/* The first heap is the process's own; it needs no lock, for nobody else runs yet. */
VOID HeapRegister(struct heap *heap)
{
    PPEB peb = NtPeb();
    RtlAcquirePebLock();
    if (peb->NumberOfHeaps < MAXIMUM_HEAPS)
        heaps[peb->NumberOfHeaps++] = heap;
    RtlReleasePebLock();
}

VOID HeapUnregister(struct heap *heap)
{
    PPEB peb = NtPeb();
    RtlAcquirePebLock();
    for (ULONG i = 0; i < peb->NumberOfHeaps; i++)
        if (heaps[i] == heap) {
            memmove(&heaps[i], &heaps[i + 1], (--peb->NumberOfHeaps - i) * sizeof(PVOID));
            break;
        }
    RtlReleasePebLock();
}

PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T Reserve, SIZE_T Commit, PVOID Lock,
                          PVOID Parameters)
{
    (void)Lock;
    (void)Parameters;
    struct heap *heap = HeapCreateFirst(Base, Reserve, Commit);
    if (!heap)
        return NULL;
    heap->fixed = Reserve != 0 && !(Flags & HEAP_GROWABLE);
    heap->flags = Flags & (HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS);
    heap->magic = HEAP_MAGIC;
    ListInitialize(&heap->large);
    RtlInitializeCriticalSection(&heap->lock);
    HeapRegister(heap);
    return heap;
}

/* Returns NULL when the heap is gone, the handle itself on failure. */
PVOID NTAPI RtlDestroyHeap(PVOID Heap)
{
    struct heap *heap = Heap;
    if (!heap || heap->magic != HEAP_MAGIC || heap == NtPeb()->ProcessHeap)
        return Heap;
    HeapForgetDelayed(heap);
    HeapUnregister(heap);
    RtlDeleteCriticalSection(&heap->lock);
    heap->magic = 0;
    HeapRelease(heap);
    return NULL;
}

static BOOL ValidSegment(const struct segment *segment, const struct block *first)
{
    const struct block *block = first;
    while (block < segment->last) {
        SIZE_T size = BlockSize(block);
        if (size < MINIMUM_BLOCK || size & 7 || block->check != BlockCheck(block))
            return FALSE;
        block = NextBlock(block);
    }
    return block == segment->last;
}

/* The address may be anything: it is only looked at when one of the heap's blocks could be there. */
static BOOL Within(struct heap *heap, PCVOID address)
{
    const struct block *block = (const struct block *)address - 1;
    for (struct segment *segment = heap->segments; segment; segment = segment->next)
        if (block >= FirstBlock(segment) && block < segment->last)
            return TRUE;
    for (PLIST_ENTRY link = heap->large.Flink; link != &heap->large; link = link->Flink)
        if (&((struct large_block *)link)->header == block)
            return TRUE;
    return FALSE;
}

BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PCVOID Address)
{
    struct heap *heap = HeapEnter(Heap, Flags);
    BOOLEAN valid = TRUE;
    if (!heap)
        return FALSE;
    if (Address)
        valid = Within(heap, Address) && HeapCheckedBlock(heap, Address) != NULL;
    else
        for (struct segment *segment = heap->segments; segment && valid; segment = segment->next)
            valid = ValidSegment(segment, FirstBlock(segment));
    HeapLeave(heap, Flags);
    return valid;
}

BOOLEAN NTAPI RtlLockHeap(PVOID Heap)
{
    return HeapEnter(Heap, 0) != NULL;
}

BOOLEAN NTAPI RtlUnlockHeap(PVOID Heap)
{
    struct heap *heap = Heap;
    if (!heap || heap->magic != HEAP_MAGIC)
        return FALSE;
    HeapLeave(heap, 0);
    return TRUE;
}

/* The size of the largest free block. */
SIZE_T NTAPI RtlCompactHeap(PVOID Heap, ULONG Flags)
{
    struct heap *heap = HeapEnter(Heap, Flags);
    SIZE_T largest = 0;
    if (!heap)
        return 0;
    if (heap->classes) {
        ULONG class = 31 - __builtin_clz(heap->classes);
        ULONG part = 31 - __builtin_clz(heap->parts[class]);
        for (struct free_block *free = heap->lists[class][part]; free; free = free->next)
            if (BlockSize(&free->header) > largest)
                largest = BlockSize(&free->header);
    }
    HeapLeave(heap, Flags);
    return largest > sizeof(struct block) ? largest - sizeof(struct block) : 0;
}

ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps)
{
    PPEB peb = NtPeb();
    RtlAcquirePebLock();
    ULONG total = peb->NumberOfHeaps;
    memcpy(Heaps, heaps, (total < Count ? total : Count) * sizeof(PVOID));
    RtlReleasePebLock();
    return total;
}

/* Class 0 (HeapCompatibilityInformation): 0, a heap without look-aside lists. */
NTSTATUS NTAPI RtlQueryHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Buffer,
                                       SIZE_T Length, PSIZE_T Returned)
{
    (void)Heap;
    if (Class != HeapCompatibilityInformation)
        return STATUS_INVALID_PARAMETER;
    if (Returned)
        *Returned = sizeof(ULONG);
    if (Length < sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    *(ULONG *)Buffer = 0;
    return STATUS_SUCCESS;
}

/* The low-fragmentation heap and termination on corruption are accepted: neither changes what a
 * correct program sees. */
NTSTATUS NTAPI RtlSetHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Buffer,
                                     SIZE_T Length)
{
    (void)Heap;
    if (Class == HeapEnableTerminationOnCorruption)
        return STATUS_SUCCESS;
    if (Class != HeapCompatibilityInformation)
        return STATUS_INVALID_PARAMETER;
    if (Length < sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    return *(ULONG *)Buffer <= 2 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
