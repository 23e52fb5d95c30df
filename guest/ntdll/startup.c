/* LdrInitializeThunk: the first code of a process, and of every thread. It runs as a user APC;
 * its return resumes the initial context, at RtlUserThreadStart. */
#include "loader.h"

extern IMAGE_DOS_HEADER image_base __asm__("___ImageBase");

RTL_CRITICAL_SECTION loader_lock = {(PVOID)(LONG_PTR)-1, -1, 0, NULL, NULL, 0};
struct module *exe_module, *ntdll_module;

static RTL_BITMAP tls_bitmap, tls_expansion_bitmap;
static struct failure failure;

static VOID InitializePeb(PIMAGE_NT_HEADERS headers)
{
    PPEB peb = NtPeb();
    InitializePebLock();
    RtlInitializeBitMap(&tls_bitmap, peb->TlsBitmapBits, 64);
    RtlInitializeBitMap(&tls_expansion_bitmap, peb->TlsExpansionBitmapBits, 1024);
    peb->TlsBitmap = &tls_bitmap;
    peb->TlsExpansionBitmap = &tls_expansion_bitmap;
    peb->LoaderLock = &loader_lock;
    HeapSubsystemInitialize();
    HeapDelayInitialize();
    peb->ProcessHeap = RtlCreateHeap(HEAP_GROWABLE, NULL,
                                     headers->OptionalHeader.SizeOfHeapReserve,
                                     headers->OptionalHeader.SizeOfHeapCommit, NULL, NULL);
    InitializeFls();
}

static VOID InitializeTeb(void)
{
    PTEB teb = NtTeb();
    teb->StaticUnicodeString = (UNICODE_STRING){0, sizeof teb->StaticUnicodeBuffer,
                                                teb->StaticUnicodeBuffer};
}

static struct module *AddPinned(PVOID base, PCUNICODE_STRING name)
{
    struct module *module = AddModule(base, name);
    Pin(module);
    module->entry.Flags |= LDRP_ENTRY_PROCESSED;
    return module;
}

/* The lists begin with the program and ntdll. */
static VOID AddFirstModules(void)
{
    WCHAR text[MAX_PATH];
    UNICODE_STRING name = {0, sizeof text, text};
    InitializeModuleLists();
    exe_module = AddPinned(NtPeb()->ImageBaseAddress, &NtPeb()->ProcessParameters->ImagePathName);
    RtlAppendUnicodeToString(&name, SharedUserData->NtSystemRoot);
    RtlAppendUnicodeToString(&name, L"\\System32\\ntdll.dll");
    ntdll_module = AddPinned(&image_base, &name);
    ntdll_module->entry.Flags |= LDRP_PROCESS_ATTACH_CALLED | LDRP_DONT_CALL_FOR_THREADS;
    ListAppend(&NtPeb()->Ldr->InInitializationOrderModuleList,
               &ntdll_module->entry.InInitializationOrderLinks);
}

/* Every process of the Windows subsystem has kernel32, imported or not. */
static NTSTATUS LoadSubsystem(PIMAGE_NT_HEADERS headers, struct request *request)
{
    UNICODE_STRING name = STRING_CONSTANT(L"KERNEL32.DLL");
    struct module *kernel32;
    if (headers->OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_NATIVE)
        return STATUS_SUCCESS;
    NTSTATUS status = LoadByName(&name, NULL, request, &kernel32);
    if (!NT_SUCCESS(status))
        return status;
    Pin(kernel32);
    return AttachProcess(kernel32, (PVOID)1, request->failure);
}

static VOID PinAll(void)
{
    PLIST_ENTRY head = &NtPeb()->Ldr->InLoadOrderModuleList;
    for (PLIST_ENTRY link = head->Flink; link != head; link = link->Flink)
        Pin((struct module *)link);
}

/* The parameters bring the name alone. Where there is no such directory, it stays without handle. */
static VOID OpenCurrentDirectory(void)
{
    RtlSetCurrentDirectory_U(&NtPeb()->ProcessParameters->CurrentDirectory.DosPath);
}

static NTSTATUS StartProcess(PCONTEXT context)
{
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(NtPeb()->ImageBaseAddress);
    struct request request = {NULL, &failure};
    RtlNormalizeProcessParams(NtPeb()->ProcessParameters);
    InitializeTls();
    InitializePeb(headers);
    AddFirstModules();
    OpenCurrentDirectory();
    NTSTATUS status = RelocateImage(NtPeb()->ImageBaseAddress);
    if (!NT_SUCCESS(status))
        return FailDll(&failure, status, &exe_module->entry.BaseDllName);
    status = LoadSubsystem(headers, &request);
    if (NT_SUCCESS(status))
        status = BindImports(exe_module, &request);
    if (NT_SUCCESS(status))
        status = AddModuleTls(exe_module);
    if (NT_SUCCESS(status))
        status = AttachThreadTls();
    PinAll();
    NtPeb()->Ldr->Initialized = TRUE;
    if (NT_SUCCESS(status) && NtPeb()->BeingDebugged)
        DbgBreakPoint(); /* what debuggers wait for: all is loaded, nothing has run */
    if (NT_SUCCESS(status))
        status = AttachProcess(exe_module, context, &failure);
    if (NT_SUCCESS(status))
        CallTlsCallbacks(exe_module, DLL_PROCESS_ATTACH, NULL);
    return status;
}

VOID NTAPI LdrInitializeThunk(PCONTEXT Context, PVOID NtdllBase, PVOID Reserved)
{
    (void)NtdllBase;
    (void)Reserved;
    InitializeTeb();
    RtlEnterCriticalSection(&loader_lock);
    if (!NtPeb()->Ldr) {
        NTSTATUS status = StartProcess(Context);
        if (!NT_SUCCESS(status)) {
            FailDll(&failure, status, &exe_module->entry.BaseDllName);
            DieOf(&failure);
        }
    } else {
        if (!NT_SUCCESS(AttachThreadTls()))
            NtTerminateThread(NtCurrentThread(), STATUS_NO_MEMORY);
        AttachThread();
    }
    RtlLeaveCriticalSection(&loader_lock);
}
