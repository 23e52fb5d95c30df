/* GlobalAlloc and LocalAlloc: one implementation, as on Windows since NT 3.1.
 *
 * A fixed block's handle is its address. A movable block's handle points at a small record (told
 * from an address by bit 2 being set: heap blocks are 8-byte aligned) that holds the address. */
#include "kernel32.h"

struct movable {
    ULONG Pad; /* the handle is the address of the next field: 4 modulo 8 */
    void *block;
    USHORT locks;
    USHORT discarded;
    SIZE_T size;
};

static BOOL is_movable(HLOCAL handle)
{
    return ((ULONG_PTR)handle & 7) == offsetof(struct movable, block);
}

static struct movable *movable_of(HLOCAL handle)
{
    return CONTAINING_RECORD(handle, struct movable, block);
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    struct movable *movable;
    if (!(flags & LMEM_MOVEABLE)) {
        void *block = RtlAllocateHeap(GetProcessHeap(), heap_flags, size);
        if (!block) set_error(ERROR_NOT_ENOUGH_MEMORY);
        return block;
    }
    movable = allocate(sizeof *movable);
    if (!movable) return NULL;
    memset(movable, 0, sizeof *movable);
    movable->size = size;
    if (!size) return (HLOCAL)&movable->block;
    movable->block = RtlAllocateHeap(GetProcessHeap(), heap_flags, size);
    if (movable->block) return (HLOCAL)&movable->block;
    release(movable);
    set_error(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

HLOCAL WINAPI LocalFree(HLOCAL handle)
{
    if (!handle) return NULL;
    if (is_movable(handle)) {
        struct movable *movable = movable_of(handle);
        if (movable->block) release(movable->block);
        release(movable);
        return NULL;
    }
    if (RtlFreeHeap(GetProcessHeap(), 0, handle)) return NULL;
    set_error(ERROR_INVALID_HANDLE);
    return handle;
}

static HLOCAL resize_movable(HLOCAL handle, SIZE_T size, ULONG heap_flags)
{
    struct movable *movable = movable_of(handle);
    void *block = movable->block
        ? RtlReAllocateHeap(GetProcessHeap(), heap_flags, movable->block, size)
        : RtlAllocateHeap(GetProcessHeap(), heap_flags, size);
    if (!block) {
        set_error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    movable->block = block;
    movable->size = size;
    return handle;
}

HLOCAL WINAPI LocalReAlloc(HLOCAL handle, SIZE_T size, UINT flags)
{
    ULONG heap_flags = flags & LMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    void *block;
    if (flags & LMEM_MODIFY) return handle;
    if (is_movable(handle)) return resize_movable(handle, size, heap_flags);
    if (!(flags & LMEM_MOVEABLE)) heap_flags |= HEAP_REALLOC_IN_PLACE_ONLY;
    block = RtlReAllocateHeap(GetProcessHeap(), heap_flags, handle, size);
    if (!block) set_error(ERROR_NOT_ENOUGH_MEMORY);
    return block;
}

LPVOID WINAPI LocalLock(HLOCAL handle)
{
    struct movable *movable;
    if (!is_movable(handle)) return handle;
    movable = movable_of(handle);
    if (movable->block && movable->locks < LMEM_LOCKCOUNT) movable->locks++;
    if (!movable->block) set_error(ERROR_DISCARDED);
    return movable->block;
}

BOOL WINAPI LocalUnlock(HLOCAL handle)
{
    struct movable *movable;
    if (!is_movable(handle)) return set_error(ERROR_NOT_LOCKED);
    movable = movable_of(handle);
    if (!movable->locks) return set_error(ERROR_NOT_LOCKED);
    set_error(NO_ERROR);
    return --movable->locks != 0;
}

SIZE_T WINAPI LocalSize(HLOCAL handle)
{
    SIZE_T size;
    if (is_movable(handle)) return movable_of(handle)->size;
    size = RtlSizeHeap(GetProcessHeap(), 0, handle);
    if (size != (SIZE_T)-1) return size;
    set_error(ERROR_INVALID_HANDLE);
    return 0;
}

UINT WINAPI LocalFlags(HLOCAL handle)
{
    return is_movable(handle) ? movable_of(handle)->locks : 0;
}

HLOCAL WINAPI LocalHandle(LPCVOID block)
{
    return (HLOCAL)block;
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    return LocalAlloc(flags & (GMEM_MOVEABLE | GMEM_ZEROINIT), size);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL handle)
{
    return LocalFree(handle);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL handle, SIZE_T size, UINT flags)
{
    return LocalReAlloc(handle, size, flags);
}

LPVOID WINAPI GlobalLock(HGLOBAL handle)
{
    return LocalLock(handle);
}

BOOL WINAPI GlobalUnlock(HGLOBAL handle)
{
    return is_movable(handle) ? LocalUnlock(handle) : TRUE;
}

SIZE_T WINAPI GlobalSize(HGLOBAL handle)
{
    return LocalSize(handle);
}

UINT WINAPI GlobalFlags(HGLOBAL handle)
{
    return LocalFlags(handle);
}

HGLOBAL WINAPI GlobalHandle(LPCVOID block)
{
    return (HGLOBAL)block;
}
