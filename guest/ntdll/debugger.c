/* The debugger's side of debugging: its debug object is in the TEB of the thread that debugs. */
#include "ntdll.h"
#include "debugger.h"

enum {
    DbgCreateThreadStateChange = 2,
    DbgCreateProcessStateChange,
    DbgExitThreadStateChange,
    DbgExitProcessStateChange,
    DbgExceptionStateChange,
    DbgBreakpointStateChange,
    DbgSingleStepStateChange,
    DbgLoadDllStateChange,
    DbgUnloadDllStateChange,
};
#define DEBUG_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xF)
#define KILL_ON_CLOSE 1

NTSTATUS NTAPI DbgUiConnectToDbg(void)
{
    OBJECT_ATTRIBUTES object;
    if (NtTeb()->DbgSsReserved[1])
        return STATUS_SUCCESS;
    InitializeObjectAttributes(&object, NULL, 0, NULL, NULL);
    return NtCreateDebugObject(&NtTeb()->DbgSsReserved[1], DEBUG_ALL_ACCESS, &object,
                               KILL_ON_CLOSE);
}

HANDLE NTAPI DbgUiGetThreadDebugObject(void)
{
    return NtTeb()->DbgSsReserved[1];
}

VOID NTAPI DbgUiSetThreadDebugObject(HANDLE Object)
{
    NtTeb()->DbgSsReserved[1] = Object;
}

/* What a debugger's thread in the process runs: the debugger takes the breakpoint. */
VOID NTAPI DbgUiRemoteBreakin(PVOID Context)
{
    (void)Context;
    if (NtPeb()->BeingDebugged)
        DbgBreakPoint();
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE Process)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(Process, NULL, FALSE, 0, 0, 0x4000, DbgUiRemoteBreakin,
                                          NULL, &thread, NULL);
    if (NT_SUCCESS(status))
        NtClose(thread);
    return status;
}

NTSTATUS NTAPI DbgUiStopDebugging(HANDLE Process)
{
    return NtRemoveProcessDebug(Process, NtTeb()->DbgSsReserved[1]);
}

NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE Process)
{
    NTSTATUS status = NtDebugActiveProcess(Process, NtTeb()->DbgSsReserved[1]);
    if (!NT_SUCCESS(status))
        return status;
    status = DbgUiIssueRemoteBreakin(Process);
    if (!NT_SUCCESS(status))
        DbgUiStopDebugging(Process);
    return status;
}

NTSTATUS NTAPI DbgUiWaitStateChange(PDBGUI_WAIT_STATE_CHANGE Change, PLARGE_INTEGER Timeout)
{
    return NtWaitForDebugEvent(NtTeb()->DbgSsReserved[1], TRUE, Timeout, Change);
}

NTSTATUS NTAPI DbgUiContinue(PCLIENT_ID Client, NTSTATUS Status)
{
    return NtDebugContinue(NtTeb()->DbgSsReserved[1], Client, Status);
}

static PVOID TebOf(HANDLE thread)
{
    struct {
        NTSTATUS ExitStatus;
        PVOID TebBaseAddress;
        ULONG_PTR Spare[5];
    } info;
    NTSTATUS status = NtQueryInformationThread(thread, 0, &info, sizeof info, NULL);
    return NT_SUCCESS(status) ? info.TebBaseAddress : NULL;
}

static VOID ConvertException(const DBGUI_WAIT_STATE_CHANGE *change, DEBUG_EVENT *event)
{
    const EXCEPTION_RECORD *record = &change->Exception.Record;
    switch ((NTSTATUS)record->ExceptionCode) {
    case DBG_PRINTEXCEPTION_C:
        event->dwDebugEventCode = OUTPUT_DEBUG_STRING_EVENT;
        event->u.DebugString.lpDebugStringData = (PVOID)record->ExceptionInformation[1];
        event->u.DebugString.fUnicode = FALSE;
        event->u.DebugString.nDebugStringLength = (WORD)record->ExceptionInformation[0];
        break;
    case DBG_RIPEXCEPTION:
        event->dwDebugEventCode = RIP_EVENT;
        event->u.RipInfo.dwError = record->ExceptionInformation[0];
        event->u.RipInfo.dwType = record->ExceptionInformation[1];
        break;
    default:
        event->dwDebugEventCode = EXCEPTION_DEBUG_EVENT;
        event->u.Exception.ExceptionRecord = *record;
        event->u.Exception.dwFirstChance = change->Exception.FirstChance;
    }
}

static VOID ConvertProcess(const DBGUI_WAIT_STATE_CHANGE *change, CREATE_PROCESS_DEBUG_INFO *info)
{
    info->hFile = change->CreateProcess.File;
    info->hProcess = change->CreateProcess.Process;
    info->hThread = change->CreateProcess.Thread;
    info->lpBaseOfImage = change->CreateProcess.Base;
    info->dwDebugInfoFileOffset = change->CreateProcess.DebugInfoFileOffset;
    info->nDebugInfoSize = change->CreateProcess.DebugInfoSize;
    info->lpThreadLocalBase = TebOf(info->hThread);
    info->lpStartAddress = change->CreateProcess.Start;
    info->lpImageName = NULL;
    info->fUnicode = TRUE;
}

NTSTATUS NTAPI DbgUiConvertStateChangeStructure(PDBGUI_WAIT_STATE_CHANGE Change,
    LPDEBUG_EVENT Event)
{
    Event->dwProcessId = (DWORD)(ULONG_PTR)Change->AppClientId.UniqueProcess;
    Event->dwThreadId = (DWORD)(ULONG_PTR)Change->AppClientId.UniqueThread;
    switch (Change->NewState) {
    case DbgCreateThreadStateChange:
        Event->dwDebugEventCode = CREATE_THREAD_DEBUG_EVENT;
        Event->u.CreateThread.hThread = Change->CreateThread.Thread;
        Event->u.CreateThread.lpThreadLocalBase = TebOf(Change->CreateThread.Thread);
        Event->u.CreateThread.lpStartAddress = Change->CreateThread.Start;
        break;
    case DbgCreateProcessStateChange:
        Event->dwDebugEventCode = CREATE_PROCESS_DEBUG_EVENT;
        ConvertProcess(Change, &Event->u.CreateProcessInfo);
        break;
    case DbgExitThreadStateChange:
        Event->dwDebugEventCode = EXIT_THREAD_DEBUG_EVENT;
        Event->u.ExitThread.dwExitCode = Change->ExitStatus;
        break;
    case DbgExitProcessStateChange:
        Event->dwDebugEventCode = EXIT_PROCESS_DEBUG_EVENT;
        Event->u.ExitProcess.dwExitCode = Change->ExitStatus;
        break;
    case DbgExceptionStateChange:
    case DbgBreakpointStateChange:
    case DbgSingleStepStateChange: ConvertException(Change, Event); break;
    case DbgLoadDllStateChange:
        Event->dwDebugEventCode = LOAD_DLL_DEBUG_EVENT;
        Event->u.LoadDll.hFile = Change->LoadDll.File;
        Event->u.LoadDll.lpBaseOfDll = Change->LoadDll.Base;
        Event->u.LoadDll.dwDebugInfoFileOffset = Change->LoadDll.DebugInfoFileOffset;
        Event->u.LoadDll.nDebugInfoSize = Change->LoadDll.DebugInfoSize;
        Event->u.LoadDll.lpImageName = Change->LoadDll.Name;
        Event->u.LoadDll.fUnicode = TRUE;
        break;
    case DbgUnloadDllStateChange:
        Event->dwDebugEventCode = UNLOAD_DLL_DEBUG_EVENT;
        Event->u.UnloadDll.lpBaseOfDll = Change->UnloadedBase;
        break;
    default: return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}
