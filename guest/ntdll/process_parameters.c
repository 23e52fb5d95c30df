/* RTL_USER_PROCESS_PARAMETERS: one block with its strings behind it. Normalised, its pointers are
 * addresses; else they are offsets from its start. */
#include "ntdll.h"

static SIZE_T EnvironmentSize(PCWSTR block)
{
    PCWSTR at = block;
    while (*at)
        at += wcslen(at) + 1;
    return (at - block + 1) * sizeof(WCHAR);
}

static SIZE_T Room(USHORT maximum)
{
    return ALIGN_UP((SIZE_T)maximum, 4);
}

/* Copy a string to *at with room for `maximum` bytes. */
static VOID Place(PUNICODE_STRING target, PCUNICODE_STRING source, USHORT maximum, char **at)
{
    target->Buffer = (PWSTR)*at;
    target->Length = source->Length;
    target->MaximumLength = maximum;
    memcpy(*at, source->Buffer, source->Length);
    if (source->Length + sizeof(WCHAR) <= maximum)
        target->Buffer[source->Length / sizeof(WCHAR)] = 0;
    *at += Room(maximum);
}

/* Strings left out come from the process's own parameters or are empty. Flags: 1 leaves the block
 * normalised. */
NTSTATUS NTAPI RtlCreateProcessParametersEx(
    PRTL_USER_PROCESS_PARAMETERS *Parameters, PCUNICODE_STRING ImagePathName,
    PCUNICODE_STRING DllPath, PCUNICODE_STRING CurrentDirectory, PCUNICODE_STRING CommandLine,
    PWSTR Environment, PCUNICODE_STRING WindowTitle, PCUNICODE_STRING DesktopInfo,
    PCUNICODE_STRING ShellInfo, PCUNICODE_STRING RuntimeData, ULONG Flags)
{
    static const UNICODE_STRING empty = {0, sizeof(WCHAR), (PWSTR)L""};
    static const UNICODE_STRING none = {0, 0, NULL};
    PRTL_USER_PROCESS_PARAMETERS own = NtPeb()->ProcessParameters, made;
    PCUNICODE_STRING strings[] = {CurrentDirectory ? CurrentDirectory
                                                   : &own->CurrentDirectory.DosPath,
                                  DllPath ? DllPath : &own->DllPath,
                                  ImagePathName,
                                  CommandLine ? CommandLine : ImagePathName,
                                  WindowTitle ? WindowTitle : &empty,
                                  DesktopInfo ? DesktopInfo : &empty,
                                  ShellInfo ? ShellInfo : &empty,
                                  RuntimeData ? RuntimeData : &none};
    USHORT maxima[LENGTH_OF(strings)];
    SIZE_T size = sizeof *made, environment = 0;
    if (!Environment)
        Environment = own->Environment;
    if (Environment)
        environment = EnvironmentSize(Environment);
    for (ULONG i = 0; i < LENGTH_OF(strings); i++) {
        ULONG maximum = i ? strings[i]->Length + (i < 7 ? sizeof(WCHAR) : 0)
                          : (MAX_PATH + 2) * sizeof(WCHAR);
        if (maximum < strings[i]->Length || maximum > 0xFFFE)
            return STATUS_INVALID_PARAMETER;
        maxima[i] = (USHORT)maximum;
        size += Room(maxima[i]);
    }
    size += environment;
    if (!(made = AllocateZeroed(size)))
        return STATUS_NO_MEMORY;
    made->MaximumLength = made->Length = (ULONG)size;
    made->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    made->ConsoleHandle = own->ConsoleHandle;
    made->ConsoleFlags = own->ConsoleFlags;
    PUNICODE_STRING targets[] = {&made->CurrentDirectory.DosPath, &made->DllPath,
                                 &made->ImagePathName, &made->CommandLine, &made->WindowTitle,
                                 &made->DesktopInfo, &made->ShellInfo, &made->RuntimeData};
    char *at = (char *)(made + 1);
    for (ULONG i = 0; i < LENGTH_OF(strings); i++)
        Place(targets[i], strings[i], maxima[i], &at);
    made->EnvironmentSize = (ULONG)environment;
    if (environment) {
        made->Environment = (PWSTR)at;
        memcpy(at, Environment, environment);
    }
    if (!(Flags & RTL_USER_PROC_PARAMS_NORMALIZED))
        RtlDeNormalizeProcessParams(made);
    *Parameters = made;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS Parameters)
{
    Free(Parameters);
    return STATUS_SUCCESS;
}

static VOID Shift(PRTL_USER_PROCESS_PARAMETERS parameters, LONG distance)
{
    PWSTR *pointers[] = {&parameters->CurrentDirectory.DosPath.Buffer,
                         &parameters->DllPath.Buffer,
                         &parameters->ImagePathName.Buffer,
                         &parameters->CommandLine.Buffer,
                         &parameters->WindowTitle.Buffer,
                         &parameters->DesktopInfo.Buffer,
                         &parameters->ShellInfo.Buffer,
                         &parameters->RuntimeData.Buffer};
    for (ULONG i = 0; i < LENGTH_OF(pointers); i++)
        if (*pointers[i])
            *pointers[i] = (PWSTR)((char *)*pointers[i] + distance);
}

PRTL_USER_PROCESS_PARAMETERS NTAPI RtlNormalizeProcessParams(
    PRTL_USER_PROCESS_PARAMETERS Parameters)
{
    if (Parameters && !(Parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED)) {
        Shift(Parameters, (LONG)(LONG_PTR)Parameters);
        Parameters->Flags |= RTL_USER_PROC_PARAMS_NORMALIZED;
    }
    return Parameters;
}

PRTL_USER_PROCESS_PARAMETERS NTAPI RtlDeNormalizeProcessParams(
    PRTL_USER_PROCESS_PARAMETERS Parameters)
{
    if (Parameters && Parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED) {
        Shift(Parameters, -(LONG)(LONG_PTR)Parameters);
        Parameters->Flags &= ~(ULONG)RTL_USER_PROC_PARAMS_NORMALIZED;
    }
    return Parameters;
}
