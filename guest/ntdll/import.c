/* Binding imports: fill a module's import address tables. Bound imports' time stamps are not
 * trusted; every address is looked up. */
#include "loader.h"

static NTSTATUS BindOne(struct module *exporter, char *base, const IMAGE_THUNK_DATA *name,
                        IMAGE_THUNK_DATA *slot, struct request *request)
{
    PVOID address;
    NTSTATUS status;
    if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal)) {
        ULONG ordinal = IMAGE_ORDINAL(name->u1.Ordinal);
        status = FindExport(exporter, NULL, ordinal, 0, &address, request);
        if (status == STATUS_ORDINAL_NOT_FOUND)
            return FailProcedure(request->failure, NULL, ordinal, &exporter->entry.BaseDllName);
    } else {
        const IMAGE_IMPORT_BY_NAME *import = (const void *)(base + name->u1.AddressOfData);
        PCSTR text = (PCSTR)import->Name;
        status = FindExport(exporter, text, 0, import->Hint, &address, request);
        if (status == STATUS_PROCEDURE_NOT_FOUND || status == STATUS_ORDINAL_NOT_FOUND)
            return FailProcedure(request->failure, text, 0, &exporter->entry.BaseDllName);
    }
    if (NT_SUCCESS(status))
        slot->u1.Function = (ULONG_PTR)address;
    return status;
}

/* All imports from one DLL. The table lies in a read-only section as a rule. */
static NTSTATUS BindTable(struct module *module, struct module *exporter,
                          const IMAGE_IMPORT_DESCRIPTOR *import, struct request *request)
{
    char *base = module->entry.DllBase;
    IMAGE_THUNK_DATA *slots = (IMAGE_THUNK_DATA *)(base + import->FirstThunk);
    const IMAGE_THUNK_DATA *names = slots;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count = 0, old;
    if (import->OriginalFirstThunk)
        names = (const IMAGE_THUNK_DATA *)(base + import->OriginalFirstThunk);
    while (names[count].u1.Ordinal)
        count++;
    if (!count)
        return STATUS_SUCCESS;
    if (!Protect(slots, count * sizeof *slots, PAGE_READWRITE, &old))
        return STATUS_ACCESS_VIOLATION;
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = BindOne(exporter, base, &names[i], &slots[i], request);
    if (old != PAGE_READWRITE && old != PAGE_WRITECOPY)
        Protect(slots, count * sizeof *slots, old, &old);
    return status;
}

static NTSTATUS BindDescriptor(struct module *module, const IMAGE_IMPORT_DESCRIPTOR *import,
                               struct request *request)
{
    UNICODE_STRING name;
    struct module *exporter;
    if (!RtlCreateUnicodeStringFromAsciiz(&name, (char *)module->entry.DllBase + import->Name))
        return STATUS_NO_MEMORY;
    NTSTATUS status = LoadByName(&name, module, request, &exporter);
    RtlFreeUnicodeString(&name);
    if (NT_SUCCESS(status))
        status = AddNeeded(module, exporter);
    return NT_SUCCESS(status) ? BindTable(module, exporter, import, request) : status;
}

NTSTATUS BindImports(struct module *module, struct request *request)
{
    ULONG size;
    const IMAGE_IMPORT_DESCRIPTOR *import = RtlImageDirectoryEntryToData(
        module->entry.DllBase, TRUE, IMAGE_DIRECTORY_ENTRY_IMPORT, &size);
    for (; import && import->Name && import->FirstThunk; import++) {
        NTSTATUS status = BindDescriptor(module, import, request);
        if (!NT_SUCCESS(status))
            return status;
    }
    return STATUS_SUCCESS;
}
