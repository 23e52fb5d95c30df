/* Raising exceptions, the last-chance filter, debugger output. */
#include "kernel32.h"

BOOL raise_guarded(EXCEPTION_RECORD *record); /* raise_guarded.S */

static LPTOP_LEVEL_EXCEPTION_FILTER top_filter;

VOID WINAPI RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments)
{
    EXCEPTION_RECORD record;
    record.ExceptionCode = code;
    record.ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE;
    record.ExceptionRecord = NULL;
    record.ExceptionAddress = (PVOID)(ULONG_PTR)RaiseException;
    record.NumberParameters = arguments ? min(count, EXCEPTION_MAXIMUM_PARAMETERS) : 0;
    if (record.NumberParameters)
        memcpy(record.ExceptionInformation, arguments, record.NumberParameters * sizeof(ULONG_PTR));
    RtlRaiseException(&record);
}

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter)
{
    return InterlockedExchangePointer((PVOID *)&top_filter, filter);
}

/* A debugger sees the exception before the program's filter does (documented). Declining lets
 * ntdll raise the second chance, which ends the process. */
LONG WINAPI UnhandledExceptionFilter(struct _EXCEPTION_POINTERS *pointers)
{
    if (NtPeb()->BeingDebugged || !top_filter) return EXCEPTION_CONTINUE_SEARCH;
    return top_filter(pointers);
}

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI BasepCurrentTopLevelFilter(void)
{
    return top_filter;
}

VOID WINAPI RaiseFailFastException(PEXCEPTION_RECORD record, PCONTEXT context, DWORD flags)
{
    EXCEPTION_RECORD own = {0};
    CONTEXT here;
    own.ExceptionCode = (DWORD)STATUS_FAIL_FAST_EXCEPTION;
    own.ExceptionFlags = EXCEPTION_NONCONTINUABLE;
    own.ExceptionAddress = __builtin_return_address(0);
    if (!record) record = &own;
    else if (flags & FAIL_FAST_GENERATE_EXCEPTION_ADDRESS)
        record->ExceptionAddress = __builtin_return_address(0);
    if (!context) {
        RtlCaptureContext(&here);
        context = &here;
    }
    NtRaiseException(record, context, FALSE);
    NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)record->ExceptionCode);
}

VOID WINAPI FatalExit(int code)
{
    NtTerminateProcess(NtCurrentProcess(), code);
    __builtin_unreachable();
}

VOID WINAPI FatalAppExitW(UINT action, LPCWSTR message)
{
    (void)action;
    OutputDebugStringW(message);
    NtTerminateProcess(NtCurrentProcess(), 0);
}

VOID WINAPI FatalAppExitA(UINT action, LPCSTR message)
{
    WIDE(wide, message);
    FatalAppExitW(action, wide);
}

BOOL WINAPI IsDebuggerPresent(void)
{
    return NtPeb()->BeingDebugged;
}

BOOL WINAPI CheckRemoteDebuggerPresent(HANDLE process, PBOOL present)
{
    ULONG_PTR port = 0;
    if (!process || !present) return set_error(ERROR_INVALID_PARAMETER);
    if (!set_status(NtQueryInformationProcess(process, 7, &port, sizeof port, NULL))) return FALSE;
    *present = port != 0;
    return TRUE;
}

VOID WINAPI DebugBreak(void)
{
    __asm__ volatile("int3");
}

/* A debugger receives the text as the exception DBG_PRINTEXCEPTION_C; without one it is lost. */
VOID WINAPI OutputDebugStringA(LPCSTR text)
{
    EXCEPTION_RECORD record = {.ExceptionCode = (DWORD)DBG_PRINTEXCEPTION_C,
        .ExceptionAddress = (PVOID)(ULONG_PTR)OutputDebugStringA, .NumberParameters = 2};
    if (!text) return;
    record.ExceptionInformation[0] = strlen(text) + 1;
    record.ExceptionInformation[1] = (ULONG_PTR)text;
    raise_guarded(&record);
}

VOID WINAPI OutputDebugStringW(LPCWSTR text)
{
    UNICODE_STRING wide;
    ANSI_STRING ansi;
    if (!text) return;
    RtlInitUnicodeString(&wide, text);
    if (!NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, &wide, TRUE))) return;
    OutputDebugStringA(ansi.Buffer);
    RtlFreeAnsiString(&ansi);
}

/* The last resort of ResolveDelayLoadedAPI: raises what delayimp.h calls
 * VcppException(ERROR_SEVERITY_ERROR, ERROR_PROC_NOT_FOUND), with both names. */
FARPROC WINAPI DelayLoadFailureHook(LPCSTR dll, LPCSTR function)
{
    const ULONG_PTR names[] = {(ULONG_PTR)dll, (ULONG_PTR)function};
    RaiseException(0xC06D007F, 0, 2, names);
    return NULL;
}
