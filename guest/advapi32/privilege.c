/* Privileges: their names, and the numbers that winnt.h's have had since NT 3.1. */
#include "advapi32.h"

#define FIRST 2

static const WCHAR *const names[] = {L"SeCreateTokenPrivilege", L"SeAssignPrimaryTokenPrivilege",
    L"SeLockMemoryPrivilege", L"SeIncreaseQuotaPrivilege", L"SeMachineAccountPrivilege",
    L"SeTcbPrivilege", L"SeSecurityPrivilege", L"SeTakeOwnershipPrivilege",
    L"SeLoadDriverPrivilege", L"SeSystemProfilePrivilege", L"SeSystemtimePrivilege",
    L"SeProfileSingleProcessPrivilege", L"SeIncreaseBasePriorityPrivilege",
    L"SeCreatePagefilePrivilege", L"SeCreatePermanentPrivilege", L"SeBackupPrivilege",
    L"SeRestorePrivilege", L"SeShutdownPrivilege", L"SeDebugPrivilege", L"SeAuditPrivilege",
    L"SeSystemEnvironmentPrivilege", L"SeChangeNotifyPrivilege", L"SeRemoteShutdownPrivilege",
    L"SeUndockPrivilege", L"SeSyncAgentPrivilege", L"SeEnableDelegationPrivilege",
    L"SeManageVolumePrivilege", L"SeImpersonatePrivilege", L"SeCreateGlobalPrivilege",
    L"SeTrustedCredManAccessPrivilege", L"SeRelabelPrivilege", L"SeIncreaseWorkingSetPrivilege",
    L"SeTimeZonePrivilege", L"SeCreateSymbolicLinkPrivilege",
    L"SeDelegateSessionUserImpersonatePrivilege"};

BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, PLUID luid)
{
    (void)system;
    for (ULONG i = 0; name && i < COUNT(names); i++) {
        if (_wcsicmp(name, names[i])) continue;
        luid->LowPart = i + FIRST;
        luid->HighPart = 0;
        return TRUE;
    }
    return set_error(ERROR_NO_SUCH_PRIVILEGE);
}

BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID luid)
{
    WIDE(wide, name);
    (void)system;
    return LookupPrivilegeValueW(NULL, wide, luid);
}

static const WCHAR *name_of(const LUID *luid)
{
    ULONG index = luid->LowPart - FIRST;
    if (!luid->HighPart && index < COUNT(names)) return names[index];
    set_error(ERROR_NO_SUCH_PRIVILEGE);
    return NULL;
}

BOOL WINAPI LookupPrivilegeNameW(LPCWSTR system, PLUID luid, LPWSTR buffer, LPDWORD size)
{
    const WCHAR *name = name_of(luid);
    DWORD length;
    (void)system;
    if (!name) return FALSE;
    length = wcslen(name);
    if (*size <= length) {
        *size = length + 1;
        return set_error(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(buffer, name, (length + 1) * sizeof *name);
    *size = length;
    return TRUE;
}

BOOL WINAPI LookupPrivilegeNameA(LPCSTR system, PLUID luid, LPSTR buffer, LPDWORD size)
{
    const WCHAR *name = name_of(luid);
    DWORD length;
    (void)system;
    if (!name) return FALSE;
    length = wcslen(name);
    if (narrow_name(name, length, buffer, size)) {
        *size = length + 1;
        return set_error(ERROR_INSUFFICIENT_BUFFER);
    }
    return TRUE;
}
