/* The modules of any process, read from its PEB. */
#pragma once
#include "kernel32.h"

struct process_module {
    BYTE *base;
    PVOID entry;
    DWORD size;
    WCHAR name[MAX_PATH], path[MAX_PATH];
};

/* Calls back until FALSE comes back, the program first; FALSE with the error stored if the process
 * cannot be read. */
BOOL for_each_module(HANDLE process, BOOL (*each)(void *context, const struct process_module *),
    void *context);
