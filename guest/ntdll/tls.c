/* Static thread-local storage: an index per module that has a TLS directory, and in every thread
 * a vector of blocks, at TEB.ThreadLocalStoragePointer.
 *
 * The threads that have a vector are in a list, so that a module loaded later reaches them too. A
 * thread that was terminated from outside stays in it without a TEB, until the list is walked. A
 * vector that gets too small is replaced; the old one stays for readers that hold its address and
 * goes with the thread. */
#include "loader.h"

#define SPARE_SLOTS 32u

struct thread {
    LIST_ENTRY links;
    PTEB teb;
    CLIENT_ID id;
};

struct vector {
    struct vector *outgrown;
    struct thread *thread;
    ULONG capacity;
    PVOID slots[];
};

struct block {
    PVOID allocation;
    ULONG pad;
};

static struct module **owners; /* by index; NULL: free */
static ULONG owner_count, owner_capacity;
static LIST_ENTRY threads;

VOID InitializeTls(void)
{
    ListInitialize(&threads);
}

static const IMAGE_TLS_DIRECTORY *Directory(struct module *module)
{
    ULONG size;
    return RtlImageDirectoryEntryToData(module->entry.DllBase, TRUE, IMAGE_DIRECTORY_ENTRY_TLS,
                                        &size);
}

static struct vector *VectorOf(PTEB teb)
{
    PVOID slots = teb->ThreadLocalStoragePointer;
    return slots ? (struct vector *)((char *)slots - offsetof(struct vector, slots)) : NULL;
}

/* A thread's copy of a module's template, aligned as its Characteristics say. */
static PVOID NewBlock(struct module *module)
{
    const IMAGE_TLS_DIRECTORY *tls = Directory(module);
    SIZE_T data = tls->EndAddressOfRawData - tls->StartAddressOfRawData;
    ULONG log = tls->Characteristics >> 20 & 15;
    SIZE_T align = log > 4 ? 1u << (log - 1) : 8;
    SIZE_T size = data + tls->SizeOfZeroFill + align + sizeof(struct block);
    PVOID allocation = AllocateZeroed(size);
    if (!allocation)
        return NULL;
    struct block *block =
        (struct block *)ALIGN_UP((ULONG_PTR)allocation + sizeof(struct block), align) - 1;
    block->allocation = allocation;
    memcpy(block + 1, (const void *)tls->StartAddressOfRawData, data);
    return block + 1;
}

static VOID FreeBlock(PVOID data)
{
    if (data)
        Free(((struct block *)data - 1)->allocation);
}

/* A vector with room for all indices, with what the old one held. */
static struct vector *Grow(PTEB teb)
{
    struct vector *old = VectorOf(teb);
    if (old && old->capacity >= owner_count)
        return old;
    ULONG capacity = owner_count + SPARE_SLOTS;
    struct vector *vector = AllocateZeroed(sizeof *vector + capacity * sizeof(PVOID));
    if (!vector)
        return NULL;
    vector->capacity = capacity;
    vector->outgrown = old;
    if (old) {
        vector->thread = old->thread;
        memcpy(vector->slots, old->slots, old->capacity * sizeof(PVOID));
    }
    teb->ThreadLocalStoragePointer = vector->slots;
    return vector;
}

static NTSTATUS TakeIndex(struct module *module, PULONG index)
{
    for (*index = 0; *index < owner_count && owners[*index]; (*index)++)
        ;
    if (*index == owner_capacity) {
        ULONG capacity = owner_capacity + SPARE_SLOTS;
        struct module **more = AllocateZeroed(capacity * sizeof *more);
        if (!more)
            return STATUS_NO_MEMORY;
        memcpy(more, owners, owner_capacity * sizeof *more);
        Free(owners);
        owners = more;
        owner_capacity = capacity;
    }
    if (*index == owner_count)
        owner_count++;
    owners[*index] = module;
    return STATUS_SUCCESS;
}

/* Whether a thread still has its TEB; if not, it is forgotten. */
static BOOLEAN IsAlive(struct thread *thread)
{
    HANDLE handle;
    OBJECT_ATTRIBUTES object;
    InitializeObjectAttributes(&object, NULL, 0, NULL, NULL);
    if (NT_SUCCESS(NtOpenThread(&handle, SYNCHRONIZE, &object, &thread->id))) {
        NtClose(handle);
        return TRUE;
    }
    ListRemove(&thread->links);
    Free(thread);
    return FALSE;
}

/* Give a module its index, and every thread that runs already its block. */
NTSTATUS AddModuleTls(struct module *module)
{
    const IMAGE_TLS_DIRECTORY *tls = Directory(module);
    ULONG index, old;
    module->entry.TlsIndex = 0;
    if (!tls)
        return STATUS_SUCCESS;
    NTSTATUS status = TakeIndex(module, &index);
    if (!NT_SUCCESS(status))
        return status;
    module->entry.TlsIndex = 0xFFFF;
    Protect((PVOID)tls->AddressOfIndex, sizeof(ULONG), PAGE_READWRITE, &old);
    *(ULONG *)tls->AddressOfIndex = index;
    if (old != PAGE_READWRITE && old != PAGE_WRITECOPY)
        Protect((PVOID)tls->AddressOfIndex, sizeof(ULONG), old, &old);
    for (PLIST_ENTRY link = threads.Flink, next; link != &threads; link = next) {
        struct thread *thread = CONTAINING_RECORD(link, struct thread, links);
        next = link->Flink;
        if (!IsAlive(thread))
            continue;
        struct vector *vector = Grow(thread->teb);
        if (!vector || !(vector->slots[index] = NewBlock(module)))
            return STATUS_NO_MEMORY;
    }
    return STATUS_SUCCESS;
}

VOID RemoveModuleTls(struct module *module)
{
    for (ULONG index = 0; index < owner_count; index++) {
        if (owners[index] != module)
            continue;
        owners[index] = NULL;
        for (PLIST_ENTRY link = threads.Flink, next; link != &threads; link = next) {
            struct thread *thread = CONTAINING_RECORD(link, struct thread, links);
            next = link->Flink;
            if (!IsAlive(thread))
                continue;
            struct vector *vector = VectorOf(thread->teb);
            if (!vector || index >= vector->capacity)
                continue;
            FreeBlock(vector->slots[index]);
            vector->slots[index] = NULL;
        }
    }
}

/* The calling thread's vector, with a block for every module. */
NTSTATUS AttachThreadTls(void)
{
    PTEB teb = NtTeb();
    struct vector *vector = Grow(teb);
    if (!vector || !(vector->thread = AllocateZeroed(sizeof *vector->thread)))
        return STATUS_NO_MEMORY;
    vector->thread->teb = teb;
    vector->thread->id = teb->ClientId;
    ListAppend(&threads, &vector->thread->links);
    for (ULONG index = 0; index < owner_count; index++)
        if (owners[index] && !vector->slots[index] &&
            !(vector->slots[index] = NewBlock(owners[index])))
            return STATUS_NO_MEMORY;
    return STATUS_SUCCESS;
}

VOID DetachThreadTls(void)
{
    PTEB teb = NtTeb();
    struct vector *vector = VectorOf(teb);
    if (!vector)
        return;
    if (vector->thread) {
        ListRemove(&vector->thread->links);
        Free(vector->thread);
    }
    teb->ThreadLocalStoragePointer = NULL;
    for (ULONG index = 0; index < vector->capacity; index++)
        FreeBlock(vector->slots[index]);
    while (vector) {
        struct vector *outgrown = vector->outgrown;
        Free(vector);
        vector = outgrown;
    }
}

/* Their last argument is zero always (Microsoft's PE format, "TLS Callback Functions"). */
VOID CallTlsCallbacks(struct module *module, ULONG reason, NTSTATUS *raised)
{
    const IMAGE_TLS_DIRECTORY *tls = Directory(module);
    if (!tls || !tls->AddressOfCallBacks)
        return;
    for (PVOID *callback = (PVOID *)tls->AddressOfCallBacks; *callback; callback++) {
        CallEntryPoint(*callback, module->entry.DllBase, reason, NULL, raised);
        if (raised && *raised)
            return;
    }
}
