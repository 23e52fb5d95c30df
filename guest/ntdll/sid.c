/* Security identifiers. */
#include "ntdll.h"

#define SUB_AUTHORITIES_TO_ALLOCATE 8

BOOLEAN NTAPI RtlValidSid(PSID Sid)
{
    const SID *sid = Sid;
    return sid && sid->Revision == SID_REVISION
        && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

ULONG NTAPI RtlLengthRequiredSid(ULONG Count)
{
    return offsetof(SID, SubAuthority) + Count * sizeof(ULONG);
}

ULONG NTAPI RtlLengthSid(PSID Sid)
{
    return RtlLengthRequiredSid(((SID *)Sid)->SubAuthorityCount);
}

NTSTATUS NTAPI RtlInitializeSid(PSID Sid, PSID_IDENTIFIER_AUTHORITY Authority, UCHAR Count)
{
    SID *sid = Sid;
    if (Count > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_PARAMETER;
    sid->Revision = SID_REVISION;
    sid->SubAuthorityCount = Count;
    sid->IdentifierAuthority = *Authority;
    return STATUS_SUCCESS;
}

PULONG NTAPI RtlSubAuthoritySid(PSID Sid, ULONG Index)
{
    return &((SID *)Sid)->SubAuthority[Index];
}

PUCHAR NTAPI RtlSubAuthorityCountSid(PSID Sid)
{
    return &((SID *)Sid)->SubAuthorityCount;
}

PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID Sid)
{
    return &((SID *)Sid)->IdentifierAuthority;
}

NTSTATUS NTAPI RtlCopySid(ULONG Length, PSID Target, PSID Source)
{
    ULONG needed = RtlLengthSid(Source);
    if (Length < needed)
        return STATUS_BUFFER_TOO_SMALL;
    memmove(Target, Source, needed);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlEqualSid(PSID Left, PSID Right)
{
    const SID *left = Left, *right = Right;
    return left->SubAuthorityCount == right->SubAuthorityCount
        && !memcmp(left, right, RtlLengthSid(Left));
}

/* All but the last sub-authority. */
BOOLEAN NTAPI RtlEqualPrefixSid(PSID Left, PSID Right)
{
    const SID *left = Left, *right = Right;
    ULONG count = left->SubAuthorityCount;
    return count == right->SubAuthorityCount
        && !memcmp(left, right, RtlLengthRequiredSid(count ? count - 1 : 0));
}

NTSTATUS NTAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY Authority, UCHAR Count,
    ULONG First, ULONG Second, ULONG Third, ULONG Fourth, ULONG Fifth, ULONG Sixth, ULONG Seventh,
    ULONG Eighth, PSID *Sid)
{
    const ULONG parts[SUB_AUTHORITIES_TO_ALLOCATE] = {First, Second, Third, Fourth, Fifth, Sixth,
                                                      Seventh, Eighth};
    if (Count > SUB_AUTHORITIES_TO_ALLOCATE)
        return STATUS_INVALID_SID;
    SID *sid = Allocate(RtlLengthRequiredSid(Count));
    if (!sid)
        return STATUS_NO_MEMORY;
    RtlInitializeSid(sid, Authority, Count);
    memcpy(sid->SubAuthority, parts, Count * sizeof(ULONG));
    *Sid = sid;
    return STATUS_SUCCESS;
}

PVOID NTAPI RtlFreeSid(PSID Sid)
{
    Free(Sid);
    return NULL;
}

/* S-1-authority-part-part…; an authority of more than 32 bits is in hexadecimal. */
NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING String, PSID Sid, BOOLEAN Allocated)
{
    WCHAR text[32 + SID_MAX_SUB_AUTHORITIES * 11];
    const SID *sid = Sid;
    UNICODE_STRING whole;
    if (!RtlValidSid(Sid))
        return STATUS_INVALID_SID;
    const UCHAR *value = sid->IdentifierAuthority.Value;
    ULONG low = (ULONG)value[2] << 24 | (ULONG)value[3] << 16 | (ULONG)value[4] << 8 | value[5];
    ULONG high = (ULONG)value[0] << 8 | value[1];
    SIZE_T room = sizeof text / sizeof *text;
    int length = high ? _snwprintf(text, room, L"S-1-0x%04x%08x", high, low)
                      : _snwprintf(text, room, L"S-1-%u", low);
    for (ULONG i = 0; i < sid->SubAuthorityCount; i++)
        length += _snwprintf(text + length, room - length, L"-%u", sid->SubAuthority[i]);
    RtlInitUnicodeString(&whole, text);
    if (Allocated)
        return RtlCreateUnicodeString(String, text) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    if (String->MaximumLength < whole.Length)
        return STATUS_BUFFER_OVERFLOW;
    RtlCopyUnicodeString(String, &whole);
    return STATUS_SUCCESS;
}
