/* Names of accounts: the user's, and those of well-known SIDs. */
#include "advapi32.h"
#include "well_known_sid.h"

#define USER L"user"
#define BUILTIN L"BUILTIN"
#define NT_AUTHORITY L"NT AUTHORITY"
#define LABEL L"Mandatory Label"
#define DOMAIN_USERS 513

static const struct account {
    WELL_KNOWN_SID_TYPE type;
    SID_NAME_USE use;
    const WCHAR *domain, *name;
} accounts[] = {
    {WinNullSid, SidTypeWellKnownGroup, L"", L"NULL SID"},
    {WinWorldSid, SidTypeWellKnownGroup, L"", L"Everyone"},
    {WinLocalSid, SidTypeWellKnownGroup, L"", L"LOCAL"},
    {WinCreatorOwnerSid, SidTypeWellKnownGroup, L"", L"CREATOR OWNER"},
    {WinCreatorGroupSid, SidTypeWellKnownGroup, L"", L"CREATOR GROUP"},
    {WinDialupSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"DIALUP"},
    {WinNetworkSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"NETWORK"},
    {WinBatchSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"BATCH"},
    {WinInteractiveSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"INTERACTIVE"},
    {WinServiceSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"SERVICE"},
    {WinAnonymousSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"ANONYMOUS LOGON"},
    {WinSelfSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"SELF"},
    {WinAuthenticatedUserSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"Authenticated Users"},
    {WinRestrictedCodeSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"RESTRICTED"},
    {WinLocalSystemSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"SYSTEM"},
    {WinLocalServiceSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"LOCAL SERVICE"},
    {WinNetworkServiceSid, SidTypeWellKnownGroup, NT_AUTHORITY, L"NETWORK SERVICE"},
    {WinBuiltinDomainSid, SidTypeDomain, BUILTIN, BUILTIN},
    {WinBuiltinAdministratorsSid, SidTypeAlias, BUILTIN, L"Administrators"},
    {WinBuiltinUsersSid, SidTypeAlias, BUILTIN, L"Users"},
    {WinBuiltinGuestsSid, SidTypeAlias, BUILTIN, L"Guests"},
    {WinBuiltinPowerUsersSid, SidTypeAlias, BUILTIN, L"Power Users"},
    {WinBuiltinBackupOperatorsSid, SidTypeAlias, BUILTIN, L"Backup Operators"},
    {WinBuiltinReplicatorSid, SidTypeAlias, BUILTIN, L"Replicator"},
    {WinBuiltinRemoteDesktopUsersSid, SidTypeAlias, BUILTIN, L"Remote Desktop Users"},
    {WinUntrustedLabelSid, SidTypeLabel, LABEL, L"Untrusted Mandatory Level"},
    {WinLowLabelSid, SidTypeLabel, LABEL, L"Low Mandatory Level"},
    {WinMediumLabelSid, SidTypeLabel, LABEL, L"Medium Mandatory Level"},
    {WinHighLabelSid, SidTypeLabel, LABEL, L"High Mandatory Level"},
    {WinSystemLabelSid, SidTypeLabel, LABEL, L"System Mandatory Level"},
};

BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size)
{
    BOOL fits = *size >= COUNT(USER);
    *size = COUNT(USER);
    if (!fits) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, USER, sizeof USER);
    return TRUE;
}

BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size)
{
    BOOL fits = !narrow_name(USER, COUNT(USER) - 1, buffer, size);
    *size = COUNT(USER);
    return fits || set_error(ERROR_INSUFFICIENT_BUFFER);
}

/* The SID of the one user, into SECURITY_MAX_SID_SIZE bytes. */
static BOOL user_sid(PSID sid)
{
    union {
        TOKEN_USER user;
        UCHAR room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } info;
    DWORD size;
    HANDLE token;
    NTSTATUS status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token);
    if (!set_status(status)) return FALSE;
    status = NtQueryInformationToken(token, TokenUser, &info, sizeof info, &size);
    NtClose(token);
    if (!set_status(status)) return FALSE;
    return set_status(RtlCopySid(SECURITY_MAX_SID_SIZE, sid, info.user.User.Sid));
}

static const WCHAR *machine(WCHAR *room)
{
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;
    return GetComputerNameW(room, &size) ? room : L"";
}

struct found {
    SID_NAME_USE use;
    const WCHAR *domain, *name;
    WCHAR machine[MAX_COMPUTERNAME_LENGTH + 1];
};

static BOOL find_sid(PSID sid, struct found *found)
{
    UCHAR other[SECURITY_MAX_SID_SIZE];
    for (ULONG i = 0; i < COUNT(accounts); i++) {
        if (!well_known_sid(accounts[i].type, NULL, other) || !RtlEqualSid(sid, other)) continue;
        found->use = accounts[i].use;
        found->domain = accounts[i].domain;
        found->name = accounts[i].name;
        return TRUE;
    }
    if (!user_sid(other)) return FALSE;
    found->domain = machine(found->machine);
    found->use = SidTypeUser;
    found->name = USER;
    if (RtlEqualSid(sid, other)) return TRUE;
    if (!RtlEqualPrefixSid(sid, other)) return set_error(ERROR_NONE_MAPPED);
    found->use = SidTypeGroup;
    found->name = L"None";
    if (*RtlSubAuthoritySid(sid, 4) != DOMAIN_USERS) return set_error(ERROR_NONE_MAPPED);
    return TRUE;
}

/* Both names or neither; the sizes become lengths, or what is needed with the zeros. */
static BOOL give_names(const struct found *found, LPWSTR name, LPDWORD name_size, LPWSTR domain,
    LPDWORD domain_size)
{
    DWORD name_length = wcslen(found->name), domain_length = wcslen(found->domain);
    BOOL fits = *name_size > name_length && *domain_size > domain_length;
    *name_size = name_length + !fits;
    *domain_size = domain_length + !fits;
    if (!fits) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (name) memcpy(name, found->name, (name_length + 1) * sizeof(WCHAR));
    if (domain) memcpy(domain, found->domain, (domain_length + 1) * sizeof(WCHAR));
    return TRUE;
}

BOOL WINAPI LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_size,
    LPWSTR domain, LPDWORD domain_size, PSID_NAME_USE use)
{
    struct found found;
    (void)system;
    if (!RtlValidSid(sid)) return set_error(ERROR_INVALID_PARAMETER);
    if (!find_sid(sid, &found)) return FALSE;
    if (!give_names(&found, name, name_size, domain, domain_size)) return FALSE;
    *use = found.use;
    return TRUE;
}

BOOL WINAPI LookupAccountSidA(LPCSTR system, PSID sid, LPSTR name, LPDWORD name_size, LPSTR domain,
    LPDWORD domain_size, PSID_NAME_USE use)
{
    struct found found;
    LSTATUS name_error, domain_error;
    (void)system;
    if (!RtlValidSid(sid)) return set_error(ERROR_INVALID_PARAMETER);
    if (!find_sid(sid, &found)) return FALSE;
    name_error = narrow_name(found.name, wcslen(found.name), name, name_size);
    domain_error = narrow_name(found.domain, wcslen(found.domain), domain, domain_size);
    if (name_error || domain_error) {
        ++*name_size;
        ++*domain_size;
        return set_error(ERROR_INSUFFICIENT_BUFFER);
    }
    *use = found.use;
    return TRUE;
}

/* `domain\name` or a name alone. */
static BOOL matches(const WCHAR *wanted, const WCHAR *domain, const WCHAR *name)
{
    const WCHAR *slash = wcschr(wanted, '\\');
    SIZE_T length = slash ? slash - wanted : 0;
    if (!slash) return !_wcsicmp(wanted, name);
    return length == wcslen(domain) && !_wcsnicmp(wanted, domain, length)
        && !_wcsicmp(slash + 1, name);
}

static BOOL find_name(const WCHAR *wanted, PSID sid, struct found *found)
{
    for (ULONG i = 0; i < COUNT(accounts); i++) {
        if (!matches(wanted, accounts[i].domain, accounts[i].name)) continue;
        found->use = accounts[i].use;
        found->domain = accounts[i].domain;
        return well_known_sid(accounts[i].type, NULL, sid);
    }
    found->domain = machine(found->machine);
    if (!matches(wanted, found->domain, USER) && _wcsicmp(wanted, found->domain))
        return set_error(ERROR_NONE_MAPPED);
    if (!user_sid(sid)) return FALSE;
    found->use = SidTypeUser;
    if (_wcsicmp(wanted, found->domain)) return TRUE;
    found->use = SidTypeDomain;
    --*RtlSubAuthorityCountSid(sid);
    return TRUE;
}

BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR account, PSID sid, LPDWORD sid_size,
    LPWSTR domain, LPDWORD domain_size, PSID_NAME_USE use)
{
    struct found found;
    UCHAR room[SECURITY_MAX_SID_SIZE];
    DWORD needed, length;
    BOOL fits;
    (void)system;
    if (!account || !*account) account = BUILTIN;
    if (!find_name(account, room, &found)) return FALSE;
    needed = RtlLengthSid(room);
    length = wcslen(found.domain);
    fits = *sid_size >= needed && *domain_size > length;
    *sid_size = needed;
    *domain_size = length + !fits;
    if (!fits) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(sid, room, needed);
    memcpy(domain, found.domain, (length + 1) * sizeof(WCHAR));
    *use = found.use;
    return TRUE;
}

BOOL WINAPI LookupAccountNameA(LPCSTR system, LPCSTR account, PSID sid, LPDWORD sid_size,
    LPSTR domain, LPDWORD domain_size, PSID_NAME_USE use)
{
    WCHAR room[MAX_PATH];
    DWORD size = COUNT(room);
    WIDE(wide, account);
    (void)system;
    if (!LookupAccountNameW(NULL, wide, sid, sid_size, room, &size, use)) {
        *domain_size = size;
        return FALSE;
    }
    if (!narrow_name(room, size, domain, domain_size)) return TRUE;
    *domain_size = size + 1;
    return set_error(ERROR_INSUFFICIENT_BUFFER);
}
