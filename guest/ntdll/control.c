/* Where the kernel starts a thread for a control event of the console. */
#include "ntdll.h"
#include "ldr.h"

ULONG NTAPI RtlConsoleControlRoutine(PVOID event)
{
    UNICODE_STRING module;
    ANSI_STRING name;
    ULONG (NTAPI *routine)(PVOID);
    PVOID base;
    RtlInitUnicodeString(&module, L"kernel32.dll");
    RtlInitAnsiString(&name, "CtrlRoutine");
    if (!NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &module, &base))) return 0;
    if (!NT_SUCCESS(LdrGetProcedureAddress(base, &name, 0, (PVOID *)&routine))) return 0;
    return routine(event);
}
