/* The current process and what can be asked about others. */
#include "kernel32.h"

typedef struct {
    NTSTATUS ExitStatus;
    PPEB PebBaseAddress;
    ULONG_PTR AffinityMask;
    LONG BasePriority;
    ULONG_PTR UniqueProcessId;
    ULONG_PTR InheritedFromUniqueProcessId;
} PROCESS_BASIC_INFORMATION;
typedef struct {
    BOOLEAN Foreground;
    UCHAR PriorityClass;
} PROCESS_PRIORITY_CLASS;
enum {
    ProcessBasicInformation = 0,
    ProcessTimes = 4,
    ProcessPriorityClass = 18,
    ProcessHandleCount = 20,
    ProcessAffinityMask = 21,
    ProcessPriorityBoost = 22,
    ProcessSessionInformation = 24,
    ProcessImageFileNameWin32 = 43,
};

VOID WINAPI ExitProcess(UINT code)
{
    RtlExitUserProcess((NTSTATUS)code);
    __builtin_unreachable();
}

BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    if (!process) return set_error(ERROR_INVALID_HANDLE);
    return set_status(NtTerminateProcess(process, (NTSTATUS)code));
}

HANDLE WINAPI GetCurrentProcess(void)
{
    return NtCurrentProcess();
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)(ULONG_PTR)NtTeb()->ClientId.UniqueProcess;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES object;
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)id, NULL};
    HANDLE process;
    InitializeObjectAttributes(&object, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    return set_status(NtOpenProcess(&process, access, &object, &client)) ? process : NULL;
}

static BOOL process_info(HANDLE process, ULONG what, PVOID buffer, ULONG size)
{
    return set_status(NtQueryInformationProcess(process, what, buffer, size, NULL));
}

DWORD WINAPI GetProcessId(HANDLE process)
{
    PROCESS_BASIC_INFORMATION info;
    return process_info(process, ProcessBasicInformation, &info, sizeof info)
        ? (DWORD)info.UniqueProcessId : 0;
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD code)
{
    PROCESS_BASIC_INFORMATION info;
    if (!process_info(process, ProcessBasicInformation, &info, sizeof info)) return FALSE;
    *code = (DWORD)info.ExitStatus;
    return TRUE;
}

BOOL WINAPI GetProcessTimes(HANDLE process, LPFILETIME created_at, LPFILETIME exited,
    LPFILETIME kernel, LPFILETIME user)
{
    FILETIME times[4];
    if (!process_info(process, ProcessTimes, times, sizeof times)) return FALSE;
    *created_at = times[0];
    *exited = times[1];
    *kernel = times[2];
    *user = times[3];
    return TRUE;
}

BOOL WINAPI GetProcessAffinityMask(HANDLE process, PDWORD_PTR mask, PDWORD_PTR system)
{
    PROCESS_BASIC_INFORMATION info;
    if (!process_info(process, ProcessBasicInformation, &info, sizeof info)) return FALSE;
    *mask = info.AffinityMask;
    *system = NtPeb()->NumberOfProcessors >= 32 ? ~0u : (1u << NtPeb()->NumberOfProcessors) - 1;
    return TRUE;
}

BOOL WINAPI SetProcessAffinityMask(HANDLE process, DWORD_PTR mask)
{
    return set_status(NtSetInformationProcess(process, ProcessAffinityMask, &mask, sizeof mask));
}

static const DWORD priority_classes[] = {0, IDLE_PRIORITY_CLASS, NORMAL_PRIORITY_CLASS,
    HIGH_PRIORITY_CLASS, REALTIME_PRIORITY_CLASS, BELOW_NORMAL_PRIORITY_CLASS,
    ABOVE_NORMAL_PRIORITY_CLASS};

DWORD win32_priority_class(DWORD class)
{
    return class < COUNT(priority_classes) ? priority_classes[class] : 0;
}

DWORD nt_priority_class(DWORD class)
{
    DWORD number = 1;
    while (number < COUNT(priority_classes) && priority_classes[number] != class) number++;
    return number < COUNT(priority_classes) ? number : 0;
}

DWORD WINAPI GetPriorityClass(HANDLE process)
{
    PROCESS_PRIORITY_CLASS info;
    if (!process_info(process, ProcessPriorityClass, &info, sizeof info)) return 0;
    return win32_priority_class(info.PriorityClass);
}

BOOL WINAPI SetPriorityClass(HANDLE process, DWORD priority)
{
    PROCESS_PRIORITY_CLASS info = {FALSE, (UCHAR)nt_priority_class(priority)};
    if (!info.PriorityClass) return set_error(ERROR_INVALID_PARAMETER);
    return set_status(NtSetInformationProcess(process, ProcessPriorityClass, &info, sizeof info));
}

BOOL WINAPI SetProcessPriorityBoost(HANDLE process, BOOL disabled)
{
    ULONG value = disabled != 0;
    return set_status(NtSetInformationProcess(process, ProcessPriorityBoost, &value,
        sizeof value));
}

BOOL WINAPI GetProcessPriorityBoost(HANDLE process, PBOOL disabled)
{
    ULONG value;
    if (!process_info(process, ProcessPriorityBoost, &value, sizeof value)) return FALSE;
    *disabled = value != 0;
    return TRUE;
}

BOOL WINAPI GetProcessHandleCount(HANDLE process, PDWORD count)
{
    return process_info(process, ProcessHandleCount, count, sizeof *count);
}

BOOL WINAPI ProcessIdToSessionId(DWORD id, PDWORD session)
{
    HANDLE process;
    if (id == GetCurrentProcessId()) {
        *session = NtPeb()->SessionId;
        return TRUE;
    }
    process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, id);
    if (!process) return FALSE;
    process_info(process, ProcessSessionInformation, session, sizeof *session);
    NtClose(process);
    return TRUE;
}

BOOL WINAPI QueryFullProcessImageNameW(HANDLE process, DWORD flags, LPWSTR name, PDWORD size)
{
    struct {
        UNICODE_STRING name;
        WCHAR text[MAX_PATH];
    } image;
    DWORD length;
    ULONG what = flags & PROCESS_NAME_NATIVE ? 27 : ProcessImageFileNameWin32;
    if (!process_info(process, what, &image, sizeof image)) return FALSE;
    length = image.name.Length / sizeof(WCHAR);
    if (length >= *size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    *size = wide_out(image.name.Buffer, length, name, *size);
    return TRUE;
}

BOOL WINAPI QueryFullProcessImageNameA(HANDLE process, DWORD flags, LPSTR name, PDWORD size)
{
    WCHAR wide[MAX_PATH];
    DWORD length = MAX_PATH;
    if (!name) return set_error(ERROR_INVALID_PARAMETER);
    if (!QueryFullProcessImageNameW(process, flags, wide, &length)) return FALSE;
    length = narrow_out(wide, length, name, *size, CP_ACP);
    if (length >= *size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    *size = length;
    return TRUE;
}

BOOL WINAPI IsWow64Process(HANDLE process, PBOOL wow64)
{
    (void)process;
    *wow64 = FALSE;
    return TRUE;
}

BOOL WINAPI IsWow64Process2(HANDLE process, USHORT *machine, USHORT *native)
{
    (void)process;
    *machine = IMAGE_FILE_MACHINE_UNKNOWN;
    if (native) *native = IMAGE_FILE_MACHINE_I386;
    return TRUE;
}

BOOL WINAPI GetProcessDEPPolicy(HANDLE process, LPDWORD flags, PBOOL permanent)
{
    (void)process;
    *flags = PROCESS_DEP_ENABLE;
    *permanent = TRUE;
    return TRUE;
}

BOOL WINAPI SetProcessDEPPolicy(DWORD flags)
{
    (void)flags;
    return set_error(ERROR_ACCESS_DENIED);
}

VOID WINAPI GetStartupInfoW(LPSTARTUPINFOW info)
{
    PRTL_USER_PROCESS_PARAMETERS parameters = NtPeb()->ProcessParameters;
    memset(info, 0, sizeof *info);
    info->cb = sizeof *info;
    info->lpDesktop = parameters->DesktopInfo.Buffer;
    info->lpTitle = parameters->WindowTitle.Buffer;
    info->dwX = parameters->StartingX;
    info->dwY = parameters->StartingY;
    info->dwXSize = parameters->CountX;
    info->dwYSize = parameters->CountY;
    info->dwXCountChars = parameters->CountCharsX;
    info->dwYCountChars = parameters->CountCharsY;
    info->dwFillAttribute = parameters->FillAttribute;
    info->dwFlags = parameters->WindowFlags;
    info->wShowWindow = (WORD)parameters->ShowWindowFlags;
    info->cbReserved2 = parameters->RuntimeData.Length;
    info->lpReserved2 = (LPBYTE)parameters->RuntimeData.Buffer;
    if (parameters->WindowFlags & STARTF_USESTDHANDLES) {
        info->hStdInput = parameters->StandardInput;
        info->hStdOutput = parameters->StandardOutput;
        info->hStdError = parameters->StandardError;
    }
}

static char *startup_text(const WCHAR *text)
{
    UNICODE_STRING wide;
    ANSI_STRING ansi;
    RtlInitUnicodeString(&wide, text);
    return text && NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, &wide, TRUE)) ? ansi.Buffer
                                                                                : NULL;
}

VOID WINAPI GetStartupInfoA(LPSTARTUPINFOA info)
{
    static char *desktop, *title;
    STARTUPINFOW wide;
    GetStartupInfoW(&wide);
    if (!desktop) desktop = startup_text(wide.lpDesktop);
    if (!title) title = startup_text(wide.lpTitle);
    memcpy(info, &wide, sizeof *info);
    info->lpReserved = NULL;
    info->lpDesktop = desktop;
    info->lpTitle = title;
}

DWORD WINAPI GetProcessVersion(DWORD id)
{
    PIMAGE_NT_HEADERS headers = RtlImageNtHeader(NtPeb()->ImageBaseAddress);
    (void)id;
    return MAKELONG(headers->OptionalHeader.MinorSubsystemVersion,
        headers->OptionalHeader.MajorSubsystemVersion);
}

DWORD WINAPI GetActiveProcessorCount(WORD group)
{
    (void)group;
    return NtPeb()->NumberOfProcessors;
}

WORD WINAPI GetActiveProcessorGroupCount(void)
{
    return 1;
}

DWORD WINAPI GetMaximumProcessorCount(WORD group)
{
    return GetActiveProcessorCount(group);
}
