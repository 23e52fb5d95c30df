/* The system calls that the userland uses, with their documented prototypes.
 *
 * The stubs behind them are generated from the kernel's own table (guest/stubs.py). */
#pragma once
#include "nt.h"

/* Objects. */
NTSTATUS NTAPI NtClose(HANDLE Handle);
NTSTATUS NTAPI NtDuplicateObject(HANDLE SourceProcess, HANDLE SourceHandle, HANDLE TargetProcess,
    PHANDLE TargetHandle, ACCESS_MASK Access, ULONG Attributes, ULONG Options);
NTSTATUS NTAPI NtQueryObject(HANDLE Handle, ULONG Class, PVOID Buffer, ULONG Length, PULONG
    Returned);
NTSTATUS NTAPI NtSetInformationObject(HANDLE Handle, ULONG Class, PVOID Buffer, ULONG Length);
NTSTATUS NTAPI NtWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG Count, const HANDLE *Handles, WAIT_TYPE Type, BOOLEAN
    Alertable, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE Signal, HANDLE Wait, BOOLEAN Alertable,
    PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE Handle, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtOpenSymbolicLinkObject(PHANDLE Handle, ACCESS_MASK Access, POBJECT_ATTRIBUTES
    Object);
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE Handle, PUNICODE_STRING Target, PULONG Returned);

/* Processes and threads. */
NTSTATUS NTAPI NtTerminateProcess(HANDLE Process, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtTerminateThread(HANDLE Thread, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtCreateThreadEx(PHANDLE Thread, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    HANDLE Process, PVOID Start, PVOID Argument, ULONG Flags, ULONG ZeroBits, SIZE_T StackSize,
    SIZE_T MaximumStackSize, PVOID AttributeList);
NTSTATUS NTAPI NtCreateUserProcess(PHANDLE Process, PHANDLE Thread, ACCESS_MASK ProcessAccess,
    ACCESS_MASK ThreadAccess, POBJECT_ATTRIBUTES ProcessObject, POBJECT_ATTRIBUTES ThreadObject,
    ULONG ProcessFlags, ULONG ThreadFlags, PRTL_USER_PROCESS_PARAMETERS Parameters, PVOID
    CreateInfo, PVOID AttributeList);
NTSTATUS NTAPI NtOpenProcess(PHANDLE Process, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PCLIENT_ID ClientId);
NTSTATUS NTAPI NtOpenThread(PHANDLE Thread, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PCLIENT_ID ClientId);
NTSTATUS NTAPI NtQueryInformationProcess(HANDLE Process, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);
NTSTATUS NTAPI NtSetInformationProcess(HANDLE Process, ULONG Class, PVOID Buffer, ULONG Length);
NTSTATUS NTAPI NtQueryInformationThread(HANDLE Thread, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);
NTSTATUS NTAPI NtSetInformationThread(HANDLE Thread, ULONG Class, PVOID Buffer, ULONG Length);
NTSTATUS NTAPI NtCreateJobObject(PHANDLE Job, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtOpenJobObject(PHANDLE Job, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtAssignProcessToJobObject(HANDLE Job, HANDLE Process);
NTSTATUS NTAPI NtTerminateJobObject(HANDLE Job, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtIsProcessInJob(HANDLE Process, HANDLE Job);
NTSTATUS NTAPI NtQueryInformationJobObject(HANDLE Job, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);
NTSTATUS NTAPI NtSetInformationJobObject(HANDLE Job, ULONG Class, PVOID Buffer, ULONG Length);
NTSTATUS NTAPI NtSuspendThread(HANDLE Thread, PULONG PreviousCount);
NTSTATUS NTAPI NtResumeThread(HANDLE Thread, PULONG PreviousCount);
NTSTATUS NTAPI NtSuspendProcess(HANDLE Process);
NTSTATUS NTAPI NtResumeProcess(HANDLE Process);
NTSTATUS NTAPI NtGetContextThread(HANDLE Thread, PCONTEXT Context);
NTSTATUS NTAPI NtSetContextThread(HANDLE Thread, PCONTEXT Context);
NTSTATUS NTAPI NtQueueApcThread(HANDLE Thread, PVOID Routine, PVOID Argument1, PVOID Argument2,
    PVOID Argument3);
NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtAlertThread(HANDLE Thread);
NTSTATUS NTAPI NtAlertResumeThread(HANDLE Thread, PULONG PreviousCount);
NTSTATUS NTAPI NtYieldExecution(void);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN Alertable, PLARGE_INTEGER Interval);
NTSTATUS NTAPI NtGetCurrentProcessorNumber(void);
NTSTATUS NTAPI NtFlushInstructionCache(HANDLE Process, PVOID Address, SIZE_T Length);
NTSTATUS NTAPI NtOpenProcessToken(HANDLE Process, ACCESS_MASK Access, PHANDLE Token);
NTSTATUS NTAPI NtOpenThreadToken(HANDLE Thread, ACCESS_MASK Access, BOOLEAN AsSelf, PHANDLE Token);
NTSTATUS NTAPI NtQueryInformationToken(HANDLE Token, ULONG Class, PVOID Buffer, ULONG Length, PULONG
    Returned);

/* Tokens and security. */
NTSTATUS NTAPI NtSetInformationToken(HANDLE Token, ULONG Class, PVOID Buffer, ULONG Length);
NTSTATUS NTAPI NtAdjustPrivilegesToken(HANDLE Token, BOOLEAN DisableAll, PVOID Wanted, ULONG Length,
    PVOID Previous, PULONG Returned);
NTSTATUS NTAPI NtAdjustGroupsToken(HANDLE Token, BOOLEAN Reset, PVOID Wanted, ULONG Length, PVOID
    Previous, PULONG Returned);
NTSTATUS NTAPI NtDuplicateToken(HANDLE Token, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object, BOOLEAN
    EffectiveOnly, TOKEN_TYPE Type, PHANDLE Copy);
NTSTATUS NTAPI NtFilterToken(HANDLE Token, ULONG Flags, PVOID Disable, PVOID Delete, PVOID Restrict,
    PHANDLE Filtered);
NTSTATUS NTAPI NtPrivilegeCheck(HANDLE Token, PVOID Required, PBOOLEAN Result);
NTSTATUS NTAPI NtAccessCheck(PSECURITY_DESCRIPTOR Descriptor, HANDLE Token, ACCESS_MASK Desired,
    PVOID Mapping, PVOID Privileges, PULONG PrivilegesLength, PACCESS_MASK Granted, NTSTATUS
    *Result);
NTSTATUS NTAPI NtImpersonateAnonymousToken(HANDLE Thread);
NTSTATUS NTAPI NtQuerySecurityObject(HANDLE Object, SECURITY_INFORMATION What, PSECURITY_DESCRIPTOR
    Descriptor, ULONG Length, PULONG Returned);
NTSTATUS NTAPI NtSetSecurityObject(HANDLE Object, SECURITY_INFORMATION What, PSECURITY_DESCRIPTOR
    Descriptor);

/* Exceptions. */
NTSTATUS NTAPI NtContinue(PCONTEXT Context, BOOLEAN TestAlert);
NTSTATUS NTAPI NtRaiseException(PEXCEPTION_RECORD Record, PCONTEXT Context, BOOLEAN FirstChance);
NTSTATUS NTAPI NtRaiseHardError(NTSTATUS Error, ULONG Count, ULONG UnicodeMask, PULONG_PTR
    Parameters, ULONG ValidResponses, PULONG Response);
NTSTATUS NTAPI NtCallbackReturn(PVOID Output, ULONG Length, NTSTATUS Status);

/* Memory. */
NTSTATUS NTAPI NtCreateSectionEx(PHANDLE Section, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PLARGE_INTEGER Size, ULONG Protect, ULONG Attributes, HANDLE File, PVOID Parameters, ULONG
    Count);
NTSTATUS NTAPI NtUnmapViewOfSectionEx(HANDLE Process, PVOID Base, ULONG Flags);
NTSTATUS NTAPI NtMapViewOfSectionEx(HANDLE Section, HANDLE Process, PVOID *Base, PLARGE_INTEGER
    Offset, PSIZE_T Size, ULONG Type, ULONG Protect, PVOID Parameters, ULONG Count);
NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Type,
    ULONG Protect, PVOID Parameters, ULONG Count);
NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE Process, PVOID *Base, ULONG_PTR ZeroBits, PSIZE_T
    Size, ULONG Type, ULONG Protect);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Type);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Protect,
    PULONG OldProtect);
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, PCVOID Address, ULONG Class, PVOID Buffer,
    SIZE_T Length, PSIZE_T Returned);
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE Process, PCVOID Address, PVOID Buffer, SIZE_T Length,
    PSIZE_T Returned);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE Process, PVOID Address, PCVOID Buffer, SIZE_T Length,
    PSIZE_T Returned);
NTSTATUS NTAPI NtFlushVirtualMemory(HANDLE Process, PCVOID *Base, PSIZE_T Size, PIO_STATUS_BLOCK
    Io);
NTSTATUS NTAPI NtLockVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Flags);
NTSTATUS NTAPI NtUnlockVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Flags);
NTSTATUS NTAPI NtCreateSection(PHANDLE Section, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PLARGE_INTEGER Size, ULONG Protect, ULONG Attributes, HANDLE File);
NTSTATUS NTAPI NtOpenSection(PHANDLE Section, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE Section, HANDLE Process, PVOID *Base, ULONG_PTR ZeroBits,
    SIZE_T CommitSize, PLARGE_INTEGER Offset, PSIZE_T ViewSize, SECTION_INHERIT Inherit, ULONG Type,
    ULONG Protect);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE Process, PVOID Base);
NTSTATUS NTAPI NtQuerySection(HANDLE Section, ULONG Class, PVOID Buffer, SIZE_T Length, PSIZE_T
    Returned);
NTSTATUS NTAPI NtGetWriteWatch(HANDLE Process, ULONG Flags, PVOID Base, SIZE_T Size, PVOID *Pages,
    PULONG_PTR Count, PULONG Granularity);
NTSTATUS NTAPI NtResetWriteWatch(HANDLE Process, PVOID Base, SIZE_T Size);
NTSTATUS NTAPI NtAllocateUserPhysicalPages(HANDLE Process, PULONG_PTR Count, PULONG_PTR Frames);
NTSTATUS NTAPI NtFreeUserPhysicalPages(HANDLE Process, PULONG_PTR Count, PULONG_PTR Frames);
NTSTATUS NTAPI NtMapUserPhysicalPages(PVOID Address, ULONG_PTR Count, PULONG_PTR Frames);
NTSTATUS NTAPI NtMapUserPhysicalPagesScatter(PVOID *Addresses, ULONG_PTR Count, PULONG_PTR Frames);
NTSTATUS NTAPI NtSetInformationVirtualMemory(HANDLE Process, ULONG Class, ULONG_PTR Count, PVOID
    Ranges, PVOID Information, ULONG Length);

/* Files. */
NTSTATUS NTAPI NtCreateFile(PHANDLE File, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PIO_STATUS_BLOCK Io, PLARGE_INTEGER AllocationSize, ULONG Attributes, ULONG Share, ULONG
    Disposition, ULONG Options, PVOID Ea, ULONG EaLength);
NTSTATUS NTAPI NtOpenFile(PHANDLE File, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PIO_STATUS_BLOCK Io, ULONG Share, ULONG Options);
NTSTATUS NTAPI NtReadFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG Length, PLARGE_INTEGER Offset, PULONG Key);
NTSTATUS NTAPI NtWriteFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, PCVOID Buffer, ULONG Length, PLARGE_INTEGER Offset, PULONG Key);
NTSTATUS NTAPI NtQueryInformationFile(HANDLE File, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG Length,
    ULONG Class);
NTSTATUS NTAPI NtSetInformationFile(HANDLE File, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG Length,
    ULONG Class);
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID
    ApcContext, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG Length, ULONG Class, BOOLEAN Single,
    PUNICODE_STRING Name, BOOLEAN Restart);
NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES Object, PVOID Information);
NTSTATUS NTAPI NtQueryFullAttributesFile(POBJECT_ATTRIBUTES Object, PVOID Information);
NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE File, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG
    Length, ULONG Class);
NTSTATUS NTAPI NtSetVolumeInformationFile(HANDLE File, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG
    Length, ULONG Class);
NTSTATUS NTAPI NtFlushBuffersFile(HANDLE File, PIO_STATUS_BLOCK Io);
NTSTATUS NTAPI NtLockFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, PLARGE_INTEGER Offset, PLARGE_INTEGER Length, ULONG Key, BOOLEAN
    Immediately, BOOLEAN Exclusive);
NTSTATUS NTAPI NtUnlockFile(HANDLE File, PIO_STATUS_BLOCK Io, PLARGE_INTEGER Offset, PLARGE_INTEGER
    Length, ULONG Key);
NTSTATUS NTAPI NtDeleteFile(POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtFsControlFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, ULONG Code, PVOID Input, ULONG InputLength, PVOID Output, ULONG
    OutputLength);
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID
    ApcContext, PIO_STATUS_BLOCK Io, ULONG Code, PVOID Input, ULONG InputLength, PVOID Output, ULONG
    OutputLength);
NTSTATUS NTAPI NtCreateNamedPipeFile(PHANDLE File, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PIO_STATUS_BLOCK Io, ULONG Share, ULONG Disposition, ULONG Options, ULONG PipeType, ULONG
    ReadMode, ULONG CompletionMode, ULONG Instances, ULONG InboundQuota, ULONG OutboundQuota,
    PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtCreateMailslotFile(PHANDLE File, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    PIO_STATUS_BLOCK Io, ULONG Options, ULONG Quota, ULONG MaximumMessage, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtCancelIoFile(HANDLE File, PIO_STATUS_BLOCK Io);
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE File, PIO_STATUS_BLOCK Request, PIO_STATUS_BLOCK Io);
NTSTATUS NTAPI NtCancelSynchronousIoFile(HANDLE Thread, PIO_STATUS_BLOCK Request, PIO_STATUS_BLOCK
    Io);
NTSTATUS NTAPI NtNotifyChangeDirectoryFile(HANDLE File, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID
    ApcContext, PIO_STATUS_BLOCK Io, PVOID Buffer, ULONG Length, ULONG Filter, BOOLEAN Tree);
NTSTATUS NTAPI NtCreateIoCompletion(PHANDLE Port, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    ULONG Threads);
NTSTATUS NTAPI NtSetIoCompletion(HANDLE Port, ULONG_PTR Key, ULONG_PTR Context, NTSTATUS Status,
    ULONG_PTR Information);
NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE Port, PULONG_PTR Key, PULONG_PTR Context,
    PIO_STATUS_BLOCK Io, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE Port, PVOID Entries, ULONG Count, PULONG Removed,
    PLARGE_INTEGER Timeout, BOOLEAN Alertable);

/* Synchronisation. */
NTSTATUS NTAPI NtCreateEvent(PHANDLE Event, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    EVENT_TYPE Type, BOOLEAN State);
NTSTATUS NTAPI NtOpenEvent(PHANDLE Event, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtSetEvent(HANDLE Event, PLONG Previous);
NTSTATUS NTAPI NtResetEvent(HANDLE Event, PLONG Previous);
NTSTATUS NTAPI NtClearEvent(HANDLE Event);
NTSTATUS NTAPI NtPulseEvent(HANDLE Event, PLONG Previous);
NTSTATUS NTAPI NtCreateMutant(PHANDLE Mutant, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object, BOOLEAN
    Owned);
NTSTATUS NTAPI NtOpenMutant(PHANDLE Mutant, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtReleaseMutant(HANDLE Mutant, PLONG Previous);
NTSTATUS NTAPI NtCreateSemaphore(PHANDLE Semaphore, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    LONG Initial, LONG Maximum);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE Semaphore, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE Semaphore, LONG Count, PLONG Previous);
NTSTATUS NTAPI NtCreateTimer(PHANDLE Timer, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object,
    TIMER_TYPE Type);
NTSTATUS NTAPI NtOpenTimer(PHANDLE Timer, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtSetTimer(HANDLE Timer, PLARGE_INTEGER DueTime, PVOID Apc, PVOID ApcContext, BOOLEAN
    Resume, LONG Period, PBOOLEAN Previous);
NTSTATUS NTAPI NtCancelTimer(HANDLE Timer, PBOOLEAN Previous);
NTSTATUS NTAPI NtWaitForAlertByThreadId(PVOID Address, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtAlertThreadByThreadId(HANDLE ThreadId);

/* Time and system. */
NTSTATUS NTAPI NtQuerySystemTime(PLARGE_INTEGER Time);
NTSTATUS NTAPI NtSetSystemTime(PLARGE_INTEGER Time, PLARGE_INTEGER Previous);
NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER Counter, PLARGE_INTEGER Frequency);
NTSTATUS NTAPI NtQuerySystemInformation(ULONG Class, PVOID Buffer, ULONG Length, PULONG Returned);
NTSTATUS NTAPI NtQueryTimerResolution(PULONG Maximum, PULONG Minimum, PULONG Current);
NTSTATUS NTAPI NtSetTimerResolution(ULONG Desired, BOOLEAN Set, PULONG Current);
NTSTATUS NTAPI NtAllocateUuids(PULARGE_INTEGER Time, PULONG Range, PULONG Sequence, PUCHAR Seed);
NTSTATUS NTAPI NtAllocateLocallyUniqueId(PLUID Luid);
NTSTATUS NTAPI NtAddAtom(PCWSTR Name, ULONG Length, PUSHORT Atom);
NTSTATUS NTAPI NtFindAtom(PCWSTR Name, ULONG Length, PUSHORT Atom);
NTSTATUS NTAPI NtDeleteAtom(USHORT Atom);
NTSTATUS NTAPI NtQueryInformationAtom(USHORT Atom, ULONG Class, PVOID Buffer, ULONG Length, PULONG
    Returned);

/* Registry. */
NTSTATUS NTAPI NtCreateKey(PHANDLE Key, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object, ULONG
    TitleIndex, PUNICODE_STRING Class, ULONG Options, PULONG Disposition);
NTSTATUS NTAPI NtOpenKey(PHANDLE Key, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object);
NTSTATUS NTAPI NtOpenKeyEx(PHANDLE Key, ACCESS_MASK Access, POBJECT_ATTRIBUTES Object, ULONG
    Options);
NTSTATUS NTAPI NtQueryKey(HANDLE Key, ULONG Class, PVOID Buffer, ULONG Length, PULONG Returned);
NTSTATUS NTAPI NtEnumerateKey(HANDLE Key, ULONG Index, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);
NTSTATUS NTAPI NtQueryValueKey(HANDLE Key, PUNICODE_STRING Name, ULONG Class, PVOID Buffer, ULONG
    Length, PULONG Returned);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE Key, ULONG Index, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);
NTSTATUS NTAPI NtSetValueKey(HANDLE Key, PUNICODE_STRING Name, ULONG TitleIndex, ULONG Type, PVOID
    Data, ULONG Length);
NTSTATUS NTAPI NtDeleteKey(HANDLE Key);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE Key, PUNICODE_STRING Name);
NTSTATUS NTAPI NtFlushKey(HANDLE Key);
NTSTATUS NTAPI NtRenameKey(HANDLE Key, PUNICODE_STRING Name);
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE Key, HANDLE Event, PIO_APC_ROUTINE Apc, PVOID ApcContext,
    PIO_STATUS_BLOCK Io, ULONG Filter, BOOLEAN Subtree, PVOID Buffer, ULONG Length, BOOLEAN
    Asynchronous);
NTSTATUS NTAPI NtQueryMultipleValueKey(HANDLE Key, PVOID Entries, ULONG Count, PVOID Buffer, PULONG
    Length, PULONG Needed);
NTSTATUS NTAPI NtSaveKey(HANDLE Key, HANDLE File);
NTSTATUS NTAPI NtSaveKeyEx(HANDLE Key, HANDLE File, ULONG Format);
NTSTATUS NTAPI NtRestoreKey(HANDLE Key, HANDLE File, ULONG Flags);
NTSTATUS NTAPI NtLoadKey(POBJECT_ATTRIBUTES Target, POBJECT_ATTRIBUTES File);
NTSTATUS NTAPI NtUnloadKey(POBJECT_ATTRIBUTES Target);
NTSTATUS NTAPI NtReplaceKey(POBJECT_ATTRIBUTES New, HANDLE Key, POBJECT_ATTRIBUTES Old);
