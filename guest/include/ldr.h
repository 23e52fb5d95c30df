/* What ntdll exports of its loader (Ldr), and the image helpers of Rtl. */
#pragma once
#include "nt.h"

typedef struct {
    ULONG Flags;
    PCUNICODE_STRING FullDllName;
    PCUNICODE_STRING BaseDllName;
    PVOID DllBase;
    ULONG SizeOfImage;
} LDR_DLL_NOTIFICATION_DATA;
typedef VOID(CALLBACK *PLDR_DLL_NOTIFICATION)(ULONG, const LDR_DLL_NOTIFICATION_DATA *, PVOID);
typedef VOID(NTAPI *PLDR_ENUM_CALLBACK)(PLDR_DATA_TABLE_ENTRY, PVOID, PBOOLEAN);

VOID NTAPI LdrInitializeThunk(PCONTEXT Context, PVOID NtdllBase, PVOID Reserved);
NTSTATUS NTAPI LdrLoadDll(PCWSTR Path, PULONG Flags, PCUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrUnloadDll(PVOID Base);
NTSTATUS NTAPI LdrGetDllHandle(PCWSTR Path, PULONG Flags, PCUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrGetDllHandleEx(ULONG Flags, PCWSTR Path, PULONG Characteristics,
    PCUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
    PVOID *Address);
NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry);
NTSTATUS NTAPI LdrAddRefDll(ULONG Flags, PVOID Base);
NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID Base);
NTSTATUS NTAPI LdrLockLoaderLock(ULONG Flags, PULONG Disposition, PULONG_PTR Cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG Flags, ULONG_PTR Cookie);
NTSTATUS NTAPI LdrShutdownProcess(void);
NTSTATUS NTAPI LdrShutdownThread(void);
NTSTATUS NTAPI LdrEnumerateLoadedModules(ULONG Flags, PLDR_ENUM_CALLBACK Callback, PVOID Context);
NTSTATUS NTAPI LdrGetDllFullName(PVOID Base, PUNICODE_STRING Name);
NTSTATUS NTAPI LdrRegisterDllNotification(ULONG Flags, PLDR_DLL_NOTIFICATION Callback,
    PVOID Context, PVOID *Cookie);
NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID Cookie);

typedef struct {
    ULONG_PTR Type;
    ULONG_PTR Name;
    ULONG_PTR Language;
} LDR_RESOURCE_INFO, *PLDR_RESOURCE_INFO;
NTSTATUS NTAPI LdrFindResource_U(PVOID Base, PLDR_RESOURCE_INFO Info, ULONG Level,
    PIMAGE_RESOURCE_DATA_ENTRY *Entry);
NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID Base, PLDR_RESOURCE_INFO Info, ULONG Level,
    PIMAGE_RESOURCE_DIRECTORY *Directory);
NTSTATUS NTAPI LdrAccessResource(PVOID Base, PIMAGE_RESOURCE_DATA_ENTRY Entry, PVOID *Resource,
    PULONG Size);

PIMAGE_NT_HEADERS NTAPI RtlImageNtHeader(PVOID Base);
NTSTATUS NTAPI RtlImageNtHeaderEx(ULONG Flags, PVOID Base, ULONGLONG Size,
    PIMAGE_NT_HEADERS *Headers);
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID Base, BOOLEAN Mapped, USHORT Directory,
    PULONG Size);
PIMAGE_SECTION_HEADER NTAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS Headers, PVOID Base,
    ULONG Rva);
PVOID NTAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva,
    PIMAGE_SECTION_HEADER *Section);
PVOID NTAPI RtlPcToFileHeader(PVOID Address, PVOID *Base);
NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
    PVOID *Address, ULONG Flags);
NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID Base, PCANSI_STRING Name, ULONG Ordinal,
    PVOID *Address, ULONG Flags, PVOID *Caller);
NTSTATUS NTAPI LdrGetDllHandleByName(PCUNICODE_STRING BaseName, PCUNICODE_STRING FullName,
    PVOID *Base);
NTSTATUS NTAPI LdrGetDllHandleByMapping(PVOID Mapping, PVOID *Base);
NTSTATUS NTAPI LdrGetDllPath(PCWSTR Name, ULONG Flags, PWSTR *Path, PWSTR *SearchPaths);
