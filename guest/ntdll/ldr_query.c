/* The loader's exported questions about modules, and its lock. */
#include "loader.h"

NTSTATUS NTAPI LdrGetDllHandleByName(PCUNICODE_STRING BaseName, PCUNICODE_STRING FullName,
                                     PVOID *Base)
{
    if (!BaseName && !FullName)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FullName ? FindModuleByPath(FullName) : FindModuleByName(BaseName);
    *Base = module ? module->entry.DllBase : NULL;
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetDllHandleByMapping(PVOID Mapping, PVOID *Base)
{
    RtlEnterCriticalSection(&loader_lock);
    struct module *module = FindModuleByBase(Mapping);
    *Base = module ? Mapping : NULL;
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

/* The standard search order is written as no path at all. */
NTSTATUS NTAPI LdrGetDllPath(PCWSTR Name, ULONG Flags, PWSTR *Path, PWSTR *SearchPaths)
{
    (void)Name;
    (void)Flags;
    *Path = NULL;
    if (SearchPaths)
        *SearchPaths = NULL;
    return STATUS_SUCCESS;
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
        Pin(module);
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
