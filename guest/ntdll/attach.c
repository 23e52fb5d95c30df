/* Calling DllMain and TLS callbacks: what a module needs is attached before it, and detached after
 * it. The initialisation-order list is the record. */
#include "loader.h"

static PLIST_ENTRY InitList(void)
{
    return &NtPeb()->Ldr->InInitializationOrderModuleList;
}

static struct module *FromInitLink(PLIST_ENTRY link)
{
    return CONTAINING_RECORD(link, struct module, entry.InInitializationOrderLinks);
}

/* An exception while the process starts ends it where it happened; any other one becomes the
 * status. */
static NTSTATUS CallModule(struct module *module, ULONG reason, PVOID reserved)
{
    NTSTATUS raised = STATUS_SUCCESS;
    NTSTATUS *catching = reason == DLL_PROCESS_ATTACH && reserved ? NULL : &raised;
    CallTlsCallbacks(module, reason, catching);
    if (raised || !module->entry.EntryPoint || !(module->entry.Flags & LDRP_IMAGE_DLL))
        return raised;
    BOOL done = CallEntryPoint(module->entry.EntryPoint, module->entry.DllBase, reason, reserved,
                               catching);
    return done || raised ? raised : STATUS_DLL_INIT_FAILED;
}

/* Attach a module and first all that it needs. `reserved` is not NULL for static loads. */
NTSTATUS AttachProcess(struct module *module, PVOID reserved, struct failure *failure)
{
    if (module->attaching || module->entry.Flags & LDRP_PROCESS_ATTACH_CALLED)
        return STATUS_SUCCESS;
    module->attaching = TRUE;
    NTSTATUS status = STATUS_SUCCESS;
    for (ULONG i = 0; i < module->needed_count && NT_SUCCESS(status); i++)
        status = AttachProcess(module->needed[i], reserved, failure);
    if (NT_SUCCESS(status) && module != exe_module) {
        ListAppend(InitList(), &module->entry.InInitializationOrderLinks);
        module->entry.Flags |= LDRP_PROCESS_ATTACH_CALLED;
        status = CallModule(module, DLL_PROCESS_ATTACH, reserved);
        if (!NT_SUCCESS(status))
            FailDll(failure, status, &module->entry.BaseDllName);
    }
    module->attaching = FALSE;
    return status;
}

VOID DetachModule(struct module *module, PVOID reserved)
{
    if (!(module->entry.Flags & LDRP_PROCESS_ATTACH_CALLED))
        return;
    module->entry.Flags &= ~LDRP_PROCESS_ATTACH_CALLED;
    CallModule(module, DLL_PROCESS_DETACH, reserved);
}

static BOOL WantsThreads(struct module *module)
{
    return (module->entry.Flags & LDRP_PROCESS_ATTACH_CALLED) &&
           !(module->entry.Flags & LDRP_DONT_CALL_FOR_THREADS);
}

VOID AttachThread(void)
{
    if (NtTeb()->SameTebFlags & TEB_SKIP_THREAD_ATTACH)
        return;
    for (PLIST_ENTRY link = InitList()->Flink; link != InitList(); link = link->Flink)
        if (WantsThreads(FromInitLink(link)))
            CallModule(FromInitLink(link), DLL_THREAD_ATTACH, NULL);
    CallModule(exe_module, DLL_THREAD_ATTACH, NULL);
}

VOID DetachThread(void)
{
    if (NtTeb()->SameTebFlags & TEB_SKIP_THREAD_ATTACH)
        return;
    for (PLIST_ENTRY link = InitList()->Blink; link != InitList(); link = link->Blink)
        if (WantsThreads(FromInitLink(link)))
            CallModule(FromInitLink(link), DLL_THREAD_DETACH, NULL);
    CallModule(exe_module, DLL_THREAD_DETACH, NULL);
}

/* Detach everything, last attached first; the reserved argument says the process ends. */
NTSTATUS NTAPI LdrShutdownProcess(void)
{
    PPEB_LDR_DATA ldr = NtPeb()->Ldr;
    if (ldr->ShutdownInProgress)
        return STATUS_SUCCESS;
    ldr->ShutdownInProgress = TRUE;
    ldr->ShutdownThreadId = NtTeb()->ClientId.UniqueThread;
    RtlEnterCriticalSection(&loader_lock);
    RtlProcessFlsData(NtTeb()->FlsData, 1);
    CallModule(exe_module, DLL_PROCESS_DETACH, (PVOID)1);
    for (PLIST_ENTRY link = InitList()->Blink, before; link != InitList(); link = before) {
        before = link->Blink;
        DetachModule(FromInitLink(link), (PVOID)1);
    }
    RtlLeaveCriticalSection(&loader_lock);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlDllShutdownInProgress(void)
{
    return NtPeb()->Ldr->ShutdownInProgress;
}

NTSTATUS NTAPI LdrShutdownThread(void)
{
    if (NtPeb()->Ldr->ShutdownInProgress)
        return STATUS_SUCCESS;
    RtlProcessFlsData(NtTeb()->FlsData, 1);
    RtlEnterCriticalSection(&loader_lock);
    DetachThread();
    DetachThreadTls();
    RtlLeaveCriticalSection(&loader_lock);
    RtlProcessFlsData(NtTeb()->FlsData, 2);
    Free(NtTeb()->TlsExpansionSlots);
    NtTeb()->TlsExpansionSlots = NULL;
    return STATUS_SUCCESS;
}
