/* Base relocations of 32-bit x86 images. */
#include "loader.h"

/* Change protection; old is for restoring. */
BOOL Protect(PVOID address, SIZE_T size, ULONG protect, PULONG old)
{
    return NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &address, &size, protect, old));
}

/* Make every section writable, or (old not NULL and `back`) as it was. */
static VOID ProtectSections(PVOID base, PIMAGE_NT_HEADERS headers, ULONG *old, BOOL back)
{
    PIMAGE_SECTION_HEADER section = IMAGE_FIRST_SECTION(headers);
    for (ULONG i = 0; i < headers->FileHeader.NumberOfSections; i++, section++) {
        ULONG unused, size = section->Misc.VirtualSize;
        if (!size)
            size = section->SizeOfRawData;
        if (size)
            Protect((char *)base + section->VirtualAddress, size,
                    back ? old[i] : PAGE_READWRITE, back ? &unused : &old[i]);
    }
}

/* One block: a page and its 16-bit entries, type in the top 4 bits. */
static NTSTATUS ApplyBlock(char *page, const USHORT *entries, ULONG count, ULONG delta)
{
    for (ULONG i = 0; i < count; i++) {
        char *at = page + (entries[i] & 0xFFF);
        switch (entries[i] >> 12) {
        case IMAGE_REL_BASED_ABSOLUTE:
            break;
        case IMAGE_REL_BASED_HIGHLOW:
            *(ULONG UNALIGNED *)at += delta;
            break;
        case IMAGE_REL_BASED_HIGH:
            *(USHORT UNALIGNED *)at += (USHORT)(delta >> 16);
            break;
        case IMAGE_REL_BASED_LOW:
            *(USHORT UNALIGNED *)at += (USHORT)delta;
            break;
        case IMAGE_REL_BASED_HIGHADJ: {
            if (++i == count)
                return STATUS_INVALID_IMAGE_FORMAT;
            ULONG value = ((ULONG) * (USHORT UNALIGNED *)at << 16) + (SHORT)entries[i] + delta;
            *(USHORT UNALIGNED *)at = (USHORT)((value + 0x8000) >> 16);
            break;
        }
        default:
            return STATUS_INVALID_IMAGE_FORMAT;
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS ApplyAll(char *base, ULONG image_size, const char *table, ULONG size, ULONG delta)
{
    const char *end = table + size;
    while ((ULONG_PTR)(end - table) >= sizeof(IMAGE_BASE_RELOCATION)) {
        const IMAGE_BASE_RELOCATION *block = (const void *)table;
        if (block->SizeOfBlock < sizeof *block || block->SizeOfBlock > (ULONG)(end - table))
            break;
        if (block->VirtualAddress >= image_size)
            return STATUS_INVALID_IMAGE_FORMAT;
        ULONG count = (block->SizeOfBlock - sizeof *block) / sizeof(USHORT);
        NTSTATUS status = ApplyBlock(base + block->VirtualAddress, (const USHORT *)(block + 1),
                                     count, delta);
        if (!NT_SUCCESS(status))
            return status;
        table += block->SizeOfBlock;
    }
    return STATUS_SUCCESS;
}

PIMAGE_BASE_RELOCATION NTAPI LdrProcessRelocationBlock(PVOID Page, ULONG Count, PUSHORT Entries,
                                                       LONG_PTR Delta)
{
    if (!NT_SUCCESS(ApplyBlock(Page, Entries, Count, (ULONG)Delta)))
        return NULL;
    return (PIMAGE_BASE_RELOCATION)(Entries + Count);
}

/* Relocate an image that is not where its header says; then the header says where it is. */
NTSTATUS RelocateImage(PVOID base)
{
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(base);
    ULONG delta = (ULONG)(ULONG_PTR)base - headers->OptionalHeader.ImageBase, size, old;
    if (!delta)
        return STATUS_SUCCESS;
    if (headers->FileHeader.Characteristics & IMAGE_FILE_RELOCS_STRIPPED)
        return STATUS_CONFLICTING_ADDRESSES;
    PVOID table = RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_BASERELOC, &size);
    ULONG *protections = Allocate(headers->FileHeader.NumberOfSections * sizeof(ULONG));
    if (!protections)
        return STATUS_NO_MEMORY;
    ProtectSections(base, headers, protections, FALSE);
    NTSTATUS status = table ? ApplyAll(base, headers->OptionalHeader.SizeOfImage, table, size,
                                       delta)
                            : STATUS_SUCCESS;
    ProtectSections(base, headers, protections, TRUE);
    Free(protections);
    if (Protect(&headers->OptionalHeader.ImageBase, sizeof(ULONG), PAGE_READWRITE, &old)) {
        headers->OptionalHeader.ImageBase = (ULONG)(ULONG_PTR)base;
        Protect(&headers->OptionalHeader.ImageBase, sizeof(ULONG), old, &old);
    }
    return status;
}
