/* The heap's lists of free blocks: see heap.h. */
#include "heap.h"

/* Class 0 holds sizes below 64 in steps of 8; class n from 2^(n+5), in eighths. */
static VOID Locate(SIZE_T size, ULONG *class, ULONG *part)
{
    if (size < 64) {
        *class = 0;
        *part = size >> 3;
        return;
    }
    ULONG log = 31 - __builtin_clz(size);
    *class = log - 5;
    *part = (size >> (log - 3)) & 7;
    if (*class >= CLASS_COUNT) {
        *class = CLASS_COUNT - 1;
        *part = CLASS_PARTS - 1;
    }
}

/* Make [block, block + size) one free block and list it. */
VOID HeapInsertFree(struct heap *heap, struct block *block, SIZE_T size)
{
    ULONG class, part;
    struct free_block *free = (struct free_block *)block;
    Locate(size, &class, &part);
    block->size = size | (block->size & BLOCK_PREVIOUS_FREE);
    block->check = BlockCheck(block);
    struct block *next = NextBlock(block);
    next->size |= BLOCK_PREVIOUS_FREE;
    ((ULONG *)next)[-1] = size;
    free->previous = NULL;
    free->next = heap->lists[class][part];
    if (free->next)
        free->next->previous = free;
    heap->lists[class][part] = free;
    heap->parts[class] |= 1u << part;
    heap->classes |= 1u << class;
}

/* Take a block off its list; the caller decides about its bits and its neighbour's. */
VOID HeapRemoveFree(struct heap *heap, struct block *block)
{
    ULONG class, part;
    struct free_block *free = (struct free_block *)block;
    Locate(BlockSize(block), &class, &part);
    if (free->next)
        free->next->previous = free->previous;
    if (free->previous) {
        free->previous->next = free->next;
        return;
    }
    heap->lists[class][part] = free->next;
    if (free->next)
        return;
    heap->parts[class] &= ~(1u << part);
    if (!heap->parts[class])
        heap->classes &= ~(1u << class);
}

/* A block of the size's own list that is large enough, or any of the next list that has one. */
struct block *HeapFindFree(struct heap *heap, SIZE_T size)
{
    ULONG class, part;
    Locate(size, &class, &part);
    struct free_block *free = heap->lists[class][part];
    for (ULONG tries = 0; free && tries < 4; free = free->next, tries++)
        if (BlockSize(&free->header) >= size)
            return &free->header;
    ULONG parts = heap->parts[class] & (0xFFFFFFFEu << part);
    if (!parts) {
        ULONG classes = heap->classes & (0xFFFFFFFEu << class);
        if (!classes)
            return NULL;
        class = __builtin_ctz(classes);
        parts = heap->parts[class];
    }
    return &heap->lists[class][__builtin_ctz(parts)]->header;
}
