/* Security descriptors: ntdll's functions as Win32 has them. */
#include "advapi32.h"

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    return set_status(RtlCreateSecurityDescriptor(descriptor, revision));
}

BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
    return RtlValidSecurityDescriptor(descriptor) || set_error(ERROR_INVALID_SECURITY_DESCR);
}

DWORD WINAPI GetSecurityDescriptorLength(PSECURITY_DESCRIPTOR descriptor)
{
    return RtlLengthSecurityDescriptor(descriptor);
}

BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOL defaulted)
{
    return set_status(RtlSetOwnerSecurityDescriptor(descriptor, owner, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOL defaulted)
{
    return set_status(RtlSetGroupSecurityDescriptor(descriptor, group, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl,
    BOOL defaulted)
{
    return set_status(RtlSetDaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL acl,
    BOOL defaulted)
{
    return set_status(RtlSetSaclSecurityDescriptor(descriptor, present != 0, acl, defaulted != 0));
}

/* ntdll tells truth values in bytes; Win32's are words. */
static BOOL give(NTSTATUS status, LPBOOL target, BOOLEAN value)
{
    if (NT_SUCCESS(status)) *target = value;
    return set_status(status);
}

BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID *owner,
    LPBOOL defaulted)
{
    BOOLEAN value = FALSE;
    return give(RtlGetOwnerSecurityDescriptor(descriptor, owner, &value), defaulted, value);
}

BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID *group,
    LPBOOL defaulted)
{
    BOOLEAN value = FALSE;
    return give(RtlGetGroupSecurityDescriptor(descriptor, group, &value), defaulted, value);
}

BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL present, PACL *acl,
    LPBOOL defaulted)
{
    BOOLEAN is_present = FALSE, value = FALSE;
    NTSTATUS status = RtlGetDaclSecurityDescriptor(descriptor, &is_present, acl, &value);
    if (NT_SUCCESS(status) && is_present) *defaulted = value;
    return give(status, present, is_present);
}

BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL present, PACL *acl,
    LPBOOL defaulted)
{
    BOOLEAN is_present = FALSE, value = FALSE;
    NTSTATUS status = RtlGetSaclSecurityDescriptor(descriptor, &is_present, acl, &value);
    if (NT_SUCCESS(status) && is_present) *defaulted = value;
    return give(status, present, is_present);
}

BOOL WINAPI GetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor,
    PSECURITY_DESCRIPTOR_CONTROL control, LPDWORD revision)
{
    return set_status(RtlGetControlSecurityDescriptor(descriptor, control, revision));
}

BOOL WINAPI SetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor,
    SECURITY_DESCRIPTOR_CONTROL mask, SECURITY_DESCRIPTOR_CONTROL bits)
{
    return set_status(RtlSetControlSecurityDescriptor(descriptor, mask, bits));
}

BOOL WINAPI MakeSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative,
    LPDWORD size)
{
    return set_status(RtlAbsoluteToSelfRelativeSD(absolute, relative, size));
}

BOOL WINAPI MakeAbsoluteSD(PSECURITY_DESCRIPTOR relative, PSECURITY_DESCRIPTOR absolute,
    LPDWORD size, PACL dacl, LPDWORD dacl_size, PACL sacl, LPDWORD sacl_size, PSID owner,
    LPDWORD owner_size, PSID group, LPDWORD group_size)
{
    return set_status(RtlSelfRelativeToAbsoluteSD(relative, absolute, size, dacl, dacl_size, sacl,
        sacl_size, owner, owner_size, group, group_size));
}

BOOL WINAPI GetKernelObjectSecurity(HANDLE object, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor, DWORD size, LPDWORD needed)
{
    return set_status(NtQuerySecurityObject(object, what, descriptor, size, needed));
}

BOOL WINAPI SetKernelObjectSecurity(HANDLE object, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor)
{
    return set_status(NtSetSecurityObject(object, what, descriptor));
}

static ACCESS_MASK access_to_read(SECURITY_INFORMATION what)
{
    return READ_CONTROL | (what & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
}

static ACCESS_MASK access_to_write(SECURITY_INFORMATION what)
{
    return (what & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION) ? WRITE_OWNER : 0)
        | (what & DACL_SECURITY_INFORMATION ? WRITE_DAC : 0)
        | (what & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
}

static HANDLE open_file(LPCWSTR name, ACCESS_MASK access)
{
    return CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

BOOL WINAPI GetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor, DWORD size, LPDWORD needed)
{
    HANDLE file = open_file(name, access_to_read(what));
    BOOL done;
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    done = GetKernelObjectSecurity(file, what, descriptor, size, needed);
    NtClose(file);
    return done;
}

BOOL WINAPI GetFileSecurityA(LPCSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor, DWORD size, LPDWORD needed)
{
    WIDE(wide, name);
    return GetFileSecurityW(wide, what, descriptor, size, needed);
}

BOOL WINAPI SetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor)
{
    HANDLE file = open_file(name, access_to_write(what));
    BOOL done;
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    done = SetKernelObjectSecurity(file, what, descriptor);
    NtClose(file);
    return done;
}

BOOL WINAPI SetFileSecurityA(LPCSTR name, SECURITY_INFORMATION what,
    PSECURITY_DESCRIPTOR descriptor)
{
    WIDE(wide, name);
    return SetFileSecurityW(wide, what, descriptor);
}
