/* The tables of the security descriptor definition language (sddl.h documents the names). */
#include "sddl.h"

const struct sddl_name sddl_sids[] = {
    {L"AN", WinAnonymousSid},
    {L"AO", WinBuiltinAccountOperatorsSid},
    {L"AU", WinAuthenticatedUserSid},
    {L"BA", WinBuiltinAdministratorsSid},
    {L"BG", WinBuiltinGuestsSid},
    {L"BO", WinBuiltinBackupOperatorsSid},
    {L"BU", WinBuiltinUsersSid},
    {L"CG", WinCreatorGroupSid},
    {L"CO", WinCreatorOwnerSid},
    {L"ED", WinEnterpriseControllersSid},
    {L"HI", WinHighLabelSid},
    {L"IU", WinInteractiveSid},
    {L"LS", WinLocalServiceSid},
    {L"LW", WinLowLabelSid},
    {L"ME", WinMediumLabelSid},
    {L"MU", WinBuiltinPerfMonitoringUsersSid},
    {L"NO", WinBuiltinNetworkConfigurationOperatorsSid},
    {L"NS", WinNetworkServiceSid},
    {L"NU", WinNetworkSid},
    {L"OW", WinCreatorOwnerRightsSid},
    {L"PO", WinBuiltinPrintOperatorsSid},
    {L"PS", WinSelfSid},
    {L"PU", WinBuiltinPowerUsersSid},
    {L"RC", WinRestrictedCodeSid},
    {L"RD", WinBuiltinRemoteDesktopUsersSid},
    {L"RE", WinBuiltinReplicatorSid},
    {L"RU", WinBuiltinPreWindows2000CompatibleAccessSid},
    {L"SI", WinSystemLabelSid},
    {L"SO", WinBuiltinSystemOperatorsSid},
    {L"SU", WinServiceSid},
    {L"SY", WinLocalSystemSid},
    {L"WD", WinWorldSid},
    {L"WR", WinWriteRestrictedCodeSid},
};
const ULONG sddl_sid_count = COUNT(sddl_sids);

/* Whole sets before the single bits that make them up. */
const struct sddl_name sddl_rights[] = {
    {L"GA", GENERIC_ALL}, {L"GR", GENERIC_READ}, {L"GW", GENERIC_WRITE}, {L"GX", GENERIC_EXECUTE},
    {L"FA", FILE_ALL_ACCESS}, {L"FR", FILE_GENERIC_READ}, {L"FW", FILE_GENERIC_WRITE},
    {L"FX", FILE_GENERIC_EXECUTE}, {L"KA", KEY_ALL_ACCESS}, {L"KR", KEY_READ}, {L"KW", KEY_WRITE},
    {L"KX", KEY_EXECUTE}, {L"RC", READ_CONTROL}, {L"SD", DELETE}, {L"WD", WRITE_DAC},
    {L"WO", WRITE_OWNER}, {L"CC", 0x001}, {L"DC", 0x002}, {L"LC", 0x004}, {L"SW", 0x008},
    {L"RP", 0x010}, {L"WP", 0x020}, {L"DT", 0x040}, {L"LO", 0x080}, {L"CR", 0x100},
};
const ULONG sddl_right_count = COUNT(sddl_rights);

/* What a mandatory label has in place of rights. */
const struct sddl_name sddl_policies[] = {
    {L"NW", SYSTEM_MANDATORY_LABEL_NO_WRITE_UP}, {L"NR", SYSTEM_MANDATORY_LABEL_NO_READ_UP},
    {L"NX", SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP},
};
const ULONG sddl_policy_count = COUNT(sddl_policies);

const struct sddl_name sddl_flags[] = {
    {L"OI", OBJECT_INHERIT_ACE}, {L"CI", CONTAINER_INHERIT_ACE}, {L"NP", NO_PROPAGATE_INHERIT_ACE},
    {L"IO", INHERIT_ONLY_ACE}, {L"ID", INHERITED_ACE}, {L"SA", SUCCESSFUL_ACCESS_ACE_FLAG},
    {L"FA", FAILED_ACCESS_ACE_FLAG},
};
const ULONG sddl_flag_count = COUNT(sddl_flags);

const struct sddl_name sddl_types[] = {
    {L"A", ACCESS_ALLOWED_ACE_TYPE}, {L"D", ACCESS_DENIED_ACE_TYPE},
    {L"AU", SYSTEM_AUDIT_ACE_TYPE}, {L"AL", SYSTEM_ALARM_ACE_TYPE},
    {L"ML", SYSTEM_MANDATORY_LABEL_ACE_TYPE},
};
const ULONG sddl_type_count = COUNT(sddl_types);
