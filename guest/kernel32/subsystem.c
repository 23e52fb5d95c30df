/* The Windows subsystem's server: who is one of its processes, and what they tell it. */
#include "kernel32.h"
#include "subsystem.h"

#define SESSION_DIRECTORY 64

static WCHAR *put_number(WCHAR *at, ULONG number)
{
    if (number >= 10) at = put_number(at, number / 10);
    *at = (WCHAR)('0' + number % 10);
    return at + 1;
}

/* \Windows in session 0, else \Sessions\N\Windows. */
static void session_directory(WCHAR *text)
{
    ULONG session = NtPeb()->SessionId;
    if (session) {
        wcscpy(text, L"\\Sessions\\");
        text = put_number(text + wcslen(text), session);
    }
    wcscpy(text, L"\\Windows");
}

NTSTATUS subsystem_connect(void)
{
    WCHAR directory[SESSION_DIRECTORY];
    ULONG debug_flags = 0, size = sizeof debug_flags;
    static BOOL is_connected;
    NTSTATUS status;
    if (is_connected) return STATUS_SUCCESS;
    session_directory(directory);
    status = CsrClientConnectToServer(directory, BASESRV_SERVERDLL_INDEX, &debug_flags, &size,
        NULL);
    is_connected = NT_SUCCESS(status);
    return status;
}

NTSTATUS subsystem_call(CSR_API_MSG *message, CSR_CAPTURE_HEADER *buffer, ULONG routine,
    ULONG size)
{
    NTSTATUS status = subsystem_connect();
    if (!NT_SUCCESS(status)) return status;
    return CsrClientCallServer(message, buffer, CSR_API_NUMBER(BASESRV_SERVERDLL_INDEX, routine),
        size);
}

/* A process that is none of the subsystem's can make others that are none. */
NTSTATUS subsystem_register(HANDLE process, HANDLE thread, CLIENT_ID client, DWORD flags)
{
    CSR_API_MSG message;
    if (!NT_SUCCESS(subsystem_connect())) return STATUS_SUCCESS;
    message.u.CreateProcess.ProcessHandle = process;
    message.u.CreateProcess.ThreadHandle = thread;
    message.u.CreateProcess.ClientId = client;
    message.u.CreateProcess.CreationFlags = flags;
    message.u.CreateProcess.VdmBinaryType = 0;
    return subsystem_call(&message, NULL, BasepCreateProcess, sizeof message.u.CreateProcess);
}

BOOL WINAPI SetProcessShutdownParameters(DWORD level, DWORD flags)
{
    CSR_API_MSG message;
    message.u.ShutdownParam.ShutdownLevel = level;
    message.u.ShutdownParam.ShutdownFlags = flags;
    return set_status(subsystem_call(&message, NULL, BasepSetProcessShutdownParam,
        sizeof message.u.ShutdownParam));
}

BOOL WINAPI GetProcessShutdownParameters(LPDWORD level, LPDWORD flags)
{
    CSR_API_MSG message;
    if (!set_status(subsystem_call(&message, NULL, BasepGetProcessShutdownParam,
            sizeof message.u.ShutdownParam)))
        return FALSE;
    *level = message.u.ShutdownParam.ShutdownLevel;
    *flags = message.u.ShutdownParam.ShutdownFlags;
    return TRUE;
}

/* The definition of a DOS device, or its end; `target` may be NULL. */
static NTSTATUS define(DWORD flags, const WCHAR *device, const UNICODE_STRING *target)
{
    CSR_API_MSG message;
    CSR_CAPTURE_HEADER *buffer = NULL;
    UNICODE_STRING *strings[] = {&message.u.DefineDosDevice.DeviceName,
        &message.u.DefineDosDevice.TargetPath};
    NTSTATUS status = subsystem_connect();
    if (!NT_SUCCESS(status)) return status;
    message.u.DefineDosDevice.Flags = flags;
    RtlInitUnicodeString(strings[0], device);
    *strings[1] = *target;
    status = CsrCaptureMessageMultiUnicodeStringsInPlace(&buffer, 2, strings);
    if (!NT_SUCCESS(status)) return status;
    status = subsystem_call(&message, buffer, BasepDefineDosDevice,
        sizeof message.u.DefineDosDevice);
    CsrFreeCaptureBuffer(buffer);
    return status;
}

BOOL WINAPI DefineDosDeviceW(DWORD flags, LPCWSTR device, LPCWSTR target)
{
    UNICODE_STRING wanted = {0, 0, NULL};
    NTSTATUS status;
    if (!target && !(flags & DDD_REMOVE_DEFINITION)) return set_error(ERROR_INVALID_PARAMETER);
    if (!target || flags & DDD_RAW_TARGET_PATH) {
        RtlInitUnicodeString(&wanted, target);
        return set_status(define(flags, device, &wanted));
    }
    if (!RtlDosPathNameToNtPathName_U(target, &wanted, NULL, NULL))
        return set_error(ERROR_PATH_NOT_FOUND);
    status = define(flags, device, &wanted);
    RtlFreeUnicodeString(&wanted);
    return set_status(status);
}

BOOL WINAPI DefineDosDeviceA(DWORD flags, LPCSTR device, LPCSTR target)
{
    WIDE(wide, device);
    WIDE(wide_target, target);
    return DefineDosDeviceW(flags, wide, wide_target);
}
