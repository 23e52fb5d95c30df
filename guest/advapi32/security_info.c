/* Security of objects by handle and by name, with the parts of a descriptor apart. */
#include "advapi32.h"
#include <aclapi.h>

/* The parts point into the descriptor, which is the caller's to LocalFree. */
static DWORD tell(PSECURITY_DESCRIPTOR descriptor, PSID *owner, PSID *group, PACL *dacl, PACL *sacl,
    PSECURITY_DESCRIPTOR *whole)
{
    BOOL present, defaulted;
    PACL acl;
    if (owner) GetSecurityDescriptorOwner(descriptor, owner, &defaulted);
    if (group) GetSecurityDescriptorGroup(descriptor, group, &defaulted);
    if (dacl) {
        acl = NULL;
        GetSecurityDescriptorDacl(descriptor, &present, &acl, &defaulted);
        *dacl = present ? acl : NULL;
    }
    if (sacl) {
        acl = NULL;
        GetSecurityDescriptorSacl(descriptor, &present, &acl, &defaulted);
        *sacl = present ? acl : NULL;
    }
    if (whole) *whole = descriptor;
    else if (!owner && !group && !dacl && !sacl) LocalFree(descriptor);
    return ERROR_SUCCESS;
}

DWORD WINAPI GetSecurityInfo(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION what,
    PSID *owner, PSID *group, PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    PSECURITY_DESCRIPTOR read;
    HANDLE handle = object;
    DWORD size = 0;
    NTSTATUS status;
    if (type == SE_REGISTRY_KEY && key_handle(object, &handle)) return ERROR_INVALID_HANDLE;
    if (!descriptor && (owner || group || dacl || sacl)) return ERROR_INVALID_PARAMETER;
    status = NtQuerySecurityObject(handle, what, NULL, 0, &size);
    if (status != STATUS_BUFFER_TOO_SMALL) return (DWORD)error_of(status);
    read = LocalAlloc(LMEM_FIXED, size);
    if (!read) return ERROR_NOT_ENOUGH_MEMORY;
    status = NtQuerySecurityObject(handle, what, read, size, &size);
    if (NT_SUCCESS(status)) return tell(read, owner, group, dacl, sacl, descriptor);
    LocalFree(read);
    return (DWORD)error_of(status);
}

DWORD WINAPI SetSecurityInfo(HANDLE object, SE_OBJECT_TYPE type, SECURITY_INFORMATION what,
    PSID owner, PSID group, PACL dacl, PACL sacl)
{
    SECURITY_DESCRIPTOR descriptor;
    HANDLE handle = object;
    if (type == SE_REGISTRY_KEY && key_handle(object, &handle)) return ERROR_INVALID_HANDLE;
    if (!InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION))
        return GetLastError();
    if (what & OWNER_SECURITY_INFORMATION) SetSecurityDescriptorOwner(&descriptor, owner, FALSE);
    if (what & GROUP_SECURITY_INFORMATION) SetSecurityDescriptorGroup(&descriptor, group, FALSE);
    if (what & DACL_SECURITY_INFORMATION)
        SetSecurityDescriptorDacl(&descriptor, TRUE, dacl, FALSE);
    if (what & SACL_SECURITY_INFORMATION)
        SetSecurityDescriptorSacl(&descriptor, TRUE, sacl, FALSE);
    return (DWORD)error_of(NtSetSecurityObject(handle, what, &descriptor));
}

/* Files and directories; objects of other types have no names that would be looked up here. */
DWORD WINAPI GetNamedSecurityInfoW(LPCWSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION what,
    PSID *owner, PSID *group, PACL *dacl, PACL *sacl, PSECURITY_DESCRIPTOR *descriptor)
{
    PSECURITY_DESCRIPTOR read;
    DWORD size = 0;
    if (!name || type != SE_FILE_OBJECT) return ERROR_INVALID_PARAMETER;
    if (!descriptor && (owner || group || dacl || sacl)) return ERROR_INVALID_PARAMETER;
    if (!GetFileSecurityW(name, what, NULL, 0, &size) && GetLastError() != ERROR_INSUFFICIENT_BUFFER)
        return GetLastError();
    read = LocalAlloc(LMEM_FIXED, size);
    if (!read) return ERROR_NOT_ENOUGH_MEMORY;
    if (GetFileSecurityW(name, what, read, size, &size))
        return tell(read, owner, group, dacl, sacl, descriptor);
    LocalFree(read);
    return GetLastError();
}

static BOOL replaces(const EXPLICIT_ACCESSW *entry)
{
    return entry->grfAccessMode == SET_ACCESS || entry->grfAccessMode == REVOKE_ACCESS;
}

/* Whether an old entry goes because its trustee is named anew. */
static BOOL is_replaced(const ACE_HEADER *ace, ULONG count, const EXPLICIT_ACCESSW *entries)
{
    PSID who = (PSID)&((const ACCESS_ALLOWED_ACE *)ace)->SidStart;
    if (ace->AceType > ACCESS_DENIED_ACE_TYPE) return FALSE;
    for (ULONG i = 0; i < count; i++)
        if (replaces(&entries[i]) && EqualSid(who, (PSID)entries[i].Trustee.ptstrName)) return TRUE;
    return FALSE;
}

static void add_entries(PACL acl, ULONG count, const EXPLICIT_ACCESSW *entries, BOOL denying)
{
    for (ULONG i = 0; i < count; i++) {
        const EXPLICIT_ACCESSW *entry = &entries[i];
        PSID who = (PSID)entry->Trustee.ptstrName;
        DWORD flags = entry->grfInheritance, mask = entry->grfAccessPermissions;
        if (denying && entry->grfAccessMode == DENY_ACCESS)
            AddAccessDeniedAceEx(acl, ACL_REVISION, flags, mask, who);
        if (!denying &&
            (entry->grfAccessMode == GRANT_ACCESS || entry->grfAccessMode == SET_ACCESS))
            AddAccessAllowedAceEx(acl, ACL_REVISION, flags, mask, who);
    }
}

/* Denials come first, then what is granted, then what stays of the old list. Trustees are SIDs:
 * names give ERROR_NONE_MAPPED. */
DWORD WINAPI SetEntriesInAclW(ULONG count, PEXPLICIT_ACCESSW entries, PACL old, PACL *result)
{
    DWORD size = sizeof(ACL) + (old ? old->AclSize : 0);
    ACE_HEADER *ace;
    if (!result) return ERROR_INVALID_PARAMETER;
    for (ULONG i = 0; i < count; i++) {
        if (entries[i].Trustee.TrusteeForm != TRUSTEE_IS_SID) return ERROR_NONE_MAPPED;
        size += sizeof(ACCESS_ALLOWED_ACE) + GetLengthSid((PSID)entries[i].Trustee.ptstrName);
    }
    *result = LocalAlloc(LMEM_FIXED, size);
    if (!*result) return ERROR_NOT_ENOUGH_MEMORY;
    InitializeAcl(*result, size, ACL_REVISION);
    add_entries(*result, count, entries, TRUE);
    add_entries(*result, count, entries, FALSE);
    for (DWORD i = 0; old && i < old->AceCount; i++)
        if (GetAce(old, i, (PVOID *)&ace) && !is_replaced(ace, count, entries))
            AddAce(*result, ACL_REVISION, MAXDWORD, ace, ace->AceSize);
    return ERROR_SUCCESS;
}
