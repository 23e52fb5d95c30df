/* Exports: by name, by ordinal, and forwarders ("OTHER.Name", "OTHER.#12"). */
#include "loader.h"

#define DEEPEST_FORWARD 32

struct exports {
    char *base;
    const IMAGE_EXPORT_DIRECTORY *directory;
    ULONG size;
    const ULONG *functions, *names;
    const USHORT *ordinals;
};

static BOOL Open(struct module *module, struct exports *exports)
{
    exports->base = module->entry.DllBase;
    exports->directory = RtlImageDirectoryEntryToData(exports->base, TRUE,
                                                      IMAGE_DIRECTORY_ENTRY_EXPORT, &exports->size);
    if (!exports->directory)
        return FALSE;
    exports->functions = (const void *)(exports->base + exports->directory->AddressOfFunctions);
    exports->names = (const void *)(exports->base + exports->directory->AddressOfNames);
    exports->ordinals = (const void *)(exports->base + exports->directory->AddressOfNameOrdinals);
    return TRUE;
}

/* The index of a name in the function table, or -1: the hint, then binary search. */
static ULONG IndexOfName(const struct exports *exports, PCSTR name, ULONG hint)
{
    ULONG low = 0, high = exports->directory->NumberOfNames;
    if (hint < high && !strcmp(exports->base + exports->names[hint], name))
        return exports->ordinals[hint];
    while (low < high) {
        ULONG middle = (low + high) / 2;
        int order = strcmp(exports->base + exports->names[middle], name);
        if (!order)
            return exports->ordinals[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (ULONG)-1;
}

static NTSTATUS Forward(struct module *module, PCSTR target, PVOID *address,
                        struct request *request)
{
    static ULONG depth; /* the loader lock is held */
    PCSTR dot = strrchr(target, '.');
    CHAR dll_text[MAX_PATH];
    ANSI_STRING ansi = {0, sizeof dll_text, dll_text};
    UNICODE_STRING dll;
    struct module *other;
    ULONG ordinal = 0;
    if (!dot || (SIZE_T)(dot - target) + 5 > sizeof dll_text || depth >= DEEPEST_FORWARD)
        return STATUS_INVALID_IMAGE_FORMAT;
    STRING stem = {(USHORT)(dot - target), (USHORT)(dot - target), (PSTR)target};
    RtlCopyString(&ansi, &stem);
    RtlAppendAsciizToString(&ansi, ".dll");
    NTSTATUS status = RtlAnsiStringToUnicodeString(&dll, &ansi, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = LoadByName(&dll, module, request, &other);
    RtlFreeUnicodeString(&dll);
    if (NT_SUCCESS(status))
        status = AddNeeded(module, other);
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
    struct exports exports;
    NTSTATUS missing = name ? STATUS_PROCEDURE_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    if (!Open(module, &exports))
        return missing;
    ULONG index = name ? IndexOfName(&exports, name, hint) : ordinal - exports.directory->Base;
    if (index >= exports.directory->NumberOfFunctions || !exports.functions[index])
        return missing;
    char *found = exports.base + exports.functions[index];
    if ((ULONG_PTR)(found - (char *)exports.directory) < exports.size)
        return Forward(module, found, address, request);
    *address = found;
    return STATUS_SUCCESS;
}
