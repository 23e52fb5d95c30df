/* The loader's parts.
 *
 * A module goes through these: found and mapped (map.c), relocated (relocate.c), entered in the
 * lists (module.c), its imports bound (import.c, which loads further modules), its thread-local
 * data set up (tls.c), and last, when everything it needs is there, attached (attach.c).
 * All of it happens under the loader lock. */
#pragma once
#include "ntdll.h"

struct module {
    LDR_DATA_TABLE_ENTRY entry; /* what programs see; the module's address is the entry's */
    const IMAGE_EXPORT_DIRECTORY *exports; /* NULL: none */
    ULONG exports_size;
    struct module **needed; /* modules it imports from, each once */
    ULONG needed_count;
    ULONG references; /* loads asked for, not importing modules; PINNED: never unloaded */
    BOOLEAN attaching;
    BOOLEAN kept; /* unload.c: something in use needs it */
    struct module *next_doomed;
};
#define PINNED 0xFFFFu

#define FOR_EACH_MODULE(module) \
    for (struct module *module = (struct module *)NtPeb()->Ldr->InLoadOrderModuleList.Flink; \
         (PLIST_ENTRY)module != &NtPeb()->Ldr->InLoadOrderModuleList; \
         module = (struct module *)module->entry.InLoadOrderLinks.Flink)

/* What went wrong, for NtRaiseHardError: the status and the names it speaks of. */
struct failure {
    NTSTATUS status;
    UNICODE_STRING dll;
    STRING procedure;
    ULONG ordinal;
    WCHAR dll_text[MAX_PATH];
    CHAR procedure_text[512];
};

/* How a load was asked for. */
struct request {
    PCWSTR path; /* directories to search, or NULL for the standard ones */
    struct failure *failure;
};

extern RTL_CRITICAL_SECTION loader_lock;
extern struct module *exe_module, *ntdll_module;

/* loader_error.c */
NTSTATUS FailDll(struct failure *failure, NTSTATUS status, PCUNICODE_STRING dll);
NTSTATUS FailProcedure(struct failure *failure, PCSTR name, ULONG ordinal, PCUNICODE_STRING dll);
DECLSPEC_NORETURN VOID DieOf(struct failure *failure);
/* apiset.c */
BOOL ResolveApiSet(PCUNICODE_STRING name, PCUNICODE_STRING importer, PUNICODE_STRING host);
/* module.c */
VOID InitializeModuleLists(void);
struct module *AddModule(PVOID base, PCUNICODE_STRING full_name);
VOID RemoveModule(struct module *module);
struct module *FindModuleByBase(PVOID base);
struct module *FindModuleByName(PCUNICODE_STRING base_name);
struct module *FindModuleByPath(PCUNICODE_STRING full_name);
NTSTATUS AddNeeded(struct module *module, struct module *needed);
VOID Reference(struct module *module);
VOID Dereference(struct module *module);
VOID Pin(struct module *module);
/* map.c */
NTSTATUS FindAndMap(PCUNICODE_STRING name, PCWSTR path, PVOID *base, PUNICODE_STRING full_name);
/* relocate.c */
NTSTATUS RelocateImage(PVOID base);
BOOL Protect(PVOID address, SIZE_T size, ULONG protect, PULONG old);
/* export.c */
NTSTATUS FindExport(struct module *module, PCSTR name, ULONG ordinal, ULONG hint, PVOID *address,
                    struct request *request);
/* import.c */
NTSTATUS BindImports(struct module *module, struct request *request);
/* load.c */
NTSTATUS LoadByName(PCUNICODE_STRING name, struct module *importer, struct request *request,
                    struct module **module);
NTSTATUS LoadAttached(PCUNICODE_STRING name, struct request *request, struct module **module);
/* unload.c */
VOID UnloadUnused(void);
/* tls.c */
VOID InitializeTls(void);
NTSTATUS AddModuleTls(struct module *module);
VOID RemoveModuleTls(struct module *module);
NTSTATUS AttachThreadTls(void);
VOID DetachThreadTls(void);
VOID CallTlsCallbacks(struct module *module, ULONG reason, NTSTATUS *raised);
/* attach.c */
NTSTATUS AttachProcess(struct module *module, PVOID reserved, struct failure *failure);
VOID DetachModule(struct module *module, PVOID reserved);
VOID AttachThread(void);
VOID DetachThread(void);
/* notify.c */
VOID NotifyLoaded(struct module *module, ULONG reason);
