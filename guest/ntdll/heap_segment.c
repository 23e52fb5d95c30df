/* The heap's memory: segments that grow by committing, and the first one that holds the heap. */
#include "heap.h"

#define FIRST_RESERVE 0x100000u
#define LARGEST_SEGMENT 0x1000000u

static PVOID Reserve(SIZE_T *size)
{
    PVOID base = NULL;
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, size, MEM_RESERVE,
                                              PAGE_READWRITE);
    return NT_SUCCESS(status) ? base : NULL;
}

static BOOL Commit(ULONG_PTR start, SIZE_T size)
{
    PVOID base = (PVOID)start;
    return NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size, MEM_COMMIT,
                                              PAGE_READWRITE));
}

static VOID ReleaseRegion(PVOID base)
{
    SIZE_T size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

static VOID WriteEnd(struct segment *segment, ULONG_PTR address, ULONG bits)
{
    segment->last = (struct block *)address;
    segment->last->size = BLOCK_USED | bits;
    segment->last->check = 0;
}

/* List what is committed between `first` and the end as one free block. */
static VOID StartSegment(struct heap *heap, struct segment *segment, ULONG_PTR first)
{
    struct block *block = (struct block *)ALIGN_UP(first, 8);
    ULONG_PTR end = segment->committed_end - sizeof(struct block);
    block->size = 0;
    WriteEnd(segment, end, 0);
    HeapInsertFree(heap, block, end - (ULONG_PTR)block);
    segment->next = heap->segments;
    heap->segments = segment;
}

/* The heap itself and its first segment; base may be memory that the caller provides. */
struct heap *HeapCreateFirst(PVOID base, SIZE_T reserve, SIZE_T commit)
{
    BOOL ours = base == NULL;
    commit = ALIGN_UP(commit, PAGE_SIZE);
    reserve = ALIGN_UP(reserve ? reserve : FIRST_RESERVE, PAGE_SIZE);
    if (reserve < commit)
        reserve = commit;
    if (commit < COMMIT_STEP)
        commit = reserve < COMMIT_STEP ? reserve : COMMIT_STEP;
    if (ours && !(base = Reserve(&reserve)))
        return NULL;
    if (!Commit((ULONG_PTR)base, commit)) {
        if (ours)
            ReleaseRegion(base);
        return NULL;
    }
    struct heap *heap = base;
    memset(heap, 0, sizeof *heap);
    struct segment *segment = (struct segment *)(heap + 1);
    segment->committed_end = (ULONG_PTR)base + commit;
    segment->end = (ULONG_PTR)base + reserve;
    StartSegment(heap, segment, (ULONG_PTR)(segment + 1));
    heap->next_segment = reserve * 2;
    return heap;
}

/* Commit at least `size` more bytes behind a segment's last block. */
static struct block *Extend(struct heap *heap, struct segment *segment, SIZE_T size)
{
    SIZE_T room = segment->end - segment->committed_end;
    SIZE_T step = ALIGN_UP(size < COMMIT_STEP ? COMMIT_STEP : size, PAGE_SIZE);
    if (step > room)
        step = ALIGN_UP(size, PAGE_SIZE);
    if (step > room || !Commit(segment->committed_end, step))
        return NULL;
    struct block *block = segment->last;
    SIZE_T gained = step;
    ULONG bits = block->size & BLOCK_PREVIOUS_FREE;
    segment->committed_end += step;
    WriteEnd(segment, segment->committed_end - sizeof(struct block), 0);
    if (bits) {
        SIZE_T before = ((ULONG *)block)[-1];
        block = (struct block *)((ULONG_PTR)block - before);
        HeapRemoveFree(heap, block);
        gained += before;
        bits = block->size & BLOCK_PREVIOUS_FREE;
    }
    block->size = bits;
    HeapInsertFree(heap, block, gained);
    return block;
}

/* A free block of at least `size` bytes from new memory, or NULL. */
struct block *HeapGrow(struct heap *heap, SIZE_T size)
{
    for (struct segment *segment = heap->segments; segment; segment = segment->next) {
        struct block *block = Extend(heap, segment, size);
        if (block)
            return block;
    }
    if (heap->fixed)
        return NULL;
    SIZE_T needed = size + sizeof(struct segment) + 2 * sizeof(struct block) + PAGE_SIZE;
    SIZE_T reserve = heap->next_segment > needed ? heap->next_segment : needed;
    struct segment *segment = Reserve(&reserve);
    if (!segment && reserve > needed && (reserve = needed))
        segment = Reserve(&reserve);
    if (!segment)
        return NULL;
    SIZE_T commit = ALIGN_UP(needed < COMMIT_STEP ? COMMIT_STEP : needed, PAGE_SIZE);
    if (commit > reserve)
        commit = reserve;
    if (!Commit((ULONG_PTR)segment, commit)) {
        ReleaseRegion(segment);
        return NULL;
    }
    if (heap->next_segment < LARGEST_SEGMENT)
        heap->next_segment *= 2;
    segment->committed_end = (ULONG_PTR)segment + commit;
    segment->end = (ULONG_PTR)segment + reserve;
    StartSegment(heap, segment, (ULONG_PTR)(segment + 1));
    return HeapFindFree(heap, size);
}

/* Give back every region; the heap's own goes last. */
VOID HeapRelease(struct heap *heap)
{
    while (heap->large.Flink != &heap->large) {
        struct large_block *large = (struct large_block *)heap->large.Flink;
        HeapFreeLarge(&large->header);
    }
    for (struct segment *segment = heap->segments, *next; segment; segment = next) {
        next = segment->next;
        if (segment != (struct segment *)(heap + 1))
            ReleaseRegion(segment);
    }
    ReleaseRegion(heap);
}
