/* DLLs: loading them, finding them, and what they export. */
#include "kernel32.h"

PVOID module_or_program(HMODULE module)
{
    /* The low bits mark a module loaded as data. */
    return module ? (PVOID)((ULONG_PTR)module & ~(ULONG_PTR)3) : NtPeb()->ImageBaseAddress;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        LdrDisableThreadCalloutsForDll(module);
        RtlSetUnhandledExceptionFilter(UnhandledExceptionFilter);
    }
    return TRUE;
}

/* Blanks after a name are dropped, as Windows does. */
static BOOL module_name(UNICODE_STRING *string, const WCHAR *name)
{
    RtlInitUnicodeString(string, name);
    while (string->Length && string->Buffer[string->Length / sizeof(WCHAR) - 1] == ' ')
        string->Length -= sizeof(WCHAR);
    return string->Length ? TRUE : set_error(ERROR_MOD_NOT_FOUND);
}

/* Maps a file as an image without running it: LOAD_LIBRARY_AS_DATAFILE and its like. */
static HMODULE map_as_data(const WCHAR *name, DWORD flags)
{
    WCHAR path[MAX_PATH];
    HANDLE file = INVALID_HANDLE_VALUE, section;
    PVOID base;
    BOOL image = (flags & LOAD_LIBRARY_AS_IMAGE_RESOURCE) != 0;
    if (SearchPathW(NULL, name, L".dll", MAX_PATH, path, NULL))
        file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
            OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    section = CreateFileMappingW(file, NULL, PAGE_READONLY | (image ? SEC_IMAGE : 0), 0, 0, NULL);
    NtClose(file);
    if (!section) return NULL;
    base = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    NtClose(section);
    if (base && !RtlImageNtHeader(base)) {
        UnmapViewOfFile(base);
        set_error(ERROR_BAD_EXE_FORMAT);
        return NULL;
    }
    return base ? (HMODULE)((ULONG_PTR)base | (image ? 2 : 1)) : NULL;
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags)
{
    const DWORD data = LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE |
                       LOAD_LIBRARY_AS_IMAGE_RESOURCE;
    ULONG characteristics = flags & DONT_RESOLVE_DLL_REFERENCES ? IMAGE_FILE_EXECUTABLE_IMAGE : 0;
    UNICODE_STRING string;
    PVOID base;
    NTSTATUS status;
    if (!name || file) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!module_name(&string, name)) return NULL;
    if (flags & data) {
        if (NT_SUCCESS(LdrGetDllHandleEx(0, NULL, NULL, &string, &base))) return base;
        return map_as_data(name, flags);
    }
    status = LdrLoadDll(NULL, &characteristics, &string, &base);
    return set_status(status) ? base : NULL;
}

HMODULE WINAPI LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags)
{
    FILE_WIDE(wide, name);
    return LoadLibraryExW(wide, file, flags);
}

HMODULE WINAPI LoadLibraryW(LPCWSTR name)
{
    return LoadLibraryExW(name, NULL, 0);
}

HMODULE WINAPI LoadLibraryA(LPCSTR name)
{
    return LoadLibraryExA(name, NULL, 0);
}

BOOL WINAPI FreeLibrary(HMODULE module)
{
    if (!module) return set_error(ERROR_INVALID_HANDLE);
    if ((ULONG_PTR)module & 3) return UnmapViewOfFile(module_or_program(module));
    return set_status(LdrUnloadDll(module));
}

BOOL WINAPI DisableThreadLibraryCalls(HMODULE module)
{
    return set_status(LdrDisableThreadCalloutsForDll(module));
}

FARPROC WINAPI GetProcAddress(HMODULE module, LPCSTR name)
{
    ANSI_STRING string;
    PVOID address;
    NTSTATUS status;
    PVOID base = module_or_program(module);
    if ((ULONG_PTR)name >> 16) {
        RtlInitAnsiString(&string, name);
        status = LdrGetProcedureAddress(base, &string, 0, &address);
    } else {
        status = LdrGetProcedureAddress(base, NULL, LOWORD(name), &address);
    }
    return set_status(status) ? (FARPROC)(ULONG_PTR)address : NULL;
}

static HMODULE module_of_name(const WCHAR *name)
{
    UNICODE_STRING string;
    PVOID base;
    if (!name) return NtPeb()->ImageBaseAddress;
    if (!module_name(&string, name)) return NULL;
    return set_status(LdrGetDllHandleEx(1, NULL, NULL, &string, &base)) ? base : NULL;
}

static HMODULE module_of_address(const void *address)
{
    PLDR_DATA_TABLE_ENTRY entry;
    if (NT_SUCCESS(LdrFindEntryForAddress((PVOID)address, &entry))) return entry->DllBase;
    set_error(ERROR_MOD_NOT_FOUND);
    return NULL;
}

BOOL WINAPI GetModuleHandleExW(DWORD flags, LPCWSTR name, HMODULE *module)
{
    const DWORD both = GET_MODULE_HANDLE_EX_FLAG_PIN |
                       GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!module) return set_error(ERROR_INVALID_PARAMETER);
    *module = NULL;
    if ((flags & ~7u) || (flags & both) == both) return set_error(ERROR_INVALID_PARAMETER);
    *module = name && flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS ? module_of_address(name)
                                                                     : module_of_name(name);
    if (!*module) return FALSE;
    if (flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT) return TRUE;
    return set_status(LdrAddRefDll(flags & GET_MODULE_HANDLE_EX_FLAG_PIN, *module));
}

BOOL WINAPI GetModuleHandleExA(DWORD flags, LPCSTR name, HMODULE *module)
{
    if (name && !(flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)) {
        FILE_WIDE(wide, name);
        return GetModuleHandleExW(flags, wide, module);
    }
    return GetModuleHandleExW(flags, (LPCWSTR)name, module);
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR name)
{
    return module_of_name(name);
}

HMODULE WINAPI GetModuleHandleA(LPCSTR name)
{
    FILE_WIDE(wide, name);
    return module_of_name(wide);
}

/* The truncating protocol of GetModuleFileName: the size, with an error, if it did not fit. */
static DWORD truncated(const UNICODE_STRING *name, WCHAR *buffer, DWORD size)
{
    DWORD length = name->Length / sizeof(WCHAR);
    if (length < size) {
        set_error(ERROR_SUCCESS);
        return wide_out(name->Buffer, length, buffer, size);
    }
    if (size) wide_out(name->Buffer, size - 1, buffer, size);
    set_error(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR buffer, DWORD size)
{
    PLDR_DATA_TABLE_ENTRY entry;
    if (!set_status(LdrFindEntryForAddress(module_or_program(module), &entry))) {
        set_error(ERROR_MOD_NOT_FOUND);
        return 0;
    }
    return truncated(&entry->FullDllName, buffer, size);
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR buffer, DWORD size)
{
    WCHAR wide[MAX_PATH];
    char text[3 * MAX_PATH];
    DWORD count = GetModuleFileNameW(module, wide, MAX_PATH);
    if (!count) return 0;
    count = narrow_out(wide, count, text, sizeof text, file_code_page());
    if (count < size) {
        memcpy(buffer, text, count + 1);
        return count;
    }
    if (size) {
        memcpy(buffer, text, size - 1);
        buffer[size - 1] = 0;
    }
    set_error(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

BOOL WINAPI SetDllDirectoryW(LPCWSTR path)
{
    (void)path;
    return TRUE;
}

BOOL WINAPI SetDllDirectoryA(LPCSTR path)
{
    (void)path;
    return TRUE;
}

BOOL WINAPI SetDefaultDllDirectories(DWORD flags)
{
    return flags ? TRUE : set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetSearchPathMode(DWORD flags)
{
    (void)flags;
    return TRUE;
}
