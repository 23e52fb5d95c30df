/* Symbols of the modules of this process, from their export tables: there are no PDBs to be read,
 * and so no lines. */
#pragma once
#include "ldr.h"
#include "wide.h"
#include <winver.h>
#include <dbghelp.h>
#include <string.h>
#include <winerror.h>

/* Whether SymInitialize was called for this handle; stores ERROR_INVALID_HANDLE if not. */
BOOL is_session(HANDLE process);
/* The module of this process with an address, NULL: none. */
char *module_at(ULONG_PTR address);
/* The last exported name at or before an address of the module; NULL: none. */
const char *export_before(char *base, ULONG_PTR address, ULONG_PTR *start, ULONG *ordinal);
