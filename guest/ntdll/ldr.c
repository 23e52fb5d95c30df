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
    NTSTATUS status = LoadAttached(Name, &request, &module);
    if (NT_SUCCESS(status))
        *Base = module->entry.DllBase;
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
    if (module) {
        Dereference(module);
        if (!module->references)
            UnloadUnused();
    }
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
        Pin(module);
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
        if (failure->status)
            UnloadUnused();
    }
    RtlLeaveCriticalSection(&loader_lock);
    Free(failure);
    return status;
}

NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
                                        PVOID *Address, ULONG Flags)
{
    (void)Flags;
    return LdrGetProcedureAddress(Base, Name, Ordinal, Address);
}

NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
                                               PVOID *Address, ULONG Flags, PVOID *Caller)
{
    (void)Flags;
    (void)Caller;
    return LdrGetProcedureAddress(Base, Name, Ordinal, Address);
}
