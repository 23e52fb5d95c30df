/* Heaps under random load: nothing overlaps, nothing is lost, and walking sees every block.
 * Output recorded on Wine 8.0. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define SLOTS 300
#define STEPS 12000

struct slot {
    unsigned char *block;
    SIZE_T size;
    unsigned char mark;
};

static unsigned seed = 1;
static int errors;

static unsigned next(unsigned limit)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 8) % limit;
}

static void expect(int condition, const char *what)
{
    if (!condition && errors++ < 10)
        printf("wrong: %s\n", what);
}

/* Mostly small, sometimes of many pages. */
static SIZE_T size_of(void)
{
    unsigned kind = next(100);
    return kind < 70 ? next(200) : kind < 95 ? next(5000) : kind < 99 ? next(70000) : next(1500000);
}

/* Both ends carry the mark: whole large blocks would take too long. */
static void mark(struct slot *slot)
{
    SIZE_T edge = slot->size < 64 ? slot->size : 64;
    memset(slot->block, slot->mark, edge);
    memset(slot->block + slot->size - edge, slot->mark, edge);
}

static int marked(const struct slot *slot, SIZE_T size)
{
    SIZE_T edge = size < 64 ? size : 64;
    for (SIZE_T i = 0; i < edge; i++)
        if (slot->block[i] != slot->mark)
            return 0;
    return 1;
}

static void allocate(HANDLE heap, struct slot *slot)
{
    DWORD flags = next(2) ? HEAP_ZERO_MEMORY : 0;
    slot->size = size_of();
    slot->mark = (unsigned char)next(256);
    slot->block = HeapAlloc(heap, flags, slot->size);
    expect(slot->block != NULL && (ULONG_PTR)slot->block % 8 == 0, "allocation");
    expect(HeapSize(heap, 0, slot->block) == slot->size, "size");
    if (flags)
        for (SIZE_T i = 0; i < slot->size; i += 1 + slot->size / 50)
            expect(!slot->block[i], "zeros");
    mark(slot);
}

static void reallocate(HANDLE heap, struct slot *slot)
{
    SIZE_T size = size_of(), kept = size < slot->size ? size : slot->size;
    unsigned char *block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, slot->block, size);
    expect(block != NULL, "reallocation");
    slot->block = block;
    expect(marked(slot, kept), "reallocated contents");
    if (size > slot->size)
        expect(!block[slot->size] && !block[size - 1], "reallocated zeros");
    slot->size = size;
    mark(slot);
}

static void load(HANDLE heap, struct slot *slots, int steps)
{
    for (int i = 0; i < steps; i++) {
        struct slot *slot = &slots[next(SLOTS)];
        if (!slot->block) {
            allocate(heap, slot);
        } else if (next(3)) {
            expect(marked(slot, slot->size), "contents");
            expect(HeapFree(heap, 0, slot->block), "free");
            slot->block = NULL;
        } else {
            reallocate(heap, slot);
        }
    }
}

static int in_use(const struct slot *slots)
{
    int count = 0;
    for (int i = 0; i < SLOTS; i++)
        count += slots[i].block != NULL;
    return count;
}

static int walked(HANDLE heap, const struct slot *slots)
{
    PROCESS_HEAP_ENTRY entry = {0};
    int busy = 0;
    HeapLock(heap);
    while (HeapWalk(heap, &entry))
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            for (int i = 0; i < SLOTS; i++)
                busy += slots[i].block == entry.lpData;
    expect(GetLastError() == ERROR_NO_MORE_ITEMS, "end of walk");
    HeapUnlock(heap);
    return busy;
}

static void stress(const char *name, HANDLE heap, int steps)
{
    static struct slot slots[SLOTS];
    memset(slots, 0, sizeof slots);
    load(heap, slots, steps);
    printf("%s: valid %d, walk complete %d\n", name, HeapValidate(heap, 0, NULL),
           walked(heap, slots) == in_use(slots));
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].block && i % 2)
            expect(HeapFree(heap, 0, slots[i].block), "last free"), slots[i].block = NULL;
    printf("%s: valid %d\n", name, HeapValidate(heap, 0, NULL));
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].block)
            expect(marked(&slots[i], slots[i].size) && HeapFree(heap, 0, slots[i].block), "free");
}

static void limits(void)
{
    HANDLE heap = HeapCreate(0, 4096, 65536);
    int count = 0;
    while (HeapAlloc(heap, 0, 1000))
        count++;
    printf("fixed heap holds some: %d\n", count > 40 && count < 66);
    printf("too large: %d\n", HeapAlloc(heap, 0, 0x7FFFFFFF) == NULL);
    printf("destroyed %d\n", HeapDestroy(heap));
    heap = GetProcessHeap();
    char *block = HeapAlloc(heap, 0, 100);
    void *grown = HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 50000000);
    printf("in place %d\n", grown != NULL);
    printf("smaller in place %d\n",
           HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 10) == (void *)block);
    printf("size %lu, of nothing %d\n", HeapSize(heap, 0, block), HeapFree(heap, 0, NULL));
    void *large = HeapAlloc(heap, HEAP_ZERO_MEMORY, 8000000);
    large = HeapReAlloc(heap, 0, large, 9000000);
    printf("large %lu\n", HeapSize(heap, 0, large));
    printf("free %d %d\n", HeapFree(heap, 0, large), HeapFree(heap, 0, block));
}

int main(void)
{
    HANDLE heaps[2] = {HeapCreate(0, 0, 0), HeapCreate(HEAP_NO_SERIALIZE, 100000, 0)};
    stress("process", GetProcessHeap(), STEPS);
    stress("growing", heaps[0], STEPS);
    stress("not serialized", heaps[1], STEPS / 2);
    printf("destroyed %d %d\n", HeapDestroy(heaps[0]), HeapDestroy(heaps[1]));
    limits();
    printf("errors %d\n", errors);
    return 0;
}
