"""Calls that the built-in userland makes and this kernel does not have yet.

They fail with STATUS_NOT_IMPLEMENTED and are named in the report at the end of a run.
"""

from __future__ import annotations

from provider.nt.table import nt

_MISSING = """
NtAddAtom 12
NtAlertMultipleThreadByThreadId 16
NtAllocateLocallyUniqueId 4
NtAllocateUuids 16
NtCancelIoFile 8
NtCancelIoFileEx 12
NtCancelSynchronousIoFile 12
NtCreateIoCompletion 16
NtCreateKey 28
NtCreateMailslotFile 32
NtCreateNamedPipeFile 56
NtCreateThreadEx 44
NtCreateUserProcess 44
NtDeleteAtom 4
NtDeleteKey 4
NtDeleteValueKey 8
NtDeviceIoControlFile 40
NtEnumerateKey 24
NtEnumerateValueKey 24
NtExtendSection 8
NtFindAtom 12
NtFlushKey 4
NtFlushVirtualMemory 16
NtFsControlFile 40
NtGetCurrentProcessorNumber 0
NtLoadKeyEx 32
NtLockVirtualMemory 16
NtNotifyChangeDirectoryFile 36
NtNotifyChangeDirectoryFileEx 40
NtOpenKey 12
NtOpenKeyEx 16
NtOpenProcess 16
NtOpenProcessToken 12
NtOpenThread 16
NtOpenThreadToken 16
NtQueryDirectoryFile 44
NtQueryInformationAtom 20
NtQueryInformationFile 20
NtQueryInformationThread 20
NtQueryInformationToken 20
NtQueryKey 20
NtQueryPerformanceCounter 8
NtQuerySystemInformation 16
NtQuerySystemTime 4
NtQueryTimerResolution 12
NtQueryValueKey 24
NtQueryVolumeInformationFile 20
NtRaiseHardError 24
NtRemoveIoCompletion 20
NtRemoveIoCompletionEx 24
NtResumeProcess 4
NtResumeThread 8
NtSetInformationFile 20
NtSetInformationThread 16
NtSetInformationVirtualMemory 24
NtSetIoCompletion 20
NtSetSystemTime 8
NtSetTimerResolution 12
NtSetValueKey 24
NtSuspendProcess 4
NtSuspendThread 8
NtTerminateThread 8
NtUnlockVirtualMemory 16
NtUnmapViewOfSectionEx 12
"""
"""Names and argument bytes."""

for _line in _MISSING.split("\n"):
    if _line:
        _name, _bytes = _line.split()
        nt.declare_missing(_name, int(_bytes))
