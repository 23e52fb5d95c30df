/* Security descriptors: absolute ones hold pointers, self-relative ones offsets. */
#include "ntdll.h"
#include "security.h"

NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, ULONG Revision)
{
    if (Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    *(SECURITY_DESCRIPTOR *)Descriptor = (SECURITY_DESCRIPTOR){.Revision = (BYTE)Revision};
    return STATUS_SUCCESS;
}

struct parts PartsOf(PSECURITY_DESCRIPTOR descriptor)
{
    const SECURITY_DESCRIPTOR *sd = descriptor;
    const SECURITY_DESCRIPTOR_RELATIVE *relative = descriptor;
    char *base = descriptor;
    struct parts parts = {NULL, NULL, NULL, NULL};
    if (sd->Control & SE_SELF_RELATIVE) {
        parts.owner = relative->Owner ? base + relative->Owner : NULL;
        parts.group = relative->Group ? base + relative->Group : NULL;
        parts.sacl = (PACL)(relative->Sacl ? base + relative->Sacl : NULL);
        parts.dacl = (PACL)(relative->Dacl ? base + relative->Dacl : NULL);
    } else {
        parts = (struct parts){sd->Owner, sd->Group, sd->Sacl, sd->Dacl};
    }
    if (!(sd->Control & SE_SACL_PRESENT))
        parts.sacl = NULL;
    if (!(sd->Control & SE_DACL_PRESENT))
        parts.dacl = NULL;
    return parts;
}

BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor)
{
    const SECURITY_DESCRIPTOR *sd = Descriptor;
    if (!sd || sd->Revision != SECURITY_DESCRIPTOR_REVISION)
        return FALSE;
    struct parts parts = PartsOf(Descriptor);
    return (!parts.owner || RtlValidSid(parts.owner)) && (!parts.group || RtlValidSid(parts.group))
        && (!parts.dacl || RtlValidAcl(parts.dacl)) && (!parts.sacl || RtlValidAcl(parts.sacl));
}

ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor)
{
    struct parts parts = PartsOf(Descriptor);
    BOOL relative = ((SECURITY_DESCRIPTOR *)Descriptor)->Control & SE_SELF_RELATIVE;
    return (relative ? sizeof(SECURITY_DESCRIPTOR_RELATIVE) : sizeof(SECURITY_DESCRIPTOR))
        + SizeOfSid(parts.owner) + SizeOfSid(parts.group) + SizeOfAcl(parts.dacl)
        + SizeOfAcl(parts.sacl);
}

/* What may be changed: an absolute descriptor of the one revision. */
static NTSTATUS Changeable(const SECURITY_DESCRIPTOR *descriptor)
{
    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    return descriptor->Control & SE_SELF_RELATIVE ? STATUS_INVALID_SECURITY_DESCR : STATUS_SUCCESS;
}

static VOID SetControl(SECURITY_DESCRIPTOR *descriptor, USHORT bits, BOOL set)
{
    descriptor->Control = set ? descriptor->Control | bits : descriptor->Control & ~bits;
}

NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID Owner,
    BOOLEAN Defaulted)
{
    SECURITY_DESCRIPTOR *descriptor = Descriptor;
    NTSTATUS status = Changeable(descriptor);
    if (NT_SUCCESS(status)) {
        descriptor->Owner = Owner;
        SetControl(descriptor, SE_OWNER_DEFAULTED, Defaulted);
    }
    return status;
}

NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID Group,
    BOOLEAN Defaulted)
{
    SECURITY_DESCRIPTOR *descriptor = Descriptor;
    NTSTATUS status = Changeable(descriptor);
    if (NT_SUCCESS(status)) {
        descriptor->Group = Group;
        SetControl(descriptor, SE_GROUP_DEFAULTED, Defaulted);
    }
    return status;
}

/* The bit that says that an ACL is a default is the one after that of its presence. */
static NTSTATUS SetAcl(SECURITY_DESCRIPTOR *descriptor, PACL *place, USHORT present_bit,
    BOOLEAN present, PACL acl, BOOLEAN defaulted)
{
    NTSTATUS status = Changeable(descriptor);
    if (!NT_SUCCESS(status))
        return status;
    SetControl(descriptor, present_bit, present);
    if (present) {
        *place = acl;
        SetControl(descriptor, (USHORT)(present_bit << 1), defaulted);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, BOOLEAN Present,
    PACL Acl, BOOLEAN Defaulted)
{
    SECURITY_DESCRIPTOR *descriptor = Descriptor;
    return SetAcl(descriptor, &descriptor->Dacl, SE_DACL_PRESENT, Present, Acl, Defaulted);
}

NTSTATUS NTAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, BOOLEAN Present,
    PACL Acl, BOOLEAN Defaulted)
{
    SECURITY_DESCRIPTOR *descriptor = Descriptor;
    return SetAcl(descriptor, &descriptor->Sacl, SE_SACL_PRESENT, Present, Acl, Defaulted);
}

static BOOLEAN Has(const SECURITY_DESCRIPTOR *descriptor, USHORT bit)
{
    return (descriptor->Control & bit) != 0;
}

static NTSTATUS KnownRevision(const SECURITY_DESCRIPTOR *descriptor)
{
    return descriptor->Revision == SECURITY_DESCRIPTOR_REVISION ? STATUS_SUCCESS
                                                                : STATUS_UNKNOWN_REVISION;
}

NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID *Owner,
    PBOOLEAN Defaulted)
{
    NTSTATUS status = KnownRevision(Descriptor);
    if (NT_SUCCESS(status)) {
        *Owner = PartsOf(Descriptor).owner;
        *Defaulted = Has(Descriptor, SE_OWNER_DEFAULTED);
    }
    return status;
}

NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PSID *Group,
    PBOOLEAN Defaulted)
{
    NTSTATUS status = KnownRevision(Descriptor);
    if (NT_SUCCESS(status)) {
        *Group = PartsOf(Descriptor).group;
        *Defaulted = Has(Descriptor, SE_GROUP_DEFAULTED);
    }
    return status;
}

NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PBOOLEAN Present,
    PACL *Acl, PBOOLEAN Defaulted)
{
    NTSTATUS status = KnownRevision(Descriptor);
    if (!NT_SUCCESS(status))
        return status;
    *Present = Has(Descriptor, SE_DACL_PRESENT);
    if (*Present) {
        *Acl = PartsOf(Descriptor).dacl;
        *Defaulted = Has(Descriptor, SE_DACL_DEFAULTED);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, PBOOLEAN Present,
    PACL *Acl, PBOOLEAN Defaulted)
{
    NTSTATUS status = KnownRevision(Descriptor);
    if (!NT_SUCCESS(status))
        return status;
    *Present = Has(Descriptor, SE_SACL_PRESENT);
    if (*Present) {
        *Acl = PartsOf(Descriptor).sacl;
        *Defaulted = Has(Descriptor, SE_SACL_DEFAULTED);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor,
    PSECURITY_DESCRIPTOR_CONTROL Control, PULONG Revision)
{
    const SECURITY_DESCRIPTOR *descriptor = Descriptor;
    *Revision = descriptor->Revision;
    *Control = descriptor->Control;
    return KnownRevision(descriptor);
}

/* Bits that are a caller's to change; the others follow from what is in the descriptor. */
#define CONTROL_BITS 0x3FC0

NTSTATUS NTAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor,
    SECURITY_DESCRIPTOR_CONTROL Mask, SECURITY_DESCRIPTOR_CONTROL Bits)
{
    SECURITY_DESCRIPTOR *descriptor = Descriptor;
    if ((Mask | Bits) & ~CONTROL_BITS || Bits & ~Mask)
        return STATUS_INVALID_PARAMETER;
    descriptor->Control = (descriptor->Control & ~Mask) | Bits;
    return STATUS_SUCCESS;
}
