/* Threads. */
#include "kernel32.h"

typedef struct {
    NTSTATUS ExitStatus;
    PVOID TebBaseAddress;
    CLIENT_ID ClientId;
    ULONG_PTR AffinityMask;
    LONG Priority;
    LONG BasePriority;
} THREAD_BASIC_INFORMATION;
enum {
    ThreadBasicInformation = 0,
    ThreadTimes = 1,
    ThreadBasePriority = 3,
    ThreadAffinityMask = 4,
    ThreadPriorityBoost = 14,
    ThreadIsIoPending = 16,
    ThreadNameInformation = 38,
};

HANDLE WINAPI CreateRemoteThreadEx(HANDLE process, LPSECURITY_ATTRIBUTES security, SIZE_T stack,
    LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags,
    LPPROC_THREAD_ATTRIBUTE_LIST attributes, LPDWORD id)
{
    OBJECT_ATTRIBUTES object;
    struct {
        ULONG_PTR TotalLength, Attribute, Size;
        PVOID Value;
        PSIZE_T Returned;
    } list;
    CLIENT_ID client = {0};
    HANDLE thread = NULL;
    BOOL reserve = (flags & STACK_SIZE_PARAM_IS_A_RESERVATION) != 0;
    (void)attributes;
    list.TotalLength = sizeof list;
    list.Attribute = 0x10003; /* PS_ATTRIBUTE_CLIENT_ID */
    list.Size = sizeof client;
    list.Value = &client;
    list.Returned = NULL;
    InitializeObjectAttributes(&object, NULL,
        security && security->bInheritHandle ? OBJ_INHERIT : 0, NULL, NULL);
    if (!set_status(NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, &object, process, (PVOID)start,
            argument, flags & CREATE_SUSPENDED ? 1 : 0, 0, reserve ? 0 : stack,
            reserve ? stack : 0, &list)))
        return NULL;
    if (id) *id = (DWORD)(ULONG_PTR)client.UniqueThread;
    return thread;
}

HANDLE WINAPI CreateRemoteThread(HANDLE process, LPSECURITY_ATTRIBUTES security, SIZE_T stack,
    LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags, LPDWORD id)
{
    return CreateRemoteThreadEx(process, security, stack, start, argument, flags, NULL, id);
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES security, SIZE_T stack,
    LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags, LPDWORD id)
{
    return CreateRemoteThread(NtCurrentProcess(), security, stack, start, argument, flags, id);
}

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES object;
    CLIENT_ID client = {NULL, (HANDLE)(ULONG_PTR)id};
    HANDLE thread;
    InitializeObjectAttributes(&object, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    return set_status(NtOpenThread(&thread, access, &object, &client)) ? thread : NULL;
}

BOOL WINAPI TerminateThread(HANDLE thread, DWORD code)
{
    if (!thread) return set_error(ERROR_INVALID_HANDLE);
    return set_status(NtTerminateThread(thread, (NTSTATUS)code));
}

VOID WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    LdrUnloadDll(module);
    RtlExitUserThread((NTSTATUS)code);
    __builtin_unreachable();
}

static BOOL thread_info(HANDLE thread, THREAD_BASIC_INFORMATION *info)
{
    return set_status(NtQueryInformationThread(thread, ThreadBasicInformation, info, sizeof *info,
        NULL));
}

BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD code)
{
    THREAD_BASIC_INFORMATION info;
    if (!thread_info(thread, &info)) return FALSE;
    *code = (DWORD)info.ExitStatus;
    return TRUE;
}

HANDLE WINAPI GetCurrentThread(void)
{
    return NtCurrentThread();
}

DWORD WINAPI GetCurrentThreadId(void)
{
    return (DWORD)(ULONG_PTR)NtTeb()->ClientId.UniqueThread;
}

DWORD WINAPI GetThreadId(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    return thread_info(thread, &info) ? (DWORD)(ULONG_PTR)info.ClientId.UniqueThread : 0;
}

DWORD WINAPI GetProcessIdOfThread(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    return thread_info(thread, &info) ? (DWORD)(ULONG_PTR)info.ClientId.UniqueProcess : 0;
}

DWORD WINAPI SuspendThread(HANDLE thread)
{
    ULONG count;
    return set_status(NtSuspendThread(thread, &count)) ? count : (DWORD)-1;
}

DWORD WINAPI ResumeThread(HANDLE thread)
{
    ULONG count;
    return set_status(NtResumeThread(thread, &count)) ? count : (DWORD)-1;
}

BOOL WINAPI GetThreadContext(HANDLE thread, LPCONTEXT context)
{
    return set_status(NtGetContextThread(thread, context));
}

BOOL WINAPI SetThreadContext(HANDLE thread, const CONTEXT *context)
{
    return set_status(NtSetContextThread(thread, (PCONTEXT)context));
}

int WINAPI GetThreadPriority(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    if (!thread_info(thread, &info)) return THREAD_PRIORITY_ERROR_RETURN;
    if (info.BasePriority == 16) return THREAD_PRIORITY_TIME_CRITICAL;
    if (info.BasePriority == -16) return THREAD_PRIORITY_IDLE;
    return info.BasePriority;
}

BOOL WINAPI SetThreadPriority(HANDLE thread, int priority)
{
    LONG base = priority;
    if (priority == THREAD_PRIORITY_TIME_CRITICAL) base = 16;
    else if (priority == THREAD_PRIORITY_IDLE) base = -16;
    return set_status(NtSetInformationThread(thread, ThreadBasePriority, &base, sizeof base));
}

BOOL WINAPI GetThreadPriorityBoost(HANDLE thread, PBOOL disabled)
{
    ULONG value;
    if (!set_status(NtQueryInformationThread(thread, ThreadPriorityBoost, &value, sizeof value,
            NULL)))
        return FALSE;
    *disabled = value != 0;
    return TRUE;
}

BOOL WINAPI SetThreadPriorityBoost(HANDLE thread, BOOL disabled)
{
    ULONG value = disabled != 0;
    return set_status(NtSetInformationThread(thread, ThreadPriorityBoost, &value, sizeof value));
}

DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE thread, DWORD_PTR mask)
{
    THREAD_BASIC_INFORMATION info;
    if (!thread_info(thread, &info)) return 0;
    return set_status(NtSetInformationThread(thread, ThreadAffinityMask, &mask, sizeof mask))
        ? info.AffinityMask : 0;
}

DWORD WINAPI SetThreadIdealProcessor(HANDLE thread, DWORD processor)
{
    (void)thread;
    if (processor > MAXIMUM_PROCESSORS) {
        set_error(ERROR_INVALID_PARAMETER);
        return (DWORD)-1;
    }
    return 0;
}

BOOL WINAPI GetThreadTimes(HANDLE thread, LPFILETIME created_at, LPFILETIME exited,
    LPFILETIME kernel, LPFILETIME user)
{
    FILETIME times[4];
    if (!set_status(NtQueryInformationThread(thread, ThreadTimes, times, sizeof times, NULL)))
        return FALSE;
    *created_at = times[0];
    *exited = times[1];
    *kernel = times[2];
    *user = times[3];
    return TRUE;
}

BOOL WINAPI GetThreadIOPendingFlag(HANDLE thread, PBOOL pending)
{
    ULONG value = 0;
    if (!set_status(NtQueryInformationThread(thread, ThreadIsIoPending, &value, sizeof value,
            NULL)))
        return FALSE;
    *pending = value != 0;
    return TRUE;
}

BOOL WINAPI SetThreadStackGuarantee(PULONG size)
{
    ULONG previous = NtTeb()->GuaranteedStackBytes;
    ULONG wanted = (*size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    SIZE_T room = (SIZE_T)((char *)NtTeb()->Tib.StackBase - (char *)NtTeb()->DeallocationStack);
    if (*size > room - 2 * PAGE_SIZE) {
        *size = 0;
        return set_error(ERROR_INVALID_PARAMETER);
    }
    if (wanted > previous) NtTeb()->GuaranteedStackBytes = wanted;
    *size = previous;
    return TRUE;
}

VOID WINAPI GetCurrentThreadStackLimits(PULONG_PTR low, PULONG_PTR high)
{
    *low = (ULONG_PTR)NtTeb()->DeallocationStack;
    *high = (ULONG_PTR)NtTeb()->Tib.StackBase;
}

HRESULT WINAPI SetThreadDescription(HANDLE thread, PCWSTR description)
{
    UNICODE_STRING name;
    NTSTATUS status = RtlInitUnicodeStringEx(&name, description);
    if (NT_SUCCESS(status))
        status = NtSetInformationThread(thread, ThreadNameInformation, &name, sizeof name);
    return status | (NT_SUCCESS(status) ? 0 : FACILITY_NT_BIT);
}

/* The name is the caller's to free with LocalFree. */
HRESULT WINAPI GetThreadDescription(HANDLE thread, PWSTR *description)
{
    struct {
        UNICODE_STRING name;
        WCHAR text[];
    } *info = NULL;
    ULONG size = 0, room = 0x100;
    NTSTATUS status;
    *description = NULL;
    do {
        if (info) LocalFree(info);
        info = LocalAlloc(LMEM_FIXED, room + sizeof(WCHAR));
        if (!info) return E_OUTOFMEMORY;
        status = NtQueryInformationThread(thread, ThreadNameInformation, info, room, &size);
        room = size;
    } while (status == STATUS_BUFFER_TOO_SMALL);
    if (!NT_SUCCESS(status)) {
        LocalFree(info);
        return status | FACILITY_NT_BIT;
    }
    size = info->name.Length;
    memmove(info, info->name.Buffer, size);
    ((WCHAR *)info)[size / sizeof(WCHAR)] = 0;
    *description = (PWSTR)info;
    return S_OK;
}

DWORD WINAPI QueueUserAPC(PAPCFUNC function, HANDLE thread, ULONG_PTR argument)
{
    return set_status(NtQueueApcThread(thread, (PVOID)function, (PVOID)argument, NULL, NULL));
}

DWORD WINAPI GetCurrentProcessorNumber(void)
{
    return (DWORD)NtGetCurrentProcessorNumber();
}

VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    number->Group = 0;
    number->Number = (BYTE)GetCurrentProcessorNumber();
    number->Reserved = 0;
}
