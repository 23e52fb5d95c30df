/* Security identifiers: ntdll's functions as Win32 has them. */
#include "advapi32.h"

BOOL WINAPI IsValidSid(PSID sid)
{
    return RtlValidSid(sid) || set_error(ERROR_INVALID_SID);
}

BOOL WINAPI EqualSid(PSID left, PSID right)
{
    BOOL same = RtlEqualSid(left, right);
    set_error(ERROR_SUCCESS);
    return same;
}

BOOL WINAPI EqualPrefixSid(PSID left, PSID right)
{
    return RtlEqualPrefixSid(left, right);
}

DWORD WINAPI GetSidLengthRequired(UCHAR count)
{
    return RtlLengthRequiredSid(count);
}

DWORD WINAPI GetLengthSid(PSID sid)
{
    return RtlLengthSid(sid);
}

BOOL WINAPI InitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, BYTE count)
{
    return set_status(RtlInitializeSid(sid, authority, count));
}

/* These four say by the last error that the SID was a valid one. */
PSID_IDENTIFIER_AUTHORITY WINAPI GetSidIdentifierAuthority(PSID sid)
{
    set_error(ERROR_SUCCESS);
    return RtlIdentifierAuthoritySid(sid);
}

PDWORD WINAPI GetSidSubAuthority(PSID sid, DWORD index)
{
    set_error(ERROR_SUCCESS);
    return RtlSubAuthoritySid(sid, index);
}

PUCHAR WINAPI GetSidSubAuthorityCount(PSID sid)
{
    set_error(ERROR_SUCCESS);
    return RtlSubAuthorityCountSid(sid);
}

BOOL WINAPI CopySid(DWORD size, PSID target, PSID source)
{
    return set_status(RtlCopySid(size, target, source));
}

BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD first,
    DWORD second, DWORD third, DWORD fourth, DWORD fifth, DWORD sixth, DWORD seventh, DWORD eighth,
    PSID *sid)
{
    return set_status(RtlAllocateAndInitializeSid(authority, count, first, second, third, fourth,
        fifth, sixth, seventh, eighth, sid));
}

PVOID WINAPI FreeSid(PSID sid)
{
    return RtlFreeSid(sid);
}
