/* The processes and threads of the system (NtQuerySystemInformation, SystemProcessInformation). */
#pragma once
#include "kernel32.h"

struct system_thread {
    LARGE_INTEGER KernelTime, UserTime, CreateTime;
    ULONG WaitTime;
    PVOID StartAddress;
    CLIENT_ID ClientId;
    LONG Priority, BasePriority;
    ULONG ContextSwitches, ThreadState, WaitReason, Pad;
};

struct system_process {
    ULONG NextEntryOffset;
    ULONG NumberOfThreads;
    UCHAR Spare08[0x38 - 0x08];
    UNICODE_STRING ImageName;
    LONG BasePriority;
    HANDLE UniqueProcessId, InheritedFromUniqueProcessId;
    ULONG HandleCount, SessionId;
    UCHAR Spare54[0xB8 - 0x54];
    struct system_thread Threads[];
};
_Static_assert(sizeof(struct system_thread) == 0x40, "layout");
_Static_assert(offsetof(struct system_process, Threads) == 0xB8, "layout");

struct system_process *system_processes(void); /* on the heap; NULL with the error stored */

static inline const struct system_process *next_process(const struct system_process *process)
{
    return process->NextEntryOffset
        ? (const void *)((const char *)process + process->NextEntryOffset)
        : NULL;
}
