/* From text to SIDs and security descriptors. */
#include "sddl.h"
#include "well_known_sid.h"

static const struct sddl_name *find(const struct sddl_name *rows, ULONG count, const WCHAR *text,
    SIZE_T length)
{
    for (ULONG i = 0; i < count; i++)
        if (wcslen(rows[i].text) == length && !_wcsnicmp(rows[i].text, text, length))
            return &rows[i];
    return NULL;
}

static BOOL number(const WCHAR **text, ULONGLONG most, ULONGLONG *value)
{
    const WCHAR *start = *text;
    ULONG base = 10, digit;
    if (start[0] == '0' && (start[1] | 0x20) == 'x') base = 16, start += 2;
    *text = start;
    for (*value = 0;; ++*text) {
        WCHAR c = **text | 0x20;
        if (**text >= '0' && **text <= '9') digit = **text - '0';
        else if (base == 16 && c >= 'a' && c <= 'f') digit = c - 'a' + 10;
        else break;
        *value = *value * base + digit; /* `most` has 48 bits or fewer: no overflow */
        if (*value > most) return FALSE;
    }
    return *text != start;
}

BOOL sddl_sid(const WCHAR **text, PSID sid)
{
    const struct sddl_name *name = find(sddl_sids, sddl_sid_count, *text, 2);
    SID_IDENTIFIER_AUTHORITY authority;
    SID *target = sid;
    ULONGLONG value;
    if (name) {
        *text += 2;
        return well_known_sid(name->value, NULL, sid);
    }
    if (_wcsnicmp(*text, L"S-1-", 4)) return FALSE;
    *text += 4;
    if (!number(text, 0xFFFFFFFFFFFF, &value)) return FALSE;
    for (int i = 5; i >= 0; i--, value >>= 8) authority.Value[i] = (BYTE)value;
    RtlInitializeSid(sid, &authority, 0);
    while (**text == '-') {
        ++*text;
        if (target->SubAuthorityCount == SID_MAX_SUB_AUTHORITIES
            || !number(text, 0xFFFFFFFF, &value))
            return FALSE;
        target->SubAuthority[target->SubAuthorityCount++] = (DWORD)value;
    }
    return target->SubAuthorityCount != 0;
}

BOOL WINAPI ConvertStringSidToSidW(LPCWSTR text, PSID *sid)
{
    UCHAR room[SECURITY_MAX_SID_SIZE];
    if (!text || !sid) return set_error(ERROR_INVALID_PARAMETER);
    if (!sddl_sid(&text, room) || *text) return set_error(ERROR_INVALID_SID);
    *sid = LocalAlloc(LMEM_FIXED, RtlLengthSid(room));
    if (!*sid) return FALSE;
    RtlCopySid(RtlLengthSid(room), *sid, room);
    return TRUE;
}

BOOL WINAPI ConvertStringSidToSidA(LPCSTR text, PSID *sid)
{
    WIDE(wide, text);
    return ConvertStringSidToSidW(wide, sid);
}

static const WCHAR *skip_spaces(const WCHAR *text)
{
    while (*text == ' ') text++;
    return text;
}

/* A list of two-letter names up to a semicolon, or a number. */
static BOOL bits(const WCHAR **text, const struct sddl_name *rows, ULONG count, DWORD *value)
{
    ULONGLONG parsed;
    *text = skip_spaces(*text);
    if (**text >= '0' && **text <= '9') {
        if (!number(text, 0xFFFFFFFF, &parsed)) return FALSE;
        *value = (DWORD)parsed;
        return TRUE;
    }
    for (*value = 0; **text && **text != ';'; *text += 2) {
        const struct sddl_name *row = find(rows, count, *text, 2);
        if (!row) return FALSE;
        *value |= row->value;
    }
    return TRUE;
}

/* (type;flags;rights;object;inherited object;SID). Entries for object types are refused. */
static BOOL parse_ace(const WCHAR **text, ACCESS_ALLOWED_ACE *ace)
{
    const WCHAR *start = skip_spaces(*text), *end = wcschr(start, ';');
    const struct sddl_name *type = NULL;
    DWORD flags, mask;
    if (end) type = find(sddl_types, sddl_type_count, start, end - start);
    if (!type) return FALSE;
    *text = end + 1;
    if (!bits(text, sddl_flags, sddl_flag_count, &flags) || *(*text)++ != ';') return FALSE;
    if (type->value == SYSTEM_MANDATORY_LABEL_ACE_TYPE
            ? !bits(text, sddl_policies, sddl_policy_count, &mask)
            : !bits(text, sddl_rights, sddl_right_count, &mask))
        return FALSE;
    if (*(*text)++ != ';') return FALSE;
    if (*(*text)++ != ';' || *(*text)++ != ';') return FALSE;
    *text = skip_spaces(*text);
    if (!sddl_sid(text, &ace->SidStart)) return FALSE;
    ace->Header = (ACE_HEADER){(BYTE)type->value, (BYTE)flags,
        (WORD)(offsetof(ACCESS_ALLOWED_ACE, SidStart) + RtlLengthSid(&ace->SidStart))};
    ace->Mask = mask;
    *text = skip_spaces(*text);
    return *(*text)++ == ')';
}

#define MOST_ACL 0x1000

/* Flags and entries of one list, up to the next part of the descriptor. */
static BOOL parse_acl(const WCHAR **text, PACL *acl, SECURITY_DESCRIPTOR_CONTROL *control,
    BOOL is_sacl)
{
    union {
        ACCESS_ALLOWED_ACE ace;
        UCHAR room[offsetof(ACCESS_ALLOWED_ACE, SidStart) + SECURITY_MAX_SID_SIZE];
    } entry;
    if (!_wcsnicmp(*text, L"NO_ACCESS_CONTROL", 17)) {
        *text += 17;
        return TRUE;
    }
    for (; **text && **text != '(' && (*text)[1] != ':'; ++*text) {
        SECURITY_DESCRIPTOR_CONTROL flag = 0; /* of a DACL; a SACL's is the bit above */
        if (**text == 'P') flag = SE_DACL_PROTECTED;
        else if (**text == 'A' && *++*text == 'R') flag = SE_DACL_AUTO_INHERIT_REQ;
        else if (**text == 'I' && (*text)[-1] == 'A') flag = SE_DACL_AUTO_INHERITED;
        else if (**text != ' ') return FALSE;
        *control |= is_sacl ? flag << 1 : flag;
    }
    *acl = allocate(MOST_ACL);
    if (!*acl) return FALSE;
    RtlCreateAcl(*acl, MOST_ACL, ACL_REVISION);
    while (*(*text = skip_spaces(*text)) == '(') {
        ++*text;
        if (!parse_ace(text, &entry.ace)) return set_error(ERROR_INVALID_ACL);
        if (!set_status(RtlAddAce(*acl, ACL_REVISION, MAXDWORD, &entry.ace,
                entry.ace.Header.AceSize)))
            return FALSE;
    }
    return TRUE;
}

/* A list without the room behind its entries. */
static void trim(PACL acl)
{
    PACE_HEADER end;
    if (acl && RtlFirstFreeAce(acl, &end) && end) acl->AclSize = (WORD)((char *)end - (char *)acl);
}

struct parsed {
    SECURITY_DESCRIPTOR descriptor;
    UCHAR owner[SECURITY_MAX_SID_SIZE], group[SECURITY_MAX_SID_SIZE];
    PACL dacl, sacl;
};

static BOOL parse_part(const WCHAR **text, struct parsed *parsed)
{
    WCHAR part = **text & ~0x20;
    SECURITY_DESCRIPTOR *descriptor = &parsed->descriptor;
    if ((*text)[1] != ':') return FALSE;
    *text = skip_spaces(*text + 2);
    switch (part) {
    case 'O': descriptor->Owner = parsed->owner; return sddl_sid(text, parsed->owner);
    case 'G': descriptor->Group = parsed->group; return sddl_sid(text, parsed->group);
    case 'D':
        descriptor->Control |= SE_DACL_PRESENT;
        return parse_acl(text, &parsed->dacl, &descriptor->Control, FALSE);
    case 'S':
        descriptor->Control |= SE_SACL_PRESENT;
        return parse_acl(text, &parsed->sacl, &descriptor->Control, TRUE);
    default: return FALSE;
    }
}

static BOOL finish(struct parsed *parsed, PSECURITY_DESCRIPTOR *result, PULONG result_size)
{
    ULONG size = 0;
    trim(parsed->dacl);
    trim(parsed->sacl);
    parsed->descriptor.Dacl = parsed->dacl;
    parsed->descriptor.Sacl = parsed->sacl;
    RtlMakeSelfRelativeSD(&parsed->descriptor, NULL, &size);
    *result = LocalAlloc(LMEM_FIXED, size);
    if (!*result) return FALSE;
    if (result_size) *result_size = size;
    return set_status(RtlMakeSelfRelativeSD(&parsed->descriptor, *result, &size));
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR text, DWORD revision,
    PSECURITY_DESCRIPTOR *descriptor, PULONG size)
{
    struct parsed parsed = {.descriptor = {.Revision = SECURITY_DESCRIPTOR_REVISION}};
    BOOL done = TRUE;
    if (!text || !descriptor) return set_error(ERROR_INVALID_PARAMETER);
    if (revision != 1) return set_error(ERROR_UNKNOWN_REVISION);
    *descriptor = NULL;
    if (size) *size = 0;
    set_error(ERROR_INVALID_PARAMETER); /* unless something more special is found */
    for (text = skip_spaces(text); done && *text; text = skip_spaces(text))
        done = parse_part(&text, &parsed);
    if (done) done = finish(&parsed, descriptor, size);
    if (parsed.dacl) release(parsed.dacl);
    if (parsed.sacl) release(parsed.sacl);
    return done;
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorA(LPCSTR text, DWORD revision,
    PSECURITY_DESCRIPTOR *descriptor, PULONG size)
{
    WIDE(wide, text);
    return ConvertStringSecurityDescriptorToSecurityDescriptorW(wide, revision, descriptor, size);
}
