/* Attributes, times and other facts about files, by name and by handle. */
#include "io.h"

static NTSTATUS query(HANDLE file, PVOID buffer, ULONG size, ULONG what)
{
    IO_STATUS_BLOCK io;
    return NtQueryInformationFile(file, &io, buffer, size, what);
}

static NTSTATUS change(HANDLE file, PVOID buffer, ULONG size, ULONG what)
{
    IO_STATUS_BLOCK io;
    return NtSetInformationFile(file, &io, buffer, size, what);
}

static FILETIME filetime(LARGE_INTEGER time)
{
    return (FILETIME){time.LowPart, (DWORD)time.HighPart};
}

DWORD WINAPI GetFileAttributesW(LPCWSTR name)
{
    FILE_BASIC_INFORMATION info;
    struct nt_path path;
    NTSTATUS status;
    if (!nt_path(&path, name)) return INVALID_FILE_ATTRIBUTES;
    status = NtQueryAttributesFile(&path.attributes, &info);
    nt_path_free(&path);
    if (NT_SUCCESS(status)) return info.FileAttributes;
    if (RtlIsDosDeviceName_U(name)) return FILE_ATTRIBUTE_ARCHIVE;
    set_status(status);
    return INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesA(LPCSTR name)
{
    FILE_WIDE(wide, name);
    return GetFileAttributesW(wide);
}

BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID buffer)
{
    WIN32_FILE_ATTRIBUTE_DATA *data = buffer;
    FILE_NETWORK_OPEN_INFORMATION info;
    struct nt_path path;
    NTSTATUS status;
    if (level != GetFileExInfoStandard) return set_error(ERROR_INVALID_PARAMETER);
    if (!nt_path(&path, name)) return FALSE;
    status = NtQueryFullAttributesFile(&path.attributes, &info);
    nt_path_free(&path);
    if (!set_status(status)) return FALSE;
    data->dwFileAttributes = info.FileAttributes;
    data->ftCreationTime = filetime(info.CreationTime);
    data->ftLastAccessTime = filetime(info.LastAccessTime);
    data->ftLastWriteTime = filetime(info.LastWriteTime);
    data->nFileSizeHigh = (DWORD)info.EndOfFile.HighPart;
    data->nFileSizeLow = info.EndOfFile.LowPart;
    return TRUE;
}

BOOL WINAPI GetFileAttributesExA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID buffer)
{
    FILE_WIDE(wide, name);
    return GetFileAttributesExW(wide, level, buffer);
}

BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes)
{
    FILE_BASIC_INFORMATION info = {.FileAttributes = attributes | FILE_ATTRIBUTE_NORMAL};
    HANDLE file;
    NTSTATUS status;
    if (attributes & ~FILE_ATTRIBUTE_VALID_FLAGS) return set_error(ERROR_INVALID_PARAMETER);
    status = open_path(name, FILE_WRITE_ATTRIBUTES, 0, &file);
    if (!set_status(status)) return FALSE;
    status = change(file, &info, sizeof info, FileBasicInformation);
    NtClose(file);
    return set_status(status);
}

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes)
{
    FILE_WIDE(wide, name);
    return SetFileAttributesW(wide, attributes);
}

BOOL WINAPI GetFileTime(HANDLE file, LPFILETIME created_at, LPFILETIME accessed, LPFILETIME written)
{
    FILE_BASIC_INFORMATION info;
    if (!set_status(query(file, &info, sizeof info, FileBasicInformation))) return FALSE;
    if (created_at) *created_at = filetime(info.CreationTime);
    if (accessed) *accessed = filetime(info.LastAccessTime);
    if (written) *written = filetime(info.LastWriteTime);
    return TRUE;
}

static LARGE_INTEGER given_time(const FILETIME *time)
{
    LARGE_INTEGER value = {.QuadPart = 0}; /* 0: leave as it is */
    if (time) {
        value.LowPart = time->dwLowDateTime;
        value.HighPart = (LONG)time->dwHighDateTime;
    }
    return value;
}

BOOL WINAPI SetFileTime(HANDLE file, const FILETIME *created_at, const FILETIME *accessed,
    const FILETIME *written)
{
    FILE_BASIC_INFORMATION info = {0};
    info.CreationTime = given_time(created_at);
    info.LastAccessTime = given_time(accessed);
    info.LastWriteTime = given_time(written);
    return set_status(change(file, &info, sizeof info, FileBasicInformation));
}

static ULONG volume_serial(HANDLE file)
{
    union {
        FILE_FS_VOLUME_INFORMATION info;
        char room[sizeof(FILE_FS_VOLUME_INFORMATION) + 64];
    } volume = {0};
    IO_STATUS_BLOCK io;
    NtQueryVolumeInformationFile(file, &io, &volume, sizeof volume, FileFsVolumeInformation);
    return volume.info.VolumeSerialNumber;
}

BOOL WINAPI GetFileInformationByHandle(HANDLE file, LPBY_HANDLE_FILE_INFORMATION info)
{
    FILE_BASIC_INFORMATION basic;
    FILE_STANDARD_INFORMATION standard;
    LARGE_INTEGER index = {.QuadPart = 0};
    if (!set_status(query(file, &basic, sizeof basic, FileBasicInformation)) ||
        !set_status(query(file, &standard, sizeof standard, FileStandardInformation)))
        return FALSE;
    query(file, &index, sizeof index, FileInternalInformation);
    info->dwFileAttributes = basic.FileAttributes;
    info->ftCreationTime = filetime(basic.CreationTime);
    info->ftLastAccessTime = filetime(basic.LastAccessTime);
    info->ftLastWriteTime = filetime(basic.LastWriteTime);
    info->dwVolumeSerialNumber = volume_serial(file);
    info->nFileSizeHigh = (DWORD)standard.EndOfFile.HighPart;
    info->nFileSizeLow = standard.EndOfFile.LowPart;
    info->nNumberOfLinks = standard.NumberOfLinks;
    info->nFileIndexHigh = (DWORD)index.HighPart;
    info->nFileIndexLow = index.LowPart;
    return TRUE;
}

/* FILE_INFO_BY_HANDLE_CLASS to NT's class; the structures are the same. */
static ULONG nt_class(FILE_INFO_BY_HANDLE_CLASS what)
{
    switch ((int)what) {
    case FileBasicInfo: return FileBasicInformation;
    case FileStandardInfo: return FileStandardInformation;
    case FileNameInfo: return FileNameInformation;
    case FileRenameInfo: return FileRenameInformation;
    case FileDispositionInfo: return FileDispositionInformation;
    case FileAllocationInfo: return FileAllocationInformation;
    case FileEndOfFileInfo: return FileEndOfFileInformation;
    case FileAttributeTagInfo: return FileAttributeTagInformation;
    case FileIdInfo: return FileIdInformation;
    default: return 0;
    }
}

static BOOL list_directory(HANDLE file, ULONG what, BOOL restart, LPVOID buffer, DWORD size)
{
    IO_STATUS_BLOCK io;
    return set_status(NtQueryDirectoryFile(file, NULL, NULL, NULL, &io, buffer, size, what, FALSE,
        NULL, (BOOLEAN)restart));
}

BOOL WINAPI GetFileInformationByHandleEx(HANDLE file, FILE_INFO_BY_HANDLE_CLASS what, LPVOID buffer,
    DWORD size)
{
    switch ((int)what) {
    case FileIdBothDirectoryInfo: return list_directory(file, 37, FALSE, buffer, size);
    case FileIdBothDirectoryRestartInfo: return list_directory(file, 37, TRUE, buffer, size);
    case FileFullDirectoryInfo: return list_directory(file, 2, FALSE, buffer, size);
    case FileFullDirectoryRestartInfo: return list_directory(file, 2, TRUE, buffer, size);
    default:
        if (!nt_class(what) || what == FileRenameInfo || what == FileDispositionInfo)
            return set_error(ERROR_INVALID_PARAMETER);
        return set_status(query(file, buffer, size, nt_class(what)));
    }
}

BOOL WINAPI SetFileInformationByHandle(HANDLE file, FILE_INFO_BY_HANDLE_CLASS what, LPVOID buffer,
    DWORD size)
{
    ULONG nt = nt_class(what);
    switch (nt) {
    case FileBasicInformation:
    case FileRenameInformation:
    case FileDispositionInformation:
    case FileAllocationInformation:
    case FileEndOfFileInformation:
        return set_status(change(file, buffer, size, nt));
    default:
        return set_error(ERROR_INVALID_PARAMETER);
    }
}

DWORD WINAPI GetCompressedFileSizeW(LPCWSTR name, LPDWORD high)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data)) return INVALID_FILE_SIZE;
    if (high) *high = data.nFileSizeHigh;
    if (data.nFileSizeLow == INVALID_FILE_SIZE) set_error(ERROR_SUCCESS);
    return data.nFileSizeLow;
}

DWORD WINAPI GetCompressedFileSizeA(LPCSTR name, LPDWORD high)
{
    FILE_WIDE(wide, name);
    return GetCompressedFileSizeW(wide, high);
}

/* The path below the volume, `\dir\file`; from the heap. */
static WCHAR *name_in_volume(HANDLE file, DWORD *length)
{
    ULONG size = sizeof(FILE_NAME_INFORMATION) + 32768 * sizeof(WCHAR);
    FILE_NAME_INFORMATION *info = allocate(size);
    WCHAR *name = NULL;
    if (!info) return NULL;
    if (set_status(query(file, info, size, FileNameInformation))) {
        *length = info->FileNameLength / sizeof(WCHAR);
        name = allocate((*length + 1) * sizeof(WCHAR));
        if (name) wide_out(info->FileName, *length, name, *length + 1);
    }
    release(info);
    return name;
}

static WCHAR drive_of(HANDLE file);

DWORD WINAPI GetFinalPathNameByHandleW(HANDLE file, LPWSTR buffer, DWORD size, DWORD flags)
{
    WCHAR prefix[] = L"\\\\?\\C:";
    DWORD length, start = COUNT(prefix) - 1;
    WCHAR *name;
    if (flags & ~(DWORD)(FILE_NAME_OPENED | VOLUME_NAME_NT | VOLUME_NAME_GUID | VOLUME_NAME_NONE)) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    name = name_in_volume(file, &length);
    if (!name) return 0;
    if (flags & VOLUME_NAME_NONE) start = 0;
    prefix[4] = drive_of(file);
    if (start + length >= size) {
        release(name);
        return start + length + 1;
    }
    memcpy(buffer, prefix, start * sizeof(WCHAR));
    memcpy(buffer + start, name, (length + 1) * sizeof(WCHAR));
    release(name);
    return start + length;
}

/* The drive whose volume the file is on. */
static WCHAR drive_of(HANDLE file)
{
    ULONG serial = volume_serial(file);
    DWORD drives = GetLogicalDrives();
    WCHAR root[] = L"A:\\";
    for (int letter = 0; letter < 26; letter++) {
        DWORD found;
        root[0] = (WCHAR)('A' + letter);
        if (drives & 1u << letter &&
            GetVolumeInformationW(root, NULL, 0, &found, NULL, NULL, NULL, 0) && found == serial)
            return root[0];
    }
    return 'C';
}

struct final_path {
    HANDLE file;
    DWORD flags;
};

static DWORD final_path(void *context, WCHAR *buffer, DWORD size)
{
    struct final_path *path = context;
    return GetFinalPathNameByHandleW(path->file, buffer, size, path->flags);
}

DWORD WINAPI GetFinalPathNameByHandleA(HANDLE file, LPSTR buffer, DWORD size, DWORD flags)
{
    struct final_path path = {file, flags};
    return narrow_get(final_path, &path, buffer, size, file_code_page());
}
