/* An image with another tree of resources. The section that has it lies last or before the
 * relocations only, as linkers write it; what follows in the file moves with it.
 *
 *   directory of types | of names, one for each type | of languages, one for each name |
 *   data entries | names | data, each at a multiple of four bytes
 */
#include "resource_tree.h"

struct sizes {
    DWORD types, names, languages; /* directories' entries */
    DWORD named, strings;          /* directories of languages; bytes of names */
    DWORD data;
};

struct writer {
    BYTE *base;
    DWORD rva;
    DWORD name_directory, language_directory, entry, string, data; /* where the next goes */
};

static DWORD up(DWORD value, DWORD unit)
{
    return (value + unit - 1) / unit * unit;
}

static DWORD string_size(const struct resource_key *key)
{
    return key->name ? (DWORD)(wcslen(key->name) + 1) * sizeof(WCHAR) : 0;
}

static struct sizes measure(const struct resource *list)
{
    struct sizes sizes = {0};
    const struct resource *before = NULL;
    for (; list; before = list, list = list->next) {
        BOOL type = !before || !same_key(&before->type, &list->type);
        BOOL name = type || !same_key(&before->name, &list->name);
        sizes.types += type;
        sizes.names += name;
        sizes.languages++;
        sizes.strings += (type ? string_size(&list->type) : 0) +
                         (name ? string_size(&list->name) : 0);
        sizes.data += up(list->size, 4);
    }
    return sizes;
}

static DWORD directory_bytes(DWORD directories, DWORD count)
{
    return directories * (DWORD)sizeof(IMAGE_RESOURCE_DIRECTORY) +
           count * (DWORD)sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY);
}

static DWORD place(struct writer *writer, const struct sizes *sizes)
{
    writer->name_directory = directory_bytes(1, sizes->types);
    writer->language_directory = writer->name_directory + directory_bytes(sizes->types, sizes->names);
    writer->entry = writer->language_directory + directory_bytes(sizes->names, sizes->languages);
    writer->string = writer->entry + sizes->languages * (DWORD)sizeof(IMAGE_RESOURCE_DATA_ENTRY);
    writer->data = up(writer->string + sizes->strings, 4);
    return writer->data + sizes->data;
}

/* One more entry of the directory at `offset`, where the next one is put. */
static IMAGE_RESOURCE_DIRECTORY_ENTRY *add_entry(struct writer *writer, DWORD offset,
    const struct resource_key *key)
{
    IMAGE_RESOURCE_DIRECTORY *directory = (void *)(writer->base + offset);
    DWORD index = (DWORD)directory->NumberOfNamedEntries + directory->NumberOfIdEntries;
    directory->MajorVersion = 4;
    IMAGE_RESOURCE_DIRECTORY_ENTRY *entry =
        (IMAGE_RESOURCE_DIRECTORY_ENTRY *)(directory + 1) + index;
    if (key->name) {
        WORD length = (WORD)wcslen(key->name);
        memcpy(writer->base + writer->string, &length, sizeof length);
        memcpy(writer->base + writer->string + sizeof length, key->name, length * sizeof(WCHAR));
        entry->Name = IMAGE_RESOURCE_NAME_IS_STRING | writer->string;
        writer->string += string_size(key);
        directory->NumberOfNamedEntries++;
    } else {
        entry->Name = key->number;
        directory->NumberOfIdEntries++;
    }
    return entry;
}

/* How many entries the directory that begins with `list` has: of names, or of languages. */
static DWORD count_below(const struct resource *list, BOOL names)
{
    const struct resource *first = list, *before = NULL;
    DWORD count = 0;
    for (; list && same_key(&first->type, &list->type); before = list, list = list->next) {
        if (!names && !same_key(&first->name, &list->name)) break;
        count += !names || !before || !same_key(&before->name, &list->name);
    }
    return count;
}

/* Gaps are filled as Windows fills them. */
static void pad(BYTE *start, DWORD size)
{
    for (DWORD i = 0; i < size; i++) start[i] = (BYTE)"PADDINGXXPADDING"[i % 16];
}

static void add_leaf(struct writer *writer, const struct resource *resource, DWORD directory)
{
    IMAGE_RESOURCE_DATA_ENTRY *leaf = (void *)(writer->base + writer->entry);
    struct resource_key language = {NULL, resource->language};
    add_entry(writer, directory, &language)->OffsetToData = writer->entry;
    leaf->OffsetToData = writer->rva + writer->data;
    leaf->Size = resource->size;
    leaf->CodePage = resource->code_page;
    memcpy(writer->base + writer->data, resource->data, resource->size);
    pad(writer->base + writer->data + resource->size, up(resource->size, 4) - resource->size);
    writer->entry += sizeof *leaf;
    writer->data += up(resource->size, 4);
}

static void write_tree(struct writer *writer, const struct resource *list)
{
    const struct resource *before = NULL;
    DWORD names = 0, languages = 0;
    for (; list; before = list, list = list->next) {
        BOOL type = !before || !same_key(&before->type, &list->type);
        if (type) {
            names = writer->name_directory;
            writer->name_directory += directory_bytes(1, count_below(list, TRUE));
            add_entry(writer, 0, &list->type)->OffsetToData =
                IMAGE_RESOURCE_DATA_IS_DIRECTORY | names;
        }
        if (type || !same_key(&before->name, &list->name)) {
            languages = writer->language_directory;
            writer->language_directory += directory_bytes(1, count_below(list, FALSE));
            add_entry(writer, names, &list->name)->OffsetToData =
                IMAGE_RESOURCE_DATA_IS_DIRECTORY | languages;
        }
        add_leaf(writer, list, languages);
    }
}

struct plan {
    DWORD old_raw, old_size, raw, raw_size; /* where the tree was and will be in the file */
    DWORD rva, moved;                       /* how far the sections behind it move in memory */
    WORD index;                             /* of its section */
    BOOL fresh;                             /* the section is new */
};

static BOOL plan_new(DWORD size, IMAGE_NT_HEADERS32 *headers, struct plan *plan)
{
    IMAGE_SECTION_HEADER *sections = IMAGE_FIRST_SECTION(headers), *last;
    WORD count = headers->FileHeader.NumberOfSections;
    DWORD alignment = headers->OptionalHeader.SectionAlignment, first = MAXDWORD;
    for (WORD i = 0; i < count; i++)
        if (sections[i].PointerToRawData && sections[i].PointerToRawData < first)
            first = sections[i].PointerToRawData;
    if (!count || (BYTE *)(sections + count + 1) - (BYTE *)headers >
                      (int)(headers->OptionalHeader.SizeOfHeaders) ||
        first < headers->OptionalHeader.SizeOfHeaders)
        return set_error(ERROR_NOT_ENOUGH_MEMORY);
    last = &sections[count - 1];
    plan->index = count;
    plan->fresh = TRUE;
    plan->rva = up(last->VirtualAddress + last->Misc.VirtualSize, alignment);
    plan->raw = plan->old_raw = up(size, headers->OptionalHeader.FileAlignment);
    plan->old_size = 0;
    return TRUE;
}

/* FALSE, with the error stored, where code or data would have to move. */
static BOOL make_plan(DWORD size, IMAGE_NT_HEADERS32 *headers, DWORD bytes, struct plan *plan)
{
    IMAGE_SECTION_HEADER *sections = IMAGE_FIRST_SECTION(headers);
    DWORD alignment = headers->OptionalHeader.SectionAlignment;
    DWORD rva = image_directory(headers, IMAGE_DIRECTORY_ENTRY_RESOURCE)->VirtualAddress;
    DWORD relocations = image_directory(headers, IMAGE_DIRECTORY_ENTRY_BASERELOC)->VirtualAddress;
    WORD count = headers->FileHeader.NumberOfSections, i = 0;
    *plan = (struct plan){0};
    if (!alignment || !headers->OptionalHeader.FileAlignment)
        return set_error(ERROR_BAD_EXE_FORMAT);
    plan->raw_size = up(bytes, headers->OptionalHeader.FileAlignment);
    while (i < count && (!rva || sections[i].VirtualAddress != rva)) i++;
    if (i == count) return rva ? set_error(ERROR_NOT_SUPPORTED) : plan_new(size, headers, plan);
    plan->index = i;
    plan->rva = rva;
    plan->raw = plan->old_raw = sections[i].PointerToRawData;
    plan->old_size = sections[i].SizeOfRawData;
    if (plan->raw > size || size - plan->raw < plan->old_size)
        return set_error(ERROR_BAD_EXE_FORMAT);
    plan->moved = up(plan->raw_size, alignment) - up(sections[i].Misc.VirtualSize, alignment);
    while (++i < count && plan->moved)
        if (sections[i].VirtualAddress != relocations) return set_error(ERROR_NOT_SUPPORTED);
    return TRUE;
}

static DWORD initialized(IMAGE_NT_HEADERS32 *headers)
{
    IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(headers);
    DWORD size = 0;
    for (WORD i = 0; i < headers->FileHeader.NumberOfSections; i++, section++)
        if (section->Characteristics & IMAGE_SCN_CNT_INITIALIZED_DATA)
            size += section->SizeOfRawData;
    return size;
}

static void mend_headers(IMAGE_NT_HEADERS32 *headers, const struct plan *plan, DWORD bytes)
{
    IMAGE_SECTION_HEADER *sections = IMAGE_FIRST_SECTION(headers), *own = &sections[plan->index];
    DWORD grown = plan->raw_size - plan->old_size, alignment = headers->OptionalHeader.SectionAlignment;
    IMAGE_DATA_DIRECTORY *relocations = image_directory(headers, IMAGE_DIRECTORY_ENTRY_BASERELOC);
    if (plan->fresh) {
        memset(own, 0, sizeof *own);
        memcpy(own->Name, ".rsrc", 5);
        own->VirtualAddress = plan->rva;
        own->PointerToRawData = plan->raw;
        own->Characteristics = IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ;
        headers->FileHeader.NumberOfSections++;
    }
    own->SizeOfRawData = plan->raw_size;
    own->Misc.VirtualSize = up(plan->raw_size, alignment);
    for (WORD i = 0; i < headers->FileHeader.NumberOfSections; i++) {
        if (i == plan->index) continue;
        if (sections[i].PointerToRawData > plan->old_raw) sections[i].PointerToRawData += grown;
        if (sections[i].VirtualAddress > plan->rva) sections[i].VirtualAddress += plan->moved;
    }
    if (relocations->VirtualAddress > plan->rva) relocations->VirtualAddress += plan->moved;
    if (headers->FileHeader.PointerToSymbolTable > plan->old_raw)
        headers->FileHeader.PointerToSymbolTable += grown;
    *image_directory(headers, IMAGE_DIRECTORY_ENTRY_RESOURCE) =
        (IMAGE_DATA_DIRECTORY){plan->rva, bytes};
    headers->OptionalHeader.SizeOfInitializedData = initialized(headers);
    own = &sections[headers->FileHeader.NumberOfSections - 1];
    headers->OptionalHeader.SizeOfImage = up(own->VirtualAddress + own->Misc.VirtualSize, alignment);
}

BYTE *with_resources(const BYTE *file, DWORD size, const struct resource *list, DWORD *new_size)
{
    IMAGE_NT_HEADERS32 *headers = image_headers(file, size);
    struct sizes sizes = measure(list);
    struct writer writer = {0};
    DWORD bytes = place(&writer, &sizes), after;
    struct plan plan;
    BYTE *out;
    if (!headers) {
        set_error(ERROR_BAD_EXE_FORMAT);
        return NULL;
    }
    if (!make_plan(size, headers, bytes, &plan)) return NULL;
    after = plan.fresh ? 0 : size - plan.old_raw - plan.old_size;
    *new_size = plan.raw + plan.raw_size + after;
    out = RtlAllocateHeap(NtPeb()->ProcessHeap, HEAP_ZERO_MEMORY, *new_size);
    if (!out) {
        set_error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    memcpy(out, file, plan.fresh ? size : plan.old_raw);
    memcpy(out + plan.raw + plan.raw_size, file + size - after, after);
    writer.base = out + plan.raw;
    writer.rva = plan.rva;
    write_tree(&writer, list);
    pad(writer.base + bytes, plan.raw_size - bytes);
    mend_headers(image_headers(out, *new_size), &plan, bytes);
    return out;
}
