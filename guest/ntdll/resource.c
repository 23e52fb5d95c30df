/* Resources: a tree of three levels (type, name, language). */
#include "ntdll.h"

static PIMAGE_RESOURCE_DIRECTORY Root(PVOID base)
{
    ULONG size;
    return RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_RESOURCE, &size);
}

static PIMAGE_RESOURCE_DIRECTORY_ENTRY Entries(PIMAGE_RESOURCE_DIRECTORY directory)
{
    return (PIMAGE_RESOURCE_DIRECTORY_ENTRY)(directory + 1);
}

static int CompareName(PVOID root, ULONG offset, PCWSTR name)
{
    const IMAGE_RESOURCE_DIR_STRING_U *string = (const void *)((char *)root + offset);
    return RtlCompareUnicodeStrings(name, wcslen(name), string->NameString, string->Length, TRUE);
}

/* Names come first, sorted, then numbers. */
static PIMAGE_RESOURCE_DIRECTORY_ENTRY Find(PVOID root, PIMAGE_RESOURCE_DIRECTORY directory,
                                            ULONG_PTR key)
{
    PIMAGE_RESOURCE_DIRECTORY_ENTRY entries = Entries(directory);
    BOOL named = key > 0xFFFF;
    ULONG low = named ? 0 : directory->NumberOfNamedEntries;
    ULONG high = directory->NumberOfNamedEntries + (named ? 0 : directory->NumberOfIdEntries);
    while (low < high) {
        ULONG middle = (low + high) / 2;
        int order = named ? CompareName(root, entries[middle].NameOffset, (PCWSTR)key)
                          : (int)key - (int)entries[middle].Id;
        if (!order)
            return &entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The wanted language, then neutral, then US English, then whichever is first. */
static PIMAGE_RESOURCE_DIRECTORY_ENTRY FindLanguage(PVOID root, PIMAGE_RESOURCE_DIRECTORY directory,
                                                    ULONG_PTR language)
{
    const ULONG_PTR order[] = {language, PRIMARYLANGID(language), 0, 0x0409};
    for (ULONG i = 0; i < LENGTH_OF(order); i++) {
        PIMAGE_RESOURCE_DIRECTORY_ENTRY entry = Find(root, directory, order[i]);
        if (entry)
            return entry;
    }
    if (language || !(directory->NumberOfIdEntries + directory->NumberOfNamedEntries))
        return NULL;
    return Entries(directory);
}

static NTSTATUS Walk(PVOID base, PLDR_RESOURCE_INFO info, ULONG level, BOOL directory,
                     PVOID *result)
{
    static const NTSTATUS missing[] = {STATUS_RESOURCE_TYPE_NOT_FOUND,
                                       STATUS_RESOURCE_NAME_NOT_FOUND,
                                       STATUS_RESOURCE_LANG_NOT_FOUND};
    PIMAGE_RESOURCE_DIRECTORY root = Root(base), at = root;
    const ULONG_PTR keys[] = {info ? info->Type : 0, level > 1 ? info->Name : 0,
                              level > 2 ? info->Language : 0};
    if (!root)
        return STATUS_RESOURCE_DATA_NOT_FOUND;
    if (level > 3)
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < level; i++) {
        PIMAGE_RESOURCE_DIRECTORY_ENTRY entry =
            i == 2 ? FindLanguage(root, at, keys[i]) : Find(root, at, keys[i]);
        if (!entry)
            return missing[i];
        at = (PIMAGE_RESOURCE_DIRECTORY)((char *)root + entry->OffsetToDirectory);
        BOOL last = i + 1 == level;
        if (last ? directory != (BOOL)entry->DataIsDirectory : !entry->DataIsDirectory)
            return STATUS_RESOURCE_DATA_NOT_FOUND;
    }
    *result = at;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrFindResource_U(PVOID Base, PLDR_RESOURCE_INFO Info, ULONG Level,
                                 PIMAGE_RESOURCE_DATA_ENTRY *Entry)
{
    return Walk(Base, Info, Level, FALSE, (PVOID *)Entry);
}

NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID Base, PLDR_RESOURCE_INFO Info, ULONG Level,
                                          PIMAGE_RESOURCE_DIRECTORY *Directory)
{
    return Walk(Base, Info, Level, TRUE, (PVOID *)Directory);
}

NTSTATUS NTAPI LdrAccessResource(PVOID Base, PIMAGE_RESOURCE_DATA_ENTRY Entry, PVOID *Resource,
                                 PULONG Size)
{
    PVOID base = (PVOID)((ULONG_PTR)Base & ~(ULONG_PTR)1);
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(base);
    if (!headers || !Entry)
        return STATUS_INVALID_PARAMETER;
    if (Resource)
        *Resource = (ULONG_PTR)Base & 1
                        ? RtlImageRvaToVa(headers, base, Entry->OffsetToData, NULL)
                        : (char *)base + Entry->OffsetToData;
    if (Size)
        *Size = Entry->Size;
    return STATUS_SUCCESS;
}
