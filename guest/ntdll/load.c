/* Loading a module with all that it needs. */
#include "loader.h"

/* The name with ".dll" if its last part has no dot; a dot at the end says "as it is". */
static VOID CompleteName(PCUNICODE_STRING name, PUNICODE_STRING complete)
{
    RtlCopyUnicodeString(complete, name);
    for (USHORT i = name->Length / sizeof(WCHAR); i--;) {
        WCHAR c = name->Buffer[i];
        if (c == '.') {
            if (i == name->Length / sizeof(WCHAR) - 1)
                complete->Length -= sizeof(WCHAR);
            return;
        }
        if (c == '\\' || c == '/')
            break;
    }
    RtlAppendUnicodeToString(complete, L".DLL");
}

static BOOL HasDirectory(PCUNICODE_STRING name)
{
    for (USHORT i = 0; i < name->Length / sizeof(WCHAR); i++)
        if (name->Buffer[i] == '\\' || name->Buffer[i] == '/' || name->Buffer[i] == ':')
            return TRUE;
    return FALSE;
}

static NTSTATUS Prepare(struct module *module, struct request *request)
{
    module->entry.Flags |= LDRP_LOAD_IN_PROGRESS;
    NTSTATUS status = BindImports(module, request);
    if (NT_SUCCESS(status))
        status = AddModuleTls(module);
    module->entry.Flags &= ~LDRP_LOAD_IN_PROGRESS;
    module->entry.Flags |= LDRP_ENTRY_PROCESSED;
    return status;
}

static NTSTATUS MapNew(PCUNICODE_STRING name, struct request *request, struct module **module)
{
    UNICODE_STRING full_name;
    PVOID base;
    NTSTATUS status = FindAndMap(name, request->path, &base, &full_name);
    if (!NT_SUCCESS(status))
        return FailDll(request->failure, status, name);
    if ((*module = FindModuleByPath(&full_name))) {
        NtUnmapViewOfSection(NtCurrentProcess(), base);
        RtlFreeUnicodeString(&full_name);
        return STATUS_SUCCESS;
    }
    BOOL moved = status == STATUS_IMAGE_NOT_AT_BASE;
    status = RelocateImage(base);
    *module = NT_SUCCESS(status) ? AddModule(base, &full_name) : NULL;
    RtlFreeUnicodeString(&full_name);
    if (!*module) {
        NtUnmapViewOfSection(NtCurrentProcess(), base);
        return FailDll(request->failure, NT_SUCCESS(status) ? STATUS_NO_MEMORY : status, name);
    }
    if (moved)
        (*module)->entry.Flags |= LDRP_IMAGE_NOT_AT_BASE;
    return STATUS_SUCCESS;
}

/* Find a loaded module or load it. Nothing is attached here, and what a failure leaves behind is
 * the caller's to unload. */
NTSTATUS LoadByName(PCUNICODE_STRING name, struct module *importer, struct request *request,
                    struct module **module)
{
    WCHAR text[1024];
    UNICODE_STRING complete = {0, sizeof text, text}, host;
    CompleteName(name, &complete);
    if (ResolveApiSet(&complete, importer ? &importer->entry.BaseDllName : NULL, &host)) {
        if (!host.Length)
            return FailDll(request->failure, STATUS_DLL_NOT_FOUND, &complete);
        RtlCopyUnicodeString(&complete, &host);
    }
    *module = HasDirectory(&complete) ? FindModuleByPath(&complete) : FindModuleByName(&complete);
    if (*module)
        return STATUS_SUCCESS;
    NTSTATUS status = MapNew(&complete, request, module);
    if (!NT_SUCCESS(status) ||
        (*module)->entry.Flags & (LDRP_ENTRY_PROCESSED | LDRP_LOAD_IN_PROGRESS))
        return status;
    NotifyLoaded(*module, 1);
    return Prepare(*module, request);
}

/* Load a module for use: with a reference, attached. */
NTSTATUS LoadAttached(PCUNICODE_STRING name, struct request *request, struct module **module)
{
    NTSTATUS status = LoadByName(name, NULL, request, module);
    if (NT_SUCCESS(status)) {
        Reference(*module);
        status = AttachProcess(*module, NULL, request->failure);
        if (!NT_SUCCESS(status))
            Dereference(*module);
    }
    if (!NT_SUCCESS(status))
        UnloadUnused();
    return status;
}
