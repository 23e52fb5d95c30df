/* Work items, timer queues and registered waits of ntdll. */
#pragma once
#include "nt.h"

NTSTATUS NTAPI RtlQueueWorkItem(WORKERCALLBACKFUNC Function, PVOID Context, ULONG Flags);
NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE Queue);
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE Queue, HANDLE Event);
NTSTATUS NTAPI RtlCreateTimer(HANDLE Queue, PHANDLE Timer, WAITORTIMERCALLBACKFUNC Function,
    PVOID Context, DWORD Due, DWORD Period, ULONG Flags);
NTSTATUS NTAPI RtlUpdateTimer(HANDLE Queue, HANDLE Timer, DWORD Due, DWORD Period);
NTSTATUS NTAPI RtlDeleteTimer(HANDLE Queue, HANDLE Timer, HANDLE Event);
NTSTATUS NTAPI RtlRegisterWait(PHANDLE Wait, HANDLE Object, WAITORTIMERCALLBACKFUNC Function,
    PVOID Context, ULONG Milliseconds, ULONG Flags);
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE Wait, HANDLE Event);
NTSTATUS NTAPI RtlDeregisterWait(HANDLE Wait);
