/* Well-known SIDs by their type. */
#pragma once
#include "advapi32.h"

BOOL well_known_sid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID sid);
