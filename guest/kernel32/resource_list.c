/* Listing a module's resources: types, names of a type, languages of a name. */
#include "kernel32.h"

static BOOL directory_of(HMODULE module, LDR_RESOURCE_INFO *info, ULONG levels,
    PIMAGE_RESOURCE_DIRECTORY *directory)
{
    PVOID base = module ? (PVOID)module : NtPeb()->ImageBaseAddress;
    return set_status(LdrFindResourceDirectory_U(base, info, levels, directory));
}

static const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries_of(const IMAGE_RESOURCE_DIRECTORY *directory,
    DWORD *count)
{
    *count = directory->NumberOfNamedEntries + directory->NumberOfIdEntries;
    return (const void *)(directory + 1);
}

/* An entry's name: a number as a pointer, or a copy of the text; NULL if memory runs out. */
static WCHAR *name_of(HMODULE module, const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry)
{
    ULONG size;
    const char *root = RtlImageDirectoryEntryToData(module ? (PVOID)module
                                                           : NtPeb()->ImageBaseAddress,
        TRUE, IMAGE_DIRECTORY_ENTRY_RESOURCE, &size);
    const IMAGE_RESOURCE_DIR_STRING_U *string;
    WCHAR *text;
    if (!entry->NameIsString) return (WCHAR *)(ULONG_PTR)entry->Id;
    string = (const void *)(root + entry->NameOffset);
    text = allocate((string->Length + 1) * sizeof(WCHAR));
    if (!text) return NULL;
    memcpy(text, string->NameString, string->Length * sizeof(WCHAR));
    text[string->Length] = 0;
    return text;
}

static char *narrowed(const WCHAR *name)
{
    int size = WideCharToMultiByte(CP_ACP, 0, name, -1, NULL, 0, NULL, NULL);
    char *text = allocate(size);
    if (text) WideCharToMultiByte(CP_ACP, 0, name, -1, text, size, NULL, NULL);
    return text;
}

static void free_name(void *name)
{
    if (!IS_INTRESOURCE(name)) release(name);
}

/* Either form: `call` gets each name and says whether to go on. */
static BOOL each_name(HMODULE module, const IMAGE_RESOURCE_DIRECTORY *directory, BOOL ansi,
    BOOL (*call)(void *context, void *name), void *context)
{
    DWORD count;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = entries_of(directory, &count);
    BOOL more = TRUE;
    for (DWORD i = 0; more && i < count; i++) {
        WCHAR *wide = name_of(module, &entries[i]);
        void *name = wide;
        if (ansi && !IS_INTRESOURCE(wide)) {
            name = narrowed(wide);
            release(wide);
        }
        if (entries[i].NameIsString && !name) return FALSE;
        more = call(context, name);
        free_name(name);
    }
    return more;
}

struct enumeration {
    HMODULE module;
    void *function, *type, *name;
    LONG_PTR argument;
};

static BOOL call_type(void *context, void *name)
{
    struct enumeration *of = context;
    return ((ENUMRESTYPEPROCW)of->function)(of->module, name, of->argument);
}

static BOOL call_name(void *context, void *name)
{
    struct enumeration *of = context;
    return ((ENUMRESNAMEPROCW)of->function)(of->module, of->type, name, of->argument);
}

static BOOL each_language(struct enumeration *of, const IMAGE_RESOURCE_DIRECTORY *directory)
{
    DWORD count;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = entries_of(directory, &count);
    for (DWORD i = 0; i < count; i++)
        if (!((ENUMRESLANGPROCW)of->function)(of->module, of->type, of->name, entries[i].Id,
                of->argument))
            return FALSE;
    return TRUE;
}

/* A name as the directory has it: a number or a string in upper case. */
static ULONG_PTR upper_name(const WCHAR *name, WCHAR *room)
{
    SIZE_T i = 0;
    if (IS_INTRESOURCE(name)) return (ULONG_PTR)name;
    for (; name[i] && i < MAX_PATH - 1; i++) room[i] = upper_char(name[i]);
    room[i] = 0;
    return (ULONG_PTR)room;
}

static BOOL types(HMODULE module, void *function, LONG_PTR argument, BOOL ansi)
{
    struct enumeration of = {module, function, NULL, NULL, argument};
    PIMAGE_RESOURCE_DIRECTORY directory;
    if (!directory_of(module, NULL, 0, &directory)) return FALSE;
    return each_name(module, directory, ansi, call_type, &of);
}

static BOOL names(HMODULE module, const WCHAR *type, struct enumeration *of, BOOL ansi)
{
    WCHAR room[MAX_PATH];
    LDR_RESOURCE_INFO info = {upper_name(type, room), 0, 0};
    PIMAGE_RESOURCE_DIRECTORY directory;
    if (!directory_of(module, &info, 1, &directory)) return FALSE;
    return each_name(module, directory, ansi, call_name, of);
}

static BOOL languages(HMODULE module, const WCHAR *type, const WCHAR *name, struct enumeration *of)
{
    WCHAR type_room[MAX_PATH], name_room[MAX_PATH];
    LDR_RESOURCE_INFO info = {upper_name(type, type_room), upper_name(name, name_room), 0};
    PIMAGE_RESOURCE_DIRECTORY directory;
    if (!directory_of(module, &info, 2, &directory)) return FALSE;
    return each_language(of, directory);
}

BOOL WINAPI EnumResourceTypesW(HMODULE module, ENUMRESTYPEPROCW function, LONG_PTR argument)
{
    return types(module, function, argument, FALSE);
}

BOOL WINAPI EnumResourceTypesA(HMODULE module, ENUMRESTYPEPROCA function, LONG_PTR argument)
{
    return types(module, function, argument, TRUE);
}

BOOL WINAPI EnumResourceNamesW(HMODULE module, LPCWSTR type, ENUMRESNAMEPROCW function,
    LONG_PTR argument)
{
    struct enumeration of = {module, function, (void *)type, NULL, argument};
    return names(module, type, &of, FALSE);
}

BOOL WINAPI EnumResourceNamesA(HMODULE module, LPCSTR type, ENUMRESNAMEPROCA function,
    LONG_PTR argument)
{
    struct enumeration of = {module, function, (void *)type, NULL, argument};
    WIDE(wide, IS_INTRESOURCE(type) ? NULL : type);
    return names(module, wide ? wide : (LPCWSTR)type, &of, TRUE);
}

BOOL WINAPI EnumResourceLanguagesW(HMODULE module, LPCWSTR type, LPCWSTR name,
    ENUMRESLANGPROCW function, LONG_PTR argument)
{
    struct enumeration of = {module, function, (void *)type, (void *)name, argument};
    return languages(module, type, name, &of);
}

BOOL WINAPI EnumResourceLanguagesA(HMODULE module, LPCSTR type, LPCSTR name,
    ENUMRESLANGPROCA function, LONG_PTR argument)
{
    struct enumeration of = {module, function, (void *)type, (void *)name, argument};
    WIDE(wide_type, IS_INTRESOURCE(type) ? NULL : type);
    WIDE(wide_name, IS_INTRESOURCE(name) ? NULL : name);
    return languages(module, wide_type ? wide_type : (LPCWSTR)type,
        wide_name ? wide_name : (LPCWSTR)name, &of);
}
