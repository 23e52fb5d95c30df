/* NT's own types, as user mode sees them: what mingw-w64's winnt.h leaves out.
 *
 * Layouts are those of 32-bit Windows 10. Fields that nobody here names are gaps called Spare….
 * Every source of the userland includes this header first. */
#pragma once

#define WIN32_LEAN_AND_MEAN
#define WIN32_NO_STATUS
#ifndef _NTSYSTEM_
#define _NTSYSTEM_
#endif
#ifndef _KERNEL32_
#define _KERNEL32_
#endif
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <windef.h>
#include <winbase.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>

typedef LONG NTSTATUS;
typedef const void *PCVOID;
#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define PAGE_SIZE 0x1000u

typedef struct {
    USHORT Length; /* bytes, without terminator */
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct {
    USHORT Length;
    USHORT MaximumLength;
    PSTR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING;
typedef const STRING *PCSTRING, *PCANSI_STRING, *PCOEM_STRING;

typedef struct {
    HANDLE UniqueProcess;
    HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

typedef struct {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
#define OBJ_INHERIT 0x00000002
#define OBJ_PERMANENT 0x00000010
#define OBJ_EXCLUSIVE 0x00000020
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080
#define OBJ_OPENLINK 0x00000100
#define InitializeObjectAttributes(object, name, attributes, root, descriptor) \
    (*(object) = (OBJECT_ATTRIBUTES){sizeof(OBJECT_ATTRIBUTES), (root), (name), \
                                     (attributes), (descriptor), NULL})

typedef struct {
    union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;
typedef VOID(NTAPI *PIO_APC_ROUTINE)(PVOID, PIO_STATUS_BLOCK, ULONG);

typedef struct {
    UNICODE_STRING DosPath;
    HANDLE Handle;
} CURDIR;

typedef struct {
    USHORT Flags;
    USHORT Length;
    ULONG TimeStamp;
    STRING DosPath;
} RTL_DRIVE_LETTER_CURDIR;

typedef struct {
    ULONG MaximumLength;
    ULONG Length;
    ULONG Flags;
    ULONG DebugFlags;
    HANDLE ConsoleHandle;
    ULONG ConsoleFlags;
    HANDLE StandardInput;
    HANDLE StandardOutput;
    HANDLE StandardError;
    CURDIR CurrentDirectory;
    UNICODE_STRING DllPath;
    UNICODE_STRING ImagePathName;
    UNICODE_STRING CommandLine;
    PWSTR Environment;
    ULONG StartingX, StartingY, CountX, CountY, CountCharsX, CountCharsY, FillAttribute;
    ULONG WindowFlags;
    ULONG ShowWindowFlags;
    UNICODE_STRING WindowTitle;
    UNICODE_STRING DesktopInfo;
    UNICODE_STRING ShellInfo;
    UNICODE_STRING RuntimeData;
    RTL_DRIVE_LETTER_CURDIR CurrentDirectories[32];
    ULONG EnvironmentSize;
    ULONG EnvironmentVersion;
    PVOID PackageDependencyData;
    ULONG ProcessGroupId;
    ULONG LoaderThreads;
} RTL_USER_PROCESS_PARAMETERS, *PRTL_USER_PROCESS_PARAMETERS;
_Static_assert(offsetof(RTL_USER_PROCESS_PARAMETERS, EnvironmentSize) == 0x290, "layout");
#define RTL_USER_PROC_PARAMS_NORMALIZED 1

typedef struct {
    ULONG Length;
    BOOLEAN Initialized;
    HANDLE SsHandle;
    LIST_ENTRY InLoadOrderModuleList;
    LIST_ENTRY InMemoryOrderModuleList;
    LIST_ENTRY InInitializationOrderModuleList;
    PVOID EntryInProgress;
    BOOLEAN ShutdownInProgress;
    HANDLE ShutdownThreadId;
} PEB_LDR_DATA, *PPEB_LDR_DATA;
_Static_assert(sizeof(PEB_LDR_DATA) == 0x30, "layout");

typedef struct {
    LIST_ENTRY InLoadOrderLinks;
    LIST_ENTRY InMemoryOrderLinks;
    LIST_ENTRY InInitializationOrderLinks;
    PVOID DllBase;
    PVOID EntryPoint;
    ULONG SizeOfImage;
    UNICODE_STRING FullDllName;
    UNICODE_STRING BaseDllName;
    ULONG Flags; /* LDRP_… */
    USHORT ObsoleteLoadCount; /* references; 0xFFFF: never unloaded */
    USHORT TlsIndex;
    LIST_ENTRY HashLinks;
    ULONG TimeDateStamp;
    PVOID EntryPointActivationContext;
    PVOID Lock;
    PVOID DdagNode;
    LIST_ENTRY NodeModuleLink;
    PVOID LoadContext;
    PVOID ParentDllBase;
    PVOID SwitchBackContext;
    PVOID BaseAddressIndexNode[3];
    PVOID MappingInfoIndexNode[3];
    ULONG OriginalBase;
    LARGE_INTEGER LoadTime;
    ULONG BaseNameHashValue;
    ULONG LoadReason;
    ULONG ImplicitPathOptions;
    ULONG ReferenceCount;
    ULONG DependentLoadFlags;
    UCHAR SigningLevel;
} LDR_DATA_TABLE_ENTRY, *PLDR_DATA_TABLE_ENTRY;
_Static_assert(offsetof(LDR_DATA_TABLE_ENTRY, DependentLoadFlags) == 0xA0, "layout");
#define LDRP_IMAGE_DLL 0x00000004
#define LDRP_LOAD_IN_PROGRESS 0x00001000
#define LDRP_UNLOAD_IN_PROGRESS 0x00002000
#define LDRP_ENTRY_PROCESSED 0x00004000
#define LDRP_DONT_CALL_FOR_THREADS 0x00040000
#define LDRP_PROCESS_ATTACH_CALLED 0x00080000
#define LDRP_IMAGE_NOT_AT_BASE 0x00200000

typedef struct {
    ULONG SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;

typedef struct {
    BOOLEAN InheritedAddressSpace;
    BOOLEAN ReadImageFileExecOptions;
    BOOLEAN BeingDebugged;
    UCHAR BitField;
    HANDLE Mutant;
    PVOID ImageBaseAddress;
    PPEB_LDR_DATA Ldr;
    PRTL_USER_PROCESS_PARAMETERS ProcessParameters;
    PVOID SubSystemData;
    HANDLE ProcessHeap;
    PRTL_CRITICAL_SECTION FastPebLock;
    PVOID AtlThunkSListPtr;
    PVOID IFEOKey;
    ULONG CrossProcessFlags;
    PVOID KernelCallbackTable;
    ULONG SystemReserved;
    ULONG AtlThunkSListPtr32;
    PVOID ApiSetMap;
    ULONG TlsExpansionCounter;
    PRTL_BITMAP TlsBitmap;
    ULONG TlsBitmapBits[2];
    PVOID ReadOnlySharedMemoryBase;
    PVOID SharedData;
    PVOID ReadOnlyStaticServerData;
    PVOID AnsiCodePageData;
    PVOID OemCodePageData;
    PVOID UnicodeCaseTableData;
    ULONG NumberOfProcessors;
    ULONG NtGlobalFlag;
    LARGE_INTEGER CriticalSectionTimeout;
    ULONG HeapSegmentReserve;
    ULONG HeapSegmentCommit;
    ULONG HeapDeCommitTotalFreeThreshold;
    ULONG HeapDeCommitFreeBlockThreshold;
    ULONG NumberOfHeaps;
    ULONG MaximumNumberOfHeaps;
    PVOID *ProcessHeaps;
    PVOID GdiSharedHandleTable;
    PVOID ProcessStarterHelper;
    ULONG GdiDCAttributeList;
    PRTL_CRITICAL_SECTION LoaderLock;
    ULONG OSMajorVersion;
    ULONG OSMinorVersion;
    USHORT OSBuildNumber;
    USHORT OSCSDVersion;
    ULONG OSPlatformId;
    ULONG ImageSubsystem;
    ULONG ImageSubsystemMajorVersion;
    ULONG ImageSubsystemMinorVersion;
    ULONG ActiveProcessAffinityMask;
    ULONG GdiHandleBuffer[34];
    PVOID PostProcessInitRoutine;
    PRTL_BITMAP TlsExpansionBitmap;
    ULONG TlsExpansionBitmapBits[32];
    ULONG SessionId;
    ULARGE_INTEGER AppCompatFlags;
    ULARGE_INTEGER AppCompatFlagsUser;
    PVOID pShimData;
    PVOID AppCompatInfo;
    UNICODE_STRING CSDVersion;
    PVOID ActivationContextData;
    PVOID ProcessAssemblyStorageMap;
    PVOID SystemDefaultActivationContextData;
    PVOID SystemAssemblyStorageMap;
    ULONG MinimumStackCommit;
    PVOID FlsCallback;
    LIST_ENTRY FlsListHead;
    PRTL_BITMAP FlsBitmap;
    ULONG FlsBitmapBits[4];
    ULONG FlsHighIndex;
} PEB, *PPEB;
_Static_assert(offsetof(PEB, LoaderLock) == 0xA0, "layout");
_Static_assert(offsetof(PEB, FlsHighIndex) == 0x22C, "layout");

typedef struct {
    NT_TIB Tib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId;
    PVOID ActiveRpcHandle;
    PVOID *ThreadLocalStoragePointer;
    PPEB ProcessEnvironmentBlock;
    ULONG LastErrorValue;
    ULONG CountOfOwnedCriticalSections;
    UCHAR Spare03C[0xC4 - 0x3C];
    LCID CurrentLocale;
    UCHAR Spare0C8[0x1A4 - 0xC8];
    NTSTATUS ExceptionCode;
    PVOID ActivationContextStackPointer;
    UCHAR Spare1AC[0xBF4 - 0x1AC];
    NTSTATUS LastStatusValue;
    UNICODE_STRING StaticUnicodeString;
    WCHAR StaticUnicodeBuffer[261];
    PVOID DeallocationStack;
    PVOID TlsSlots[64];
    LIST_ENTRY TlsLinks;
    UCHAR SpareF18[0xF20 - 0xF18];
    PVOID DbgSsReserved[2]; /* kernel32's list of debuggees; the debug object */
    ULONG HardErrorMode;
    UCHAR SpareF2C[0xF78 - 0xF2C];
    ULONG GuaranteedStackBytes;
    UCHAR SpareF7C[0xF94 - 0xF7C];
    PVOID *TlsExpansionSlots;
    UCHAR SpareF98[0xFB0 - 0xF98];
    PVOID ActiveFrame;
    PVOID FlsData;
    UCHAR SpareFB8[0xFC8 - 0xFB8];
    USHORT CrossTebFlags;
    USHORT SameTebFlags;
    UCHAR SpareFCC[0x1000 - 0xFCC];
} TEB, *PTEB;
_Static_assert(offsetof(TEB, StaticUnicodeBuffer) == 0xC00, "layout");
_Static_assert(offsetof(TEB, DeallocationStack) == 0xE0C, "layout");
_Static_assert(offsetof(TEB, FlsData) == 0xFB4, "layout");
_Static_assert(sizeof(TEB) == 0x1000, "layout");
#define TEB_HAS_FIBER_DATA 0x0004
#define TEB_SKIP_THREAD_ATTACH 0x0008

static inline PTEB NtTeb(void)
{
    return (PTEB)NtCurrentTeb();
}

static inline PPEB NtPeb(void)
{
    return NtTeb()->ProcessEnvironmentBlock;
}

typedef struct {
    ULONG LowPart;
    LONG High1Time;
    LONG High2Time;
} KSYSTEM_TIME;

typedef struct {
    ULONG TickCountLowDeprecated;
    ULONG TickCountMultiplier;
    volatile KSYSTEM_TIME InterruptTime; /* 100 ns since boot */
    volatile KSYSTEM_TIME SystemTime; /* 100 ns since 1601 */
    volatile KSYSTEM_TIME TimeZoneBias;
    UCHAR Spare02C[4];
    WCHAR NtSystemRoot[260];
    UCHAR Spare238[0x260 - 0x238];
    ULONG NtBuildNumber;
    ULONG NtProductType;
    UCHAR Spare268[4];
    ULONG NtMajorVersion;
    ULONG NtMinorVersion;
    BOOLEAN ProcessorFeatures[64];
    UCHAR Spare2B4[0x2E8 - 0x2B4];
    ULONG NumberOfPhysicalPages;
    UCHAR Spare2EC[0x300 - 0x2EC];
    LONGLONG QpcFrequency;
    ULONG SystemCall;
    UCHAR Spare30C[0x320 - 0x30C];
    volatile KSYSTEM_TIME TickCount; /* clock ticks */
    ULONG TickCountPad;
    ULONG Cookie;
} KUSER_SHARED_DATA;
_Static_assert(offsetof(KUSER_SHARED_DATA, NtMajorVersion) == 0x26C, "layout");
_Static_assert(offsetof(KUSER_SHARED_DATA, Cookie) == 0x330, "layout");
#define SharedUserData ((const KUSER_SHARED_DATA *)0x7FFE0000)

/* The kernel may change a time between the reads: its two high parts then differ. */
static inline ULONGLONG ReadSystemTime(const volatile KSYSTEM_TIME *time)
{
    LONG high;
    ULONG low;
    do {
        high = time->High1Time;
        low = time->LowPart;
    } while (high != time->High2Time);
    return (ULONGLONG)(ULONG)high << 32 | low;
}

typedef struct {
    PVOID TransferAddress;
    ULONG ZeroBits;
    ULONG MaximumStackSize;
    ULONG CommittedStackSize;
    ULONG SubSystemType;
    USHORT SubSystemMinorVersion;
    USHORT SubSystemMajorVersion;
    ULONG GpValue;
    USHORT ImageCharacteristics;
    USHORT DllCharacteristics;
    USHORT Machine;
    BOOLEAN ImageContainsCode;
    UCHAR ImageFlags;
    ULONG LoaderFlags;
    ULONG ImageFileSize;
    ULONG CheckSum;
} SECTION_IMAGE_INFORMATION, *PSECTION_IMAGE_INFORMATION;

typedef struct {
    ULONG Length;
    HANDLE Process;
    HANDLE Thread;
    CLIENT_ID ClientId;
    SECTION_IMAGE_INFORMATION ImageInformation;
} RTL_USER_PROCESS_INFORMATION, *PRTL_USER_PROCESS_INFORMATION;

typedef enum { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;
typedef enum { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum { WaitAll, WaitAny } WAIT_TYPE;
typedef enum { ShutdownNoReboot, ShutdownReboot, ShutdownPowerOff } SHUTDOWN_ACTION;
