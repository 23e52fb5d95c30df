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

/* Win32's bits and ntdll's: SEM_FAILCRITICALERRORS 0x10, SEM_NOGPFAULTERRORBOX 0x20,
 * SEM_NOOPENFILEERRORBOX 0x40. */
static DWORD win32_mode(DWORD mode)
{
    return (mode >> 4 & 3) | (mode & 0x40 ? SEM_NOOPENFILEERRORBOX : 0);
}

DWORD WINAPI GetThreadErrorMode(void)
{
    return win32_mode(RtlGetThreadErrorMode());
}

BOOL WINAPI SetThreadErrorMode(DWORD mode, LPDWORD previous)
{
    ULONG own = (mode & 3) << 4 | (mode & SEM_NOOPENFILEERRORBOX ? 0x40 : 0), old;
    if (mode & ~(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX))
        return set_error(ERROR_INVALID_PARAMETER);
    if (!set_status(RtlSetThreadErrorMode(own, &old))) return FALSE;
    if (previous) *previous = win32_mode(old);
    return TRUE;
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
