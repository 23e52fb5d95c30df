/* What ntdll exports besides system calls: the run-time library (Rtl) and its relatives. */
#pragma once
#include "nt.h"

/* Strings. */
VOID NTAPI RtlInitString(PSTRING String, PCSTR Source);
VOID NTAPI RtlInitAnsiString(PANSI_STRING String, PCSTR Source);
NTSTATUS NTAPI RtlInitAnsiStringEx(PANSI_STRING String, PCSTR Source);
VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING String, PCWSTR Source);
NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING String, PCWSTR Source);
BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING String, PCWSTR Source);
BOOLEAN NTAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING String, PCSTR Source);
VOID NTAPI RtlFreeUnicodeString(PUNICODE_STRING String);
VOID NTAPI RtlFreeAnsiString(PANSI_STRING String);
VOID NTAPI RtlFreeOemString(POEM_STRING String);
VOID NTAPI RtlCopyString(PSTRING Target, PCSTRING Source);
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source);
NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source,
    PUNICODE_STRING Target);
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Target, PCWSTR Source);
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Target, PCUNICODE_STRING Source);
NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING Target, PCSTR Source);
NTSTATUS NTAPI RtlAppendStringToString(PSTRING Target, PCSTRING Source);
LONG NTAPI RtlCompareString(PCSTRING Left, PCSTRING Right, BOOLEAN IgnoreCase);
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING Left, PCUNICODE_STRING Right,
    BOOLEAN IgnoreCase);
LONG NTAPI RtlCompareUnicodeStrings(PCWSTR Left, SIZE_T LeftCount, PCWSTR Right, SIZE_T RightCount,
    BOOLEAN IgnoreCase);
BOOLEAN NTAPI RtlEqualString(PCSTRING Left, PCSTRING Right, BOOLEAN IgnoreCase);
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING Left, PCUNICODE_STRING Right,
    BOOLEAN IgnoreCase);
BOOLEAN NTAPI RtlPrefixString(PCSTRING Prefix, PCSTRING String, BOOLEAN IgnoreCase);
BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING Prefix, PCUNICODE_STRING String,
    BOOLEAN IgnoreCase);
NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN IgnoreCase, ULONG Algorithm,
    PULONG Hash);
NTSTATUS NTAPI RtlFindCharInUnicodeString(ULONG Flags, PCUNICODE_STRING String,
    PCUNICODE_STRING Set, PUSHORT Position);
VOID NTAPI RtlEraseUnicodeString(PUNICODE_STRING String);

/* Case. */
WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Char);
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Char);
CHAR NTAPI RtlUpperChar(CHAR Char);
VOID NTAPI RtlUpperString(PSTRING Target, PCSTRING Source);
NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source,
    BOOLEAN Allocate);
NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING Target, PCUNICODE_STRING Source,
    BOOLEAN Allocate);

/* Code pages: ANSI is 1252, OEM is 437. Sizes are in bytes. */
NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
    ULONG SourceSize);
NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG Size, PCCH Source, ULONG SourceSize);
NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR Target, ULONG TargetSize, PULONG Written,
    PCWCH Source, ULONG SourceSize);
NTSTATUS NTAPI RtlUnicodeToMultiByteSize(PULONG Size, PCWCH Source, ULONG SourceSize);
NTSTATUS NTAPI RtlOemToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
    ULONG SourceSize);
NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR Target, ULONG TargetSize, PULONG Written, PCWCH Source,
    ULONG SourceSize);
NTSTATUS NTAPI RtlUpcaseUnicodeToMultiByteN(PCHAR Target, ULONG TargetSize, PULONG Written,
    PCWCH Source, ULONG SourceSize);
NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWCH Target, ULONG TargetSize, PULONG Written, PCCH Source,
    ULONG SourceSize);
NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR Target, ULONG TargetSize, PULONG Written, PCWCH Source,
    ULONG SourceSize);
NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Target, PCANSI_STRING Source,
    BOOLEAN Allocate);
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Target, PCUNICODE_STRING Source,
    BOOLEAN Allocate);
NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING Target, PCOEM_STRING Source,
    BOOLEAN Allocate);
NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING Target, PCUNICODE_STRING Source,
    BOOLEAN Allocate);
NTSTATUS NTAPI RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING Target,
    PCUNICODE_STRING Source, BOOLEAN Allocate);
ULONG NTAPI RtlAnsiStringToUnicodeSize(PCANSI_STRING String);
ULONG NTAPI RtlUnicodeStringToAnsiSize(PCUNICODE_STRING String);
ULONG NTAPI RtlOemStringToUnicodeSize(PCOEM_STRING String);
ULONG NTAPI RtlUnicodeStringToOemSize(PCUNICODE_STRING String);
WCHAR NTAPI RtlAnsiCharToUnicodeChar(PUCHAR *Source);
BOOLEAN NTAPI RtlIsTextUnicode(PCVOID Buffer, INT Size, PINT Tests);

/* Numbers. */
NTSTATUS NTAPI RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlIntegerToChar(ULONG Value, ULONG Base, ULONG Length, PCHAR String);
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String);
NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String);
NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING String, GUID *Guid);
NTSTATUS NTAPI RtlStringFromGUID(const GUID *Guid, PUNICODE_STRING String);
ULONG NTAPI RtlRandom(PULONG Seed);
ULONG NTAPI RtlRandomEx(PULONG Seed);
ULONG NTAPI RtlUniform(PULONG Seed);
ULONG NTAPI RtlComputeCrc32(ULONG Initial, PCVOID Data, ULONG Length);
USHORT FASTCALL RtlUshortByteSwap(USHORT Value);
ULONG FASTCALL RtlUlongByteSwap(ULONG Value);
ULONGLONG FASTCALL RtlUlonglongByteSwap(ULONGLONG Value);

/* Memory. */
VOID NTAPI RtlCopyMemoryNonTemporal(PVOID Target, PCVOID Source, SIZE_T Length);
#undef RtlMoveMemory
#undef RtlFillMemory
#undef RtlZeroMemory
VOID NTAPI RtlMoveMemory(PVOID Target, PCVOID Source, SIZE_T Length);
VOID NTAPI RtlFillMemory(PVOID Target, SIZE_T Length, UCHAR Fill);
VOID NTAPI RtlFillMemoryUlong(PVOID Target, SIZE_T Length, ULONG Fill);
VOID NTAPI RtlZeroMemory(PVOID Target, SIZE_T Length);
SIZE_T NTAPI RtlCompareMemory(const VOID *Left, const VOID *Right, SIZE_T Length);
SIZE_T NTAPI RtlCompareMemoryUlong(PVOID Memory, SIZE_T Length, ULONG Pattern);

/* Heaps. */
PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T Reserve, SIZE_T Commit, PVOID Lock,
    PVOID Parameters);
PVOID NTAPI RtlDestroyHeap(PVOID Heap);
PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size);
BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Address);
PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Address, SIZE_T Size);
SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PCVOID Address);
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PCVOID Address);
BOOLEAN NTAPI RtlLockHeap(PVOID Heap);
BOOLEAN NTAPI RtlUnlockHeap(PVOID Heap);
SIZE_T NTAPI RtlCompactHeap(PVOID Heap, ULONG Flags);
#define RTL_HEAP_BUSY 1 /* a walk entry's flag; PROCESS_HEAP_ENTRY has another one */
NTSTATUS NTAPI RtlWalkHeap(PVOID Heap, PVOID Entry);
ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps);
NTSTATUS NTAPI RtlQueryHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Buffer,
    SIZE_T Length, PSIZE_T Returned);
NTSTATUS NTAPI RtlSetHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Buffer,
    SIZE_T Length);

/* Locks and waits. */
NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION Section,
    ULONG SpinCount);
NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION Section, ULONG SpinCount,
    ULONG Flags);
ULONG NTAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION Section, ULONG SpinCount);
NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION Section);
BOOLEAN NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION Section);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION Section);
ULONG NTAPI RtlIsCriticalSectionLocked(PRTL_CRITICAL_SECTION Section);
ULONG NTAPI RtlIsCriticalSectionLockedByThread(PRTL_CRITICAL_SECTION Section);
VOID NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK Lock);
VOID NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK Lock);
VOID NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK Lock);
VOID NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK Lock);
VOID NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK Lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK Lock);
BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK Lock);
VOID NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE Variable,
    PRTL_CRITICAL_SECTION Section, const LARGE_INTEGER *Timeout);
NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE Variable, PRTL_SRWLOCK Lock,
    const LARGE_INTEGER *Timeout, ULONG Flags);
VOID NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE Variable);
VOID NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE Variable);
NTSTATUS NTAPI RtlWaitOnAddress(volatile VOID *Address, PVOID Compare, SIZE_T Size,
    const LARGE_INTEGER *Timeout);
VOID NTAPI RtlWakeAddressAll(PVOID Address);
VOID NTAPI RtlWakeAddressSingle(PVOID Address);
VOID NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE Once);
DWORD NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE Once, DWORD Flags, PVOID *Context);
DWORD NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE Once, DWORD Flags, PVOID Context);
DWORD NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE Once, PRTL_RUN_ONCE_INIT_FN Function,
    PVOID Parameter, PVOID *Context);
VOID NTAPI RtlInitializeSListHead(PSLIST_HEADER Head);
PSLIST_ENTRY NTAPI RtlFirstEntrySList(const SLIST_HEADER *Head);
PSLIST_ENTRY NTAPI RtlInterlockedPushEntrySList(PSLIST_HEADER Head, PSLIST_ENTRY Entry);
PSLIST_ENTRY NTAPI RtlInterlockedPopEntrySList(PSLIST_HEADER Head);
PSLIST_ENTRY NTAPI RtlInterlockedFlushSList(PSLIST_HEADER Head);
PSLIST_ENTRY FASTCALL RtlInterlockedPushListSList(PSLIST_HEADER Head, PSLIST_ENTRY First,
    PSLIST_ENTRY Last, ULONG Count);
WORD NTAPI RtlQueryDepthSList(PSLIST_HEADER Head);

/* Threads and the process. */
NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PVOID Descriptor, BOOLEAN Suspended,
    ULONG ZeroBits, SIZE_T Reserve, SIZE_T Commit, PVOID Start, PVOID Argument, PHANDLE Thread,
    PCLIENT_ID ClientId);
VOID NTAPI RtlExitUserThread(NTSTATUS Status);
VOID NTAPI RtlExitUserProcess(NTSTATUS Status);
VOID NTAPI RtlUserThreadStart(void);
PPEB NTAPI RtlGetCurrentPeb(void);
VOID NTAPI RtlAcquirePebLock(void);
VOID NTAPI RtlReleasePebLock(void);
NTSTATUS NTAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION Callback, PULONG Index);
NTSTATUS NTAPI RtlFlsFree(ULONG Index);
NTSTATUS NTAPI RtlFlsGetValue(ULONG Index, PVOID *Value);
NTSTATUS NTAPI RtlFlsSetValue(ULONG Index, PVOID Value);
VOID NTAPI RtlProcessFlsData(PVOID Data, ULONG Flags);
PVOID NTAPI RtlEncodePointer(PVOID Pointer);
PVOID NTAPI RtlDecodePointer(PVOID Pointer);
PVOID NTAPI RtlEncodeSystemPointer(PVOID Pointer);
PVOID NTAPI RtlDecodeSystemPointer(PVOID Pointer);
VOID NTAPI RtlFreeUserStack(PVOID Allocation);
ULONG NTAPI RtlGetThreadErrorMode(void);
NTSTATUS NTAPI RtlSetThreadErrorMode(ULONG Mode, PULONG Previous);

/* Exceptions. */
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD Record, PCONTEXT Context);
VOID NTAPI RtlUnwind(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD Record,
    PVOID ReturnValue);
VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD Record);
VOID NTAPI RtlRaiseStatus(NTSTATUS Status);
VOID NTAPI RtlCaptureContext(PCONTEXT Context);
PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);
ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID Handle);
PVOID NTAPI RtlAddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);
ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID Handle);
VOID NTAPI RtlSetUnhandledExceptionFilter(PVOID Filter);
BOOLEAN NTAPI RtlIsValidHandler(PVOID Handler);
USHORT NTAPI RtlCaptureStackBackTrace(ULONG Skip, ULONG Count, PVOID *Trace, PULONG Hash);
VOID NTAPI RtlAssert(PVOID Assertion, PVOID File, ULONG Line, PSTR Message);
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status);
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS Status);
ULONG NTAPI RtlGetLastWin32Error(void);
VOID NTAPI RtlSetLastWin32Error(ULONG Error);
VOID NTAPI RtlSetLastWin32ErrorAndNtStatusFromNtStatus(NTSTATUS Status);
NTSTATUS NTAPI RtlGetLastNtStatus(void);
VOID NTAPI RtlRestoreLastWin32Error(ULONG Error);

NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(PUNICODE_STRING Path);

/* Time: 100 ns since 1601. */
typedef struct {
    SHORT Year, Month, Day, Hour, Minute, Second, Milliseconds, Weekday;
} TIME_FIELDS, *PTIME_FIELDS;
VOID NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS Fields);
BOOLEAN NTAPI RtlTimeFieldsToTime(PTIME_FIELDS Fields, PLARGE_INTEGER Time);
VOID NTAPI RtlSecondsSince1970ToTime(ULONG Seconds, PLARGE_INTEGER Time);
VOID NTAPI RtlSecondsSince1980ToTime(ULONG Seconds, PLARGE_INTEGER Time);
BOOLEAN NTAPI RtlTimeToSecondsSince1970(const LARGE_INTEGER *Time, PULONG Seconds);
BOOLEAN NTAPI RtlTimeToSecondsSince1980(const LARGE_INTEGER *Time, PULONG Seconds);
NTSTATUS NTAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *System, PLARGE_INTEGER Local);
NTSTATUS NTAPI RtlLocalTimeToSystemTime(const LARGE_INTEGER *Local, PLARGE_INTEGER System);
VOID NTAPI RtlTimeToElapsedTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS Fields);
ULONG NTAPI NtGetTickCount(void);
BOOLEAN NTAPI RtlQueryPerformanceCounter(PLARGE_INTEGER Counter);
BOOLEAN NTAPI RtlQueryPerformanceFrequency(PLARGE_INTEGER Frequency);

/* Versions. */
NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW Version);
VOID NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build);
BOOLEAN NTAPI RtlGetNtProductType(PULONG Type);
NTSTATUS NTAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW Version, ULONG Mask,
    ULONGLONG Conditions);
ULONGLONG NTAPI VerSetConditionMask(ULONGLONG Conditions, ULONG Mask, UCHAR Condition);

/* Bitmaps. */
VOID NTAPI RtlInitializeBitMap(PRTL_BITMAP Map, PULONG Buffer, ULONG Bits);
VOID NTAPI RtlClearAllBits(PRTL_BITMAP Map);
VOID NTAPI RtlSetAllBits(PRTL_BITMAP Map);
VOID NTAPI RtlSetBits(PRTL_BITMAP Map, ULONG Start, ULONG Count);
VOID NTAPI RtlClearBits(PRTL_BITMAP Map, ULONG Start, ULONG Count);
BOOLEAN NTAPI RtlTestBit(PRTL_BITMAP Map, ULONG Index);
BOOLEAN NTAPI RtlAreBitsSet(PRTL_BITMAP Map, ULONG Start, ULONG Count);
BOOLEAN NTAPI RtlAreBitsClear(PRTL_BITMAP Map, ULONG Start, ULONG Count);
ULONG NTAPI RtlFindClearBits(PRTL_BITMAP Map, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindSetBits(PRTL_BITMAP Map, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP Map, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP Map, ULONG Count, ULONG Hint);
ULONG NTAPI RtlNumberOfSetBits(PRTL_BITMAP Map);
ULONG NTAPI RtlNumberOfClearBits(PRTL_BITMAP Map);

/* Paths. */
typedef enum {
    RtlPathTypeUnknown,
    RtlPathTypeUncAbsolute,
    RtlPathTypeDriveAbsolute,
    RtlPathTypeDriveRelative,
    RtlPathTypeRooted,
    RtlPathTypeRelative,
    RtlPathTypeLocalDevice,
    RtlPathTypeRootLocalDevice
} RTL_PATH_TYPE;
RTL_PATH_TYPE NTAPI RtlDetermineDosPathNameType_U(PCWSTR Path);
ULONG NTAPI RtlIsDosDeviceName_U(PCWSTR Path);
ULONG NTAPI RtlGetFullPathName_U(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart);
BOOLEAN NTAPI RtlDosPathNameToNtPathName_U(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart,
    PVOID Reserved);
NTSTATUS NTAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR Path, PUNICODE_STRING NtPath,
    PWSTR *FilePart, PVOID Reserved);
ULONG NTAPI RtlGetCurrentDirectory_U(ULONG Size, PWSTR Buffer);
NTSTATUS NTAPI RtlSetCurrentDirectory_U(PUNICODE_STRING Path);
BOOLEAN NTAPI RtlDoesFileExists_U(PCWSTR Path);
ULONG NTAPI RtlDosSearchPath_U(PCWSTR Paths, PCWSTR Name, PCWSTR Extension, ULONG Size,
    PWSTR Buffer, PWSTR *FilePart);

/* Environment and process parameters. */
NTSTATUS NTAPI RtlQueryEnvironmentVariable_U(PWSTR Environment, PCUNICODE_STRING Name,
    PUNICODE_STRING Value);
NTSTATUS NTAPI RtlQueryEnvironmentVariable(PWSTR Environment, PCWSTR Name, SIZE_T NameLength,
    PWSTR Value, SIZE_T ValueLength, PSIZE_T Returned);
NTSTATUS NTAPI RtlSetEnvironmentVariable(PWSTR *Environment, PCUNICODE_STRING Name,
    PCUNICODE_STRING Value);
NTSTATUS NTAPI RtlCreateEnvironment(BOOLEAN Inherit, PWSTR *Environment);
NTSTATUS NTAPI RtlDestroyEnvironment(PWSTR Environment);
NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PWSTR Environment, PCUNICODE_STRING Source,
    PUNICODE_STRING Target, PULONG Returned);
NTSTATUS NTAPI RtlCreateProcessParametersEx(PRTL_USER_PROCESS_PARAMETERS *Parameters,
    PCUNICODE_STRING ImagePathName, PCUNICODE_STRING DllPath, PCUNICODE_STRING CurrentDirectory,
    PCUNICODE_STRING CommandLine, PWSTR Environment, PCUNICODE_STRING WindowTitle,
    PCUNICODE_STRING DesktopInfo, PCUNICODE_STRING ShellInfo, PCUNICODE_STRING RuntimeData,
    ULONG Flags);
NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS Parameters);
PRTL_USER_PROCESS_PARAMETERS NTAPI RtlNormalizeProcessParams(
    PRTL_USER_PROCESS_PARAMETERS Parameters);
PRTL_USER_PROCESS_PARAMETERS NTAPI RtlDeNormalizeProcessParams(
    PRTL_USER_PROCESS_PARAMETERS Parameters);

/* Debugging. */
ULONG CDECL DbgPrint(PCSTR Format, ...);
ULONG CDECL DbgPrintEx(ULONG Component, ULONG Level, PCSTR Format, ...);
ULONG NTAPI vDbgPrintEx(ULONG Component, ULONG Level, PCSTR Format, va_list Arguments);
VOID NTAPI DbgBreakPoint(void);
VOID NTAPI DbgUserBreakPoint(void);

/* Activation contexts: there is none, which is what a process without a manifest has too. */
NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context);
NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG Flags, PTEB Teb, HANDLE Context,
    PULONG_PTR Cookie);
NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie);
NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie);
VOID NTAPI RtlAddRefActivationContext(HANDLE Context);
VOID NTAPI RtlReleaseActivationContext(HANDLE Context);
LONGLONG NTAPI RtlGetSystemTimePrecise(void);
NTSTATUS NTAPI RtlReportSilentProcessExit(HANDLE Process, NTSTATUS Status);
