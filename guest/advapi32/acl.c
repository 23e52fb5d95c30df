/* Access-control lists: ntdll's functions as Win32 has them. */
#include "advapi32.h"

BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision)
{
    return set_status(RtlCreateAcl(acl, size, revision));
}

BOOL WINAPI IsValidAcl(PACL acl)
{
    return RtlValidAcl(acl) || set_error(ERROR_INVALID_ACL);
}

BOOL WINAPI GetAclInformation(PACL acl, LPVOID buffer, DWORD size, ACL_INFORMATION_CLASS class)
{
    return set_status(RtlQueryInformationAcl(acl, buffer, size, class));
}

BOOL WINAPI SetAclInformation(PACL acl, LPVOID buffer, DWORD size, ACL_INFORMATION_CLASS class)
{
    return set_status(RtlSetInformationAcl(acl, buffer, size, class));
}

BOOL WINAPI AddAce(PACL acl, DWORD revision, DWORD index, LPVOID aces, DWORD size)
{
    return set_status(RtlAddAce(acl, revision, index, aces, size));
}

BOOL WINAPI GetAce(PACL acl, DWORD index, LPVOID *ace)
{
    return set_status(RtlGetAce(acl, index, ace));
}

BOOL WINAPI DeleteAce(PACL acl, DWORD index)
{
    return set_status(RtlDeleteAce(acl, index));
}

BOOL WINAPI FindFirstFreeAce(PACL acl, LPVOID *ace)
{
    return RtlFirstFreeAce(acl, (PACE_HEADER *)ace);
}

BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return set_status(RtlAddAccessAllowedAce(acl, revision, mask, sid));
}

BOOL WINAPI AddAccessAllowedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return set_status(RtlAddAccessAllowedAceEx(acl, revision, flags, mask, sid));
}

BOOL WINAPI AddAccessAllowedObjectAce(PACL acl, DWORD revision, DWORD flags, DWORD mask,
    GUID *object, GUID *inherited, PSID sid)
{
    return set_status(RtlAddAccessAllowedObjectAce(acl, revision, flags, mask, object, inherited,
        sid));
}

BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return set_status(RtlAddAccessDeniedAce(acl, revision, mask, sid));
}

BOOL WINAPI AddAccessDeniedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return set_status(RtlAddAccessDeniedAceEx(acl, revision, flags, mask, sid));
}

BOOL WINAPI AddAccessDeniedObjectAce(PACL acl, DWORD revision, DWORD flags, DWORD mask,
    GUID *object, GUID *inherited, PSID sid)
{
    return set_status(RtlAddAccessDeniedObjectAce(acl, revision, flags, mask, object, inherited,
        sid));
}

BOOL WINAPI AddAuditAccessAce(PACL acl, DWORD revision, DWORD mask, PSID sid, BOOL success,
    BOOL failure)
{
    return set_status(RtlAddAuditAccessAce(acl, revision, mask, sid, success != 0, failure != 0));
}

BOOL WINAPI AddAuditAccessAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid,
    BOOL success, BOOL failure)
{
    return set_status(RtlAddAuditAccessAceEx(acl, revision, flags, mask, sid, success != 0,
        failure != 0));
}

BOOL WINAPI AddMandatoryAce(PACL acl, DWORD revision, DWORD flags, DWORD policy, PSID sid)
{
    return set_status(RtlAddMandatoryAce(acl, revision, flags, policy,
        SYSTEM_MANDATORY_LABEL_ACE_TYPE, sid));
}

VOID WINAPI MapGenericMask(PDWORD mask, PGENERIC_MAPPING mapping)
{
    RtlMapGenericMask(mask, mapping);
}

BOOL WINAPI AreAllAccessesGranted(DWORD granted, DWORD desired)
{
    return RtlAreAllAccessesGranted(granted, desired);
}

BOOL WINAPI AreAnyAccessesGranted(DWORD granted, DWORD desired)
{
    return RtlAreAnyAccessesGranted(granted, desired);
}
