/* Debugging other processes. */
#include "debugger.h"
#include "kernel32.h"

/* Handles that events brought and that are closed when an exit event is continued; the list hangs
 * on the debugging thread's TEB. */
struct debuggee {
    struct debuggee *next;
    DWORD process_id, thread_id; /* of thread 0: the process itself */
    HANDLE handle;
    BOOL ended;
};

static struct debuggee **debuggees(void)
{
    return (struct debuggee **)&NtTeb()->DbgSsReserved[0];
}

static void note(const DEBUG_EVENT *event, DWORD thread, HANDLE handle)
{
    struct debuggee *new = allocate(sizeof *new);
    if (!new) return;
    *new = (struct debuggee){*debuggees(), event->dwProcessId, thread, handle, FALSE};
    *debuggees() = new;
}

static void mark_ended(const DEBUG_EVENT *event, BOOL process)
{
    for (struct debuggee *row = *debuggees(); row; row = row->next)
        if (row->process_id == event->dwProcessId
            && (row->thread_id == event->dwThreadId || (process && !row->thread_id)))
            row->ended = TRUE;
}

static void close_ended(DWORD process_id)
{
    for (struct debuggee **link = debuggees(); *link;) {
        struct debuggee *row = *link;
        if (row->ended && row->process_id == process_id) {
            *link = row->next;
            NtClose(row->handle);
            release(row);
        } else link = &row->next;
    }
}

static void keep_handles(const DEBUG_EVENT *event)
{
    switch (event->dwDebugEventCode) {
    case CREATE_PROCESS_DEBUG_EVENT:
        note(event, 0, event->u.CreateProcessInfo.hProcess);
        note(event, event->dwThreadId, event->u.CreateProcessInfo.hThread);
        break;
    case CREATE_THREAD_DEBUG_EVENT:
        note(event, event->dwThreadId, event->u.CreateThread.hThread);
        break;
    case EXIT_THREAD_DEBUG_EVENT: mark_ended(event, FALSE); break;
    case EXIT_PROCESS_DEBUG_EVENT: mark_ended(event, TRUE); break;
    }
}

BOOL WINAPI WaitForDebugEventEx(LPDEBUG_EVENT event, DWORD milliseconds)
{
    DBGUI_WAIT_STATE_CHANGE change;
    LARGE_INTEGER time;
    NTSTATUS status;
    do status = DbgUiWaitStateChange(&change, relative_time(&time, milliseconds));
    while (status == STATUS_ALERTED || status == STATUS_USER_APC);
    if (status == STATUS_TIMEOUT) return set_error(ERROR_SEM_TIMEOUT);
    if (!set_status(status)) return FALSE;
    if (!set_status(DbgUiConvertStateChangeStructure(&change, event))) return FALSE;
    keep_handles(event);
    return TRUE;
}

BOOL WINAPI WaitForDebugEvent(LPDEBUG_EVENT event, DWORD milliseconds)
{
    return WaitForDebugEventEx(event, milliseconds);
}

BOOL WINAPI ContinueDebugEvent(DWORD process_id, DWORD thread_id, DWORD status)
{
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)process_id, (HANDLE)(ULONG_PTR)thread_id};
    if (!set_status(DbgUiContinue(&client, (NTSTATUS)status))) return FALSE;
    close_ended(process_id);
    return TRUE;
}

static HANDLE open_debuggee(DWORD id)
{
    return OpenProcess(PROCESS_CREATE_THREAD | PROCESS_VM_OPERATION | PROCESS_VM_READ
            | PROCESS_VM_WRITE | PROCESS_QUERY_INFORMATION | PROCESS_SUSPEND_RESUME, FALSE, id);
}

BOOL WINAPI DebugActiveProcess(DWORD id)
{
    HANDLE process;
    NTSTATUS status = DbgUiConnectToDbg();
    if (!set_status(status)) return FALSE;
    process = open_debuggee(id);
    if (!process) return FALSE;
    status = DbgUiDebugActiveProcess(process);
    NtClose(process);
    return set_status(status);
}

BOOL WINAPI DebugActiveProcessStop(DWORD id)
{
    HANDLE process = open_debuggee(id);
    NTSTATUS status;
    if (!process) return FALSE;
    status = DbgUiStopDebugging(process);
    NtClose(process);
    if (!NT_SUCCESS(status)) return set_error(ERROR_ACCESS_DENIED);
    for (struct debuggee *row = *debuggees(); row; row = row->next)
        if (row->process_id == id) row->ended = TRUE;
    close_ended(id);
    return TRUE;
}

BOOL WINAPI DebugSetProcessKillOnExit(BOOL kill)
{
    enum { DebugObjectKillProcessOnExitInformation = 1 };
    ULONG flag = kill != 0;
    HANDLE object = DbgUiGetThreadDebugObject();
    if (!object) return set_error(ERROR_INVALID_HANDLE);
    return set_status(NtSetInformationDebugObject(object, DebugObjectKillProcessOnExitInformation,
        &flag, sizeof flag, NULL));
}

BOOL WINAPI DebugBreakProcess(HANDLE process)
{
    return set_status(DbgUiIssueRemoteBreakin(process));
}
