/* The modules of the process: the three lists of PEB_LDR_DATA and who needs whom. */
#include "loader.h"

static PEB_LDR_DATA ldr_data;

VOID InitializeModuleLists(void)
{
    ldr_data.Length = sizeof ldr_data;
    ListInitialize(&ldr_data.InLoadOrderModuleList);
    ListInitialize(&ldr_data.InMemoryOrderModuleList);
    ListInitialize(&ldr_data.InInitializationOrderModuleList);
    NtPeb()->Ldr = &ldr_data;
}

static UNICODE_STRING BaseName(PCUNICODE_STRING full)
{
    USHORT count = full->Length / sizeof(WCHAR), start = count;
    while (start && full->Buffer[start - 1] != '\\' && full->Buffer[start - 1] != '/')
        start--;
    USHORT length = (count - start) * sizeof(WCHAR);
    return (UNICODE_STRING){length, length + sizeof(WCHAR), full->Buffer + start};
}

/* Enter a mapped image in the load and memory order lists. NULL: no memory. */
struct module *AddModule(PVOID base, PCUNICODE_STRING full_name)
{
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(base);
    struct module *module = AllocateZeroed(sizeof *module);
    if (!module || !NT_SUCCESS(RtlDuplicateUnicodeString(3, full_name, &module->entry.FullDllName)))
        return NULL;
    PLDR_DATA_TABLE_ENTRY entry = &module->entry;
    entry->BaseDllName = BaseName(&entry->FullDllName);
    entry->DllBase = base;
    entry->SizeOfImage = headers->OptionalHeader.SizeOfImage;
    if (headers->OptionalHeader.AddressOfEntryPoint)
        entry->EntryPoint = (char *)base + headers->OptionalHeader.AddressOfEntryPoint;
    entry->TimeDateStamp = headers->FileHeader.TimeDateStamp;
    entry->OriginalBase = headers->OptionalHeader.ImageBase;
    if (headers->FileHeader.Characteristics & IMAGE_FILE_DLL)
        entry->Flags |= LDRP_IMAGE_DLL;
    RtlHashUnicodeString(&entry->BaseDllName, TRUE, 0, &entry->BaseNameHashValue);
    module->exports = RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_EXPORT,
                                                   &module->exports_size);
    ListInitialize(&entry->HashLinks);
    ListInitialize(&entry->NodeModuleLink);
    ListInitialize(&entry->InInitializationOrderLinks);
    ListAppend(&ldr_data.InLoadOrderModuleList, &entry->InLoadOrderLinks);
    ListAppend(&ldr_data.InMemoryOrderModuleList, &entry->InMemoryOrderLinks);
    return module;
}

/* Forget a module whose image is about to go. */
VOID RemoveModule(struct module *module)
{
    ListRemove(&module->entry.InLoadOrderLinks);
    ListRemove(&module->entry.InMemoryOrderLinks);
    ListRemove(&module->entry.InInitializationOrderLinks);
    RtlFreeUnicodeString(&module->entry.FullDllName);
    Free(module->needed);
    Free(module);
}

struct module *FindModuleByBase(PVOID base)
{
    FOR_EACH_MODULE(module)
        if (module->entry.DllBase == base)
            return module;
    return NULL;
}

struct module *FindModuleByName(PCUNICODE_STRING base_name)
{
    ULONG hash = 0;
    RtlHashUnicodeString(base_name, TRUE, 0, &hash);
    FOR_EACH_MODULE(module)
        if (module->entry.BaseNameHashValue == hash &&
            RtlEqualUnicodeString(&module->entry.BaseDllName, base_name, TRUE))
            return module;
    return NULL;
}

struct module *FindModuleByPath(PCUNICODE_STRING full_name)
{
    FOR_EACH_MODULE(module)
        if (RtlEqualUnicodeString(&module->entry.FullDllName, full_name, TRUE))
            return module;
    return NULL;
}

static VOID SetReferences(struct module *module, ULONG count)
{
    module->references = count;
    module->entry.ObsoleteLoadCount = (USHORT)count;
    module->entry.ReferenceCount = count;
}

VOID Reference(struct module *module)
{
    if (module->references < PINNED)
        SetReferences(module, module->references + 1);
}

/* Give back a reference. */
VOID Dereference(struct module *module)
{
    if (module->references && module->references < PINNED)
        SetReferences(module, module->references - 1);
}

VOID Pin(struct module *module)
{
    SetReferences(module, PINNED);
}

/* Note that a module imports from another. */
NTSTATUS AddNeeded(struct module *module, struct module *needed)
{
    BOOL known = module == needed;
    for (ULONG i = 0; i < module->needed_count && !known; i++)
        known = module->needed[i] == needed;
    if (known)
        return STATUS_SUCCESS;
    if (module->needed_count % 8 == 0) {
        SIZE_T size = (module->needed_count + 8) * sizeof(PVOID);
        PVOID more = module->needed
                         ? RtlReAllocateHeap(NtPeb()->ProcessHeap, 0, module->needed, size)
                         : Allocate(size);
        if (!more)
            return STATUS_NO_MEMORY;
        module->needed = more;
    }
    module->needed[module->needed_count++] = needed;
    return STATUS_SUCCESS;
}
