/* Jobs: Win32 names over the calls of ntdll. */
#include "kernel32.h"

HANDLE WINAPI CreateJobObjectW(LPSECURITY_ATTRIBUTES security, LPCWSTR name)
{
    struct object_name object;
    HANDLE job = NULL;
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    return created(NtCreateJobObject(&job, JOB_OBJECT_ALL_ACCESS, &object.attributes), job);
}

HANDLE WINAPI CreateJobObjectA(LPSECURITY_ATTRIBUTES security, LPCSTR name)
{
    WIDE(wide, name);
    return CreateJobObjectW(security, wide);
}

HANDLE WINAPI OpenJobObjectW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE job = NULL;
    if (!name) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!name_object(&object, name, NULL, inherit ? OBJ_INHERIT : 0)) return NULL;
    return set_status(NtOpenJobObject(&job, access, &object.attributes)) ? job : NULL;
}

HANDLE WINAPI OpenJobObjectA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenJobObjectW(access, inherit, wide);
}

BOOL WINAPI AssignProcessToJobObject(HANDLE job, HANDLE process)
{
    return set_status(NtAssignProcessToJobObject(job, process));
}

BOOL WINAPI TerminateJobObject(HANDLE job, UINT code)
{
    return set_status(NtTerminateJobObject(job, (NTSTATUS)code));
}

BOOL WINAPI IsProcessInJob(HANDLE process, HANDLE job, PBOOL result)
{
    NTSTATUS status = NtIsProcessInJob(process, job);
    *result = status == STATUS_PROCESS_IN_JOB;
    return set_status(status);
}

static BOOL has_limits(JOBOBJECTINFOCLASS what, DWORD size)
{
    return (what == JobObjectBasicLimitInformation &&
            size == sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION)) ||
        (what == JobObjectExtendedLimitInformation &&
            size == sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION));
}

/* Win32 and NT number the priority classes differently; both structures begin alike. */
BOOL WINAPI SetInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS what, LPVOID info, DWORD size)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    if (has_limits(what, size)) {
        memcpy(&limits, info, size);
        if (limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_PRIORITY_CLASS)
            limits.BasicLimitInformation.PriorityClass =
                nt_priority_class(limits.BasicLimitInformation.PriorityClass);
        info = &limits;
    }
    return set_status(NtSetInformationJobObject(job, what, info, size));
}

BOOL WINAPI QueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS what, LPVOID info, DWORD size,
    LPDWORD needed)
{
    PJOBOBJECT_BASIC_LIMIT_INFORMATION limits = info;
    if (!set_status(NtQueryInformationJobObject(job, what, info, size, needed))) return FALSE;
    if (has_limits(what, size))
        limits->PriorityClass = win32_priority_class(limits->PriorityClass);
    return TRUE;
}
