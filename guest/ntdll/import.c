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

/* Memory that is writable while tables are filled; they lie in a read-only section as a rule. */
struct opening {
    PVOID start;
    ULONG size, old;
};

static BOOL Open(struct opening *opening, PVOID start, ULONG size)
{
    opening->start = start;
    opening->size = size;
    return Protect(start, size, PAGE_READWRITE, &opening->old);
}

static VOID Close(struct opening *opening)
{
    ULONG unused;
    if (opening->old != PAGE_READWRITE && opening->old != PAGE_WRITECOPY)
        Protect(opening->start, opening->size, opening->old, &unused);
}

/* All imports from one DLL; `all` is what is open for the whole image. */
static NTSTATUS BindTable(struct module *module, struct module *exporter,
                          const IMAGE_IMPORT_DESCRIPTOR *import, const struct opening *all,
                          struct request *request)
{
    struct opening own = {0};
    char *base = module->entry.DllBase;
    IMAGE_THUNK_DATA *slots = (IMAGE_THUNK_DATA *)(base + import->FirstThunk);
    const IMAGE_THUNK_DATA *names = slots;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count = 0;
    if (import->OriginalFirstThunk)
        names = (const IMAGE_THUNK_DATA *)(base + import->OriginalFirstThunk);
    while (names[count].u1.Ordinal)
        count++;
    if (!count)
        return STATUS_SUCCESS;
    ULONG_PTR offset = (ULONG_PTR)slots - (ULONG_PTR)all->start, size = count * sizeof *slots;
    BOOL covered = offset < all->size && size <= all->size - offset;
    if (!covered && !Open(&own, slots, size))
        return STATUS_ACCESS_VIOLATION;
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = BindOne(exporter, base, &names[i], &slots[i], request);
    if (!covered)
        Close(&own);
    return status;
}

static NTSTATUS BindDescriptor(struct module *module, const IMAGE_IMPORT_DESCRIPTOR *import,
                               const struct opening *all, struct request *request)
{
    UNICODE_STRING name;
    struct module *exporter;
    if (!RtlCreateUnicodeStringFromAsciiz(&name, (char *)module->entry.DllBase + import->Name))
        return STATUS_NO_MEMORY;
    NTSTATUS status = LoadByName(&name, module, request, &exporter);
    RtlFreeUnicodeString(&name);
    if (NT_SUCCESS(status))
        status = AddNeeded(module, exporter);
    return NT_SUCCESS(status) ? BindTable(module, exporter, import, all, request) : status;
}

NTSTATUS BindImports(struct module *module, struct request *request)
{
    ULONG size;
    struct opening all = {0};
    PVOID base = module->entry.DllBase;
    const IMAGE_IMPORT_DESCRIPTOR *import =
        RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_IMPORT, &size);
    PVOID tables = RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_IAT, &size);
    NTSTATUS status = STATUS_SUCCESS;
    if (!import)
        return STATUS_SUCCESS;
    if (tables && size && !Open(&all, tables, size))
        all.size = 0;
    for (; import->Name && import->FirstThunk && NT_SUCCESS(status); import++)
        status = BindDescriptor(module, import, &all, request);
    if (all.size)
        Close(&all);
    return status;
}
