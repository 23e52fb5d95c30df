/* Tokens of threads and processes, as kernelbase exports them, and what a selector leads to. */
#include "kernel32.h"

enum { ThreadImpersonationToken = 5, ThreadDescriptorTableEntry = 6 };

BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    return set_status(NtOpenThreadToken(thread, access, as_self != 0, token));
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    return set_status(NtOpenProcessToken(process, access, token));
}

BOOL WINAPI SetThreadToken(PHANDLE thread, HANDLE token)
{
    return set_status(NtSetInformationThread(thread ? *thread : NtCurrentThread(),
        ThreadImpersonationToken, &token, sizeof token));
}

BOOL WINAPI GetThreadSelectorEntry(HANDLE thread, DWORD selector, LPLDT_ENTRY entry)
{
    struct {
        ULONG selector;
        LDT_ENTRY entry;
    } info = {.selector = selector};
    if (!set_status(NtQueryInformationThread(thread, ThreadDescriptorTableEntry, &info,
            sizeof info, NULL)))
        return FALSE;
    *entry = info.entry;
    return TRUE;
}
