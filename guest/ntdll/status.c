/* NTSTATUS to Win32 error codes. The pairs are facts, read off a running system. */
#include "ntdll.h"
#include <winerror.h>

#define FACILITY_WIN32_STATUS 7u

static const struct {
    ULONG status, error;
} table[] = {
#include "status_table0.h"
#include "status_table1.h"
#include "status_table2.h"
#include "status_table3.h"
};

/* ERROR_MR_MID_NOT_FOUND for what is not known; Win32 codes wrapped in a status come out again. */
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS Status)
{
    ULONG status = (ULONG)Status, low = 0, high = LENGTH_OF(table);
    if (!status || status & 0x20000000)
        return status;
    if (status >> 16 == 0xC007 || status >> 16 == 0x8007)
        return status & 0xFFFF;
    if ((status & 0xF0000000) == 0xD0000000)
        status &= ~0x10000000u;
    while (low < high) {
        ULONG middle = (low + high) / 2;
        if (table[middle].status == status)
            return table[middle].error;
        if (table[middle].status < status)
            low = middle + 1;
        else
            high = middle;
    }
    return ERROR_MR_MID_NOT_FOUND;
}

ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status)
{
    NtTeb()->LastStatusValue = Status;
    return RtlNtStatusToDosErrorNoTeb(Status);
}
