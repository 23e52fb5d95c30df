/* Modules and their exports. */
#include "symbols.h"

char *module_at(ULONG_PTR address)
{
    HMODULE module = NULL;
    DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    return GetModuleHandleExW(flags, (LPCWSTR)address, &module) ? (char *)module : NULL;
}

const char *export_before(char *base, ULONG_PTR address, ULONG_PTR *start, ULONG *ordinal)
{
    ULONG size, wanted = (ULONG)(address - (ULONG_PTR)base), best = 0;
    const IMAGE_EXPORT_DIRECTORY *exports =
        RtlImageDirectoryEntryToData(base, TRUE, IMAGE_DIRECTORY_ENTRY_EXPORT, &size);
    ULONG first = (ULONG)((char *)exports - base);
    const char *name = NULL;
    if (!exports) return NULL;
    for (ULONG i = 0; i < exports->NumberOfNames; i++) {
        ULONG index = ((USHORT *)(base + exports->AddressOfNameOrdinals))[i];
        ULONG rva = ((ULONG *)(base + exports->AddressOfFunctions))[index];
        BOOL forwarded = rva - first < size;
        if (forwarded || rva > wanted || rva < best || (name && rva == best)) continue;
        best = rva;
        name = base + ((ULONG *)(base + exports->AddressOfNames))[i];
        *ordinal = index;
    }
    *start = (ULONG_PTR)base + best;
    return name;
}

static BOOL not_found(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

DWORD64 WINAPI SymGetModuleBase64(HANDLE process, DWORD64 address)
{
    char *base = is_session(process) ? module_at((ULONG_PTR)address) : NULL;
    if (!base) not_found(ERROR_MOD_NOT_FOUND);
    return (ULONG_PTR)base;
}

/* Frames of x86 need no tables. */
PVOID WINAPI SymFunctionTableAccess64(HANDLE process, DWORD64 address)
{
    (void)process, (void)address;
    return NULL;
}

BOOL WINAPI SymFromAddr(HANDLE process, DWORD64 address, PDWORD64 displacement, PSYMBOL_INFO symbol)
{
    ULONG_PTR start;
    ULONG ordinal, length;
    const char *name;
    char *base;
    if (!is_session(process)) return FALSE;
    if (!symbol || symbol->SizeOfStruct != sizeof *symbol)
        return not_found(ERROR_INVALID_PARAMETER);
    base = module_at((ULONG_PTR)address);
    if (!base) return not_found(ERROR_MOD_NOT_FOUND);
    name = export_before(base, (ULONG_PTR)address, &start, &ordinal);
    if (!name) return not_found(ERROR_INVALID_ADDRESS);
    length = (ULONG)strlen(name);
    symbol->ModBase = (ULONG_PTR)base;
    symbol->Flags = SYMFLAG_EXPORT;
    symbol->Address = start;
    symbol->Tag = 10; /* SymTagPublicSymbol */
    symbol->TypeIndex = symbol->Size = symbol->Register = symbol->Scope = 0;
    symbol->Value = 0;
    symbol->NameLen = length;
    if (symbol->MaxNameLen) {
        ULONG kept = length < symbol->MaxNameLen ? length : symbol->MaxNameLen - 1;
        memcpy(symbol->Name, name, kept);
        symbol->Name[kept] = 0;
    }
    if (displacement) *displacement = address - start;
    return TRUE;
}

BOOL WINAPI SymGetLineFromAddr64(HANDLE process, DWORD64 address, PDWORD displacement,
    PIMAGEHLP_LINE64 line)
{
    (void)displacement, (void)line;
    if (!is_session(process)) return FALSE;
    return not_found(module_at((ULONG_PTR)address) ? ERROR_INVALID_ADDRESS : ERROR_MOD_NOT_FOUND);
}
