/* The loader's exported calls. */
#include "loader.h"

/* A path below 64 KB is a set of LOAD_LIBRARY_SEARCH flags of Windows 8 and later. */
static PCWSTR SearchList(PCWSTR path)
{
    return (ULONG_PTR)path < 0x10000 || (ULONG_PTR)path & 1 ? NULL : path;
}

NTSTATUS NTAPI LdrLoadDll(PCWSTR Path, PULONG Flags, PCUNICODE_STRING Name, PVOID *Base)
{
    struct failure *failure = AllocateZeroed(sizeof *failure);
    struct request request = {SearchList(Path), failure};
    struct module *module;
    (void)Flags;
    *Base = NULL;
    if (!failure)
        return STATUS_NO_MEMORY;
    RtlEnterCriticalSection(&loader_lock);
    NTSTATUS status = LoadByName(Name, NULL, &request, &module);
    if (NT_SUCCESS(status)) {
        status = AttachProcess(module, NULL, failure);
        if (NT_SUCCESS(status))
            *Base = module->entry.DllBase;
        else
            Dereference(module);
    }
    RtlLeaveCriticalSection(&loader_lock);
    Free(failure);
    return status;
}

NTSTATUS NTAPI LdrUnloadDll(PVOID Base)
{
    if (NtPeb()->Ldr->ShutdownInProgress)
        return STATUS_SUCCESS;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindModuleByBase(Base);
    if (module)
        Dereference(module);
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

static BOOL HasExtension(PCUNICODE_STRING name)
{
    for (USHORT i = name->Length / sizeof(WCHAR); i--;) {
        if (name->Buffer[i] == '.')
            return TRUE;
        if (name->Buffer[i] == '\\' || name->Buffer[i] == '/')
            return FALSE;
    }
    return FALSE;
}

static struct module *FindLoaded(PCUNICODE_STRING name)
{
    WCHAR text[1024];
    UNICODE_STRING complete = {0, sizeof text, text}, host;
    RtlCopyUnicodeString(&complete, name);
    if (!HasExtension(name))
        RtlAppendUnicodeToString(&complete, L".DLL");
    else if (complete.Length && text[complete.Length / sizeof(WCHAR) - 1] == '.')
        complete.Length -= sizeof(WCHAR);
    if (ResolveApiSet(&complete, NULL, &host))
        complete = host;
    for (USHORT i = 0; i < complete.Length / sizeof(WCHAR); i++)
        if (complete.Buffer[i] == '\\' || complete.Buffer[i] == '/')
            return FindModuleByPath(&complete);
    return FindModuleByName(&complete);
}

/* Flags: 1 no reference is taken, 2 the module is pinned. */
NTSTATUS NTAPI LdrGetDllHandleEx(ULONG Flags, PCWSTR Path, PULONG Characteristics,
                                 PCUNICODE_STRING Name, PVOID *Base)
{
    (void)Path;
    (void)Characteristics;
    if (Flags & ~3u)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindLoaded(Name);
    if (module && Flags & 2)
        module->references = PINNED;
    else if (module && !(Flags & 1))
        Reference(module);
    if (Base)
        *Base = module ? module->entry.DllBase : NULL;
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetDllHandle(PCWSTR Path, PULONG Flags, PCUNICODE_STRING Name, PVOID *Base)
{
    (void)Flags;
    return LdrGetDllHandleEx(1, Path, NULL, Name, Base);
}

/* A forwarder may load modules: those are attached before their address is given out. */
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
                                      PVOID *Address)
{
    struct failure *failure = AllocateZeroed(sizeof *failure);
    struct request request = {NULL, failure};
    CHAR text[512];
    ANSI_STRING name = {0, sizeof text - 1, text};
    if (!failure)
        return STATUS_NO_MEMORY;
    RtlCopyString(&name, Name);
    text[name.Length] = 0;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindModuleByBase(Base);
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    if (module) {
        ULONG before = module->needed_count;
        status = FindExport(module, name.Length ? text : NULL, Ordinal, (ULONG)-1, Address,
                            &request);
        for (ULONG i = before; i < module->needed_count && NT_SUCCESS(status); i++)
            status = AttachProcess(module->needed[i], NULL, failure);
    }
    RtlLeaveCriticalSection(&loader_lock);
    Free(failure);
    return status;
}

static struct module *FindAround(PVOID address)
{
    PLIST_ENTRY head = &NtPeb()->Ldr->InMemoryOrderModuleList;
    for (PLIST_ENTRY link = head->Flink; link != head; link = link->Flink) {
        struct module *module = CONTAINING_RECORD(link, struct module, entry.InMemoryOrderLinks);
        if ((ULONG_PTR)address - (ULONG_PTR)module->entry.DllBase < module->entry.SizeOfImage)
            return module;
    }
    return NULL;
}

NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry)
{
    struct module *module = NtPeb()->Ldr ? FindAround(Address) : NULL;
    *Entry = module ? &module->entry : NULL;
    return module ? STATUS_SUCCESS : STATUS_NO_MORE_ENTRIES;
}

PVOID NTAPI RtlPcToFileHeader(PVOID Address, PVOID *Base)
{
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindAround(Address);
    *Base = module ? module->entry.DllBase : NULL;
    RtlLeaveCriticalSection(&loader_lock);
    return *Base;
}

/* Flags: 1, never to be unloaded. */
NTSTATUS NTAPI LdrAddRefDll(ULONG Flags, PVOID Base)
{
    if (Flags & ~1u)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindModuleByBase(Base);
    if (module && Flags & 1)
        module->references = PINNED;
    else if (module)
        Reference(module);
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID Base)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindModuleByBase(Base);
    if (module && RtlImageNtHeader(Base)) {
        ULONG size;
        status = STATUS_SUCCESS;
        if (!RtlImageDirectoryEntryToData(Base, TRUE, IMAGE_DIRECTORY_ENTRY_TLS, &size))
            module->entry.Flags |= LDRP_DONT_CALL_FOR_THREADS;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

/* Flags: 1 raise instead of returning errors, 2 try only. Disposition: 1 taken, 2 not. */
NTSTATUS NTAPI LdrLockLoaderLock(ULONG Flags, PULONG Disposition, PULONG_PTR Cookie)
{
    if (Disposition)
        *Disposition = 0;
    if (Cookie)
        *Cookie = 0;
    if (Flags & ~3u)
        return STATUS_INVALID_PARAMETER_1;
    if (!Cookie)
        return STATUS_INVALID_PARAMETER_3;
    if (Flags & 2 && !Disposition)
        return STATUS_INVALID_PARAMETER_2;
    if (!(Flags & 2))
        RtlEnterCriticalSection(&loader_lock);
    else if (!RtlTryEnterCriticalSection(&loader_lock)) {
        *Disposition = 2;
        return STATUS_SUCCESS;
    }
    if (Disposition)
        *Disposition = 1;
    *Cookie = (ULONG_PTR)NtTeb()->ClientId.UniqueThread << 16 | 0x10CC;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG Flags, ULONG_PTR Cookie)
{
    if (Flags & ~1u)
        return STATUS_INVALID_PARAMETER_1;
    if (Cookie) {
        if (Cookie != ((ULONG_PTR)NtTeb()->ClientId.UniqueThread << 16 | 0x10CC))
            return STATUS_INVALID_PARAMETER_2;
        RtlLeaveCriticalSection(&loader_lock);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrEnumerateLoadedModules(ULONG Flags, PLDR_ENUM_CALLBACK Callback, PVOID Context)
{
    BOOLEAN stop = FALSE;
    if (Flags || !Callback)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    PLIST_ENTRY head = &NtPeb()->Ldr->InLoadOrderModuleList;
    for (PLIST_ENTRY link = head->Flink; link != head && !stop; link = link->Flink)
        Callback((PLDR_DATA_TABLE_ENTRY)link, Context, &stop);
    RtlLeaveCriticalSection(&loader_lock);
    return STATUS_SUCCESS;
}

/* NULL stands for the program. */
NTSTATUS NTAPI LdrGetDllFullName(PVOID Base, PUNICODE_STRING Name)
{
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = Base ? FindModuleByBase(Base) : exe_module;
    NTSTATUS status = module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
    if (module) {
        RtlCopyUnicodeString(Name, &module->entry.FullDllName);
        if (Name->MaximumLength < module->entry.FullDllName.Length + sizeof(WCHAR))
            status = STATUS_BUFFER_TOO_SMALL;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

/* A handler of an image with a SafeSEH table has to be in it; one outside of any image is
 * accepted, as with NX off for that check in Windows' default process flags. */
BOOLEAN NTAPI RtlIsValidHandler(PVOID Handler)
{
    struct module *module = NtPeb()->Ldr ? FindAround(Handler) : NULL;
    ULONG size, low = 0;
    if (!module)
        return TRUE;
    char *base = module->entry.DllBase;
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(base);
    if (headers->OptionalHeader.DllCharacteristics & IMAGE_DLLCHARACTERISTICS_NO_SEH)
        return FALSE;
    const IMAGE_LOAD_CONFIG_DIRECTORY32 *config =
        RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG, &size);
    if (!config || config->Size < offsetof(IMAGE_LOAD_CONFIG_DIRECTORY32, SEHandlerCount) + 4 ||
        !config->SEHandlerTable || !config->SEHandlerCount)
        return TRUE;
    const ULONG *table = (const ULONG *)(ULONG_PTR)config->SEHandlerTable;
    ULONG high = config->SEHandlerCount, rva = (ULONG)((char *)Handler - base);
    while (low < high) {
        ULONG middle = (low + high) / 2;
        if (table[middle] == rva)
            return TRUE;
        if (table[middle] < rva)
            low = middle + 1;
        else
            high = middle;
    }
    return FALSE;
}
