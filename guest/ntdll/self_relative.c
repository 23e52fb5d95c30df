/* Security descriptors between their absolute and their self-relative form. */
#include "ntdll.h"
#include "security.h"

static ULONG Place(char *base, ULONG *end, const VOID *part, ULONG length, ULONG size)
{
    ULONG offset = *end;
    if (!part)
        return 0;
    memset(base + offset, 0, size);
    memcpy(base + offset, part, length);
    *end += size;
    return offset;
}

/* Any form to a self-relative one; NT's order of the parts. */
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR Source, PSECURITY_DESCRIPTOR Target,
    PULONG Length)
{
    const SECURITY_DESCRIPTOR *source = Source;
    struct parts parts = PartsOf(Source);
    ULONG owner = SizeOfSid(parts.owner), group = SizeOfSid(parts.group);
    ULONG sacl = SizeOfAcl(parts.sacl), dacl = SizeOfAcl(parts.dacl);
    ULONG end = sizeof(SECURITY_DESCRIPTOR_RELATIVE), needed = end + owner + group + sacl + dacl;
    BOOL fits = *Length >= needed;
    *Length = needed;
    if (!fits)
        return STATUS_BUFFER_TOO_SMALL;
    SECURITY_DESCRIPTOR_RELATIVE *target = Target;
    target->Revision = source->Revision;
    target->Sbz1 = source->Sbz1;
    target->Control = source->Control | SE_SELF_RELATIVE;
    target->Sacl = Place(Target, &end, parts.sacl, sacl ? parts.sacl->AclSize : 0, sacl);
    target->Dacl = Place(Target, &end, parts.dacl, dacl ? parts.dacl->AclSize : 0, dacl);
    target->Owner = Place(Target, &end, parts.owner, owner, owner);
    target->Group = Place(Target, &end, parts.group, group, group);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR Absolute,
    PSECURITY_DESCRIPTOR Relative, PULONG Length)
{
    if (((SECURITY_DESCRIPTOR *)Absolute)->Control & SE_SELF_RELATIVE)
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    return RtlMakeSelfRelativeSD(Absolute, Relative, Length);
}

static PVOID Moved(PVOID target, const VOID *part, ULONG size)
{
    return part ? memcpy(target, part, size) : NULL;
}

NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR Relative,
    PSECURITY_DESCRIPTOR Absolute, PULONG AbsoluteSize, PACL Dacl, PULONG DaclSize, PACL Sacl,
    PULONG SaclSize, PSID Owner, PULONG OwnerSize, PSID Group, PULONG GroupSize)
{
    const SECURITY_DESCRIPTOR *source = Relative;
    SECURITY_DESCRIPTOR *target = Absolute;
    struct parts parts = PartsOf(Relative);
    ULONG dacl = SizeOfAcl(parts.dacl), sacl = SizeOfAcl(parts.sacl);
    ULONG owner = SizeOfSid(parts.owner), group = SizeOfSid(parts.group);
    if (!(source->Control & SE_SELF_RELATIVE))
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    if (*AbsoluteSize < sizeof *target || *DaclSize < dacl || *SaclSize < sacl
        || *OwnerSize < owner || *GroupSize < group) {
        *AbsoluteSize = sizeof *target;
        *DaclSize = dacl;
        *SaclSize = sacl;
        *OwnerSize = owner;
        *GroupSize = group;
        return STATUS_BUFFER_TOO_SMALL;
    }
    target->Revision = source->Revision;
    target->Sbz1 = source->Sbz1;
    target->Control = source->Control & ~SE_SELF_RELATIVE;
    target->Owner = Moved(Owner, parts.owner, owner);
    target->Group = Moved(Group, parts.group, group);
    target->Sacl = Moved(Sacl, parts.sacl, sacl);
    target->Dacl = Moved(Dacl, parts.dacl, dacl);
    return STATUS_SUCCESS;
}

/* A self-relative copy on the process heap. */
NTSTATUS NTAPI RtlCopySecurityDescriptor(PSECURITY_DESCRIPTOR Source, PSECURITY_DESCRIPTOR *Copy)
{
    ULONG length = RtlLengthSecurityDescriptor(Source);
    *Copy = Allocate(length);
    if (!*Copy)
        return STATUS_NO_MEMORY;
    return RtlMakeSelfRelativeSD(Source, *Copy, &length);
}

static BOOLEAN Inside(ULONG offset, ULONG size, ULONG length)
{
    return !(offset & 3) && offset >= sizeof(SECURITY_DESCRIPTOR_RELATIVE) && offset <= length
        && size <= length - offset;
}

static BOOLEAN SidInside(const char *base, ULONG offset, ULONG length)
{
    PSID sid = (PVOID)(base + offset);
    return !offset || (Inside(offset, RtlLengthRequiredSid(0), length) && RtlValidSid(sid)
                       && Inside(offset, RtlLengthSid(sid), length));
}

static BOOLEAN AclInside(const char *base, ULONG offset, ULONG length)
{
    PACL acl = (PVOID)(base + offset);
    return !offset || (Inside(offset, sizeof *acl, length) && Inside(offset, acl->AclSize, length)
                       && RtlValidAcl(acl));
}

/* Whether a self-relative descriptor lies whole in `Length` bytes and has what is required. */
BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, ULONG Length,
    SECURITY_INFORMATION Required)
{
    const SECURITY_DESCRIPTOR_RELATIVE *sd = Descriptor;
    const char *base = Descriptor;
    if (Length < sizeof *sd || sd->Revision != SECURITY_DESCRIPTOR_REVISION
        || !(sd->Control & SE_SELF_RELATIVE))
        return FALSE;
    if ((Required & OWNER_SECURITY_INFORMATION && !sd->Owner)
        || (Required & GROUP_SECURITY_INFORMATION && !sd->Group))
        return FALSE;
    return SidInside(base, sd->Owner, Length) && SidInside(base, sd->Group, Length)
        && (!(sd->Control & SE_DACL_PRESENT) || AclInside(base, sd->Dacl, Length))
        && (!(sd->Control & SE_SACL_PRESENT) || AclInside(base, sd->Sacl, Length));
}
