/* FindExecutable: which program opens a file, by the classes in the registry. */
#include "ntcalls.h"
#include "wide.h"
#include <shellapi.h>
#include <string.h>

#define CLASSES L"\\Registry\\Machine\\Software\\Classes\\"
enum { KeyValuePartialInformation = 2 };
#define FOUND ((HINSTANCE)42) /* anything above 32 */

struct value { /* KEY_VALUE_PARTIAL_INFORMATION with a string */
    ULONG title_index, type, length;
    WCHAR text[MAX_PATH];
};

/* The default value of a key of the classes, below which the rest of its name is. */
static BOOL class_value(const WCHAR *class, const WCHAR *below, struct value *value)
{
    WCHAR path[2 * MAX_PATH] = CLASSES;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    HANDLE key;
    ULONG needed;
    NTSTATUS status;
    if (wcslen(class) >= MAX_PATH) return FALSE;
    wcscat(path, class);
    wcscat(path, below);
    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenKey(&key, KEY_QUERY_VALUE, &attributes))) return FALSE;
    RtlInitUnicodeString(&name, L"");
    status = NtQueryValueKey(key, &name, KeyValuePartialInformation, value,
        sizeof *value - sizeof(WCHAR), &needed);
    NtClose(key);
    if (!NT_SUCCESS(status) || (value->type != REG_SZ && value->type != REG_EXPAND_SZ))
        return FALSE;
    value->text[value->length / sizeof(WCHAR)] = 0;
    return TRUE;
}

/* The program of a command line such as "C:\a b\x.exe" "%1". */
static void first_word(const WCHAR *command, WCHAR *word)
{
    WCHAR end = *command == '"' ? '"' : ' ';
    if (end == '"') command++;
    while (*command && *command != end) *word++ = *command++;
    *word = 0;
}

static HINSTANCE associated(const WCHAR *path, WCHAR *result)
{
    struct value class, command;
    const WCHAR *name = wcsrchr(path, '\\'), *extension = wcsrchr(name ? name : path, '.');
    if (!extension) return (HINSTANCE)SE_ERR_NOASSOC;
    if (!lstrcmpiW(extension, L".exe") || !lstrcmpiW(extension, L".com") ||
        !lstrcmpiW(extension, L".bat") || !lstrcmpiW(extension, L".cmd")) {
        wcscpy(result, path);
        return FOUND;
    }
    if (!class_value(extension, L"", &class) ||
        !class_value(class.text, L"\\shell\\open\\command", &command))
        return (HINSTANCE)SE_ERR_NOASSOC;
    first_word(command.text, result);
    return FOUND;
}

HINSTANCE WINAPI FindExecutableW(LPCWSTR file, LPCWSTR directory, LPWSTR result)
{
    WCHAR path[MAX_PATH];
    *result = 0;
    if (!SearchPathW(directory, file, NULL, MAX_PATH, path, NULL) &&
        !SearchPathW(NULL, file, NULL, MAX_PATH, path, NULL) &&
        !SearchPathW(NULL, file, L".exe", MAX_PATH, path, NULL))
        return (HINSTANCE)SE_ERR_FNF;
    return associated(path, result);
}

HINSTANCE WINAPI FindExecutableA(LPCSTR file, LPCSTR directory, LPSTR result)
{
    WCHAR found[MAX_PATH];
    HINSTANCE done;
    WIDE(wide_file, file);
    WIDE(wide_directory, directory);
    done = FindExecutableW(wide_file, wide_directory, found);
    WideCharToMultiByte(CP_ACP, 0, found, -1, result, MAX_PATH, NULL, NULL);
    return done;
}
