/* Access-control lists: a header and entries of any size after it. */
#include "ntdll.h"

#define AUDIT_FLAGS (SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG)

static inline ACE_HEADER *FirstAce(PACL acl)
{
    return (ACE_HEADER *)(acl + 1);
}

static inline ACE_HEADER *AceAfter(const ACE_HEADER *ace)
{
    return (ACE_HEADER *)((char *)ace + ace->AceSize);
}

static inline char *EndOf(PACL acl)
{
    return (char *)acl + acl->AclSize;
}

NTSTATUS NTAPI RtlCreateAcl(PACL Acl, ULONG Length, ULONG Revision)
{
    if (Length < sizeof *Acl)
        return STATUS_BUFFER_TOO_SMALL;
    if (Revision < MIN_ACL_REVISION || Revision > MAX_ACL_REVISION || Length > 0xFFFF)
        return STATUS_INVALID_PARAMETER;
    *Acl = (ACL){.AclRevision = (BYTE)Revision, .AclSize = (WORD)(Length & ~3u)};
    return STATUS_SUCCESS;
}

/* Where the SID of an entry of a known type begins, or 0. */
static ULONG SidOffset(const ACE_HEADER *ace)
{
    switch (ace->AceType) {
    case ACCESS_ALLOWED_ACE_TYPE:
    case ACCESS_DENIED_ACE_TYPE:
    case SYSTEM_AUDIT_ACE_TYPE:
    case SYSTEM_ALARM_ACE_TYPE:
    case SYSTEM_MANDATORY_LABEL_ACE_TYPE: return offsetof(ACCESS_ALLOWED_ACE, SidStart);
    default: return 0;
    }
}

static BOOLEAN ValidAce(const ACE_HEADER *ace, SIZE_T room)
{
    if (room < sizeof *ace || ace->AceSize < sizeof *ace || ace->AceSize > room || ace->AceSize & 3)
        return FALSE;
    ULONG offset = SidOffset(ace);
    if (!offset)
        return TRUE;
    if (ace->AceSize < offset + RtlLengthRequiredSid(0))
        return FALSE;
    PSID sid = (char *)ace + offset;
    return RtlValidSid(sid) && RtlLengthSid(sid) <= ace->AceSize - offset;
}

BOOLEAN NTAPI RtlValidAcl(PACL Acl)
{
    if (!Acl || Acl->AclRevision < MIN_ACL_REVISION || Acl->AclRevision > MAX_ACL_REVISION
        || Acl->AclSize < sizeof *Acl)
        return FALSE;
    const ACE_HEADER *ace = FirstAce(Acl);
    for (ULONG i = 0; i < Acl->AceCount; i++, ace = AceAfter(ace))
        if (!ValidAce(ace, EndOf(Acl) - (char *)ace))
            return FALSE;
    return TRUE;
}

/* FALSE if the entries are more than the list holds; NULL if they fill it and more. */
BOOLEAN NTAPI RtlFirstFreeAce(PACL Acl, PACE_HEADER *Ace)
{
    ACE_HEADER *ace = FirstAce(Acl);
    *Ace = NULL;
    for (ULONG i = 0; i < Acl->AceCount; i++) {
        if ((char *)ace >= EndOf(Acl))
            return FALSE;
        ace = AceAfter(ace);
    }
    if ((char *)ace <= EndOf(Acl))
        *Ace = ace;
    return TRUE;
}

NTSTATUS NTAPI RtlGetAce(PACL Acl, ULONG Index, PVOID *Ace)
{
    if (Acl->AclRevision < MIN_ACL_REVISION || Acl->AclRevision > MAX_ACL_REVISION
        || Index >= Acl->AceCount)
        return STATUS_INVALID_PARAMETER;
    ACE_HEADER *ace = FirstAce(Acl);
    while (Index--) {
        if ((char *)ace >= EndOf(Acl))
            return STATUS_INVALID_PARAMETER;
        ace = AceAfter(ace);
    }
    if ((char *)ace >= EndOf(Acl))
        return STATUS_INVALID_PARAMETER;
    *Ace = ace;
    return STATUS_SUCCESS;
}

/* How many entries `length` bytes are; FALSE if they are no whole number of them. */
static BOOLEAN CountAces(PVOID aces, ULONG length, ULONG revision, ULONG *count)
{
    const char *end = (const char *)aces + length;
    const ACE_HEADER *ace = aces;
    for (*count = 0; (const char *)ace < end; ace = AceAfter(ace), ++*count) {
        if ((SIZE_T)(end - (const char *)ace) < sizeof *ace || ace->AceSize < sizeof *ace)
            return FALSE;
        if (revision < ACL_REVISION3 && ace->AceType == ACCESS_ALLOWED_COMPOUND_ACE_TYPE)
            return FALSE;
    }
    return (const char *)ace == end;
}

NTSTATUS NTAPI RtlAddAce(PACL Acl, ULONG Revision, ULONG Index, PVOID Aces, ULONG Length)
{
    ACE_HEADER *free, *place = FirstAce(Acl);
    ULONG count;
    if (!RtlValidAcl(Acl) || !RtlFirstFreeAce(Acl, &free))
        return STATUS_INVALID_PARAMETER;
    if (Revision > Acl->AclRevision)
        Acl->AclRevision = (BYTE)Revision;
    if (!CountAces(Aces, Length, Revision, &count))
        return STATUS_INVALID_PARAMETER;
    if (!free || Length > (SIZE_T)(EndOf(Acl) - (char *)free))
        return STATUS_BUFFER_TOO_SMALL;
    for (; Index && place < free; Index--)
        place = AceAfter(place);
    memmove((char *)place + Length, place, (char *)free - (char *)place);
    memcpy(place, Aces, Length);
    Acl->AceCount += (WORD)count;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteAce(PACL Acl, ULONG Index)
{
    ACE_HEADER *free;
    PVOID ace;
    if (!RtlValidAcl(Acl) || !RtlFirstFreeAce(Acl, &free) || !free)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = RtlGetAce(Acl, Index, &ace);
    if (!NT_SUCCESS(status))
        return status;
    char *next = (char *)AceAfter(ace);
    memmove(ace, next, (char *)free - next);
    Acl->AceCount--;
    return STATUS_SUCCESS;
}

struct ace {
    ULONG revision, type, flags, allowed_flags, mask;
    const GUID *object, *inherited; /* object entries only */
    BOOLEAN is_object;
    PSID sid;
};

static char *AppendGuid(char *place, const GUID *guid)
{
    if (!guid)
        return place;
    memcpy(place, guid, sizeof *guid);
    return place + sizeof *guid;
}

static NTSTATUS Append(PACL acl, const struct ace *new)
{
    ACE_HEADER *free;
    if (!RtlValidSid(new->sid))
        return STATUS_INVALID_SID;
    if (acl->AclRevision > MAX_ACL_REVISION || new->revision > MAX_ACL_REVISION)
        return STATUS_REVISION_MISMATCH;
    if (new->flags & ~new->allowed_flags)
        return STATUS_INVALID_PARAMETER;
    if (!RtlValidAcl(acl) || !RtlFirstFreeAce(acl, &free))
        return STATUS_INVALID_ACL;
    ULONG guids = (new->object ? ACE_OBJECT_TYPE_PRESENT : 0)
        | (new->inherited ? ACE_INHERITED_OBJECT_TYPE_PRESENT : 0);
    ULONG head = sizeof(ACE_HEADER) + sizeof(ACCESS_MASK) + (new->is_object ? sizeof guids : 0);
    ULONG size = head + sizeof(GUID) * (!!new->object + !!new->inherited) + RtlLengthSid(new->sid);
    if (!free || size > (SIZE_T)(EndOf(acl) - (char *)free))
        return STATUS_ALLOTTED_SPACE_EXCEEDED;
    *free = (ACE_HEADER){(BYTE)new->type, (BYTE)new->flags, (WORD)size};
    ((ACCESS_ALLOWED_ACE *)free)->Mask = new->mask;
    if (new->is_object)
        ((ACCESS_ALLOWED_OBJECT_ACE *)free)->Flags = guids;
    char *place = AppendGuid(AppendGuid((char *)free + head, new->object), new->inherited);
    memcpy(place, new->sid, RtlLengthSid(new->sid));
    acl->AceCount++;
    if (new->revision > acl->AclRevision)
        acl->AclRevision = (BYTE)new->revision;
    return STATUS_SUCCESS;
}

static NTSTATUS AppendPlain(PACL acl, ULONG revision, ULONG type, ULONG flags, ULONG mask, PSID sid)
{
    ULONG allowed = VALID_INHERIT_FLAGS | (type == SYSTEM_AUDIT_ACE_TYPE ? AUDIT_FLAGS : 0);
    return Append(acl, &(struct ace){.revision = revision, .type = type, .flags = flags,
                                     .allowed_flags = allowed, .mask = mask, .sid = sid});
}

NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID Sid)
{
    return AppendPlain(Acl, Revision, ACCESS_ALLOWED_ACE_TYPE, Flags, Mask, Sid);
}

NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid)
{
    return AppendPlain(Acl, Revision, ACCESS_ALLOWED_ACE_TYPE, 0, Mask, Sid);
}

NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID Sid)
{
    return AppendPlain(Acl, Revision, ACCESS_DENIED_ACE_TYPE, Flags, Mask, Sid);
}

NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid)
{
    return AppendPlain(Acl, Revision, ACCESS_DENIED_ACE_TYPE, 0, Mask, Sid);
}

NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, PSID Sid,
    BOOLEAN Success, BOOLEAN Failure)
{
    Flags |= (Success ? SUCCESSFUL_ACCESS_ACE_FLAG : 0) | (Failure ? FAILED_ACCESS_ACE_FLAG : 0);
    return AppendPlain(Acl, Revision, SYSTEM_AUDIT_ACE_TYPE, Flags, Mask, Sid);
}

NTSTATUS NTAPI RtlAddAuditAccessAce(PACL Acl, ULONG Revision, ULONG Mask, PSID Sid, BOOLEAN Success,
    BOOLEAN Failure)
{
    return RtlAddAuditAccessAceEx(Acl, Revision, 0, Mask, Sid, Success, Failure);
}

NTSTATUS NTAPI RtlAddMandatoryAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask, ULONG Type,
    PSID Sid)
{
    if (Type != SYSTEM_MANDATORY_LABEL_ACE_TYPE || Mask & ~SYSTEM_MANDATORY_LABEL_VALID_MASK)
        return STATUS_INVALID_PARAMETER;
    return AppendPlain(Acl, Revision, Type, Flags, Mask, Sid);
}

static NTSTATUS AppendObject(PACL acl, ULONG revision, ULONG type, ULONG flags, ULONG mask,
                             const GUID *object, const GUID *inherited, PSID sid)
{
    ULONG allowed = VALID_INHERIT_FLAGS | (type == SYSTEM_AUDIT_OBJECT_ACE_TYPE ? AUDIT_FLAGS : 0);
    return Append(acl, &(struct ace){revision, type, flags, allowed, mask, object, inherited, TRUE,
                                     sid});
}

NTSTATUS NTAPI RtlAddAccessAllowedObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask,
    GUID *Object, GUID *Inherited, PSID Sid)
{
    return AppendObject(Acl, Revision, ACCESS_ALLOWED_OBJECT_ACE_TYPE, Flags, Mask, Object,
                        Inherited, Sid);
}

NTSTATUS NTAPI RtlAddAccessDeniedObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask,
    GUID *Object, GUID *Inherited, PSID Sid)
{
    return AppendObject(Acl, Revision, ACCESS_DENIED_OBJECT_ACE_TYPE, Flags, Mask, Object,
                        Inherited, Sid);
}

NTSTATUS NTAPI RtlAddAuditAccessObjectAce(PACL Acl, ULONG Revision, ULONG Flags, ULONG Mask,
    GUID *Object, GUID *Inherited, PSID Sid, BOOLEAN Success, BOOLEAN Failure)
{
    Flags |= (Success ? SUCCESSFUL_ACCESS_ACE_FLAG : 0) | (Failure ? FAILED_ACCESS_ACE_FLAG : 0);
    return AppendObject(Acl, Revision, SYSTEM_AUDIT_OBJECT_ACE_TYPE, Flags, Mask, Object, Inherited,
                        Sid);
}

NTSTATUS NTAPI RtlQueryInformationAcl(PACL Acl, PVOID Buffer, ULONG Length,
    ACL_INFORMATION_CLASS Class)
{
    ACL_SIZE_INFORMATION *size = Buffer;
    ACE_HEADER *free;
    switch (Class) {
    case AclRevisionInformation:
        if (Length < sizeof(ACL_REVISION_INFORMATION))
            return STATUS_BUFFER_TOO_SMALL;
        ((ACL_REVISION_INFORMATION *)Buffer)->AclRevision = Acl->AclRevision;
        return STATUS_SUCCESS;
    case AclSizeInformation:
        if (Length < sizeof *size)
            return STATUS_BUFFER_TOO_SMALL;
        if (!RtlFirstFreeAce(Acl, &free))
            return STATUS_INVALID_PARAMETER;
        size->AceCount = Acl->AceCount;
        size->AclBytesInUse = free ? (DWORD)((char *)free - (char *)Acl) : Acl->AclSize;
        size->AclBytesFree = Acl->AclSize - size->AclBytesInUse;
        return STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NTAPI RtlSetInformationAcl(PACL Acl, PVOID Buffer, ULONG Length,
    ACL_INFORMATION_CLASS Class)
{
    if (Class != AclRevisionInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length < sizeof(ACL_REVISION_INFORMATION))
        return STATUS_BUFFER_TOO_SMALL;
    ULONG revision = ((ACL_REVISION_INFORMATION *)Buffer)->AclRevision;
    if (revision < Acl->AclRevision || revision > MAX_ACL_REVISION)
        return STATUS_INVALID_PARAMETER;
    Acl->AclRevision = (BYTE)revision;
    return STATUS_SUCCESS;
}
