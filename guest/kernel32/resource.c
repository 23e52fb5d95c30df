/* Resources of modules, and the message tables among them. */
#include "kernel32.h"

/* A resource name as LdrFindResource_U takes it: a number, or a string in upper case. */
static ULONG_PTR resource_name(const WCHAR *name, WCHAR *room)
{
    ULONG number = 0;
    SIZE_T i;
    if (IS_INTRESOURCE(name)) return (ULONG_PTR)name;
    if (*name == '#') {
        while (*++name >= '0' && *name <= '9') number = number * 10 + *name - '0';
        return number & 0xFFFF;
    }
    for (i = 0; name[i] && i < MAX_PATH - 1; i++) room[i] = upper_char(name[i]);
    room[i] = 0;
    return (ULONG_PTR)room;
}

HRSRC WINAPI FindResourceExW(HMODULE module, LPCWSTR type, LPCWSTR name, WORD language)
{
    WCHAR type_room[MAX_PATH], name_room[MAX_PATH];
    LDR_RESOURCE_INFO info = {resource_name(type, type_room), resource_name(name, name_room),
        language};
    PIMAGE_RESOURCE_DATA_ENTRY entry;
    PVOID base = module ? (PVOID)module : NtPeb()->ImageBaseAddress;
    NTSTATUS status = LdrFindResource_U(base, &info, 3, &entry);
    return set_status(status) ? (HRSRC)entry : NULL;
}

HRSRC WINAPI FindResourceW(HMODULE module, LPCWSTR name, LPCWSTR type)
{
    return FindResourceExW(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

HRSRC WINAPI FindResourceExA(HMODULE module, LPCSTR type, LPCSTR name, WORD language)
{
    WIDE(wide_type, IS_INTRESOURCE(type) ? NULL : type);
    WIDE(wide_name, IS_INTRESOURCE(name) ? NULL : name);
    return FindResourceExW(module, wide_type ? wide_type : (LPCWSTR)type,
        wide_name ? wide_name : (LPCWSTR)name, language);
}

HRSRC WINAPI FindResourceA(HMODULE module, LPCSTR name, LPCSTR type)
{
    return FindResourceExA(module, type, name, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
}

HGLOBAL WINAPI LoadResource(HMODULE module, HRSRC resource)
{
    PVOID data;
    if (!resource) return NULL;
    return set_status(LdrAccessResource(module ? (PVOID)module : NtPeb()->ImageBaseAddress,
               (PIMAGE_RESOURCE_DATA_ENTRY)resource, &data, NULL)) ? data : NULL;
}

LPVOID WINAPI LockResource(HGLOBAL resource)
{
    return resource;
}

BOOL WINAPI FreeResource(HGLOBAL resource)
{
    (void)resource;
    return FALSE;
}

DWORD WINAPI SizeofResource(HMODULE module, HRSRC resource)
{
    (void)module;
    return resource ? ((PIMAGE_RESOURCE_DATA_ENTRY)resource)->Size : 0;
}

const MESSAGE_RESOURCE_ENTRY *find_message(HMODULE module, DWORD id, DWORD language)
{
    HRSRC found = FindResourceExW(module, (LPCWSTR)(ULONG_PTR)11, (LPCWSTR)1, (WORD)language);
    const MESSAGE_RESOURCE_DATA *table = found ? LoadResource(module, found) : NULL;
    const MESSAGE_RESOURCE_ENTRY *entry;
    for (DWORD i = 0; table && i < table->NumberOfBlocks; i++) {
        const MESSAGE_RESOURCE_BLOCK *block = &table->Blocks[i];
        if (id < block->LowId || id > block->HighId) continue;
        entry = (PVOID)((char *)table + block->OffsetToEntries);
        for (DWORD n = block->LowId; n < id; n++) entry = (PVOID)((char *)entry + entry->Length);
        return entry;
    }
    return NULL;
}
