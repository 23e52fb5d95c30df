/* The heap's structures.
 *
 * A heap has segments: reserved regions, committed from the low end. A segment is a row of blocks,
 * each behind an 8-byte header; the last is a zero-sized one in use, which stops coalescing:
 *
 *     | segment | header payload | header payload | … | end header | not committed …
 *
 * Free blocks are in two-level segregated lists (power of two, then eighths of it), found through
 * bitmaps, so that allocating and freeing take the same few steps however full the heap is.
 * Blocks of 512 KB and more are regions of their own. */
#pragma once
#include "ntdll.h"

#define HEAP_MAGIC 0x50414548u /* "HEAP" */
#define BLOCK_USED 1u
#define BLOCK_PREVIOUS_FREE 2u /* the word before the header is the size of the block before */
#define BLOCK_LARGE 4u
#define BLOCK_FLAGS 7u
#define MINIMUM_BLOCK 24u /* header, two links, footer, rounded to 8 */
#define LARGE_BLOCK 0x80000u
#define COMMIT_STEP 0x10000u
#define CLASS_COUNT 16u
#define CLASS_PARTS 8u

struct block {
    ULONG size; /* whole block, multiple of 8; low bits: BLOCK_… */
    USHORT unused; /* bytes of the payload that were not asked for */
    USHORT check; /* tells a block from any other address */
};

struct free_block {
    struct block header;
    struct free_block *next, *previous;
};

struct segment {
    struct segment *next;
    ULONG_PTR committed_end; /* first address not committed */
    ULONG_PTR end;
    struct block *last; /* the end header */
};

struct large_block {
    LIST_ENTRY links;
    SIZE_T reserved;
    SIZE_T pad;
    struct block header;
};

struct heap {
    ULONG spare[3];
    ULONG flags; /* at 0x0C in no Windows; only ours reads it */
    ULONG magic;
    struct segment *segments;
    SIZE_T next_segment; /* bytes to reserve for the next one */
    BOOLEAN fixed; /* a maximum size was given */
    LIST_ENTRY large;
    RTL_CRITICAL_SECTION lock;
    ULONG classes; /* bit per class that has a free block */
    UCHAR parts[CLASS_COUNT]; /* bit per part */
    struct free_block *lists[CLASS_COUNT][CLASS_PARTS];
};

static inline SIZE_T BlockSize(const struct block *block)
{
    return block->size & ~BLOCK_FLAGS;
}

static inline struct block *NextBlock(const struct block *block)
{
    return (struct block *)((ULONG_PTR)block + BlockSize(block));
}

static inline struct block *FirstBlock(const struct segment *segment)
{
    return (struct block *)ALIGN_UP((ULONG_PTR)(segment + 1), 8);
}

static inline PVOID Payload(struct block *block)
{
    return block + 1;
}

static inline USHORT BlockCheck(const struct block *block)
{
    ULONG address = (ULONG)(ULONG_PTR)block;
    return (USHORT)(address >> 3 ^ address >> 19 ^ 0xB10C);
}

/* heap_delay.c */
struct delayed_free {
    PVOID heap, address;
    ULONG flags;
};
extern BOOL heap_delays;
BOOL HeapDelayFree(struct delayed_free *block);
VOID HeapForgetDelayed(PVOID heap);

/* heap_list.c */
VOID HeapInsertFree(struct heap *heap, struct block *block, SIZE_T size);
VOID HeapRemoveFree(struct heap *heap, struct block *block);
struct block *HeapFindFree(struct heap *heap, SIZE_T size);
/* heap_segment.c */
struct heap *HeapCreateFirst(PVOID base, SIZE_T reserve, SIZE_T commit);
struct block *HeapGrow(struct heap *heap, SIZE_T size);
VOID HeapRelease(struct heap *heap);
/* heap.c */
struct heap *HeapEnter(PVOID heap, ULONG flags);
VOID HeapLeave(struct heap *heap, ULONG flags);
struct block *HeapCheckedBlock(struct heap *heap, PCVOID address);
VOID HeapReleaseBlock(struct heap *heap, struct block *block, SIZE_T size);
PVOID HeapAllocateLarge(struct heap *heap, SIZE_T size);
VOID HeapFreeLarge(struct block *block);
SIZE_T HeapPayloadSize(const struct block *block);
VOID HeapRegister(struct heap *heap);
VOID HeapUnregister(struct heap *heap);
