/* Drives and volumes. */
#include "io.h"

static NTSTATUS query_root(const WCHAR *root, void *buffer, ULONG size, ULONG what)
{
    WCHAR current[] = L"\\";
    IO_STATUS_BLOCK io;
    HANDLE directory;
    NTSTATUS status = open_path(root ? root : current, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE,
        &directory);
    if (!NT_SUCCESS(status)) return status;
    status = NtQueryVolumeInformationFile(directory, &io, buffer, size, what);
    NtClose(directory);
    return status;
}

UINT WINAPI GetDriveTypeW(LPCWSTR root)
{
    FILE_FS_DEVICE_INFORMATION device;
    NTSTATUS status = query_root(root, &device, sizeof device, FileFsDeviceInformation);
    if (!NT_SUCCESS(status)) return DRIVE_NO_ROOT_DIR;
    switch (device.DeviceType) {
    case FILE_DEVICE_CD_ROM:
    case FILE_DEVICE_CD_ROM_FILE_SYSTEM: return DRIVE_CDROM;
    case FILE_DEVICE_VIRTUAL_DISK: return DRIVE_RAMDISK;
    case FILE_DEVICE_NETWORK_FILE_SYSTEM: return DRIVE_REMOTE;
    case FILE_DEVICE_DISK:
    case FILE_DEVICE_DISK_FILE_SYSTEM:
        if (device.Characteristics & FILE_REMOTE_DEVICE) return DRIVE_REMOTE;
        return device.Characteristics & FILE_REMOVABLE_MEDIA ? DRIVE_REMOVABLE : DRIVE_FIXED;
    default: return DRIVE_UNKNOWN;
    }
}

UINT WINAPI GetDriveTypeA(LPCSTR root)
{
    FILE_WIDE(wide, root);
    return GetDriveTypeW(wide);
}

/* ProcessDeviceMap: a bit for each drive letter, then their types. */
DWORD WINAPI GetLogicalDrives(void)
{
    struct {
        ULONG drives;
        UCHAR types[32];
    } map = {0};
    NTSTATUS status = NtQueryInformationProcess(NtCurrentProcess(), 23, &map, sizeof map, NULL);
    return NT_SUCCESS(status) ? map.drives : 1u << ('C' - 'A');
}

DWORD WINAPI GetLogicalDriveStringsW(DWORD size, LPWSTR buffer)
{
    DWORD drives = GetLogicalDrives(), needed = 0;
    for (DWORD rest = drives; rest; rest &= rest - 1) needed += 4;
    if (needed >= size) return needed + 1;
    for (int letter = 0; letter < 26; letter++) {
        if (!(drives & 1u << letter)) continue;
        *buffer++ = (WCHAR)('A' + letter);
        *buffer++ = ':';
        *buffer++ = '\\';
        *buffer++ = 0;
    }
    *buffer = 0;
    return needed;
}

DWORD WINAPI GetLogicalDriveStringsA(DWORD size, LPSTR buffer)
{
    WCHAR text[26 * 4 + 1];
    DWORD count = GetLogicalDriveStringsW(COUNT(text), text);
    if (count >= size) return count + 1;
    for (DWORD i = 0; i <= count; i++) buffer[i] = (char)text[i];
    return count;
}

BOOL WINAPI GetDiskFreeSpaceW(LPCWSTR root, LPDWORD sectors, LPDWORD bytes, LPDWORD free,
    LPDWORD total)
{
    FILE_FS_SIZE_INFORMATION info;
    if (!set_status(query_root(root, &info, sizeof info, FileFsSizeInformation))) return FALSE;
    if (sectors) *sectors = info.SectorsPerAllocationUnit;
    if (bytes) *bytes = info.BytesPerSector;
    if (free) *free = info.AvailableAllocationUnits.LowPart;
    if (total) *total = info.TotalAllocationUnits.LowPart;
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceA(LPCSTR root, LPDWORD sectors, LPDWORD bytes, LPDWORD free,
    LPDWORD total)
{
    FILE_WIDE(wide, root);
    return GetDiskFreeSpaceW(wide, sectors, bytes, free, total);
}

BOOL WINAPI GetDiskFreeSpaceExW(LPCWSTR root, PULARGE_INTEGER available, PULARGE_INTEGER total,
    PULARGE_INTEGER free)
{
    FILE_FS_FULL_SIZE_INFORMATION info;
    ULONGLONG unit;
    if (!set_status(query_root(root, &info, sizeof info, FileFsFullSizeInformation))) return FALSE;
    unit = (ULONGLONG)info.SectorsPerAllocationUnit * info.BytesPerSector;
    if (available) available->QuadPart = unit * info.CallerAvailableAllocationUnits.QuadPart;
    if (total) total->QuadPart = unit * info.TotalAllocationUnits.QuadPart;
    if (free) free->QuadPart = unit * info.ActualAvailableAllocationUnits.QuadPart;
    return TRUE;
}

BOOL WINAPI GetDiskFreeSpaceExA(LPCSTR root, PULARGE_INTEGER available, PULARGE_INTEGER total,
    PULARGE_INTEGER free)
{
    FILE_WIDE(wide, root);
    return GetDiskFreeSpaceExW(wide, available, total, free);
}

#define NAME_ROOM (MAX_PATH * sizeof(WCHAR))

static BOOL volume_label(HANDLE file, WCHAR *label, DWORD size, DWORD *serial)
{
    union {
        FILE_FS_VOLUME_INFORMATION info;
        char room[sizeof(FILE_FS_VOLUME_INFORMATION) + NAME_ROOM];
    } volume;
    IO_STATUS_BLOCK io;
    if (!set_status(NtQueryVolumeInformationFile(file, &io, &volume, sizeof volume,
            FileFsVolumeInformation)))
        return FALSE;
    if (serial) *serial = volume.info.VolumeSerialNumber;
    if (label && wide_out(volume.info.VolumeLabel, volume.info.VolumeLabelLength / sizeof(WCHAR),
            label, size) >= size)
        return set_error(ERROR_BAD_LENGTH);
    return TRUE;
}

BOOL WINAPI GetVolumeInformationByHandleW(HANDLE file, LPWSTR label, DWORD label_size,
    LPDWORD serial, LPDWORD component, LPDWORD flags, LPWSTR system, DWORD system_size)
{
    union {
        FILE_FS_ATTRIBUTE_INFORMATION info;
        char room[sizeof(FILE_FS_ATTRIBUTE_INFORMATION) + NAME_ROOM];
    } volume;
    IO_STATUS_BLOCK io;
    if (!volume_label(file, label, label_size, serial)) return FALSE;
    if (!component && !flags && !system) return TRUE;
    if (!set_status(NtQueryVolumeInformationFile(file, &io, &volume, sizeof volume,
            FileFsAttributeInformation)))
        return FALSE;
    if (component) *component = (DWORD)volume.info.MaximumComponentNameLength;
    if (flags) *flags = volume.info.FileSystemAttributes;
    if (system && wide_out(volume.info.FileSystemName,
            volume.info.FileSystemNameLength / sizeof(WCHAR), system, system_size) >= system_size)
        return set_error(ERROR_BAD_LENGTH);
    return TRUE;
}

BOOL WINAPI GetVolumeInformationW(LPCWSTR root, LPWSTR label, DWORD label_size, LPDWORD serial,
    LPDWORD component, LPDWORD flags, LPWSTR system, DWORD system_size)
{
    WCHAR current[] = L"\\";
    HANDLE directory;
    BOOL done;
    if (!set_status(open_path(root ? root : current, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE,
            &directory)))
        return FALSE;
    done = GetVolumeInformationByHandleW(directory, label, label_size, serial, component, flags,
        system, system_size);
    NtClose(directory);
    return done;
}

BOOL WINAPI GetVolumeInformationA(LPCSTR root, LPSTR label, DWORD label_size, LPDWORD serial,
    LPDWORD component, LPDWORD flags, LPSTR system, DWORD system_size)
{
    WCHAR wide_label[MAX_PATH], wide_system[MAX_PATH];
    FILE_WIDE(wide, root);
    if (!GetVolumeInformationW(wide, wide_label, MAX_PATH, serial, component, flags, wide_system,
            MAX_PATH))
        return FALSE;
    if (label && narrow_out(wide_label, (DWORD)wcslen(wide_label), label, label_size, CP_ACP) >=
                     label_size)
        return set_error(ERROR_BAD_LENGTH);
    if (system && narrow_out(wide_system, (DWORD)wcslen(wide_system), system, system_size,
            CP_ACP) >= system_size)
        return set_error(ERROR_BAD_LENGTH);
    return TRUE;
}

BOOL WINAPI GetVolumePathNameW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    WCHAR full[MAX_PATH];
    DWORD count = GetFullPathNameW(name, MAX_PATH, full, NULL);
    if (!count) return FALSE;
    if (count >= MAX_PATH) return set_error(ERROR_FILENAME_EXCED_RANGE);
    if (full[1] != ':') return set_error(ERROR_INVALID_NAME);
    return wide_out(full, 3, buffer, size) < size ? TRUE : set_error(ERROR_FILENAME_EXCED_RANGE);
}

/* FILE_FS_LABEL_INFORMATION (ntddk.h). */
struct label {
    ULONG bytes;
    WCHAR text[MAX_PATH];
};

BOOL WINAPI SetVolumeLabelW(LPCWSTR root, LPCWSTR label)
{
    WCHAR current[] = L"\\";
    SIZE_T length = label ? wcslen(label) : 0;
    struct label new = {(ULONG)(length * sizeof(WCHAR)), {0}};
    IO_STATUS_BLOCK io;
    HANDLE directory;
    NTSTATUS status;
    if (length > MAX_PATH) return set_error(ERROR_LABEL_TOO_LONG);
    status = open_path(root ? root : current, FILE_WRITE_DATA, FILE_DIRECTORY_FILE, &directory);
    if (!set_status(status)) return FALSE;
    memcpy(new.text, label, new.bytes);
    status = NtSetVolumeInformationFile(directory, &io, &new, sizeof new, FileFsLabelInformation);
    NtClose(directory);
    return set_status(status);
}

BOOL WINAPI SetVolumeLabelA(LPCSTR root, LPCSTR label)
{
    FILE_WIDE(wide_root, root);
    FILE_WIDE(wide_label, label);
    return SetVolumeLabelW(wide_root, wide_label);
}
