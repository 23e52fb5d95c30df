/* Power information: of the processors, which have one speed. */
#include "rtl.h"
#include <string.h>
#include <winerror.h>
#include <winreg.h>

struct processor {
    ULONG Number, MaxMhz, CurrentMhz, MhzLimit, MaxIdleState, CurrentIdleState;
};
enum { PROCESSOR_INFORMATION = 11 };

static ULONG speed(void)
{
    static const WCHAR key[] = L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
    DWORD mhz = 0, size = sizeof mhz;
    RegGetValueW(HKEY_LOCAL_MACHINE, key, L"~MHz", RRF_RT_REG_DWORD, NULL, &mhz, &size);
    return mhz;
}

NTSTATUS WINAPI CallNtPowerInformation(int level, PVOID input, ULONG input_size, PVOID output,
    ULONG output_size)
{
    struct processor *processors = output;
    ULONG count = NtPeb()->NumberOfProcessors, mhz;
    if (level != PROCESSOR_INFORMATION) return STATUS_NOT_IMPLEMENTED;
    if (input || input_size) return STATUS_INVALID_PARAMETER;
    if (!output || output_size < count * sizeof *processors) return STATUS_BUFFER_TOO_SMALL;
    mhz = speed();
    for (ULONG i = 0; i < count; i++)
        processors[i] = (struct processor){i, mhz, mhz, mhz, 0, 0};
    return STATUS_SUCCESS;
}
