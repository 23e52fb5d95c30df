/* DOS paths: their kinds, full names, and NT names. */
#include "ntdll.h"

static BOOL IsSeparator(WCHAR c)
{
    return c == '\\' || c == '/';
}

RTL_PATH_TYPE NTAPI RtlDetermineDosPathNameType_U(PCWSTR Path)
{
    if (IsSeparator(Path[0])) {
        if (!IsSeparator(Path[1]))
            return RtlPathTypeRooted;
        if (Path[2] != '.' && Path[2] != '?')
            return RtlPathTypeUncAbsolute;
        if (IsSeparator(Path[3]))
            return RtlPathTypeLocalDevice;
        return Path[3] ? RtlPathTypeUncAbsolute : RtlPathTypeRootLocalDevice;
    }
    if (!Path[0] || Path[1] != ':')
        return RtlPathTypeRelative;
    return IsSeparator(Path[2]) ? RtlPathTypeDriveAbsolute : RtlPathTypeDriveRelative;
}

static BOOL NameIs(PCWSTR name, ULONG count, PCWSTR device)
{
    return count == wcslen(device) && !_wcsnicmp(name, device, count);
}

/* Length of the device name at a path's end, its offset in the high word (both in bytes); 0: none.
 * A device name may be followed by blanks, or a dot or colon and anything. */
ULONG NTAPI RtlIsDosDeviceName_U(PCWSTR Path)
{
    ULONG count = wcslen(Path), start = count, length = 0;
    if (!count || RtlDetermineDosPathNameType_U(Path) == RtlPathTypeUncAbsolute)
        return 0;
    if (RtlDetermineDosPathNameType_U(Path) == RtlPathTypeLocalDevice)
        return !_wcsicmp(Path, L"\\\\.\\CON") ? 4 * 0x20000 + 3 * sizeof(WCHAR) : 0;
    while (start && !IsSeparator(Path[start - 1]))
        start--;
    if (start == 0 && count > 1 && Path[1] == ':')
        start = 2;
    while (start + length < count && Path[start + length] != '.' && Path[start + length] != ':')
        length++;
    while (length && Path[start + length - 1] == ' ')
        length--;
    PCWSTR name = Path + start;
    BOOL device = NameIs(name, length, L"CON") || NameIs(name, length, L"PRN") ||
                  NameIs(name, length, L"AUX") || NameIs(name, length, L"NUL") ||
                  NameIs(name, length, L"CONIN$") || NameIs(name, length, L"CONOUT$") ||
                  (length == 4 && name[3] >= '1' && name[3] <= '9' &&
                   (!_wcsnicmp(name, L"COM", 3) || !_wcsnicmp(name, L"LPT", 3)));
    return device ? start * sizeof(WCHAR) << 16 | length * sizeof(WCHAR) : 0;
}

struct builder {
    PWSTR buffer;
    ULONG room, count; /* characters; count goes on when room is used up */
    ULONG root; /* what ".." cannot remove */
};

static VOID Put(struct builder *out, PCWSTR text, ULONG count)
{
    for (ULONG i = 0; i < count; i++, out->count++)
        if (out->count < out->room)
            out->buffer[out->count] = text[i] == '/' ? '\\' : text[i];
}

static WCHAR Last(const struct builder *out)
{
    return out->count && out->count <= out->room ? out->buffer[out->count - 1] : 0;
}

static VOID PutSeparator(struct builder *out)
{
    if (Last(out) != '\\')
        Put(out, L"\\", 1);
}

static VOID RemoveLast(struct builder *out)
{
    if (out->count > out->root && Last(out) == '\\')
        out->count--;
    while (out->count > out->root && Last(out) != '\\')
        out->count--;
    if (out->count > out->root)
        out->count--;
}

/* Windows drops dots and blanks at the end of a path, and a dot at the end of a part. */
static ULONG Trimmed(PCWSTR part, ULONG count, BOOL last)
{
    if (last)
        while (count && (part[count - 1] == '.' || part[count - 1] == ' '))
            count--;
    else if (count && part[count - 1] == '.')
        count--;
    return count;
}

static VOID PutParts(struct builder *out, PCWSTR path)
{
    while (*path) {
        ULONG count = 0;
        if (IsSeparator(*path)) {
            PutSeparator(out);
            path++;
            continue;
        }
        while (path[count] && !IsSeparator(path[count]))
            count++;
        if (count == 2 && path[0] == '.' && path[1] == '.')
            RemoveLast(out);
        else if (count == 1 && path[0] == '.') {
            if (!path[count] && out->count > out->root && Last(out) == '\\')
                out->count--;
        } else {
            ULONG kept = Trimmed(path, count, !path[count]);
            if (kept && out->count > out->root)
                PutSeparator(out);
            Put(out, path, kept);
        }
        path += count;
        if (*path && IsSeparator(*path) && path[1])
            path++, PutSeparator(out);
    }
}

static PCUNICODE_STRING CurrentDirectory(void)
{
    return &NtPeb()->ProcessParameters->CurrentDirectory.DosPath;
}

/* Server and share of a UNC path: characters. */
static ULONG UncRoot(PCWSTR path)
{
    ULONG at = 2, parts = 0;
    while (path[at]) {
        if (IsSeparator(path[at]) && ++parts == 2)
            break;
        at++;
    }
    return at;
}

/* "X:path": the drive's own directory, kept in the variable "=X:", or its root. */
static VOID PutDriveDirectory(struct builder *out, WCHAR drive)
{
    PCUNICODE_STRING current = CurrentDirectory();
    WCHAR name[4] = {'=', RtlUpcaseUnicodeChar(drive), ':', 0}, text[MAX_PATH];
    UNICODE_STRING variable, value = {0, sizeof text, text};
    if (current->Length > 4 &&
        RtlUpcaseUnicodeChar(current->Buffer[0]) == RtlUpcaseUnicodeChar(drive)) {
        Put(out, current->Buffer, current->Length / sizeof(WCHAR));
    } else {
        RtlInitUnicodeString(&variable, name);
        if (NT_SUCCESS(RtlQueryEnvironmentVariable_U(NULL, &variable, &value)))
            Put(out, value.Buffer, value.Length / sizeof(WCHAR));
        else
            Put(out, name + 1, 2);
    }
    PutSeparator(out);
    out->root = 3;
}

static VOID Build(struct builder *out, PCWSTR path)
{
    PCUNICODE_STRING current = CurrentDirectory();
    switch (RtlDetermineDosPathNameType_U(path)) {
    case RtlPathTypeDriveAbsolute:
        Put(out, path, 3);
        out->root = 3;
        PutParts(out, path + 3);
        break;
    case RtlPathTypeDriveRelative:
        PutDriveDirectory(out, path[0]);
        PutParts(out, path + 2);
        break;
    case RtlPathTypeRooted:
        Put(out, current->Buffer, 3);
        out->root = 3;
        PutParts(out, path + 1);
        break;
    case RtlPathTypeRelative:
        Put(out, current->Buffer, current->Length / sizeof(WCHAR));
        PutSeparator(out);
        out->root = 3;
        PutParts(out, path);
        break;
    case RtlPathTypeUncAbsolute:
        Put(out, path, UncRoot(path));
        out->root = out->count;
        PutParts(out, path + UncRoot(path));
        break;
    case RtlPathTypeLocalDevice:
        Put(out, path, 4);
        out->root = 4;
        PutParts(out, path + 4);
        break;
    default:
        Put(out, L"\\\\.\\", 4);
        break;
    }
}

/* The part after the last backslash, unless that belongs to the root. */
static PWSTR FilePartOf(PWSTR path, ULONG count, ULONG root)
{
    ULONG start = count;
    while (start && path[start - 1] != '\\')
        start--;
    return start < count && start && start >= root ? path + start : NULL;
}

/* Size in bytes; returns the length without terminator, or the size needed with it. */
ULONG NTAPI RtlGetFullPathName_U(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart)
{
    static const WCHAR device_prefix[] = L"\\\\.\\";
    struct builder out = {Buffer, Size / sizeof(WCHAR), 0, 0};
    if (FilePart)
        *FilePart = NULL;
    if (!Path || !*Path)
        return 0;
    ULONG device = RtlIsDosDeviceName_U(Path);
    if (device) {
        Put(&out, device_prefix, 4);
        Put(&out, Path + (device >> 16) / sizeof(WCHAR), (device & 0xFFFF) / sizeof(WCHAR));
    } else {
        Build(&out, Path);
    }
    if (out.count >= out.room)
        return (out.count + 1) * sizeof(WCHAR);
    Buffer[out.count] = 0;
    if (FilePart && !device)
        *FilePart = FilePartOf(Buffer, out.count, out.root);
    return out.count * sizeof(WCHAR);
}

/* "\??\" and the full name; "\\?\" paths pass as they are. NtPath is allocated. */
NTSTATUS NTAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR Path, PUNICODE_STRING NtPath,
                                                       PWSTR *FilePart, PVOID Reserved)
{
    static const WCHAR prefix[] = L"\\??\\", unc[] = L"UNC\\";
    SIZE_T room = (wcslen(Path) + CurrentDirectory()->Length + MAX_PATH) * sizeof(WCHAR);
    if (Reserved)
        memset(Reserved, 0, sizeof(CURDIR) + sizeof(PVOID));
    if (room > 0xFFFE)
        return STATUS_NAME_TOO_LONG;
    PWSTR text = Allocate(room);
    if (!text)
        return STATUS_NO_MEMORY;
    struct builder out = {text, room / sizeof(WCHAR), 0, 0};
    Put(&out, prefix, 4);
    if (!wcsncmp(Path, L"\\\\?\\", 4) || !wcsncmp(Path, prefix, 4)) {
        Put(&out, Path + 4, wcslen(Path + 4));
    } else {
        ULONG skip = RtlDetermineDosPathNameType_U(Path) == RtlPathTypeUncAbsolute ? 2 : 0;
        if (skip)
            Put(&out, unc, 4);
        PWSTR full = text + out.count;
        ULONG size = RtlGetFullPathName_U(Path, room - 16 * sizeof(WCHAR), full, NULL);
        if (!size) {
            Free(text);
            return STATUS_OBJECT_NAME_INVALID;
        }
        if (full[0] == '\\' && full[1] == '\\' && full[2] == '.' && !skip)
            skip = 4;
        out.count += size / sizeof(WCHAR) - skip;
        memmove(full, full + skip, size - skip * sizeof(WCHAR));
    }
    text[out.count] = 0;
    *NtPath = (UNICODE_STRING){(USHORT)(out.count * sizeof(WCHAR)), (USHORT)room, text};
    if (FilePart)
        *FilePart = FilePartOf(text, out.count, 0);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlDosPathNameToNtPathName_U(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart,
                                           PVOID Reserved)
{
    return NT_SUCCESS(
        RtlDosPathNameToNtPathName_U_WithStatus(Path, NtPath, FilePart, Reserved));
}

/* FILE_BASIC_INFORMATION. */
struct basic_information {
    LARGE_INTEGER times[4];
    ULONG attributes;
};

BOOLEAN NTAPI RtlDoesFileExists_U(PCWSTR Path)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES object;
    struct basic_information information;
    if (!RtlDosPathNameToNtPathName_U(Path, &name, NULL, NULL))
        return FALSE;
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NTSTATUS status = NtQueryAttributesFile(&object, &information);
    RtlFreeUnicodeString(&name);
    return NT_SUCCESS(status) || status == STATUS_SHARING_VIOLATION ||
           status == STATUS_ACCESS_DENIED;
}
