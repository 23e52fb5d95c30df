/* The machine and the system: processors, memory, versions, names. */
#include "kernel32.h"

typedef struct {
    ULONG PageSize;
    ULONG NumberOfPhysicalPages;
    ULONG AllocationGranularity;
    ULONG_PTR MinimumUserModeAddress;
    ULONG_PTR MaximumUserModeAddress;
    ULONG_PTR ActiveProcessorsAffinityMask;
    CCHAR NumberOfProcessors;
} SYSTEM_BASIC_INFORMATION;
#define SystemProcessorPerformanceInformation 8

/* Everything here is fixed or in memory that the kernel shares: no call is needed. */
static void basic_info(SYSTEM_BASIC_INFORMATION *info)
{
    DWORD count = NtPeb()->NumberOfProcessors;
    *info = (SYSTEM_BASIC_INFORMATION){.PageSize = PAGE_SIZE,
        .NumberOfPhysicalPages = SharedUserData->NumberOfPhysicalPages,
        .AllocationGranularity = 0x10000, .MinimumUserModeAddress = 0x10000,
        .MaximumUserModeAddress = 0x7FFEFFFF,
        .ActiveProcessorsAffinityMask = count >= 32 ? ~0u : (1u << count) - 1,
        .NumberOfProcessors = (CCHAR)count};
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO info)
{
    SYSTEM_BASIC_INFORMATION basic;
    basic_info(&basic);
    memset(info, 0, sizeof *info);
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_INTEL;
    info->dwPageSize = basic.PageSize;
    info->lpMinimumApplicationAddress = (LPVOID)basic.MinimumUserModeAddress;
    info->lpMaximumApplicationAddress = (LPVOID)basic.MaximumUserModeAddress;
    info->dwActiveProcessorMask = basic.ActiveProcessorsAffinityMask;
    info->dwNumberOfProcessors = (DWORD)basic.NumberOfProcessors;
    info->dwProcessorType = PROCESSOR_INTEL_PENTIUM;
    info->dwAllocationGranularity = basic.AllocationGranularity;
    info->wProcessorLevel = 6;
    info->wProcessorRevision = 0x0F0B;
}

VOID WINAPI GetNativeSystemInfo(LPSYSTEM_INFO info)
{
    GetSystemInfo(info);
}

BOOL WINAPI IsProcessorFeaturePresent(DWORD feature)
{
    return feature < 64 && SharedUserData->ProcessorFeatures[feature];
}

BOOL WINAPI GetSystemTimes(LPFILETIME idle, LPFILETIME kernel, LPFILETIME user)
{
    struct {
        LARGE_INTEGER idle, kernel, user, dpc, interrupt;
        ULONG interrupts;
    } times[32];
    LARGE_INTEGER sums[3] = {0};
    ULONG size = 0;
    if (!set_status(NtQuerySystemInformation(SystemProcessorPerformanceInformation, times,
            sizeof times, &size)))
        return FALSE;
    for (SIZE_T i = 0; i < size / sizeof *times; i++) {
        sums[0].QuadPart += times[i].idle.QuadPart;
        sums[1].QuadPart += times[i].kernel.QuadPart;
        sums[2].QuadPart += times[i].user.QuadPart;
    }
    if (idle) memcpy(idle, &sums[0], sizeof *idle);
    if (kernel) memcpy(kernel, &sums[1], sizeof *kernel);
    if (user) memcpy(user, &sums[2], sizeof *user);
    return TRUE;
}

BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX status)
{
    SYSTEM_BASIC_INFORMATION basic;
    ULONGLONG total;
    if (status->dwLength != sizeof *status) return set_error(ERROR_INVALID_PARAMETER);
    basic_info(&basic);
    total = (ULONGLONG)basic.NumberOfPhysicalPages * basic.PageSize;
    status->dwMemoryLoad = 50;
    status->ullTotalPhys = total;
    status->ullAvailPhys = total / 2;
    status->ullTotalPageFile = total * 2;
    status->ullAvailPageFile = total * 3 / 2;
    status->ullTotalVirtual = basic.MaximumUserModeAddress - basic.MinimumUserModeAddress + 1;
    status->ullAvailVirtual = status->ullTotalVirtual / 2;
    status->ullAvailExtendedVirtual = 0;
    return TRUE;
}

VOID WINAPI GlobalMemoryStatus(LPMEMORYSTATUS status)
{
    MEMORYSTATUSEX more = {.dwLength = sizeof more};
    GlobalMemoryStatusEx(&more);
    status->dwLength = sizeof *status;
    status->dwMemoryLoad = more.dwMemoryLoad;
    status->dwTotalPhys = (SIZE_T)min(more.ullTotalPhys, 0x7FFFFFFFu);
    status->dwAvailPhys = (SIZE_T)min(more.ullAvailPhys, 0x7FFFFFFFu);
    status->dwTotalPageFile = (SIZE_T)min(more.ullTotalPageFile, 0xFFFFFFFFu);
    status->dwAvailPageFile = (SIZE_T)min(more.ullAvailPageFile, 0xFFFFFFFFu);
    status->dwTotalVirtual = (SIZE_T)more.ullTotalVirtual;
    status->dwAvailVirtual = (SIZE_T)more.ullAvailVirtual;
}

BOOL WINAPI GetPhysicallyInstalledSystemMemory(PULONGLONG kilobytes)
{
    SYSTEM_BASIC_INFORMATION basic;
    basic_info(&basic);
    *kilobytes = (ULONGLONG)basic.NumberOfPhysicalPages * basic.PageSize / 1024;
    return TRUE;
}

struct version {
    DWORD major, minor, build;
};

/* A program whose manifest does not name Windows 10 is told no more than 6.2, build 9200 (documented
 * since Windows 8.1). Manifests are not read, so that holds for every program. */
static struct version reported_version(void)
{
    static const struct version latest = {6, 2, 9200};
    PPEB peb = NtPeb();
    struct version real = {peb->OSMajorVersion, peb->OSMinorVersion, peb->OSBuildNumber};
    BOOL older = real.major < latest.major ||
        (real.major == latest.major && real.minor < latest.minor);
    return older ? real : latest;
}

DWORD WINAPI GetVersion(void)
{
    struct version told = reported_version();
    return told.build << 16 | told.minor << 8 | told.major;
}

/* Both kinds begin with the same numbers. */
static void report_version(LPOSVERSIONINFOW version, DWORD size)
{
    struct version told = reported_version();
    memset(version, 0, size);
    version->dwOSVersionInfoSize = size;
    version->dwMajorVersion = told.major;
    version->dwMinorVersion = told.minor;
    version->dwBuildNumber = told.build;
    version->dwPlatformId = VER_PLATFORM_WIN32_NT;
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW version)
{
    DWORD size = version->dwOSVersionInfoSize;
    if (size != sizeof(OSVERSIONINFOW) && size != sizeof(OSVERSIONINFOEXW))
        return set_error(ERROR_INSUFFICIENT_BUFFER);
    report_version(version, size);
    if (size == sizeof(OSVERSIONINFOEXW))
        ((OSVERSIONINFOEXW *)version)->wProductType = VER_NT_WORKSTATION;
    return TRUE;
}

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA version)
{
    DWORD size = version->dwOSVersionInfoSize;
    if (size != sizeof(OSVERSIONINFOA) && size != sizeof(OSVERSIONINFOEXA))
        return set_error(ERROR_INSUFFICIENT_BUFFER);
    report_version((LPOSVERSIONINFOW)version, size);
    if (size == sizeof(OSVERSIONINFOEXA))
        ((OSVERSIONINFOEXA *)version)->wProductType = VER_NT_WORKSTATION;
    return TRUE;
}

BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW version, DWORD mask, DWORDLONG conditions)
{
    NTSTATUS status = RtlVerifyVersionInfo((PVOID)version, mask, conditions);
    if (status == STATUS_REVISION_MISMATCH) return set_error(ERROR_OLD_WIN_VERSION);
    return set_status(status);
}

BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA version, DWORD mask, DWORDLONG conditions)
{
    OSVERSIONINFOEXW wide = {.dwOSVersionInfoSize = sizeof wide};
    wide.dwMajorVersion = version->dwMajorVersion;
    wide.dwMinorVersion = version->dwMinorVersion;
    wide.dwBuildNumber = version->dwBuildNumber;
    wide.dwPlatformId = version->dwPlatformId;
    wide.wServicePackMajor = version->wServicePackMajor;
    wide.wServicePackMinor = version->wServicePackMinor;
    wide.wSuiteMask = version->wSuiteMask;
    wide.wProductType = version->wProductType;
    return VerifyVersionInfoW(&wide, mask, conditions);
}

BOOL WINAPI GetProductInfo(DWORD major, DWORD minor, DWORD sp_major, DWORD sp_minor, PDWORD type)
{
    (void)minor;
    (void)sp_major;
    (void)sp_minor;
    if (!type) return FALSE;
    *type = major < 6 ? PRODUCT_UNDEFINED : PRODUCT_PROFESSIONAL;
    return major >= 6;
}

static const WCHAR computer_name[] = L"PICORUN";

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
{
    DWORD room = *size;
    if (COUNT(computer_name) > room) {
        *size = COUNT(computer_name);
        return set_error(ERROR_BUFFER_OVERFLOW);
    }
    *size = wide_out(computer_name, COUNT(computer_name) - 1, buffer, room);
    return TRUE;
}

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size)
{
    DWORD room = *size;
    *size = narrow_out(computer_name, COUNT(computer_name) - 1, buffer, room, CP_ACP);
    return *size < room ? TRUE : set_error(ERROR_BUFFER_OVERFLOW);
}

BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT format, LPWSTR buffer, LPDWORD size)
{
    BOOL domain = format == ComputerNameDnsDomain || format == ComputerNamePhysicalDnsDomain;
    DWORD length = domain ? 0 : COUNT(computer_name) - 1, room = *size;
    if ((DWORD)format >= ComputerNameMax) return set_error(ERROR_INVALID_PARAMETER);
    if (!buffer) room = 0;
    *size = wide_out(computer_name, length, buffer, room);
    return *size < room ? TRUE : set_error(ERROR_MORE_DATA);
}

BOOL WINAPI GetComputerNameExA(COMPUTER_NAME_FORMAT format, LPSTR buffer, LPDWORD size)
{
    WCHAR name[MAX_PATH];
    DWORD length = MAX_PATH, room = buffer ? *size : 0;
    if (!GetComputerNameExW(format, name, &length)) return FALSE;
    *size = narrow_out(name, length, buffer, room, CP_ACP);
    return *size < room ? TRUE : set_error(ERROR_MORE_DATA);
}

UINT WINAPI GetSystemFirmwareTable(DWORD provider, DWORD id, PVOID buffer, DWORD size)
{
    (void)provider;
    (void)id;
    (void)buffer;
    (void)size;
    return (UINT)set_error(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI GetLogicalProcessorInformation(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION buffer,
    PDWORD size)
{
    DWORD count = NtPeb()->NumberOfProcessors, needed = count * sizeof *buffer;
    BOOL fits = *size >= needed;
    *size = needed;
    if (!fits) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memset(buffer, 0, needed);
    for (DWORD i = 0; i < count; i++) {
        buffer[i].ProcessorMask = 1u << i;
        buffer[i].Relationship = RelationProcessorCore;
    }
    return TRUE;
}

BOOL WINAPI GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP what,
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX buffer, PDWORD size)
{
    DWORD count = NtPeb()->NumberOfProcessors, mask = count >= 32 ? ~0u : (1u << count) - 1;
    DWORD each = offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Processor.GroupMask) +
                 sizeof(GROUP_AFFINITY);
    DWORD group = offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Group.GroupInfo) +
                  sizeof(PROCESSOR_GROUP_INFO);
    DWORD needed = (what == RelationProcessorCore || what == RelationAll ? count * each : 0) +
                   (what == RelationGroup || what == RelationAll ? group : 0);
    BOOL fits = *size >= needed;
    char *next = (char *)buffer;
    *size = needed;
    if (!fits) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memset(buffer, 0, needed);
    for (DWORD i = 0; needed >= count * each && what != RelationGroup && i < count; i++) {
        PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX row = (PVOID)next;
        row->Relationship = RelationProcessorCore;
        row->Size = each;
        row->Processor.GroupCount = 1;
        row->Processor.GroupMask[0].Mask = 1u << i;
        next += each;
    }
    if (what == RelationGroup || what == RelationAll) {
        PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX row = (PVOID)next;
        row->Relationship = RelationGroup;
        row->Size = group;
        row->Group.MaximumGroupCount = row->Group.ActiveGroupCount = 1;
        row->Group.GroupInfo[0].MaximumProcessorCount = (BYTE)count;
        row->Group.GroupInfo[0].ActiveProcessorCount = (BYTE)count;
        row->Group.GroupInfo[0].ActiveProcessorMask = mask;
    }
    return TRUE;
}

BOOL WINAPI Beep(DWORD frequency, DWORD duration)
{
    (void)frequency;
    Sleep(duration);
    return TRUE;
}

EXECUTION_STATE WINAPI SetThreadExecutionState(EXECUTION_STATE state)
{
    (void)state;
    return ES_CONTINUOUS;
}

/* The one session is attached to the console. */
DWORD WINAPI WTSGetActiveConsoleSessionId(void)
{
    return NtPeb()->SessionId;
}
