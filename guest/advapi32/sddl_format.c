/* From SIDs and security descriptors to text. */
#include "sddl.h"
#include "well_known_sid.h"

/* Text that grows on the process heap; `failed` once memory runs out. */
struct text {
    WCHAR *start;
    SIZE_T length, room;
    BOOL failed;
};

static void append(struct text *text, const WCHAR *more)
{
    SIZE_T count = wcslen(more), needed = text->length + count + 1;
    if (text->failed) return;
    if (needed > text->room) {
        WCHAR *larger = allocate(2 * needed * sizeof(WCHAR));
        text->failed = !larger;
        if (!larger) return;
        if (text->length) memcpy(larger, text->start, text->length * sizeof(WCHAR));
        if (text->start) release(text->start);
        text->start = larger;
        text->room = 2 * needed;
    }
    memcpy(text->start + text->length, more, (count + 1) * sizeof(WCHAR));
    text->length += count;
}

static void append_sid_number(struct text *text, PSID sid)
{
    UNICODE_STRING string;
    if (NT_SUCCESS(RtlConvertSidToUnicodeString(&string, sid, TRUE))) {
        append(text, string.Buffer);
        RtlFreeUnicodeString(&string);
    } else text->failed = TRUE;
}

static void append_sid(struct text *text, PSID sid)
{
    UCHAR other[SECURITY_MAX_SID_SIZE];
    for (ULONG i = 0; i < sddl_sid_count; i++)
        if (well_known_sid(sddl_sids[i].value, NULL, other) && RtlEqualSid(sid, other)) {
            append(text, sddl_sids[i].text);
            return;
        }
    append_sid_number(text, sid);
}

static void append_hexadecimal(struct text *text, DWORD value)
{
    WCHAR digits[] = L"0x00000000";
    ULONG first = 2;
    for (ULONG i = 9; i > 1; i--, value >>= 4) digits[i] = L"0123456789abcdef"[value & 15];
    while (first < 9 && digits[first] == '0') first++;
    memmove(digits + 2, digits + first, (COUNT(digits) - first) * sizeof(WCHAR));
    append(text, digits);
}

/* Names for the bits, or a number where a bit has none; one name if there is one for all. */
static void append_bits(struct text *text, const struct sddl_name *rows, ULONG count, DWORD bits)
{
    DWORD named = 0;
    for (ULONG i = 0; i < count; i++) {
        if (rows[i].value == bits) {
            append(text, rows[i].text);
            return;
        }
        if (!(rows[i].value & (rows[i].value - 1))) named |= rows[i].value;
    }
    if (bits & ~named) append_hexadecimal(text, bits);
    for (ULONG i = 0; i < count && !(bits & ~named); i++)
        if (rows[i].value & bits && !(rows[i].value & (rows[i].value - 1))) {
            append(text, rows[i].text);
            bits &= ~rows[i].value;
        }
}

static BOOL append_ace(struct text *text, const ACCESS_ALLOWED_ACE *ace)
{
    const struct sddl_name *type = NULL;
    for (ULONG i = 0; i < sddl_type_count; i++)
        if (sddl_types[i].value == ace->Header.AceType) type = &sddl_types[i];
    if (!type) return set_error(ERROR_INVALID_ACL);
    append(text, L"(");
    append(text, type->text);
    append(text, L";");
    append_bits(text, sddl_flags, sddl_flag_count, ace->Header.AceFlags);
    append(text, L";");
    if (type->value == SYSTEM_MANDATORY_LABEL_ACE_TYPE)
        append_bits(text, sddl_policies, sddl_policy_count, ace->Mask);
    else append_bits(text, sddl_rights, sddl_right_count, ace->Mask);
    append(text, L";;;");
    append_sid(text, (PSID)&ace->SidStart);
    append(text, L")");
    return TRUE;
}

static BOOL append_acl(struct text *text, PACL acl, const WCHAR *letter,
    SECURITY_DESCRIPTOR_CONTROL control)
{
    PVOID ace;
    append(text, letter);
    if (!acl) {
        append(text, L"NO_ACCESS_CONTROL");
        return TRUE;
    }
    if (!RtlValidAcl(acl)) return set_error(ERROR_INVALID_ACL);
    if (control & SE_DACL_PROTECTED) append(text, L"P");
    if (control & SE_DACL_AUTO_INHERIT_REQ) append(text, L"AR");
    if (control & SE_DACL_AUTO_INHERITED) append(text, L"AI");
    for (ULONG i = 0; i < acl->AceCount; i++)
        if (!NT_SUCCESS(RtlGetAce(acl, i, &ace)) || !append_ace(text, ace)) return FALSE;
    return TRUE;
}

static BOOL format(struct text *text, PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION what)
{
    BOOLEAN present, defaulted;
    SECURITY_DESCRIPTOR_CONTROL control;
    ULONG revision;
    PSID owner = NULL, group = NULL;
    PACL acl = NULL;
    if (!set_status(RtlGetControlSecurityDescriptor(descriptor, &control, &revision))) return FALSE;
    RtlGetOwnerSecurityDescriptor(descriptor, &owner, &defaulted);
    RtlGetGroupSecurityDescriptor(descriptor, &group, &defaulted);
    append(text, L"");
    if (what & OWNER_SECURITY_INFORMATION && owner) append(text, L"O:"), append_sid(text, owner);
    if (what & GROUP_SECURITY_INFORMATION && group) append(text, L"G:"), append_sid(text, group);
    RtlGetDaclSecurityDescriptor(descriptor, &present, &acl, &defaulted);
    if (what & DACL_SECURITY_INFORMATION && present && !append_acl(text, acl, L"D:", control))
        return FALSE;
    RtlGetSaclSecurityDescriptor(descriptor, &present, &acl, &defaulted);
    if (what & (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION) && present
        && !append_acl(text, acl, L"S:", control >> 1))
        return FALSE;
    return TRUE;
}

/* Moves the text into memory that LocalFree frees, in UTF-16 or ANSI. */
static BOOL hand_over(struct text *text, BOOL done, BOOL wide, PVOID *result, PULONG length)
{
    SIZE_T size = (text->length + 1) * sizeof(WCHAR);
    if (done && text->failed) done = set_error(ERROR_NOT_ENOUGH_MEMORY);
    if (done) done = (*result = LocalAlloc(LMEM_FIXED, size)) != NULL;
    if (done && wide) memcpy(*result, text->start, size);
    else if (done)
        WideCharToMultiByte(CP_ACP, 0, text->start, -1, *result, (int)size, NULL, NULL);
    if (done && length) *length = text->length + 1;
    if (text->start) release(text->start);
    return done;
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorW(PSECURITY_DESCRIPTOR descriptor,
    DWORD revision, SECURITY_INFORMATION what, LPWSTR *result, PULONG length)
{
    struct text text = {0};
    if (revision != 1) return set_error(ERROR_UNKNOWN_REVISION);
    return hand_over(&text, format(&text, descriptor, what), TRUE, (PVOID *)result, length);
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorA(PSECURITY_DESCRIPTOR descriptor,
    DWORD revision, SECURITY_INFORMATION what, LPSTR *result, PULONG length)
{
    struct text text = {0};
    if (revision != 1) return set_error(ERROR_UNKNOWN_REVISION);
    return hand_over(&text, format(&text, descriptor, what), FALSE, (PVOID *)result, length);
}

static BOOL convert_sid(PSID sid, BOOL wide, PVOID *result)
{
    struct text text = {0};
    if (!sid || !result) return set_error(ERROR_INVALID_PARAMETER);
    if (!RtlValidSid(sid)) return set_error(ERROR_INVALID_SID);
    append_sid_number(&text, sid);
    return hand_over(&text, TRUE, wide, result, NULL);
}

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *result)
{
    return convert_sid(sid, TRUE, (PVOID *)result);
}

BOOL WINAPI ConvertSidToStringSidA(PSID sid, LPSTR *result)
{
    return convert_sid(sid, FALSE, (PVOID *)result);
}
