/* COM's task memory is the process heap; there are no apartments to enter. */
#include "rtl.h"

LPVOID WINAPI CoTaskMemAlloc(SIZE_T size)
{
    return RtlAllocateHeap(GetProcessHeap(), 0, size);
}

LPVOID WINAPI CoTaskMemRealloc(LPVOID block, SIZE_T size)
{
    if (!block) return CoTaskMemAlloc(size);
    if (size) return RtlReAllocateHeap(GetProcessHeap(), 0, block, size);
    RtlFreeHeap(GetProcessHeap(), 0, block);
    return NULL;
}

VOID WINAPI CoTaskMemFree(LPVOID block)
{
    if (block) RtlFreeHeap(GetProcessHeap(), 0, block);
}

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD apartment)
{
    (void)apartment;
    return reserved ? (HRESULT)0x80070057 : 0;
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, 0);
}

VOID WINAPI CoUninitialize(void)
{
}

/* PROPVARIANT: the types whose values are blocks of task memory (VT_LPSTR, VT_LPWSTR, VT_CLSID), or
 * a count and a block (VT_BLOB). */
HRESULT WINAPI PropVariantClear(PVOID variant)
{
    enum { VT_LPSTR = 30, VT_LPWSTR = 31, VT_BLOB = 65, VT_CLSID = 72 };
    struct {
        USHORT type, reserved[3];
        PVOID value, block;
    } *property = variant;
    if (!property) return 0;
    if (property->type == VT_LPSTR || property->type == VT_LPWSTR || property->type == VT_CLSID)
        CoTaskMemFree(property->value);
    else if (property->type == VT_BLOB) CoTaskMemFree(property->block);
    property->type = 0;
    property->value = property->block = NULL;
    return 0;
}

/* IMalloc over the same functions; it lives as long as the process. */
struct allocator {
    const void *const *methods;
};

static HRESULT WINAPI same_object(struct allocator *self, const GUID *interface, PVOID *object)
{
    (void)interface;
    *object = self;
    return 0;
}

static ULONG WINAPI count_one(struct allocator *self)
{
    (void)self;
    return 1;
}

static LPVOID WINAPI allocate_block(struct allocator *self, SIZE_T size)
{
    (void)self;
    return CoTaskMemAlloc(size);
}

static LPVOID WINAPI resize_block(struct allocator *self, LPVOID block, SIZE_T size)
{
    (void)self;
    return CoTaskMemRealloc(block, size);
}

static VOID WINAPI free_block(struct allocator *self, LPVOID block)
{
    (void)self;
    CoTaskMemFree(block);
}

static SIZE_T WINAPI block_size(struct allocator *self, LPVOID block)
{
    (void)self;
    return block ? RtlSizeHeap(GetProcessHeap(), 0, block) : (SIZE_T)-1;
}

static int WINAPI did_allocate(struct allocator *self, LPVOID block)
{
    (void)self;
    return block ? RtlValidateHeap(GetProcessHeap(), 0, block) : -1;
}

static VOID WINAPI minimize_heap(struct allocator *self)
{
    (void)self;
}

HRESULT WINAPI CoGetMalloc(DWORD context, PVOID *allocator)
{
    static const void *const methods[] = {same_object, count_one, count_one, allocate_block,
        resize_block, free_block, block_size, did_allocate, minimize_heap};
    static struct allocator only = {methods};
    if (context != 1) return (HRESULT)0x80070057;
    *allocator = &only;
    return 0;
}
