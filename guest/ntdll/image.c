/* PE images in memory: headers, directories, sections. */
#include "ntdll.h"

PIMAGE_NT_HEADERS NTAPI RtlImageNtHeader(PVOID Base)
{
    const IMAGE_DOS_HEADER *dos = Base;
    if (!Base || Base == (PVOID)(LONG_PTR)-1 || dos->e_magic != IMAGE_DOS_SIGNATURE ||
        dos->e_lfanew < 0 || dos->e_lfanew >= 0x10000000)
        return NULL;
    PIMAGE_NT_HEADERS headers = (PIMAGE_NT_HEADERS)((char *)Base + dos->e_lfanew);
    return headers->Signature == IMAGE_NT_SIGNATURE ? headers : NULL;
}

/* Flags: 1, no range check. */
NTSTATUS NTAPI RtlImageNtHeaderEx(ULONG Flags, PVOID Base, ULONGLONG Size,
                                  PIMAGE_NT_HEADERS *Headers)
{
    if (!Headers)
        return STATUS_INVALID_PARAMETER;
    *Headers = NULL;
    if (!Base || Flags > 1)
        return STATUS_INVALID_PARAMETER;
    const IMAGE_DOS_HEADER *dos = Base;
    if (!(Flags & 1) && (Size < sizeof *dos || dos->e_magic != IMAGE_DOS_SIGNATURE ||
                         (ULONG)dos->e_lfanew + sizeof(IMAGE_NT_HEADERS) > Size))
        return STATUS_INVALID_IMAGE_FORMAT;
    *Headers = RtlImageNtHeader(Base);
    return *Headers ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

PIMAGE_SECTION_HEADER NTAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva)
{
    PIMAGE_SECTION_HEADER section = IMAGE_FIRST_SECTION(Headers);
    (void)Base;
    for (ULONG i = 0; i < Headers->FileHeader.NumberOfSections; i++, section++)
        if (Rva - section->VirtualAddress < section->SizeOfRawData)
            return section;
    return NULL;
}

PVOID NTAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva,
                            PIMAGE_SECTION_HEADER *Section)
{
    PIMAGE_SECTION_HEADER section = Section ? *Section : NULL;
    if (!section || Rva - section->VirtualAddress >= section->SizeOfRawData)
        section = RtlImageRvaToSection(Headers, Base, Rva);
    if (!section)
        return NULL;
    if (Section)
        *Section = section;
    return (char *)Base + section->PointerToRawData + (Rva - section->VirtualAddress);
}

/* The low bit of Base marks a file mapped as data, as for LOAD_LIBRARY_AS_DATAFILE. */
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID Base, BOOLEAN Mapped, USHORT Directory, PULONG Size)
{
    if ((ULONG_PTR)Base & 1) {
        Base = (PVOID)((ULONG_PTR)Base & ~(ULONG_PTR)1);
        Mapped = FALSE;
    }
    *Size = 0;
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(Base);
    if (!headers || Directory >= headers->OptionalHeader.NumberOfRvaAndSizes ||
        Directory >= IMAGE_NUMBEROF_DIRECTORY_ENTRIES)
        return NULL;
    IMAGE_DATA_DIRECTORY entry = headers->OptionalHeader.DataDirectory[Directory];
    if (!entry.VirtualAddress)
        return NULL;
    *Size = entry.Size;
    if (Mapped || entry.VirtualAddress < headers->OptionalHeader.SizeOfHeaders)
        return (char *)Base + entry.VirtualAddress;
    return RtlImageRvaToVa(headers, Base, entry.VirtualAddress, NULL);
}
