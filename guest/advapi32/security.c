/* Tokens, privileges, file security and the old cryptographic provider's random numbers.
 *
 * The one user is not an administrator: no privilege can be enabled. */
#include "ntcalls.h"
#include "rtl.h"
#include <string.h>

#include <winnls.h>

typedef ULONG_PTR HCRYPTPROV;
BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size);

static BOOL done(NTSTATUS status)
{
    if (!NT_SUCCESS(status)) RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return NT_SUCCESS(status);
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    return done(NtOpenProcessToken(process, access, token));
}

BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    return done(NtOpenThreadToken(thread, access, as_self != 0, token));
}

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID buffer,
    DWORD size, PDWORD needed)
{
    return done(NtQueryInformationToken(token, what, buffer, size, needed));
}

/* The numbers that winnt.h's privileges have had since NT 3.1. */
BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, PLUID luid)
{
    static const WCHAR *const names[] = {L"SeCreateTokenPrivilege",
        L"SeAssignPrimaryTokenPrivilege", L"SeLockMemoryPrivilege", L"SeIncreaseQuotaPrivilege",
        L"SeMachineAccountPrivilege", L"SeTcbPrivilege", L"SeSecurityPrivilege",
        L"SeTakeOwnershipPrivilege", L"SeLoadDriverPrivilege", L"SeSystemProfilePrivilege",
        L"SeSystemtimePrivilege", L"SeProfileSingleProcessPrivilege",
        L"SeIncreaseBasePriorityPrivilege", L"SeCreatePagefilePrivilege",
        L"SeCreatePermanentPrivilege", L"SeBackupPrivilege", L"SeRestorePrivilege",
        L"SeShutdownPrivilege", L"SeDebugPrivilege"};
    (void)system;
    for (ULONG i = 0; i < sizeof names / sizeof *names; i++) {
        if (_wcsicmp(name, names[i])) continue;
        luid->LowPart = i + 2;
        luid->HighPart = 0;
        return TRUE;
    }
    SetLastError(ERROR_NO_SUCH_PRIVILEGE);
    return FALSE;
}

BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID luid)
{
    WCHAR wide[64];
    (void)system;
    if (MultiByteToWideChar(CP_ACP, 0, name, -1, wide, 64))
        return LookupPrivilegeValueW(NULL, wide, luid);
    SetLastError(ERROR_NO_SUCH_PRIVILEGE);
    return FALSE;
}

BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES wanted,
    DWORD size, PTOKEN_PRIVILEGES previous, PDWORD needed)
{
    (void)token;
    (void)size;
    if (previous) previous->PrivilegeCount = 0;
    if (needed) *needed = sizeof(DWORD);
    SetLastError(!disable_all && wanted && wanted->PrivilegeCount ? ERROR_NOT_ALL_ASSIGNED
                                                                  : ERROR_SUCCESS);
    return TRUE;
}

BOOL WINAPI GetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor, DWORD size, LPDWORD needed)
{
    (void)name;
    (void)what;
    (void)descriptor;
    (void)size;
    *needed = 0;
    SetLastError(ERROR_NOT_SUPPORTED); /* what a volume without ACLs answers */
    return FALSE;
}

BOOL WINAPI SetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor)
{
    (void)name;
    (void)what;
    (void)descriptor;
    SetLastError(ERROR_NOT_SUPPORTED);
    return FALSE;
}

BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size)
{
    static const WCHAR name[] = L"user";
    BOOL fits = *size >= sizeof name / sizeof *name;
    *size = sizeof name / sizeof *name;
    if (fits) memcpy(buffer, name, sizeof name);
    else SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return fits;
}

BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size)
{
    BOOL fits = *size >= sizeof "user";
    *size = sizeof "user";
    if (fits) memcpy(buffer, "user", sizeof "user");
    else SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return fits;
}

/* Any provider: a context is only good for random numbers. */
BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *provider, LPCWSTR container, LPCWSTR name, DWORD type,
    DWORD flags)
{
    (void)container;
    (void)name;
    (void)type;
    (void)flags;
    *provider = 1;
    return TRUE;
}

BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *provider, LPCSTR container, LPCSTR name, DWORD type,
    DWORD flags)
{
    (void)container;
    (void)name;
    return CryptAcquireContextW(provider, NULL, NULL, type, flags);
}

BOOL WINAPI CryptGenRandom(HCRYPTPROV provider, DWORD size, BYTE *buffer)
{
    (void)provider;
    return ProcessPrng(buffer, size);
}

BOOL WINAPI CryptReleaseContext(HCRYPTPROV provider, DWORD flags)
{
    (void)provider;
    (void)flags;
    return TRUE;
}
