/* Exports: by name, by ordinal, and forwarders ("OTHER.Name", "OTHER.#12"). */
#include "loader.h"

#define DEEPEST_FORWARD 32

/* The index of a name in the function table, or -1: the hint, then binary search. */
static ULONG IndexOfName(const struct module *module, PCSTR name, ULONG hint)
{
    const char *base = module->entry.DllBase;
    const ULONG *names = (const void *)(base + module->exports->AddressOfNames);
    const USHORT *ordinals = (const void *)(base + module->exports->AddressOfNameOrdinals);
    ULONG low = 0, high = module->exports->NumberOfNames;
    if (hint < high && !strcmp(base + names[hint], name))
        return ordinals[hint];
    while (low < high) {
        ULONG middle = (low + high) / 2;
        int order = strcmp(base + names[middle], name);
        if (!order)
            return ordinals[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (ULONG)-1;
}

/* Whether a module's base name is `stem` (upper or lower case alike) and ".dll". */
static BOOL IsNamed(const struct module *module, PCSTRING stem)
{
    PCUNICODE_STRING name = &module->entry.BaseDllName;
    if (name->Length != (stem->Length + 4) * sizeof(WCHAR) || name->Buffer[stem->Length] != '.')
        return FALSE;
    for (USHORT i = 0; i < stem->Length; i++)
        if (RtlUpcaseUnicodeChar(name->Buffer[i]) != (UCHAR)RtlUpperChar(stem->Buffer[i]))
            return FALSE;
    return TRUE;
}

/* The module that a forwarder names: most often one that is needed already. */
static NTSTATUS ForwardModule(struct module *module, PCSTRING stem, struct request *request,
                              struct module **other)
{
    CHAR text[MAX_PATH];
    ANSI_STRING ansi = {0, sizeof text, text};
    UNICODE_STRING dll;
    for (ULONG i = 0; i < module->needed_count; i++)
        if (IsNamed(*other = module->needed[i], stem))
            return STATUS_SUCCESS;
    if ((SIZE_T)stem->Length + 5 > sizeof text)
        return STATUS_INVALID_IMAGE_FORMAT;
    RtlCopyString(&ansi, stem);
    RtlAppendAsciizToString(&ansi, ".dll");
    NTSTATUS status = RtlAnsiStringToUnicodeString(&dll, &ansi, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = LoadByName(&dll, module, request, other);
    RtlFreeUnicodeString(&dll);
    return NT_SUCCESS(status) ? AddNeeded(module, *other) : status;
}

static NTSTATUS Forward(struct module *module, PCSTR target, PVOID *address,
                        struct request *request)
{
    static ULONG depth; /* the loader lock is held */
    PCSTR dot = strrchr(target, '.');
    struct module *other;
    ULONG ordinal = 0;
    if (!dot || dot - target >= MAX_PATH || depth >= DEEPEST_FORWARD)
        return STATUS_INVALID_IMAGE_FORMAT;
    STRING stem = {(USHORT)(dot - target), (USHORT)(dot - target), (PSTR)target};
    NTSTATUS status = ForwardModule(module, &stem, request, &other);
    if (!NT_SUCCESS(status))
        return status;
    PCSTR name = dot + 1;
    if (*name == '#') {
        RtlCharToInteger(name + 1, 10, &ordinal);
        name = NULL;
    }
    depth++;
    status = FindExport(other, name, ordinal, (ULONG)-1, address, request);
    depth--;
    return status;
}

/* By name, or by ordinal if the name is NULL. Fails with STATUS_PROCEDURE_NOT_FOUND for a missing
 * name and STATUS_ORDINAL_NOT_FOUND for a missing ordinal. */
NTSTATUS FindExport(struct module *module, PCSTR name, ULONG ordinal, ULONG hint, PVOID *address,
                    struct request *request)
{
    NTSTATUS missing = name ? STATUS_PROCEDURE_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    const IMAGE_EXPORT_DIRECTORY *exports = module->exports;
    if (!exports)
        return missing;
    char *base = module->entry.DllBase;
    const ULONG *functions = (const void *)(base + exports->AddressOfFunctions);
    ULONG index = name ? IndexOfName(module, name, hint) : ordinal - exports->Base;
    if (index >= exports->NumberOfFunctions || !functions[index])
        return missing;
    char *found = base + functions[index];
    if ((ULONG_PTR)(found - (const char *)exports) < module->exports_size)
        return Forward(module, found, address, request);
    *address = found;
    return STATUS_SUCCESS;
}
