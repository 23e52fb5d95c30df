/* Paths: full, long, short, temporary; the current and the system directories; searching. */
#include "kernel32.h"

#define WINDOWS L"C:\\Windows"
#define SYSTEM WINDOWS L"\\System32"

DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD size, LPWSTR buffer, LPWSTR *file)
{
    DWORD bytes;
    if (!name || !*name) {
        set_error(ERROR_INVALID_NAME);
        return 0;
    }
    bytes = RtlGetFullPathName_U(name, size * sizeof(WCHAR), buffer, file);
    if (!bytes) set_error(ERROR_INVALID_NAME);
    return bytes / sizeof(WCHAR);
}

static DWORD get_full_path(void *name, WCHAR *buffer, DWORD size)
{
    return GetFullPathNameW(name, size, buffer, NULL);
}

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD size, LPSTR buffer, LPSTR *file)
{
    FILE_WIDE(wide, name);
    DWORD count = narrow_get(get_full_path, wide, buffer, size, file_code_page());
    if (file) {
        *file = NULL;
        if (count && count < size)
            for (char *c = buffer; *c; c++)
                if (*c == '\\') *file = c[1] ? c + 1 : NULL;
    }
    return count;
}

/* Short names are not kept, so a path's long form is the path with the names as stored. */
DWORD WINAPI GetLongPathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    SIZE_T length, done = 0;
    WCHAR *copy;
    if (!name || !*name || GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES) return 0;
    length = wcslen(name);
    copy = allocate((length + 1 + MAX_PATH) * sizeof(WCHAR));
    if (!copy) return 0;
    if (length > 2 && name[1] == ':') done = name[2] == '\\' || name[2] == '/' ? 3 : 2;
    else if (length > 1 && name[0] == '\\' && name[1] == '\\') done = length;
    memcpy(copy, name, (length + 1) * sizeof(WCHAR));
    while (done < length) {
        WIN32_FIND_DATAW found;
        SIZE_T end = done, real;
        WCHAR after;
        HANDLE search;
        while (copy[end] && copy[end] != '\\' && copy[end] != '/') end++;
        after = copy[end];
        copy[end] = 0;
        search = copy[done] && copy[done] != '.' ? FindFirstFileW(copy, &found)
                                                 : INVALID_HANDLE_VALUE;
        copy[end] = after;
        if (search != INVALID_HANDLE_VALUE) {
            FindClose(search);
            real = wcslen(found.cFileName);
            if (real == end - done) memcpy(copy + done, found.cFileName, real * sizeof(WCHAR));
        }
        done = end + 1;
    }
    length = wide_out(copy, (DWORD)length, buffer, size);
    release(copy);
    return (DWORD)length;
}

static DWORD get_long_path(void *name, WCHAR *buffer, DWORD size)
{
    return GetLongPathNameW(name, buffer, size);
}

DWORD WINAPI GetLongPathNameA(LPCSTR name, LPSTR buffer, DWORD size)
{
    FILE_WIDE(wide, name);
    return narrow_get(get_long_path, wide, buffer, size, file_code_page());
}

/* On a volume without short names the short form is the long one (documented). */
DWORD WINAPI GetShortPathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    if (!name || !*name) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES) return 0;
    return wide_out(name, (DWORD)wcslen(name), buffer, size);
}

static DWORD get_short_path(void *name, WCHAR *buffer, DWORD size)
{
    return GetShortPathNameW(name, buffer, size);
}

DWORD WINAPI GetShortPathNameA(LPCSTR name, LPSTR buffer, DWORD size)
{
    FILE_WIDE(wide, name);
    return narrow_get(get_short_path, wide, buffer, size, file_code_page());
}

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer)
{
    return RtlGetCurrentDirectory_U(size * sizeof(WCHAR), buffer) / sizeof(WCHAR);
}

static DWORD get_current(void *nothing, WCHAR *buffer, DWORD size)
{
    (void)nothing;
    return GetCurrentDirectoryW(size, buffer);
}

DWORD WINAPI GetCurrentDirectoryA(DWORD size, LPSTR buffer)
{
    return narrow_get(get_current, NULL, buffer, size, file_code_page());
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name)
{
    UNICODE_STRING path;
    if (!name || !*name) return set_error(name ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
    RtlInitUnicodeString(&path, name);
    return set_status(RtlSetCurrentDirectory_U(&path));
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name)
{
    FILE_WIDE(wide, name);
    return SetCurrentDirectoryW(wide);
}

UINT WINAPI GetWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return wide_out(WINDOWS, COUNT(WINDOWS) - 1, buffer, size);
}

UINT WINAPI GetWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return narrow_out(WINDOWS, COUNT(WINDOWS) - 1, buffer, size, file_code_page());
}

UINT WINAPI GetSystemWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return GetWindowsDirectoryW(buffer, size);
}

UINT WINAPI GetSystemWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return GetWindowsDirectoryA(buffer, size);
}

UINT WINAPI GetSystemDirectoryW(LPWSTR buffer, UINT size)
{
    return wide_out(SYSTEM, COUNT(SYSTEM) - 1, buffer, size);
}

UINT WINAPI GetSystemDirectoryA(LPSTR buffer, UINT size)
{
    return narrow_out(SYSTEM, COUNT(SYSTEM) - 1, buffer, size, file_code_page());
}

UINT WINAPI GetSystemWow64DirectoryW(LPWSTR buffer, UINT size)
{
    (void)buffer;
    (void)size;
    return (UINT)set_error(ERROR_CALL_NOT_IMPLEMENTED); /* as on 32-bit Windows */
}

UINT WINAPI GetSystemWow64DirectoryA(LPSTR buffer, UINT size)
{
    (void)buffer;
    (void)size;
    return (UINT)set_error(ERROR_CALL_NOT_IMPLEMENTED);
}

/* TMP, TEMP, USERPROFILE, the Windows directory: the documented order. */
DWORD WINAPI GetTempPathW(DWORD size, LPWSTR buffer)
{
    static const WCHAR *const variables[] = {L"TMP", L"TEMP", L"USERPROFILE"};
    WCHAR value[MAX_PATH], full[MAX_PATH + 1];
    DWORD count = 0;
    for (SIZE_T i = 0; !count && i < COUNT(variables); i++) {
        count = GetEnvironmentVariableW(variables[i], value, MAX_PATH);
        if (count >= MAX_PATH) count = 0;
    }
    if (!count) GetWindowsDirectoryW(value, MAX_PATH);
    count = GetFullPathNameW(value, MAX_PATH, full, NULL);
    if (!count || count >= MAX_PATH) return 0;
    if (full[count - 1] != '\\') {
        full[count++] = '\\';
        full[count] = 0;
    }
    return wide_out(full, count, buffer, size);
}

static DWORD get_temp_path(void *nothing, WCHAR *buffer, DWORD size)
{
    (void)nothing;
    return GetTempPathW(size, buffer);
}

DWORD WINAPI GetTempPathA(DWORD size, LPSTR buffer)
{
    return narrow_get(get_temp_path, NULL, buffer, size, file_code_page());
}

DWORD WINAPI GetTempPath2W(DWORD size, LPWSTR buffer)
{
    return GetTempPathW(size, buffer);
}

DWORD WINAPI GetTempPath2A(DWORD size, LPSTR buffer)
{
    return GetTempPathA(size, buffer);
}

/* directory\preUUUU.TMP: three letters of the prefix and the low 16 bits of `unique`. */
static void temp_name(WCHAR *end, const WCHAR *prefix, UINT unique)
{
    for (int i = 0; i < 3 && prefix && prefix[i]; i++) *end++ = prefix[i];
    for (int shift = 12, started = 0; shift >= 0; shift -= 4) {
        UINT digit = unique >> shift & 15;
        if (!digit && !started && shift) continue;
        started = 1;
        *end++ = (WCHAR)(digit < 10 ? '0' + digit : 'A' + digit - 10);
    }
    memcpy(end, L".TMP", 5 * sizeof(WCHAR));
}

UINT WINAPI GetTempFileNameW(LPCWSTR directory, LPCWSTR prefix, UINT unique, LPWSTR buffer)
{
    SIZE_T length = wcslen(directory);
    UINT number = unique ? unique & 0xFFFF : GetTickCount() & 0xFFFF, first;
    DWORD attributes = GetFileAttributesW(directory);
    if (length > MAX_PATH - 14) return (UINT)set_error(ERROR_BUFFER_OVERFLOW);
    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return (UINT)set_error(ERROR_DIRECTORY);
    memmove(buffer, directory, length * sizeof(WCHAR));
    if (length && buffer[length - 1] != '\\' && buffer[length - 1] != '/') buffer[length++] = '\\';
    if (!number) number = 1;
    first = number;
    do {
        HANDLE file;
        temp_name(buffer + length, prefix, number);
        if (unique) return number;
        file = CreateFileW(buffer, GENERIC_READ, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (file != INVALID_HANDLE_VALUE) {
            NtClose(file);
            return number;
        }
        if (NtTeb()->LastErrorValue != ERROR_FILE_EXISTS) return 0;
        number = number == 0xFFFF ? 1 : number + 1;
    } while (number != first);
    return 0;
}

UINT WINAPI GetTempFileNameA(LPCSTR directory, LPCSTR prefix, UINT unique, LPSTR buffer)
{
    WCHAR name[MAX_PATH];
    FILE_WIDE(wide_directory, directory);
    FILE_WIDE(wide_prefix, prefix);
    UINT number = GetTempFileNameW(wide_directory, wide_prefix, unique, name);
    if (number) narrow_out(name, (DWORD)wcslen(name), buffer, MAX_PATH, file_code_page());
    return number;
}

/* The default search path: program's directory, system, Windows, current directory, PATH. */
static WCHAR *default_path(void)
{
    DWORD program, variable = GetEnvironmentVariableW(L"PATH", NULL, 0);
    static const WCHAR fixed[] = L";" SYSTEM L";" WINDOWS L";.;";
    WCHAR *path = allocate((MAX_PATH + COUNT(fixed) + variable + 1) * sizeof(WCHAR)), *end;
    if (!path) return NULL;
    program = GetModuleFileNameW(NULL, path, MAX_PATH);
    path[program < MAX_PATH ? program : 0] = 0;
    end = wcsrchr(path, '\\');
    if (!end) end = path;
    memcpy(end, fixed, sizeof fixed);
    end += COUNT(fixed) - 1;
    if (variable) GetEnvironmentVariableW(L"PATH", end, variable);
    return path;
}

DWORD WINAPI SearchPathW(LPCWSTR path, LPCWSTR name, LPCWSTR extension, DWORD size, LPWSTR buffer,
    LPWSTR *file)
{
    WCHAR *own = NULL;
    DWORD count;
    if (!name || !*name) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!path) {
        path = own = default_path();
        if (!own) return 0;
    }
    count = RtlDosSearchPath_U(path, name, extension, size * sizeof(WCHAR), buffer, file);
    if (own) release(own);
    if (!count) set_error(ERROR_FILE_NOT_FOUND);
    return count / sizeof(WCHAR);
}

struct search_path {
    const WCHAR *path, *name, *extension;
};

static DWORD get_search_path(void *context, WCHAR *buffer, DWORD size)
{
    struct search_path *search = context;
    return SearchPathW(search->path, search->name, search->extension, size, buffer, NULL);
}

DWORD WINAPI SearchPathA(LPCSTR path, LPCSTR name, LPCSTR extension, DWORD size, LPSTR buffer,
    LPSTR *file)
{
    FILE_WIDE(wide_path, path);
    FILE_WIDE(wide_name, name);
    FILE_WIDE(wide_extension, extension);
    struct search_path search = {wide_path, wide_name, wide_extension};
    DWORD count = narrow_get(get_search_path, &search, buffer, size, file_code_page());
    if (file && count && count < size) {
        *file = buffer;
        for (char *c = buffer; *c; c++)
            if (*c == '\\') *file = c + 1;
    }
    return count;
}

BOOL WINAPI GetBinaryTypeW(LPCWSTR name, LPDWORD type)
{
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    union {
        IMAGE_DOS_HEADER dos;
        IMAGE_NT_HEADERS32 nt;
    } head;
    DWORD done;
    BOOL read;
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    read = ReadFile(file, &head.dos, sizeof head.dos, &done, NULL) && done == sizeof head.dos &&
           head.dos.e_magic == IMAGE_DOS_SIGNATURE;
    if (read) {
        SetFilePointer(file, head.dos.e_lfanew, NULL, FILE_BEGIN);
        read = ReadFile(file, &head.nt, sizeof head.nt, &done, NULL) && done == sizeof head.nt &&
               head.nt.Signature == IMAGE_NT_SIGNATURE &&
               !(head.nt.FileHeader.Characteristics & IMAGE_FILE_DLL);
    }
    NtClose(file);
    if (!read) return set_error(ERROR_BAD_EXE_FORMAT);
    *type = head.nt.FileHeader.Machine == IMAGE_FILE_MACHINE_I386 ? SCS_32BIT_BINARY
                                                                  : SCS_64BIT_BINARY;
    return TRUE;
}

BOOL WINAPI GetBinaryTypeA(LPCSTR name, LPDWORD type)
{
    FILE_WIDE(wide, name);
    return GetBinaryTypeW(wide, type);
}
