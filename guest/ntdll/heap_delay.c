/* The shim of delayed frees: blocks that a program frees stay as they are for a while. The kernel
 * leaves the number of blocks behind PEB.pShimData; without it there is none of this. */
#include "heap.h"

struct shim_data {
    ULONG Size;
    ULONG DelayedFrees;
};

BOOL heap_delays;

static struct delayed_free *ring;
static ULONG ring_size, ring_next;
static RTL_SRWLOCK ring_lock;

VOID HeapDelayInitialize(void)
{
    const struct shim_data *data = NtPeb()->pShimData;
    PVOID base = NULL;
    SIZE_T size;
    if (!data || data->Size < sizeof *data || !data->DelayedFrees)
        return;
    size = data->DelayedFrees * sizeof *ring;
    if (!NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
        return;
    ring = base;
    ring_size = data->DelayedFrees;
    heap_delays = TRUE;
}

/* Take the place of the block that has waited longest, and give that; FALSE: none is due. */
BOOL HeapDelayFree(struct delayed_free *block)
{
    struct delayed_free oldest;
    RtlAcquireSRWLockExclusive(&ring_lock);
    oldest = ring[ring_next];
    ring[ring_next] = *block;
    ring_next = (ring_next + 1) % ring_size;
    RtlReleaseSRWLockExclusive(&ring_lock);
    *block = oldest;
    return oldest.address != NULL;
}

/* A heap goes with all its blocks. */
VOID HeapForgetDelayed(PVOID heap)
{
    if (!heap_delays)
        return;
    RtlAcquireSRWLockExclusive(&ring_lock);
    for (ULONG i = 0; i < ring_size; i++)
        if (ring[i].heap == heap)
            ring[i].address = NULL;
    RtlReleaseSRWLockExclusive(&ring_lock);
}
