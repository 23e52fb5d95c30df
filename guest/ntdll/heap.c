/* Heaps: allocate, free, resize. The structures are in heap.h. */
#include "heap.h"

static PVOID Failed(ULONG flags, NTSTATUS status)
{
    if (flags & HEAP_GENERATE_EXCEPTIONS)
        RtlRaiseStatus(status);
    return NULL;
}

/* The heap behind a handle, locked; NULL if it is none. */
struct heap *HeapEnter(PVOID handle, ULONG flags)
{
    struct heap *heap = handle;
    if (!heap || heap->magic != HEAP_MAGIC)
        return NULL;
    if (!((flags | heap->flags) & HEAP_NO_SERIALIZE))
        RtlEnterCriticalSection(&heap->lock);
    return heap;
}

VOID HeapLeave(struct heap *heap, ULONG flags)
{
    if (!((flags | heap->flags) & HEAP_NO_SERIALIZE))
        RtlLeaveCriticalSection(&heap->lock);
}

/* The header before a payload, if there is a block in use of this heap's making. */
struct block *HeapCheckedBlock(struct heap *heap, PCVOID address)
{
    struct block *block = (struct block *)address - 1;
    (void)heap;
    if ((ULONG_PTR)address < 0x10000 || (ULONG_PTR)address & 7)
        return NULL;
    return block->size & BLOCK_USED && block->check == BlockCheck(block) ? block : NULL;
}

static struct large_block *LargeOf(const struct block *block)
{
    return (struct large_block *)((ULONG_PTR)block - offsetof(struct large_block, header));
}

SIZE_T HeapPayloadSize(const struct block *block)
{
    if (block->size & BLOCK_LARGE)
        return LargeOf(block)->reserved - sizeof(struct large_block) - LargeOf(block)->pad;
    return BlockSize(block) - sizeof(struct block) - block->unused;
}

PVOID HeapAllocateLarge(struct heap *heap, SIZE_T size)
{
    PVOID base = NULL;
    SIZE_T whole = size + sizeof(struct large_block);
    if (whole < size || heap->fixed ||
        !NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &whole,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
        return NULL;
    struct large_block *large = base;
    large->reserved = whole;
    large->pad = whole - size - sizeof *large;
    large->header.size = BLOCK_USED | BLOCK_LARGE;
    large->header.check = BlockCheck(&large->header);
    ListAppend(&heap->large, &large->links);
    return Payload(&large->header);
}

VOID HeapFreeLarge(struct block *block)
{
    PVOID base = LargeOf(block);
    SIZE_T size = 0;
    ListRemove(&LargeOf(block)->links);
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

/* Return [block, block + size) to the lists, joined with free neighbours. */
VOID HeapReleaseBlock(struct heap *heap, struct block *block, SIZE_T size)
{
    struct block *next = (struct block *)((ULONG_PTR)block + size);
    if (!(next->size & BLOCK_USED)) {
        HeapRemoveFree(heap, next);
        size += BlockSize(next);
    }
    if (block->size & BLOCK_PREVIOUS_FREE) {
        SIZE_T before = ((ULONG *)block)[-1];
        block->check = 0;
        block = (struct block *)((ULONG_PTR)block - before);
        HeapRemoveFree(heap, block);
        size += before;
    }
    HeapInsertFree(heap, block, size);
}

static SIZE_T WholeSize(SIZE_T size)
{
    SIZE_T whole = ALIGN_UP(size + sizeof(struct block), 8);
    return whole < MINIMUM_BLOCK ? MINIMUM_BLOCK : whole;
}

/* Mark the first `whole` of `room` bytes as in use for `size`, free the rest. */
static VOID Occupy(struct heap *heap, struct block *block, SIZE_T room, SIZE_T whole, SIZE_T size)
{
    ULONG bits = block->size & BLOCK_PREVIOUS_FREE;
    struct block *after = (struct block *)((ULONG_PTR)block + room);
    if (room - whole < MINIMUM_BLOCK) {
        whole = room;
        after->size &= ~BLOCK_PREVIOUS_FREE;
    } else {
        struct block *rest = (struct block *)((ULONG_PTR)block + whole);
        rest->size = 0;
        HeapReleaseBlock(heap, rest, room - whole);
    }
    block->size = whole | BLOCK_USED | bits;
    block->unused = (USHORT)(whole - sizeof(struct block) - size);
    block->check = BlockCheck(block);
}

static PVOID AllocateLocked(struct heap *heap, ULONG flags, SIZE_T size)
{
    if (size >= LARGE_BLOCK && !heap->fixed)
        return HeapAllocateLarge(heap, size);
    SIZE_T whole = WholeSize(size);
    struct block *block = HeapFindFree(heap, whole);
    if (!block && !(block = HeapGrow(heap, whole)))
        return NULL;
    if (BlockSize(block) < whole)
        return NULL;
    HeapRemoveFree(heap, block);
    Occupy(heap, block, BlockSize(block), whole, size);
    if (flags & HEAP_ZERO_MEMORY)
        memset(Payload(block), 0, size);
    return Payload(block);
}

PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size)
{
    struct heap *heap = HeapEnter(Heap, Flags);
    if (!heap)
        return NULL;
    Flags |= heap->flags;
    PVOID result = Size < 0x7FFE0000 ? AllocateLocked(heap, Flags, Size) : NULL;
    HeapLeave(heap, Flags);
    return result ? result : Failed(Flags, STATUS_NO_MEMORY);
}

static BOOLEAN FreeNow(PVOID Heap, ULONG Flags, PVOID Address)
{
    struct heap *heap = HeapEnter(Heap, Flags);
    if (!heap)
        return FALSE;
    struct block *block = HeapCheckedBlock(heap, Address);
    if (block && block->size & BLOCK_LARGE) {
        HeapFreeLarge(block);
    } else if (block) {
        block->size &= ~BLOCK_USED;
        HeapReleaseBlock(heap, block, BlockSize(block));
    }
    HeapLeave(heap, Flags);
    if (!block)
        RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_INVALID_PARAMETER);
    return block != NULL;
}

BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Address)
{
    if (!Address)
        return TRUE;
    if (heap_delays) {
        struct delayed_free block = {Heap, Address, Flags};
        if (!HeapDelayFree(&block))
            return TRUE;
        return FreeNow(block.heap, block.flags, block.address);
    }
    return FreeNow(Heap, Flags, Address);
}

/* Resize without moving; FALSE if there is no room behind. */
static BOOL ResizeInPlace(struct heap *heap, struct block *block, SIZE_T size)
{
    SIZE_T whole = WholeSize(size), room = BlockSize(block);
    if (block->size & BLOCK_LARGE) {
        struct large_block *large = LargeOf(block);
        if (size < LARGE_BLOCK || size > large->reserved - sizeof *large)
            return FALSE;
        large->pad = large->reserved - sizeof *large - size;
        return TRUE;
    }
    struct block *next = NextBlock(block);
    if (whole > room) {
        if (next->size & BLOCK_USED || room + BlockSize(next) < whole)
            return FALSE;
        HeapRemoveFree(heap, next);
        room += BlockSize(next);
    }
    Occupy(heap, block, room, whole, size);
    return TRUE;
}

static PVOID ReallocateLocked(struct heap *heap, ULONG flags, PVOID address, SIZE_T size)
{
    struct block *block = HeapCheckedBlock(heap, address);
    if (!block)
        return NULL;
    SIZE_T old = HeapPayloadSize(block);
    PVOID result = address;
    if (!ResizeInPlace(heap, block, size)) {
        if (flags & HEAP_REALLOC_IN_PLACE_ONLY)
            return NULL;
        result = AllocateLocked(heap, flags & ~HEAP_ZERO_MEMORY, size);
        if (!result)
            return NULL;
        memcpy(result, address, old < size ? old : size);
        RtlFreeHeap(heap, HEAP_NO_SERIALIZE, address);
    }
    if (flags & HEAP_ZERO_MEMORY && size > old)
        memset((char *)result + old, 0, size - old);
    return result;
}

PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Address, SIZE_T Size)
{
    struct heap *heap = Address ? HeapEnter(Heap, Flags) : NULL;
    if (!heap)
        return NULL;
    Flags |= heap->flags;
    PVOID result = Size < 0x7FFE0000 ? ReallocateLocked(heap, Flags, Address, Size) : NULL;
    HeapLeave(heap, Flags);
    return result ? result : Failed(Flags, STATUS_NO_MEMORY);
}

SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PCVOID Address)
{
    struct heap *heap = HeapEnter(Heap, Flags);
    if (!heap)
        return (SIZE_T)-1;
    struct block *block = HeapCheckedBlock(heap, Address);
    SIZE_T size = block ? HeapPayloadSize(block) : (SIZE_T)-1;
    HeapLeave(heap, Flags);
    if (!block)
        RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_INVALID_PARAMETER);
    return size;
}
