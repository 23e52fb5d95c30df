/* SIDs that are the same on every machine, or that end in the same number in every domain. */
#include "advapi32.h"
#include "well_known_sid.h"

enum { NULL_ID, WORLD, LOCAL, CREATOR, NT = 5, PACKAGE = 15, LABEL = 16 };
enum { ALIAS = 32, NT_PACKAGE = 64 };

#define ONE(authority, part) {authority, 1, {part}}
#define TWO(authority, first, second) {authority, 2, {first, second}}
#define IN_DOMAIN(number) {NT, 0, {number}}

/* By WELL_KNOWN_SID_TYPE (winnt.h). A row without parts but with a number is relative to a domain;
 * one that is all zero is a type that this table lacks. */
static const struct well_known {
    BYTE authority, count;
    DWORD parts[2];
} table[] = {
    [WinNullSid] = ONE(NULL_ID, 0),
    [WinWorldSid] = ONE(WORLD, 0),
    [WinLocalSid] = ONE(LOCAL, 0),
    [WinCreatorOwnerSid] = ONE(CREATOR, 0),
    [WinCreatorGroupSid] = ONE(CREATOR, 1),
    [WinCreatorOwnerServerSid] = ONE(CREATOR, 2),
    [WinCreatorGroupServerSid] = ONE(CREATOR, 3),
    [WinNtAuthoritySid] = {NT, 0, {0}},
    [WinDialupSid] = ONE(NT, 1),
    [WinNetworkSid] = ONE(NT, 2),
    [WinBatchSid] = ONE(NT, 3),
    [WinInteractiveSid] = ONE(NT, 4),
    [WinServiceSid] = ONE(NT, 6),
    [WinAnonymousSid] = ONE(NT, 7),
    [WinProxySid] = ONE(NT, 8),
    [WinEnterpriseControllersSid] = ONE(NT, 9),
    [WinSelfSid] = ONE(NT, 10),
    [WinAuthenticatedUserSid] = ONE(NT, 11),
    [WinRestrictedCodeSid] = ONE(NT, 12),
    [WinTerminalServerSid] = ONE(NT, 13),
    [WinRemoteLogonIdSid] = ONE(NT, 14),
    [WinLogonIdsSid] = ONE(NT, 5),
    [WinLocalSystemSid] = ONE(NT, 18),
    [WinLocalServiceSid] = ONE(NT, 19),
    [WinNetworkServiceSid] = ONE(NT, 20),
    [WinBuiltinDomainSid] = ONE(NT, ALIAS),
    [WinBuiltinAdministratorsSid] = TWO(NT, ALIAS, 544),
    [WinBuiltinUsersSid] = TWO(NT, ALIAS, 545),
    [WinBuiltinGuestsSid] = TWO(NT, ALIAS, 546),
    [WinBuiltinPowerUsersSid] = TWO(NT, ALIAS, 547),
    [WinBuiltinAccountOperatorsSid] = TWO(NT, ALIAS, 548),
    [WinBuiltinSystemOperatorsSid] = TWO(NT, ALIAS, 549),
    [WinBuiltinPrintOperatorsSid] = TWO(NT, ALIAS, 550),
    [WinBuiltinBackupOperatorsSid] = TWO(NT, ALIAS, 551),
    [WinBuiltinReplicatorSid] = TWO(NT, ALIAS, 552),
    [WinBuiltinPreWindows2000CompatibleAccessSid] = TWO(NT, ALIAS, 554),
    [WinBuiltinRemoteDesktopUsersSid] = TWO(NT, ALIAS, 555),
    [WinBuiltinNetworkConfigurationOperatorsSid] = TWO(NT, ALIAS, 556),
    [WinAccountAdministratorSid] = IN_DOMAIN(500),
    [WinAccountGuestSid] = IN_DOMAIN(501),
    [WinAccountKrbtgtSid] = IN_DOMAIN(502),
    [WinAccountDomainAdminsSid] = IN_DOMAIN(512),
    [WinAccountDomainUsersSid] = IN_DOMAIN(513),
    [WinAccountDomainGuestsSid] = IN_DOMAIN(514),
    [WinAccountComputersSid] = IN_DOMAIN(515),
    [WinAccountControllersSid] = IN_DOMAIN(516),
    [WinAccountCertAdminsSid] = IN_DOMAIN(517),
    [WinAccountSchemaAdminsSid] = IN_DOMAIN(518),
    [WinAccountEnterpriseAdminsSid] = IN_DOMAIN(519),
    [WinAccountPolicyAdminsSid] = IN_DOMAIN(520),
    [WinAccountRasAndIasServersSid] = IN_DOMAIN(553),
    [WinNTLMAuthenticationSid] = TWO(NT, NT_PACKAGE, 10),
    [WinDigestAuthenticationSid] = TWO(NT, NT_PACKAGE, 21),
    [WinSChannelAuthenticationSid] = TWO(NT, NT_PACKAGE, 14),
    [WinThisOrganizationSid] = ONE(NT, 15),
    [WinOtherOrganizationSid] = ONE(NT, 1000),
    [WinBuiltinIncomingForestTrustBuildersSid] = TWO(NT, ALIAS, 557),
    [WinBuiltinPerfMonitoringUsersSid] = TWO(NT, ALIAS, 558),
    [WinBuiltinPerfLoggingUsersSid] = TWO(NT, ALIAS, 559),
    [WinBuiltinAuthorizationAccessSid] = TWO(NT, ALIAS, 560),
    [WinBuiltinTerminalServerLicenseServersSid] = TWO(NT, ALIAS, 561),
    [WinBuiltinDCOMUsersSid] = TWO(NT, ALIAS, 562),
    [WinBuiltinIUsersSid] = TWO(NT, ALIAS, 568),
    [WinIUserSid] = ONE(NT, 17),
    [WinBuiltinCryptoOperatorsSid] = TWO(NT, ALIAS, 569),
    [WinUntrustedLabelSid] = ONE(LABEL, 0),
    [WinLowLabelSid] = ONE(LABEL, SECURITY_MANDATORY_LOW_RID),
    [WinMediumLabelSid] = ONE(LABEL, SECURITY_MANDATORY_MEDIUM_RID),
    [WinHighLabelSid] = ONE(LABEL, SECURITY_MANDATORY_HIGH_RID),
    [WinSystemLabelSid] = ONE(LABEL, SECURITY_MANDATORY_SYSTEM_RID),
    [WinWriteRestrictedCodeSid] = ONE(NT, 33),
    [WinCreatorOwnerRightsSid] = ONE(CREATOR, 4),
    [WinCacheablePrincipalsGroupSid] = IN_DOMAIN(571),
    [WinNonCacheablePrincipalsGroupSid] = IN_DOMAIN(572),
    [WinEnterpriseReadonlyControllersSid] = IN_DOMAIN(498),
    [WinAccountReadonlyControllersSid] = IN_DOMAIN(521),
    [WinBuiltinEventLogReadersGroup] = TWO(NT, ALIAS, 573),
    [WinBuiltinCertSvcDComAccessGroup] = TWO(NT, ALIAS, 574),
    [WinMediumPlusLabelSid] = ONE(LABEL, 0x2100),
    [WinBuiltinAnyPackageSid] = TWO(PACKAGE, 2, 1),
};

/* Fills `sid` (SECURITY_MAX_SID_SIZE bytes); FALSE if there is no such type, or no domain given. */
BOOL well_known_sid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID sid)
{
    const struct well_known *row = (ULONG)type < COUNT(table) ? &table[type] : NULL;
    SID *target = sid;
    if (!row || (type != WinNullSid && !row->authority)) return FALSE;
    if (row->count || type == WinNtAuthoritySid) {
        SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, row->authority}};
        RtlInitializeSid(sid, &authority, row->count);
        memcpy(target->SubAuthority, row->parts, row->count * sizeof *row->parts);
        return TRUE;
    }
    if (!domain || !RtlValidSid(domain)) return FALSE;
    if (((SID *)domain)->SubAuthorityCount >= SID_MAX_SUB_AUTHORITIES) return FALSE;
    RtlCopySid(SECURITY_MAX_SID_SIZE, sid, domain);
    target->SubAuthority[target->SubAuthorityCount++] = row->parts[0];
    return TRUE;
}

BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID sid, DWORD *size)
{
    UCHAR room[SECURITY_MAX_SID_SIZE];
    DWORD given, needed;
    if (!size || (domain && !RtlValidSid(domain)) || !well_known_sid(type, domain, room))
        return set_error(ERROR_INVALID_PARAMETER);
    given = *size;
    needed = *size = RtlLengthSid(room);
    if (given < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!sid) return set_error(ERROR_INVALID_PARAMETER);
    memcpy(sid, room, needed);
    return TRUE;
}

BOOL WINAPI IsWellKnownSid(PSID sid, WELL_KNOWN_SID_TYPE type)
{
    const struct well_known *row = (ULONG)type < COUNT(table) ? &table[type] : NULL;
    const SID *given = sid;
    UCHAR room[SECURITY_MAX_SID_SIZE];
    if (!row || !RtlValidSid(sid)) return FALSE;
    if (well_known_sid(type, NULL, room)) return RtlEqualSid(sid, room);
    return row->parts[0] && given->IdentifierAuthority.Value[5] == row->authority
        && given->SubAuthorityCount == 5 && given->SubAuthority[0] == SECURITY_NT_NON_UNIQUE
        && *RtlSubAuthoritySid(sid, 4) == row->parts[0];
}

/* A domain's SID: an account's without its last part, or the built-in domain's own. */
BOOL WINAPI GetWindowsAccountDomainSid(PSID sid, PSID domain, DWORD *size)
{
    const SID *account = sid;
    DWORD given = *size;
    if (!RtlValidSid(sid)) return set_error(ERROR_INVALID_SID);
    if (account->SubAuthorityCount < 4 || account->IdentifierAuthority.Value[5] != NT
        || account->SubAuthority[0] != SECURITY_NT_NON_UNIQUE)
        return set_error(ERROR_NON_ACCOUNT_SID);
    *size = RtlLengthRequiredSid(4);
    if (!domain || given < *size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(domain, sid, *size);
    ((SID *)domain)->SubAuthorityCount = 4;
    return TRUE;
}
