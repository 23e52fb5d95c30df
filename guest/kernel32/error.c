/* The thread's last error, the process's error mode, and how a status becomes an error. */
#include "kernel32.h"

BOOL set_error(DWORD error)
{
    NtTeb()->LastErrorValue = error;
    return FALSE;
}

BOOL set_status(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    NtTeb()->LastStatusValue = status;
    return set_error(RtlNtStatusToDosError(status));
}

static UINT error_mode;

UINT WINAPI GetErrorMode(void)
{
    return error_mode;
}

UINT WINAPI SetErrorMode(UINT mode)
{
    return (UINT)InterlockedExchange((LONG *)&error_mode, (LONG)mode);
}

DWORD WINAPI GetThreadErrorMode(void)
{
    return RtlGetThreadErrorMode();
}

BOOL WINAPI SetThreadErrorMode(DWORD mode, LPDWORD previous)
{
    return set_status(RtlSetThreadErrorMode(mode, previous));
}

HRESULT WINAPI WerSetFlags(DWORD flags)
{
    return flags & ~0x1Fu ? E_INVALIDARG : S_OK;
}

HRESULT WINAPI WerGetFlags(HANDLE process, PDWORD flags)
{
    if (!process || !flags) return E_INVALIDARG;
    *flags = 0;
    return S_OK;
}
