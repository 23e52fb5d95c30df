/* Access tokens: of processes and threads, copies, impersonation, membership. */
#include "advapi32.h"

enum { ThreadImpersonationToken = 5 };

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    return set_status(NtOpenProcessToken(process, access, token));
}

BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    return set_status(NtOpenThreadToken(thread, access, as_self != 0, token));
}

BOOL WINAPI SetThreadToken(PHANDLE thread, HANDLE token)
{
    return set_status(NtSetInformationThread(thread ? *thread : NtCurrentThread(),
        ThreadImpersonationToken, &token, sizeof token));
}

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID buffer,
    DWORD size, PDWORD needed)
{
    return set_status(NtQueryInformationToken(token, what, buffer, size, needed));
}

BOOL WINAPI SetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID buffer,
    DWORD size)
{
    return set_status(NtSetInformationToken(token, what, buffer, size));
}

BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES wanted,
    DWORD size, PTOKEN_PRIVILEGES previous, PDWORD needed)
{
    NTSTATUS status = NtAdjustPrivilegesToken(token, disable_all != 0, wanted, size, previous,
        needed);
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return NT_SUCCESS(status);
}

BOOL WINAPI AdjustTokenGroups(HANDLE token, BOOL reset, PTOKEN_GROUPS wanted, DWORD size,
    PTOKEN_GROUPS previous, PDWORD needed)
{
    NTSTATUS status = NtAdjustGroupsToken(token, reset != 0, wanted, size, previous, needed);
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return NT_SUCCESS(status);
}

BOOL WINAPI DuplicateTokenEx(HANDLE token, DWORD access, LPSECURITY_ATTRIBUTES security,
    SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type, PHANDLE copy)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof quality, level, SECURITY_STATIC_TRACKING, FALSE};
    OBJECT_ATTRIBUTES object;
    InitializeObjectAttributes(&object, NULL,
        security && security->bInheritHandle ? OBJ_INHERIT : 0, NULL,
        security ? security->lpSecurityDescriptor : NULL);
    object.SecurityQualityOfService = &quality;
    return set_status(NtDuplicateToken(token, access, &object, FALSE, type, copy));
}

BOOL WINAPI DuplicateToken(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, PHANDLE copy)
{
    return DuplicateTokenEx(token, TOKEN_IMPERSONATE | TOKEN_QUERY, NULL, level, TokenImpersonation,
        copy);
}

static DWORD groups_size(DWORD count)
{
    return offsetof(TOKEN_GROUPS, Groups) + count * sizeof(SID_AND_ATTRIBUTES);
}

/* Win32's counts and arrays as NT's counted structures; NULL for none. */
static TOKEN_GROUPS *counted(DWORD count, const SID_AND_ATTRIBUTES *rows)
{
    TOKEN_GROUPS *groups = count ? allocate(groups_size(count)) : NULL;
    if (!groups) return NULL;
    groups->GroupCount = count;
    memcpy(groups->Groups, rows, count * sizeof *rows);
    return groups;
}

static TOKEN_PRIVILEGES *counted_privileges(DWORD count, const LUID_AND_ATTRIBUTES *rows)
{
    SIZE_T size = offsetof(TOKEN_PRIVILEGES, Privileges) + count * sizeof *rows;
    TOKEN_PRIVILEGES *privileges = count ? allocate(size) : NULL;
    if (!privileges) return NULL;
    privileges->PrivilegeCount = count;
    memcpy(privileges->Privileges, rows, count * sizeof *rows);
    return privileges;
}

BOOL WINAPI CreateRestrictedToken(HANDLE token, DWORD flags, DWORD disable_count,
    PSID_AND_ATTRIBUTES disable, DWORD delete_count, PLUID_AND_ATTRIBUTES delete,
    DWORD restrict_count, PSID_AND_ATTRIBUTES restricting, PHANDLE restricted)
{
    TOKEN_GROUPS *to_disable = counted(disable_count, disable);
    TOKEN_GROUPS *to_restrict = counted(restrict_count, restricting);
    TOKEN_PRIVILEGES *to_delete = counted_privileges(delete_count, delete);
    BOOL enough = (!disable_count || to_disable) && (!restrict_count || to_restrict)
        && (!delete_count || to_delete);
    NTSTATUS status = STATUS_NO_MEMORY;
    if (enough)
        status = NtFilterToken(token, flags, to_disable, to_delete, to_restrict, restricted);
    if (to_disable) release(to_disable);
    if (to_restrict) release(to_restrict);
    if (to_delete) release(to_delete);
    return set_status(status);
}

BOOL WINAPI IsTokenRestricted(HANDLE token)
{
    TOKEN_GROUPS *groups;
    DWORD size = 0;
    BOOL restricted;
    NtQueryInformationToken(token, TokenRestrictedSids, NULL, 0, &size);
    groups = size ? allocate(size) : NULL;
    if (!groups) return FALSE;
    restricted = GetTokenInformation(token, TokenRestrictedSids, groups, size, &size)
        && groups->GroupCount;
    release(groups);
    return restricted;
}

BOOL WINAPI ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    return set_status(RtlImpersonateSelf(level));
}

BOOL WINAPI ImpersonateLoggedOnUser(HANDLE token)
{
    TOKEN_TYPE type;
    DWORD size;
    HANDLE copy;
    BOOL done;
    if (!GetTokenInformation(token, TokenType, &type, sizeof type, &size)) return FALSE;
    if (type != TokenPrimary) return SetThreadToken(NULL, token);
    if (!DuplicateToken(token, SecurityImpersonation, &copy)) return FALSE;
    done = SetThreadToken(NULL, copy);
    NtClose(copy);
    return done;
}

BOOL WINAPI ImpersonateAnonymousToken(HANDLE thread)
{
    return set_status(NtImpersonateAnonymousToken(thread));
}

BOOL WINAPI ImpersonateNamedPipeClient(HANDLE pipe)
{
    IO_STATUS_BLOCK io;
    return set_status(NtFsControlFile(pipe, NULL, NULL, NULL, &io, 0x11001C, NULL, 0, NULL, 0));
}

BOOL WINAPI RevertToSelf(void)
{
    return SetThreadToken(NULL, NULL);
}

BOOL WINAPI PrivilegeCheck(HANDLE token, PPRIVILEGE_SET required, LPBOOL result)
{
    BOOLEAN held = FALSE;
    if (!set_status(NtPrivilegeCheck(token, required, &held))) return FALSE;
    *result = held;
    return TRUE;
}

BOOL WINAPI AccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD desired,
    PGENERIC_MAPPING mapping, PPRIVILEGE_SET privileges, LPDWORD size, LPDWORD granted,
    LPBOOL result)
{
    NTSTATUS access;
    if (!set_status(NtAccessCheck(descriptor, token, desired, mapping, privileges, size, granted,
            &access)))
        return FALSE;
    *result = set_status(access);
    return TRUE;
}

/* Whether a group of the token is enabled and is `sid`, or its user is. */
static BOOL is_member(HANDLE token, PSID sid, BOOL *member)
{
    union {
        TOKEN_USER user;
        UCHAR room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } user;
    TOKEN_GROUPS *groups;
    DWORD size = 0;
    BOOL done;
    if (!GetTokenInformation(token, TokenUser, &user, sizeof user, &size)) return FALSE;
    *member = RtlEqualSid(user.user.User.Sid, sid);
    NtQueryInformationToken(token, TokenGroups, NULL, 0, &size);
    groups = allocate(size);
    if (!groups) return set_error(ERROR_NOT_ENOUGH_MEMORY);
    done = GetTokenInformation(token, TokenGroups, groups, size, &size);
    for (DWORD i = 0; done && i < groups->GroupCount; i++)
        if (groups->Groups[i].Attributes & SE_GROUP_ENABLED
            && RtlEqualSid(groups->Groups[i].Sid, sid))
            *member = TRUE;
    release(groups);
    return done;
}

BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, PBOOL member)
{
    HANDLE own = NULL;
    TOKEN_TYPE type;
    DWORD size;
    BOOL done;
    *member = FALSE;
    if (!token) {
        if (!NT_SUCCESS(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &own))
            && !OpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &own))
            return FALSE;
    } else {
        if (!GetTokenInformation(token, TokenType, &type, sizeof type, &size)) return FALSE;
        if (type != TokenImpersonation) return set_error(ERROR_NO_IMPERSONATION_TOKEN);
    }
    done = is_member(token ? token : own, sid, member);
    if (own) NtClose(own);
    return done;
}
