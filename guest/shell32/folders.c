/* Known folders: all of them are below the user's profile or fixed. */
#include "rtl.h"
#include <string.h>
#include <winnls.h>

static const WCHAR profile[] = L"C:\\Users\\user";

struct folder {
    ULONG first; /* Data1 of the KNOWNFOLDERID */
    int csidl;
    const WCHAR *path;
};
static const struct folder folders[] = {
    {0x5E6C858F, 0x28, L"C:\\Users\\user"},
    {0x3EB685DB, 0x1A, L"C:\\Users\\user\\AppData\\Roaming"},
    {0xF1B32785, 0x1C, L"C:\\Users\\user\\AppData\\Local"}, {0x62AB5D82, 0x23, L"C:\\ProgramData"},
    {0xB4BFCC3A, 0x10, L"C:\\Users\\user\\Desktop"},
    {0xFDD39AD0, 0x05, L"C:\\Users\\user\\Documents"},
    {0x374DE290, -1, L"C:\\Users\\user\\Downloads"}, {0xF38BF404, 0x24, L"C:\\Windows"},
    {0x1AC14E77, 0x25, L"C:\\Windows\\System32"}, {0x905E63B6, 0x26, L"C:\\Program Files"},
};
#define E_INVALID ((HRESULT)0x80070057)
#define NOT_FOUND ((HRESULT)0x80070002)

HRESULT WINAPI SHGetKnownFolderPath(const GUID *folder, DWORD flags, HANDLE token, PWSTR *path)
{
    (void)flags;
    (void)token;
    *path = NULL;
    for (SIZE_T i = 0; i < sizeof folders / sizeof *folders; i++) {
        SIZE_T size = (wcslen(folders[i].path) + 1) * sizeof(WCHAR);
        if (folders[i].first != folder->Data1) continue;
        *path = RtlAllocateHeap(GetProcessHeap(), 0, size);
        if (!*path) return (HRESULT)0x8007000E;
        memcpy(*path, folders[i].path, size);
        return 0;
    }
    return NOT_FOUND;
}

HRESULT WINAPI SHGetFolderPathW(HWND owner, int csidl, HANDLE token, DWORD flags, LPWSTR path)
{
    (void)owner;
    (void)token;
    (void)flags;
    for (SIZE_T i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (folders[i].csidl != (csidl & 0xFF)) continue;
        memcpy(path, folders[i].path, (wcslen(folders[i].path) + 1) * sizeof(WCHAR));
        return 0;
    }
    *path = 0;
    return E_INVALID;
}

HRESULT WINAPI SHGetFolderPathA(HWND owner, int csidl, HANDLE token, DWORD flags, LPSTR path)
{
    WCHAR wide[MAX_PATH];
    HRESULT result = SHGetFolderPathW(owner, csidl, token, flags, wide);
    WideCharToMultiByte(CP_ACP, 0, wide, -1, path, MAX_PATH, NULL, NULL);
    return result;
}

BOOL WINAPI GetUserProfileDirectoryW(HANDLE token, LPWSTR path, LPDWORD size)
{
    DWORD room = path ? *size : 0;
    (void)token;
    *size = sizeof profile / sizeof *profile;
    if (room < *size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memcpy(path, profile, sizeof profile);
    return TRUE;
}
