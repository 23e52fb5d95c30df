"""Calls that the ntdll of Windows 7 has and this kernel does not.

Our own ntdll exports them all the same, so that a program which imports one starts. A call fails
with STATUS_NOT_IMPLEMENTED and is named in the report at the end of a run.

Later calls are not here: programs look those up at run time, and take one that is found for one
that works (Go does so with NtCreateWaitCompletionPacket). The same goes for NtWow64…, which tell a
program that it runs on a 64-bit system.

Bytes of arguments follow from the prototypes that phnt and the WDK publish; those that Wine 8.0
has too were compared with its stubs (picorun/data/known_calls.txt).
"""

from __future__ import annotations

from provider.nt.table import nt

_MISSING = """
NtAcquireCMFViewOwnership 12
NtAddBootEntry 8
NtAddDriverEntry 8
NtAllocateReserveObject 12
NtAlpcAcceptConnectPort 36
NtAlpcCancelMessage 12
NtAlpcConnectPort 44
NtAlpcCreatePort 12
NtAlpcCreatePortSection 24
NtAlpcCreateResourceReserve 16
NtAlpcCreateSectionView 12
NtAlpcCreateSecurityContext 12
NtAlpcDeletePortSection 12
NtAlpcDeleteResourceReserve 12
NtAlpcDeleteSectionView 12
NtAlpcDeleteSecurityContext 12
NtAlpcDisconnectPort 8
NtAlpcImpersonateClientOfPort 12
NtAlpcOpenSenderProcess 24
NtAlpcOpenSenderThread 24
NtAlpcQueryInformation 20
NtAlpcQueryInformationMessage 24
NtAlpcRevokeSecurityContext 12
NtAlpcSendWaitReceivePort 32
NtAlpcSetInformation 16
NtCommitComplete 8
NtCommitEnlistment 8
NtCommitTransaction 8
NtCreateEnlistment 32
NtCreateEventPair 12
NtCreateJobSet 12
NtCreateKeyTransacted 32
NtCreateProfile 36
NtCreateProfileEx 40
NtCreateResourceManager 28
NtCreateTransaction 40
NtCreateTransactionManager 24
NtCreateWorkerFactory 40
NtDeleteBootEntry 4
NtDeleteDriverEntry 4
NtDisableLastKnownGood 0
NtDrawText 4
NtEnableLastKnownGood 0
NtEnumerateBootEntries 8
NtEnumerateDriverEntries 8
NtEnumerateSystemEnvironmentValuesEx 12
NtEnumerateTransactionObject 20
NtFlushInstallUILanguage 8
NtFlushProcessWriteBuffers 0
NtFlushWriteBuffer 0
NtFreezeRegistry 4
NtFreezeTransactions 8
NtGetDevicePowerState 8
NtGetMUIRegistryInfo 12
NtGetNotificationResourceManager 28
NtGetPlugPlayEvent 16
NtInitiatePowerAction 16
NtIsUILanguageComitted 0
NtLoadDriver 4
NtLockProductActivationKeys 8
NtMapCMFModule 24
NtModifyBootEntry 4
NtModifyDriverEntry 4
NtNotifyChangeSession 32
NtOpenEnlistment 20
NtOpenEventPair 12
NtOpenKeyTransacted 16
NtOpenKeyTransactedEx 20
NtOpenResourceManager 20
NtOpenSession 12
NtOpenTransaction 20
NtOpenTransactionManager 24
NtPlugPlayControl 12
NtPowerInformation 20
NtPrePrepareComplete 8
NtPrePrepareEnlistment 8
NtPrepareComplete 8
NtPrepareEnlistment 8
NtPropagationComplete 16
NtPropagationFailed 12
NtQueryBootEntryOrder 8
NtQueryBootOptions 8
NtQueryDriverEntryOrder 8
NtQueryInformationEnlistment 20
NtQueryInformationResourceManager 20
NtQueryInformationTransaction 20
NtQueryInformationTransactionManager 20
NtQueryInformationWorkerFactory 20
NtQueryIntervalProfile 8
NtQueryOpenSubKeysEx 16
NtQueryQuotaInformationFile 36
NtQuerySecurityAttributesToken 24
NtQuerySystemEnvironmentValueEx 20
NtReadOnlyEnlistment 8
NtRecoverEnlistment 8
NtRecoverResourceManager 4
NtRecoverTransactionManager 4
NtRegisterProtocolAddressInformation 20
NtReleaseCMFViewOwnership 0
NtReleaseWorkerFactoryWorker 4
NtRenameTransactionManager 8
NtReplacePartitionUnit 12
NtRequestWakeupLatency 4
NtRollbackComplete 8
NtRollbackEnlistment 8
NtRollbackTransaction 8
NtRollforwardTransactionManager 8
NtSaveMergedKeys 12
NtSerializeBoot 0
NtSetBootEntryOrder 8
NtSetBootOptions 8
NtSetDefaultHardErrorPort 4
NtSetDriverEntryOrder 8
NtSetHighEventPair 4
NtSetHighWaitLowEventPair 4
NtSetInformationEnlistment 16
NtSetInformationResourceManager 16
NtSetInformationTransaction 16
NtSetInformationTransactionManager 16
NtSetInformationWorkerFactory 16
NtSetIntervalProfile 8
NtSetIoCompletionEx 24
NtSetLowEventPair 4
NtSetLowWaitHighEventPair 4
NtSetQuotaInformationFile 16
NtSetSystemEnvironmentValue 8
NtSetSystemEnvironmentValueEx 20
NtSetSystemPowerState 12
NtSetTimerEx 16
NtSetUuidSeed 4
NtShutdownWorkerFactory 8
NtSinglePhaseReject 8
NtStartProfile 4
NtStopProfile 4
NtSystemDebugControl 24
NtThawRegistry 0
NtThawTransactions 0
NtTraceControl 24
NtTraceEvent 16
NtTranslateFilePath 16
NtUmsThreadYield 4
NtUnloadDriver 4
NtVdmControl 8
NtWaitForMultipleObjects32 20
NtWaitHighEventPair 4
NtWaitLowEventPair 4
NtWorkerFactoryWorkerReady 4
"""
"""Names and argument bytes."""

for _line in _MISSING.split("\n"):
    if _line:
        _name, _bytes = _line.split()
        nt.declare_missing(_name, int(_bytes))
