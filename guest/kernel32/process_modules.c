/* The modules of any process, read from its PEB; psapi's functions on them. */
#include "process_modules.h"
#include <psapi.h>

#undef EnumProcessModules
#undef GetModuleInformation

#define MOST_MODULES 0x1000 /* a list that another process damages ends somewhere */

static void read_text(HANDLE process, const UNICODE_STRING *string, WCHAR *text)
{
    SIZE_T size = string->Length < MAX_PATH * sizeof(WCHAR) ? string->Length
                                                            : (MAX_PATH - 1) * sizeof(WCHAR);
    if (!NT_SUCCESS(NtReadVirtualMemory(process, string->Buffer, text, size, NULL))) size = 0;
    text[size / sizeof(WCHAR)] = 0;
}

static NTSTATUS list_of(HANDLE process, PEB *peb, PEB_LDR_DATA *ldr)
{
    struct {
        NTSTATUS ExitStatus;
        PPEB PebBaseAddress;
        ULONG_PTR Spare[4];
    } info;
    NTSTATUS status = NtQueryInformationProcess(process, 0, &info, sizeof info, NULL);
    if (!NT_SUCCESS(status)) return status;
    status = NtReadVirtualMemory(process, info.PebBaseAddress, peb, sizeof *peb, NULL);
    if (!NT_SUCCESS(status)) return status;
    if (!peb->Ldr) return STATUS_PARTIAL_COPY; /* its loader has not run yet */
    return NtReadVirtualMemory(process, peb->Ldr, ldr, sizeof *ldr, NULL);
}

BOOL for_each_module(HANDLE process, BOOL (*each)(void *context, const struct process_module *),
    void *context)
{
    PEB peb;
    PEB_LDR_DATA ldr;
    LDR_DATA_TABLE_ENTRY entry;
    struct process_module module;
    PVOID head, at;
    NTSTATUS status = list_of(process, &peb, &ldr);
    if (!set_status(status)) return FALSE;
    head = (char *)peb.Ldr + offsetof(PEB_LDR_DATA, InLoadOrderModuleList);
    at = ldr.InLoadOrderModuleList.Flink;
    for (ULONG i = 0; at != head && i < MOST_MODULES; i++, at = entry.InLoadOrderLinks.Flink) {
        if (!set_status(NtReadVirtualMemory(process, at, &entry, sizeof entry, NULL))) return FALSE;
        module.base = entry.DllBase;
        module.entry = entry.EntryPoint;
        module.size = entry.SizeOfImage;
        read_text(process, &entry.BaseDllName, module.name);
        read_text(process, &entry.FullDllName, module.path);
        if (!each(context, &module)) break;
    }
    return TRUE;
}

struct listing {
    HMODULE *modules;
    DWORD room, count;
};

static BOOL list(void *context, const struct process_module *module)
{
    struct listing *listing = context;
    if (listing->count < listing->room) listing->modules[listing->count] = (HMODULE)module->base;
    listing->count++;
    return TRUE;
}

BOOL WINAPI K32EnumProcessModules(HANDLE process, HMODULE *modules, DWORD size, LPDWORD needed)
{
    struct listing listing = {modules, size / sizeof *modules, 0};
    if (!for_each_module(process, list, &listing)) return FALSE;
    if (!needed) return set_error(ERROR_NOACCESS);
    *needed = listing.count * sizeof *modules;
    return TRUE;
}

BOOL WINAPI K32EnumProcessModulesEx(HANDLE process, HMODULE *modules, DWORD size, LPDWORD needed,
    DWORD filter)
{
    (void)filter; /* all modules are 32-bit ones */
    return K32EnumProcessModules(process, modules, size, needed);
}

struct search {
    HMODULE wanted; /* NULL: the program */
    struct process_module *found;
    BOOL done;
};

static BOOL compare(void *context, const struct process_module *module)
{
    struct search *search = context;
    if (search->wanted && (BYTE *)search->wanted != module->base) return TRUE;
    *search->found = *module;
    search->done = TRUE;
    return FALSE;
}

static BOOL find(HANDLE process, HMODULE module, struct process_module *found)
{
    struct search search = {module, found, FALSE};
    if (!for_each_module(process, compare, &search)) return FALSE;
    return search.done || set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI K32GetModuleInformation(HANDLE process, HMODULE module, LPMODULEINFO info, DWORD size)
{
    struct process_module found;
    if (size < sizeof *info) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!find(process, module, &found)) return FALSE;
    *info = (MODULEINFO){found.base, found.size, found.entry};
    return TRUE;
}

/* As much as fits, always terminated; the count without the terminator. */
static DWORD give(const WCHAR *text, WCHAR *buffer, DWORD size)
{
    DWORD length = wcslen(text);
    if (!size) return 0;
    if (length >= size) {
        set_error(ERROR_INSUFFICIENT_BUFFER);
        memcpy(buffer, text, size * sizeof(WCHAR));
        buffer[size - 1] = 0;
        return size;
    }
    memcpy(buffer, text, (length + 1) * sizeof(WCHAR));
    return length;
}

static DWORD give_ansi(const WCHAR *text, char *buffer, DWORD size)
{
    char room[MAX_PATH * 2];
    DWORD length = WideCharToMultiByte(CP_ACP, 0, text, -1, room, sizeof room, NULL, NULL);
    if (!size || !length) return 0;
    if (length <= size) {
        memcpy(buffer, room, length);
        return length - 1;
    }
    set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, room, size);
    buffer[size - 1] = 0;
    return size;
}

DWORD WINAPI K32GetModuleFileNameExW(HANDLE process, HMODULE module, LPWSTR buffer, DWORD size)
{
    struct process_module found;
    return find(process, module, &found) ? give(found.path, buffer, size) : 0;
}

DWORD WINAPI K32GetModuleFileNameExA(HANDLE process, HMODULE module, LPSTR buffer, DWORD size)
{
    struct process_module found;
    return find(process, module, &found) ? give_ansi(found.path, buffer, size) : 0;
}

DWORD WINAPI K32GetModuleBaseNameW(HANDLE process, HMODULE module, LPWSTR buffer, DWORD size)
{
    struct process_module found;
    return find(process, module, &found) ? give(found.name, buffer, size) : 0;
}

DWORD WINAPI K32GetModuleBaseNameA(HANDLE process, HMODULE module, LPSTR buffer, DWORD size)
{
    struct process_module found;
    return find(process, module, &found) ? give_ansi(found.name, buffer, size) : 0;
}

/* The name of a mapped file or of a process's image, in NT's form. */
struct device_name {
    UNICODE_STRING name;
    WCHAR room[0x400];
};

static BOOL image_name(HANDLE process, struct device_name *found)
{
    enum { ProcessImageFileName = 27 };
    if (!set_status(NtQueryInformationProcess(process, ProcessImageFileName, found,
            sizeof *found - sizeof(WCHAR), NULL)))
        return FALSE;
    found->name.Buffer[found->name.Length / sizeof(WCHAR)] = 0;
    return TRUE;
}

DWORD WINAPI K32GetProcessImageFileNameW(HANDLE process, LPWSTR buffer, DWORD size)
{
    struct device_name found;
    if (!image_name(process, &found)) return 0;
    if (found.name.Length / sizeof(WCHAR) >= size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    return give(found.name.Buffer, buffer, size);
}

DWORD WINAPI K32GetProcessImageFileNameA(HANDLE process, LPSTR buffer, DWORD size)
{
    struct device_name found;
    if (!image_name(process, &found)) return 0;
    if (found.name.Length / sizeof(WCHAR) >= size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    return give_ansi(found.name.Buffer, buffer, size);
}

DWORD WINAPI K32GetMappedFileNameA(HANDLE process, LPVOID address, LPSTR buffer, DWORD size)
{
    WCHAR wide[0x400];
    DWORD length = K32GetMappedFileNameW(process, address, wide, COUNT(wide) - 1);
    if (!length) return 0;
    wide[length] = 0;
    return give_ansi(wide, buffer, size);
}
