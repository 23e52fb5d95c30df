/* Walking a heap: the blocks of its segments, in use or free, then the large ones. */
#include "heap.h"

struct walk_entry {
    PVOID address;
    SIZE_T size;
    UCHAR overhead;
    UCHAR segment;
    USHORT flags;
    ULONG tail[4];
};

static struct block *LargeAt(struct heap *heap, PLIST_ENTRY link)
{
    return link == &heap->large ? NULL : &((struct large_block *)link)->header;
}

static struct block *NextLarge(struct heap *heap, const struct block *last)
{
    for (PLIST_ENTRY link = heap->large.Flink; link != &heap->large; link = link->Flink)
        if (LargeAt(heap, link) == last)
            return LargeAt(heap, link->Flink);
    return NULL;
}

/* The block after `last` (NULL: the first), or NULL at the end. */
static struct block *Following(struct heap *heap, const struct block *last)
{
    struct segment *segment = heap->segments;
    if (!last)
        return FirstBlock(segment);
    while (segment && (last < FirstBlock(segment) || last >= segment->last))
        segment = segment->next;
    if (!segment)
        return NextLarge(heap, last);
    struct block *next = NextBlock(last);
    if (next != segment->last)
        return next;
    return segment->next ? FirstBlock(segment->next) : LargeAt(heap, heap->large.Flink);
}

NTSTATUS NTAPI RtlWalkHeap(PVOID Heap, PVOID Entry)
{
    struct heap *heap = HeapEnter(Heap, 0);
    struct walk_entry *entry = Entry;
    if (!heap)
        return STATUS_INVALID_PARAMETER;
    struct block *last = entry->address ? (struct block *)entry->address - 1 : NULL;
    struct block *block = Following(heap, last);
    if (block) {
        entry->address = Payload(block);
        entry->flags = block->size & BLOCK_USED ? RTL_HEAP_BUSY : 0;
        entry->size = entry->flags ? HeapPayloadSize(block) : BlockSize(block) - sizeof *block;
        entry->overhead = sizeof *block;
        entry->segment = 0;
    }
    HeapLeave(heap, 0);
    return block ? STATUS_SUCCESS : STATUS_NO_MORE_ENTRIES;
}
