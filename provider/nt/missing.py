"""Calls that the built-in userland makes and this kernel does not have yet.

They fail with STATUS_NOT_IMPLEMENTED and are named in the report at the end of a run.
"""

from __future__ import annotations

from provider.nt.table import nt

_MISSING = """
NtAddAtom 12
NtAlertResumeThread 8
NtAlertThread 4
NtAlertThreadByThreadId 4
NtAllocateLocallyUniqueId 4
NtAllocateUuids 16
NtAllocateVirtualMemory 24
NtCallbackReturn 12
NtCancelIoFile 8
NtCancelIoFileEx 12
NtCancelTimer 8
NtClearEvent 4
NtClose 4
NtContinue 8
NtCreateEvent 20
NtCreateFile 44
NtCreateIoCompletion 16
NtCreateKey 28
NtCreateMailslotFile 32
NtCreateMutant 16
NtCreateNamedPipeFile 56
NtCreateSection 28
NtCreateSemaphore 20
NtCreateThreadEx 44
NtCreateTimer 16
NtCreateUserProcess 44
NtDelayExecution 8
NtDeleteAtom 4
NtDeleteFile 4
NtDeleteKey 4
NtDeleteValueKey 8
NtDeviceIoControlFile 40
NtDuplicateObject 28
NtEnumerateKey 24
NtEnumerateValueKey 24
NtFindAtom 12
NtFlushBuffersFile 8
NtFlushInstructionCache 12
NtFlushKey 4
NtFlushVirtualMemory 16
NtFreeVirtualMemory 16
NtFsControlFile 40
NtGetContextThread 8
NtGetCurrentProcessorNumber 0
NtLockFile 40
NtLockVirtualMemory 16
NtMapViewOfSection 40
NtNotifyChangeDirectoryFile 36
NtOpenDirectoryObject 12
NtOpenEvent 12
NtOpenFile 24
NtOpenKey 12
NtOpenKeyEx 16
NtOpenMutant 12
NtOpenProcess 16
NtOpenProcessToken 12
NtOpenSection 12
NtOpenSemaphore 12
NtOpenSymbolicLinkObject 12
NtOpenThread 16
NtOpenThreadToken 16
NtOpenTimer 12
NtProtectVirtualMemory 20
NtPulseEvent 8
NtQueryAttributesFile 8
NtQueryDirectoryFile 44
NtQueryFullAttributesFile 8
NtQueryInformationAtom 20
NtQueryInformationFile 20
NtQueryInformationProcess 20
NtQueryInformationThread 20
NtQueryInformationToken 20
NtQueryKey 20
NtQueryObject 20
NtQueryPerformanceCounter 8
NtQuerySection 20
NtQuerySymbolicLinkObject 12
NtQuerySystemInformation 16
NtQuerySystemTime 4
NtQueryTimerResolution 12
NtQueryValueKey 24
NtQueryVirtualMemory 24
NtQueryVolumeInformationFile 20
NtQueueApcThread 20
NtRaiseException 12
NtRaiseHardError 24
NtReadFile 36
NtReadVirtualMemory 20
NtReleaseMutant 8
NtReleaseSemaphore 12
NtRemoveIoCompletion 20
NtRemoveIoCompletionEx 24
NtResetEvent 8
NtResumeProcess 4
NtResumeThread 8
NtSetContextThread 8
NtSetEvent 8
NtSetInformationFile 20
NtSetInformationObject 16
NtSetInformationProcess 16
NtSetInformationThread 16
NtSetIoCompletion 20
NtSetSystemTime 8
NtSetTimer 28
NtSetTimerResolution 12
NtSetValueKey 24
NtSignalAndWaitForSingleObject 16
NtSuspendProcess 4
NtSuspendThread 8
NtTerminateProcess 8
NtTerminateThread 8
NtTestAlert 0
NtUnlockFile 20
NtUnlockVirtualMemory 16
NtUnmapViewOfSection 8
NtWaitForAlertByThreadId 8
NtWaitForMultipleObjects 20
NtWaitForSingleObject 12
NtWriteFile 36
NtWriteVirtualMemory 20
NtYieldExecution 0
"""
"""Names and argument bytes."""

for _line in _MISSING.split("\n"):
    if _line:
        _name, _bytes = _line.split()
        nt.declare_missing(_name, int(_bytes))
