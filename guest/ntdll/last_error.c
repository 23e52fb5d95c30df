/* The thread's last error, as a Win32 code and as a status. */
#include "ntdll.h"

ULONG NTAPI RtlGetLastWin32Error(void)
{
    return NtTeb()->LastErrorValue;
}

VOID NTAPI RtlSetLastWin32Error(ULONG Error)
{
    NtTeb()->LastErrorValue = Error;
}

VOID NTAPI RtlRestoreLastWin32Error(ULONG Error)
{
    NtTeb()->LastErrorValue = Error;
}

VOID NTAPI RtlSetLastWin32ErrorAndNtStatusFromNtStatus(NTSTATUS Status)
{
    NtTeb()->LastErrorValue = RtlNtStatusToDosError(Status);
}

NTSTATUS NTAPI RtlGetLastNtStatus(void)
{
    return NtTeb()->LastStatusValue;
}
