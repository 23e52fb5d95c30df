/* The security descriptor definition language: the names of SIDs, rights and flags. */
#pragma once
#include "advapi32.h"

struct sddl_name {
    WCHAR text[4];
    DWORD value;
};
extern const struct sddl_name sddl_sids[], sddl_rights[], sddl_policies[], sddl_flags[],
    sddl_types[];
extern const ULONG sddl_sid_count, sddl_right_count, sddl_policy_count, sddl_flag_count,
    sddl_type_count;

/* A SID in text, two letters or S-1-…, into SECURITY_MAX_SID_SIZE bytes; `*text` moves behind it. */
BOOL sddl_sid(const WCHAR **text, PSID sid);
