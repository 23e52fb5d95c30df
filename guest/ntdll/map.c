/* Finding an image file and mapping it.
 *
 * Search order: the application's directory, the system directory, the current directory, PATH;
 * or the directories that the caller or the process parameters name instead. */
#include "loader.h"

struct candidate {
    WCHAR text[1024];
    ULONG count; /* characters */
};

/* Open and map one path; STATUS_DLL_NOT_FOUND if there is no such file. */
static NTSTATUS MapFile(PCWSTR path, PVOID *base)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    HANDLE file, section;
    SIZE_T size = 0;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &name, NULL, NULL);
    if (!NT_SUCCESS(status))
        return STATUS_DLL_NOT_FOUND;
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(&file, FILE_EXECUTE | FILE_READ_DATA | SYNCHRONIZE, &object, &io,
                        FILE_SHARE_READ | FILE_SHARE_DELETE, 0x60);
    RtlFreeUnicodeString(&name);
    if (!NT_SUCCESS(status))
        return STATUS_DLL_NOT_FOUND;
    status = NtCreateSection(&section, SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_QUERY,
                             NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtClose(file);
    if (!NT_SUCCESS(status))
        return status;
    *base = NULL;
    status = NtMapViewOfSection(section, NtCurrentProcess(), base, 0, 0, NULL, &size, ViewShare, 0,
                                PAGE_EXECUTE_READ);
    NtClose(section);
    return status;
}

static BOOL Append(struct candidate *candidate, PCWSTR text, ULONG count)
{
    if (candidate->count + count >= LENGTH_OF(candidate->text))
        return FALSE;
    memcpy(candidate->text + candidate->count, text, count * sizeof(WCHAR));
    candidate->count += count;
    candidate->text[candidate->count] = 0;
    return TRUE;
}

static NTSTATUS TryDirectory(struct candidate *candidate, PCWSTR directory, ULONG count,
                             PCUNICODE_STRING name, PVOID *base)
{
    candidate->count = 0;
    if (!count || !Append(candidate, directory, count))
        return STATUS_DLL_NOT_FOUND;
    WCHAR last = directory[count - 1];
    if (last != '\\' && last != '/' && !Append(candidate, L"\\", 1))
        return STATUS_DLL_NOT_FOUND;
    if (!Append(candidate, name->Buffer, name->Length / sizeof(WCHAR)))
        return STATUS_DLL_NOT_FOUND;
    return MapFile(candidate->text, base);
}

/* Directories separated by semicolons. */
static NTSTATUS TryList(struct candidate *candidate, PCWSTR list, ULONG count,
                        PCUNICODE_STRING name, PVOID *base)
{
    ULONG start = 0;
    for (ULONG i = 0; i <= count; i++) {
        if (i < count && list[i] != ';')
            continue;
        NTSTATUS status = TryDirectory(candidate, list + start, i - start, name, base);
        if (status != STATUS_DLL_NOT_FOUND)
            return status;
        start = i + 1;
    }
    return STATUS_DLL_NOT_FOUND;
}

static NTSTATUS TryEnvironmentPath(struct candidate *candidate, PCUNICODE_STRING name, PVOID *base)
{
    UNICODE_STRING variable = STRING_CONSTANT(L"PATH"), value = {0, 0xFFFE, NULL};
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    if (!(value.Buffer = Allocate(value.MaximumLength)))
        return STATUS_NO_MEMORY;
    if (NT_SUCCESS(RtlQueryEnvironmentVariable_U(NULL, &variable, &value)))
        status = TryList(candidate, value.Buffer, value.Length / sizeof(WCHAR), name, base);
    Free(value.Buffer);
    return status;
}

static ULONG DirectoryLength(PCUNICODE_STRING path)
{
    ULONG count = path->Length / sizeof(WCHAR);
    while (count && path->Buffer[count - 1] != '\\' && path->Buffer[count - 1] != '/')
        count--;
    return count;
}

static NTSTATUS TryStandard(struct candidate *candidate, PCUNICODE_STRING name, PVOID *base)
{
    PRTL_USER_PROCESS_PARAMETERS parameters = NtPeb()->ProcessParameters;
    struct candidate system = {.count = 0};
    if (parameters->DllPath.Length)
        return TryList(candidate, parameters->DllPath.Buffer,
                       parameters->DllPath.Length / sizeof(WCHAR), name, base);
    Append(&system, SharedUserData->NtSystemRoot, wcslen(SharedUserData->NtSystemRoot));
    Append(&system, L"\\System32", 9);
    const struct {
        PCWSTR text;
        ULONG count;
    } places[] = {
        {parameters->ImagePathName.Buffer, DirectoryLength(&parameters->ImagePathName)},
        {system.text, system.count},
        {parameters->CurrentDirectory.DosPath.Buffer,
         parameters->CurrentDirectory.DosPath.Length / sizeof(WCHAR)},
    };
    for (ULONG i = 0; i < LENGTH_OF(places); i++) {
        NTSTATUS status = TryDirectory(candidate, places[i].text, places[i].count, name, base);
        if (status != STATUS_DLL_NOT_FOUND)
            return status;
    }
    return TryEnvironmentPath(candidate, name, base);
}

/* Map a DLL by name or path; full_name is allocated. STATUS_IMAGE_NOT_AT_BASE is a success. */
NTSTATUS FindAndMap(PCUNICODE_STRING name, PCWSTR path, PVOID *base, PUNICODE_STRING full_name)
{
    struct candidate candidate = {.count = 0};
    NTSTATUS status;
    if (DirectoryLength(name) || (name->Length > 4 && name->Buffer[1] == ':')) {
        WCHAR given[1024];
        if (name->Length >= sizeof given)
            return STATUS_DLL_NOT_FOUND;
        memcpy(given, name->Buffer, name->Length);
        given[name->Length / sizeof(WCHAR)] = 0;
        ULONG size = RtlGetFullPathName_U(given, sizeof candidate.text, candidate.text, NULL);
        if (!size || size >= sizeof candidate.text)
            return STATUS_DLL_NOT_FOUND;
        status = MapFile(candidate.text, base);
    } else if (path) {
        status = TryList(&candidate, path, wcslen(path), name, base);
    } else {
        status = TryStandard(&candidate, name, base);
    }
    if (!NT_SUCCESS(status))
        return status;
    if (!RtlCreateUnicodeString(full_name, candidate.text)) {
        NtUnmapViewOfSection(NtCurrentProcess(), *base);
        return STATUS_NO_MEMORY;
    }
    return status;
}
