/* All of psapi is forwarded; a DLL needs some code to be linked. */
#include "nt.h"

const WCHAR psapi_is_forwarded[] = L"kernel32";
