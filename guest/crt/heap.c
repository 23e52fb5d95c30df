/* The malloc family over one Win32 heap. */
#include "crt.h"

static HANDLE heap;
static int new_mode;
static int(__cdecl *new_handler)(size_t);

void crt_heap_start(void)
{
    heap = GetProcessHeap();
}

intptr_t _get_heap_handle(void)
{
    return (intptr_t)heap;
}

int _callnewh(size_t size)
{
    return new_handler ? new_handler(size) != 0 : 0;
}

void *malloc(size_t size)
{
    void *block;

    while (!(block = HeapAlloc(heap, 0, size)))
        if (!new_mode || !_callnewh(size)) {
            errno = ENOMEM;
            return NULL;
        }
    return block;
}

void *calloc(size_t count, size_t size)
{
    size_t total;
    void *block;

    if (__builtin_mul_overflow(count, size, &total) ||
        !(block = HeapAlloc(heap, HEAP_ZERO_MEMORY, total))) {
        errno = ENOMEM;
        return NULL;
    }
    return block;
}

void free(void *block)
{
    if (block)
        HeapFree(heap, 0, block);
}

void *realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    if (!size) {
        free(block);
        return NULL;
    }
    block = HeapReAlloc(heap, 0, block, size);
    if (!block)
        errno = ENOMEM;
    return block;
}

size_t _msize(void *block)
{
    if (!block) {
        crt_invalid(EINVAL);
        return (size_t)-1;
    }
    return HeapSize(heap, 0, block);
}

void *_recalloc(void *block, size_t count, size_t size)
{
    size_t total, old = block ? HeapSize(heap, 0, block) : 0;
    char *grown;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    grown = realloc(block, total);
    if (grown && total > old)
        memset(grown + old, 0, total - old);
    return grown;
}

void *_expand(void *block, size_t size)
{
    if (!block) {
        crt_invalid(EINVAL);
        return NULL;
    }
    return HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, size);
}

int _set_new_mode(int mode)
{
    int old = new_mode;

    if (mode != 0 && mode != 1) {
        crt_invalid(EINVAL);
        return -1;
    }
    new_mode = mode;
    return old;
}

int _query_new_mode(void)
{
    return new_mode;
}

void *_set_new_handler(void *handler)
{
    return InterlockedExchangePointer((void **)&new_handler, handler);
}

void *_query_new_handler(void)
{
    return new_handler;
}

void *crt_operator_new(size_t size)
{
    void *block;

    while (!(block = HeapAlloc(heap, 0, size)))
        if (!_callnewh(size))
            return NULL;
    return block;
}

int _heapchk(void)
{
    return HeapValidate(heap, 0, NULL) ? -2 /* _HEAPOK */ : -4 /* _HEAPBADNODE */;
}

int _heapmin(void)
{
    HeapCompact(heap, 0);
    return 0;
}

/* Aligned blocks: the pointer that malloc gave lies in the word before the aligned address. */
static bool aligned_arguments(size_t alignment, size_t offset, size_t size)
{
    if (alignment & (alignment - 1) || !alignment || (offset && offset >= size)) {
        crt_invalid(EINVAL);
        return false;
    }
    return true;
}

void *_aligned_offset_malloc(size_t size, size_t alignment, size_t offset)
{
    size_t total;
    char *block;
    uintptr_t start;

    if (!aligned_arguments(alignment, offset, size))
        return NULL;
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    if (__builtin_add_overflow(size, alignment + sizeof(void *), &total)) {
        errno = ENOMEM;
        return NULL;
    }
    block = malloc(total);
    if (!block)
        return NULL;
    start = ((uintptr_t)block + sizeof(void *) + offset + alignment - 1) & ~(alignment - 1);
    start -= offset;
    if (start - (uintptr_t)block < sizeof(void *))
        start += alignment;
    ((void **)(start & ~(uintptr_t)3))[-1] = block;
    return (void *)start;
}

static void *aligned_block(void *aligned)
{
    return ((void **)((uintptr_t)aligned & ~(uintptr_t)3))[-1];
}

void *_aligned_malloc(size_t size, size_t alignment)
{
    return _aligned_offset_malloc(size, alignment, 0);
}

void _aligned_free(void *aligned)
{
    if (aligned)
        free(aligned_block(aligned));
}

size_t _aligned_msize(void *aligned, size_t alignment, size_t offset)
{
    char *block;

    UNUSED(alignment), UNUSED(offset);
    if (!aligned) {
        crt_invalid(EINVAL);
        return (size_t)-1;
    }
    block = aligned_block(aligned);
    return HeapSize(heap, 0, block) - (size_t)((char *)aligned - block);
}

void *_aligned_offset_realloc(void *aligned, size_t size, size_t alignment, size_t offset)
{
    void *moved;
    size_t old;

    if (!aligned)
        return _aligned_offset_malloc(size, alignment, offset);
    if (!size) {
        _aligned_free(aligned);
        return NULL;
    }
    moved = _aligned_offset_malloc(size, alignment, offset);
    if (!moved)
        return NULL;
    old = _aligned_msize(aligned, alignment, offset);
    memcpy(moved, aligned, old < size ? old : size);
    _aligned_free(aligned);
    return moved;
}

void *_aligned_realloc(void *aligned, size_t size, size_t alignment)
{
    return _aligned_offset_realloc(aligned, size, alignment, 0);
}

void *_aligned_offset_recalloc(void *aligned, size_t count, size_t size, size_t alignment,
                               size_t offset)
{
    size_t total, old = aligned ? _aligned_msize(aligned, alignment, offset) : 0;
    char *grown;

    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    grown = _aligned_offset_realloc(aligned, total, alignment, offset);
    if (grown && total > old)
        memset(grown + old, 0, total - old);
    return grown;
}

void *_aligned_recalloc(void *aligned, size_t count, size_t size, size_t alignment)
{
    return _aligned_offset_recalloc(aligned, count, size, alignment, 0);
}
