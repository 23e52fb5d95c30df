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

/* Thread pools (docs: "Thread Pool API"); the prototypes are phnt's ntrtl.h/nttp.h. */
typedef VOID(NTAPI *PTP_IO_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context,
    PVOID ApcContext, PVOID IoStatusBlock, PTP_IO Io);
NTSTATUS NTAPI TpAllocPool(PTP_POOL *Pool, PVOID Reserved);
VOID NTAPI TpReleasePool(PTP_POOL Pool);
VOID NTAPI TpSetPoolMaxThreads(PTP_POOL Pool, ULONG Most);
NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL Pool, ULONG Least);
NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Stack);
NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Stack);
NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *Group);
VOID NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP Group);
VOID NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP Group, ULONG Cancel, PVOID Context);
NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK Callback, PVOID Context,
    PTP_CALLBACK_ENVIRON Environment);
NTSTATUS NTAPI TpAllocWork(PTP_WORK *Work, PTP_WORK_CALLBACK Callback, PVOID Context,
    PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpPostWork(PTP_WORK Work);
VOID NTAPI TpWaitForWork(PTP_WORK Work, ULONG Cancel);
VOID NTAPI TpReleaseWork(PTP_WORK Work);
NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *Timer, PTP_TIMER_CALLBACK Callback, PVOID Context,
    PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpSetTimer(PTP_TIMER Timer, PLARGE_INTEGER Due, ULONG Period, ULONG Window);
ULONG NTAPI TpIsTimerSet(PTP_TIMER Timer);
VOID NTAPI TpWaitForTimer(PTP_TIMER Timer, ULONG Cancel);
VOID NTAPI TpReleaseTimer(PTP_TIMER Timer);
NTSTATUS NTAPI TpAllocWait(PTP_WAIT *Wait, PTP_WAIT_CALLBACK Callback, PVOID Context,
    PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpSetWait(PTP_WAIT Wait, HANDLE Object, PLARGE_INTEGER Timeout);
VOID NTAPI TpWaitForWait(PTP_WAIT Wait, ULONG Cancel);
VOID NTAPI TpReleaseWait(PTP_WAIT Wait);
NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *Io, HANDLE File, PTP_IO_CALLBACK Callback,
    PVOID Context, PTP_CALLBACK_ENVIRON Environment);
VOID NTAPI TpStartAsyncIoOperation(PTP_IO Io);
VOID NTAPI TpCancelAsyncIoOperation(PTP_IO Io);
VOID NTAPI TpWaitForIoCompletion(PTP_IO Io, ULONG Cancel);
VOID NTAPI TpReleaseIoCompletion(PTP_IO Io);
NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE Instance);
VOID NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE Instance);
VOID NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Event);
VOID NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE Instance,
    HANDLE Semaphore, ULONG Count);
VOID NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Mutex);
VOID NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE Instance,
    PRTL_CRITICAL_SECTION Section);
VOID NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID Dll);
NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE File, PVOID Function, ULONG Flags);
