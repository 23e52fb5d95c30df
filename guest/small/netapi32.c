/* What this machine tells of itself to a network, and the buffers that it is told in. */
#include "rtl.h"
#include <string.h>
#include <winerror.h>

#define PLATFORM_ID_NT 500
#define NERR_Success 0
enum { SV_TYPE_WORKSTATION = 1, SV_TYPE_NT = 0x1000 };

DWORD WINAPI NetApiBufferAllocate(DWORD size, PVOID *buffer)
{
    if (!buffer) return ERROR_INVALID_PARAMETER;
    *buffer = RtlAllocateHeap(GetProcessHeap(), 0, size);
    return *buffer ? NERR_Success : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD WINAPI NetApiBufferFree(PVOID buffer)
{
    if (buffer) RtlFreeHeap(GetProcessHeap(), 0, buffer);
    return NERR_Success;
}

static BOOL is_here(LPCWSTR server)
{
    WCHAR name[MAX_PATH];
    DWORD size = MAX_PATH;
    if (!server || !*server) return TRUE;
    while (*server == '\\') server++;
    return GetComputerNameW(name, &size) && !lstrcmpiW(name, server);
}

/* WKSTA_INFO_100 with its strings behind it. */
DWORD WINAPI NetWkstaGetInfo(LPWSTR server, DWORD level, PVOID *buffer)
{
    static const WCHAR group[] = L"WORKGROUP";
    struct info {
        DWORD platform;
        LPWSTR computer, group;
        DWORD major, minor;
        WCHAR text[MAX_PATH + 16];
    } *info;
    DWORD size = MAX_PATH, error;
    if (!is_here(server)) return ERROR_BAD_NETPATH;
    if (level != 100) return ERROR_INVALID_LEVEL;
    error = NetApiBufferAllocate(sizeof *info, buffer);
    if (error) return error;
    info = *buffer;
    GetComputerNameW(info->text, &size);
    memcpy(info->text + size + 1, group, sizeof group);
    info->platform = PLATFORM_ID_NT;
    info->computer = info->text;
    info->group = info->text + size + 1;
    info->major = NtPeb()->OSMajorVersion;
    info->minor = NtPeb()->OSMinorVersion;
    return NERR_Success;
}

/* SERVER_INFO_100 is the beginning of SERVER_INFO_101. */
DWORD WINAPI NetServerGetInfo(LPWSTR server, DWORD level, PVOID *buffer)
{
    struct info {
        DWORD platform;
        LPWSTR name;
        DWORD major, minor, type;
        LPWSTR comment;
        WCHAR text[MAX_PATH + 1];
    } *info;
    DWORD size = MAX_PATH, error;
    if (!is_here(server)) return ERROR_BAD_NETPATH;
    if (level != 100 && level != 101) return ERROR_INVALID_LEVEL;
    error = NetApiBufferAllocate(sizeof *info, buffer);
    if (error) return error;
    info = *buffer;
    GetComputerNameW(info->text, &size);
    info->platform = PLATFORM_ID_NT;
    info->name = info->text;
    info->major = NtPeb()->OSMajorVersion;
    info->minor = NtPeb()->OSMinorVersion;
    info->type = SV_TYPE_WORKSTATION | SV_TYPE_NT;
    info->comment = info->text + size;
    return NERR_Success;
}

/* A member of a workgroup, not of a domain. */
DWORD WINAPI NetGetJoinInformation(LPCWSTR server, LPWSTR *name, int *status)
{
    enum { NetSetupWorkgroupName = 2 };
    static const WCHAR group[] = L"WORKGROUP";
    DWORD error;
    if (!name || !status) return ERROR_INVALID_PARAMETER;
    if (!is_here(server)) return ERROR_BAD_NETPATH;
    error = NetApiBufferAllocate(sizeof group, (PVOID *)name);
    if (error) return error;
    memcpy(*name, group, sizeof group);
    *status = NetSetupWorkgroupName;
    return NERR_Success;
}

/* USER_INFO_10 of the machine's one user, who has no full name and no comments. */
DWORD WINAPI NetUserGetInfo(LPCWSTR server, LPCWSTR user, DWORD level, PVOID *buffer)
{
    enum { NERR_UserNotFound = 2221 };
    struct info {
        LPWSTR name, comment, own_comment, full_name;
        WCHAR text[MAX_PATH + 1];
    } *info;
    WCHAR name[MAX_PATH];
    DWORD size = GetEnvironmentVariableW(L"USERNAME", name, MAX_PATH), error;
    if (!is_here(server)) return ERROR_BAD_NETPATH;
    if (!user || !size || size >= MAX_PATH || lstrcmpiW(user, name)) return NERR_UserNotFound;
    if (level != 10) return ERROR_INVALID_LEVEL;
    error = NetApiBufferAllocate(sizeof *info, buffer);
    if (error) return error;
    info = *buffer;
    memcpy(info->text, name, (size + 1) * sizeof(WCHAR));
    info->name = info->text;
    info->comment = info->own_comment = info->full_name = info->text + size;
    return NERR_Success;
}
