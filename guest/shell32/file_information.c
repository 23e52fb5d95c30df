/* SHGetFileInfo: names, attributes and kinds of programs; nothing has an icon without a display. */
#include "wide.h"
#include <shellapi.h>
#include <string.h>

#define UNSUPPORTED (SHGFI_ICON | SHGFI_ICONLOCATION | SHGFI_SYSICONINDEX | SHGFI_PIDL)

static DWORD read_at(HANDLE file, DWORD offset, void *buffer, DWORD size)
{
    DWORD got;
    return SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN) == offset &&
           ReadFile(file, buffer, size, &got, NULL) && got == size;
}

/* "MZ", "NE" or "PE"; in the high word the version of Windows that a GUI program is for. */
static DWORD_PTR executable_type(const WCHAR *path)
{
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS32 nt;
    DWORD_PTR type = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 0;
    if (read_at(file, 0, &dos, sizeof dos) && dos.e_magic == IMAGE_DOS_SIGNATURE) {
        type = IMAGE_DOS_SIGNATURE;
        if (read_at(file, (DWORD)dos.e_lfanew, &nt, sizeof nt)) {
            if ((WORD)nt.Signature == IMAGE_OS2_SIGNATURE) type = IMAGE_OS2_SIGNATURE;
            if (nt.Signature == IMAGE_NT_SIGNATURE) {
                type = IMAGE_NT_SIGNATURE;
                if (nt.OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_WINDOWS_GUI)
                    type |= (DWORD)nt.OptionalHeader.MajorSubsystemVersion << 24 |
                            (DWORD)nt.OptionalHeader.MinorSubsystemVersion << 16;
            }
        }
    }
    CloseHandle(file);
    return type;
}

static void type_name(const WCHAR *name, DWORD attributes, WCHAR *type)
{
    const WCHAR *dot = wcsrchr(name, '.');
    SIZE_T count = 0;
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        memcpy(type, L"File folder", sizeof L"File folder");
        return;
    }
    for (dot = dot ? dot + 1 : L""; *dot && count < 60; dot++)
        type[count++] = RtlUpcaseUnicodeChar(*dot);
    if (count) type[count++] = ' ';
    memcpy(type + count, L"File", sizeof L"File");
}

DWORD_PTR WINAPI SHGetFileInfoW(LPCWSTR path, DWORD attributes, SHFILEINFOW *info, UINT size,
    UINT flags)
{
    const WCHAR *name;
    if (flags & SHGFI_EXETYPE) return flags == SHGFI_EXETYPE ? executable_type(path) : 0;
    if (!info || size < sizeof *info) return 0;
    memset(info, 0, sizeof *info);
    if (flags & UNSUPPORTED) return 0;
    if (!(flags & SHGFI_USEFILEATTRIBUTES)) attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES) return 0;
    name = wcsrchr(path, '\\');
    name = name ? name + 1 : path;
    if (flags & SHGFI_DISPLAYNAME) lstrcpynW(info->szDisplayName, name, MAX_PATH);
    if (flags & SHGFI_TYPENAME) type_name(name, attributes, info->szTypeName);
    return TRUE;
}

DWORD_PTR WINAPI SHGetFileInfoA(LPCSTR path, DWORD attributes, SHFILEINFOA *info, UINT size,
    UINT flags)
{
    SHFILEINFOW found;
    DWORD_PTR result;
    WIDE(wide, path);
    if (info && size < sizeof *info) return 0;
    result = SHGetFileInfoW(wide, attributes, info ? &found : NULL, sizeof found, flags);
    if (info && !(flags & SHGFI_EXETYPE)) {
        memset(info, 0, sizeof *info);
        WideCharToMultiByte(CP_ACP, 0, found.szDisplayName, -1, info->szDisplayName, MAX_PATH, NULL,
            NULL);
        WideCharToMultiByte(CP_ACP, 0, found.szTypeName, -1, info->szTypeName,
            sizeof info->szTypeName, NULL, NULL);
    }
    return result;
}
