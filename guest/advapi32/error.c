/* Errors, and the helpers between A and W. */
#include "advapi32.h"
#include "wide.inc"

BOOL set_error(DWORD error)
{
    RtlSetLastWin32Error(error);
    return FALSE;
}

BOOL set_status(NTSTATUS status)
{
    if (!NT_SUCCESS(status)) RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return NT_SUCCESS(status);
}

LSTATUS error_of(NTSTATUS status)
{
    return NT_SUCCESS(status) ? ERROR_SUCCESS : (LSTATUS)RtlNtStatusToDosError(status);
}
