/* The part of ntdll that makes and reads security identifiers, lists and descriptors. */
#pragma once
#include "nt.h"

BOOLEAN NTAPI RtlValidSid(PSID Sid);
ULONG NTAPI RtlLengthRequiredSid(ULONG Count);
ULONG NTAPI RtlLengthSid(PSID Sid);
NTSTATUS NTAPI RtlInitializeSid(PSID Sid, PSID_IDENTIFIER_AUTHORITY Authority, UCHAR Count);
PULONG NTAPI RtlSubAuthoritySid(PSID Sid, ULONG Index);
PUCHAR NTAPI RtlSubAuthorityCountSid(PSID Sid);
PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID Sid);
NTSTATUS NTAPI RtlCopySid(ULONG Length, PSID Target, PSID Source);
BOOLEAN NTAPI RtlEqualSid(PSID Left, PSID Right);
BOOLEAN NTAPI RtlEqualPrefixSid(PSID Left, PSID Right);
NTSTATUS NTAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY Authority, UCHAR Count, ULONG
    First, ULONG Second, ULONG Third, ULONG Fourth, ULONG Fifth, ULONG Sixth, ULONG Seventh, ULONG
    Eighth, PSID *Sid);
PVOID NTAPI RtlFreeSid(PSID Sid);
NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING String, PSID Sid, BOOLEAN
    AllocateString);
NTSTATUS NTAPI RtlCreateAcl(PACL Acl, ULONG Length, ULONG Revision);
BOOLEAN NTAPI RtlValidAcl(PACL Acl);
BOOLEAN NTAPI RtlFirstFreeAce(PACL Acl, PACE_HEADER *Ace);
NTSTATUS NTAPI RtlGetAce(PACL Acl, ULONG Index, PVOID *Ace);
NTSTATUS NTAPI RtlAddAce(PACL Acl, ULONG Revision, ULONG Index, PVOID Aces, ULONG Length);
NTSTATUS NTAPI RtlDeleteAce(PACL Acl, ULONG Index);
NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID
    Sid);
NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid);
NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID Sid,
    BOOLEAN Success, BOOLEAN Failure);
NTSTATUS NTAPI RtlAddAuditAccessAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid, BOOLEAN Success,
    BOOLEAN Failure);
NTSTATUS NTAPI RtlAddMandatoryAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, ULONG Type,
    PSID Sid);
NTSTATUS NTAPI RtlAddAccessAllowedObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, GUID
    *Object, GUID *Inherited, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, GUID
    *Object, GUID *Inherited, PSID Sid);
NTSTATUS NTAPI RtlAddAuditAccessObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, GUID
    *Object, GUID *Inherited, PSID Sid, BOOLEAN Success, BOOLEAN Failure);
NTSTATUS NTAPI RtlQueryInformationAcl(PACL Acl, PVOID Buffer, ULONG Length, ACL_INFORMATION_CLASS
    Class);
NTSTATUS NTAPI RtlSetInformationAcl(PACL Acl, PVOID Buffer, ULONG Length, ACL_INFORMATION_CLASS
    Class);
NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, ULONG Revision);
BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor);
ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor);
NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID Owner, BOOLEAN
    Defaulted);
NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID Group, BOOLEAN
    Defaulted);
NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, BOOLEAN Present, PACL
    Acl, BOOLEAN Defaulted);
NTSTATUS NTAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, BOOLEAN Present, PACL
    Acl, BOOLEAN Defaulted);
NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID *Owner, PBOOLEAN
    Defaulted);
NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID *Group, PBOOLEAN
    Defaulted);
NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PBOOLEAN Present, PACL
    *Acl, PBOOLEAN Defaulted);
NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PBOOLEAN Present, PACL
    *Acl, PBOOLEAN Defaulted);
NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor,
    PSECURITY_DESCRIPTOR_CONTROL Control, PULONG Revision);
NTSTATUS NTAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor,
    SECURITY_DESCRIPTOR_CONTROL Mask, SECURITY_DESCRIPTOR_CONTROL Bits);
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR Source, PSECURITY_DESCRIPTOR Target,
    PULONG Length);
NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR Absolute, PSECURITY_DESCRIPTOR
    Relative, PULONG Length);
NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR Relative, PSECURITY_DESCRIPTOR
    Absolute, PULONG AbsoluteSize, PACL Dacl, PULONG DaclSize, PACL Sacl, PULONG SaclSize, PSID
    Owner, PULONG OwnerSize, PSID Group, PULONG GroupSize);
NTSTATUS NTAPI RtlCopySecurityDescriptor(PSECURITY_DESCRIPTOR Source, PSECURITY_DESCRIPTOR *Copy);
BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, ULONG Length,
    SECURITY_INFORMATION Required);
VOID NTAPI RtlMapGenericMask(PACCESS_MASK Mask, const GENERIC_MAPPING *Mapping);
BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired);
BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired);
BOOLEAN NTAPI RtlEqualLuid(const LUID *Left, const LUID *Right);
VOID NTAPI RtlCopyLuid(PLUID Target, const LUID *Source);
VOID NTAPI RtlCopyLuidAndAttributesArray(ULONG Count, const LUID_AND_ATTRIBUTES *Source,
    PLUID_AND_ATTRIBUTES Target);
NTSTATUS NTAPI RtlAdjustPrivilege(ULONG Privilege, BOOLEAN Enable, BOOLEAN OfThread, PBOOLEAN
    WasEnabled);
NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL Level);
NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(PUNICODE_STRING Path);
NTSTATUS NTAPI RtlOpenCurrentUser(ACCESS_MASK Access, PHANDLE Key);
