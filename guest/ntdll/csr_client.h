/* What the two files of the subsystem's client share. */
#pragma once
#include "csr.h"
#include "ntdll.h"

extern PVOID csr_heap; /* in the memory that client and server share; NULL: not connected */
