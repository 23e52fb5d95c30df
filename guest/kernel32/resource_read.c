/* The tree of resources in an image file, which may be anything: every offset is checked. */
#include "resource_tree.h"

struct section {
    const BYTE *start;
    DWORD size, rva;
};

IMAGE_NT_HEADERS32 *image_headers(const BYTE *file, DWORD size)
{
    const IMAGE_DOS_HEADER *dos = (const void *)file;
    IMAGE_NT_HEADERS32 *headers;
    DWORD offset, end;
    if (size < sizeof *dos || dos->e_magic != IMAGE_DOS_SIGNATURE) return NULL;
    offset = (DWORD)dos->e_lfanew;
    if (offset > size || size - offset < sizeof(IMAGE_NT_HEADERS64)) return NULL;
    headers = (IMAGE_NT_HEADERS32 *)(file + offset);
    if (headers->Signature != IMAGE_NT_SIGNATURE) return NULL;
    if (headers->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC &&
        headers->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        return NULL;
    end = offset + (DWORD)offsetof(IMAGE_NT_HEADERS32, OptionalHeader) +
          headers->FileHeader.SizeOfOptionalHeader +
          headers->FileHeader.NumberOfSections * (DWORD)sizeof(IMAGE_SECTION_HEADER);
    return end <= size ? headers : NULL;
}

IMAGE_DATA_DIRECTORY *image_directory(IMAGE_NT_HEADERS32 *headers, int index)
{
    if (headers->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        return &((IMAGE_NT_HEADERS64 *)headers)->OptionalHeader.DataDirectory[index];
    return &headers->OptionalHeader.DataDirectory[index];
}

static const void *at(const struct section *section, DWORD offset, DWORD size)
{
    if (offset > section->size || section->size - offset < size) return NULL;
    return section->start + offset;
}

static BOOL read_key(const struct section *section, const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry,
    struct resource_key *key)
{
    const IMAGE_RESOURCE_DIR_STRING_U *string;
    WCHAR *copy;
    *key = (struct resource_key){NULL, (WORD)entry->Id};
    if (!entry->NameIsString) return TRUE;
    string = at(section, entry->NameOffset, sizeof(WORD));
    if (!string || !at(section, entry->NameOffset, sizeof(WORD) * (1 + string->Length)))
        return FALSE;
    copy = allocate((string->Length + 1) * sizeof *copy);
    if (!copy) return FALSE;
    memcpy(copy, string->NameString, string->Length * sizeof *copy);
    copy[string->Length] = 0;
    *key = (struct resource_key){copy, 0};
    return TRUE;
}

static const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries(const struct section *section, DWORD offset,
    DWORD *count)
{
    const IMAGE_RESOURCE_DIRECTORY *directory = at(section, offset, sizeof *directory);
    *count = 0;
    if (!directory) return NULL;
    *count = (DWORD)directory->NumberOfNamedEntries + directory->NumberOfIdEntries;
    if (!at(section, offset, sizeof *directory + *count * sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY)))
        *count = 0;
    return (const IMAGE_RESOURCE_DIRECTORY_ENTRY *)(directory + 1);
}

static BOOL add_leaf(const struct section *section, struct resource **list,
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *type, const IMAGE_RESOURCE_DIRECTORY_ENTRY *name,
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *language)
{
    const IMAGE_RESOURCE_DATA_ENTRY *leaf = at(section, language->OffsetToData, sizeof *leaf);
    struct resource_key type_key, name_key;
    const void *data;
    if (language->DataIsDirectory || !leaf) return TRUE;
    data = at(section, leaf->OffsetToData - section->rva, leaf->Size);
    if (!data || !read_key(section, type, &type_key)) return TRUE;
    if (!read_key(section, name, &name_key)) {
        free_key(&type_key);
        return TRUE;
    }
    return put_resource(list, type_key, name_key, (WORD)language->Id, leaf->CodePage, data,
        leaf->Size);
}

static BOOL add_names(const struct section *section, struct resource **list,
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *type)
{
    DWORD names, languages;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *name, *language;
    if (!type->DataIsDirectory) return TRUE;
    name = entries(section, type->OffsetToDirectory, &names);
    for (DWORD i = 0; i < names; i++) {
        if (!name[i].DataIsDirectory) continue;
        language = entries(section, name[i].OffsetToDirectory, &languages);
        for (DWORD k = 0; k < languages; k++)
            if (!add_leaf(section, list, type, &name[i], &language[k])) return FALSE;
    }
    return TRUE;
}

static struct section find_section(const BYTE *file, DWORD size, IMAGE_NT_HEADERS32 *headers)
{
    DWORD rva = image_directory(headers, IMAGE_DIRECTORY_ENTRY_RESOURCE)->VirtualAddress;
    const IMAGE_SECTION_HEADER *header = IMAGE_FIRST_SECTION(headers);
    for (WORD i = 0; rva && i < headers->FileHeader.NumberOfSections; i++, header++) {
        DWORD into = rva - header->VirtualAddress;
        if (into >= header->SizeOfRawData || header->PointerToRawData > size ||
            size - header->PointerToRawData < header->SizeOfRawData)
            continue;
        return (struct section){file + header->PointerToRawData + into,
            header->SizeOfRawData - into, rva};
    }
    return (struct section){file, 0, 0};
}

BOOL read_resources(const BYTE *file, DWORD size, struct resource **list)
{
    IMAGE_NT_HEADERS32 *headers = image_headers(file, size);
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *type;
    struct section section;
    DWORD count;
    if (!headers) return set_error(ERROR_BAD_EXE_FORMAT);
    section = find_section(file, size, headers);
    type = entries(&section, 0, &count);
    for (DWORD i = 0; i < count; i++)
        if (!add_names(&section, list, &type[i])) return FALSE;
    return TRUE;
}
