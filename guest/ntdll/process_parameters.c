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

/* The strings in the order in which they lie behind the structure. */
#define STRING_COUNT 8
struct strings {
    PUNICODE_STRING all[STRING_COUNT];
};

static struct strings StringsOf(PRTL_USER_PROCESS_PARAMETERS parameters)
{
    return (struct strings){{&parameters->CurrentDirectory.DosPath, &parameters->DllPath,
                             &parameters->ImagePathName, &parameters->CommandLine,
                             &parameters->WindowTitle, &parameters->DesktopInfo,
                             &parameters->ShellInfo, &parameters->RuntimeData}};
}

/* The current directory may grow to any path; RuntimeData, the last, is no text: no terminator. */
static ULONG MaximumLength(ULONG index, PCUNICODE_STRING source)
{
    if (!index)
        return MAX_PATH * sizeof(WCHAR);
    return source->Length + (index < STRING_COUNT - 1 ? sizeof(WCHAR) : 0);
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

/* A normalised block with these strings and this environment. */
static NTSTATUS Make(PRTL_USER_PROCESS_PARAMETERS *parameters, PCUNICODE_STRING *sources,
                     PCWSTR environment)
{
    SIZE_T environment_size = environment ? EnvironmentSize(environment) : 0;
    SIZE_T size = sizeof **parameters + environment_size;
    for (ULONG i = 0; i < STRING_COUNT; i++) {
        ULONG maximum = MaximumLength(i, sources[i]);
        if (maximum < sources[i]->Length || maximum > 0xFFFE)
            return STATUS_INVALID_PARAMETER;
        size += Room((USHORT)maximum);
    }
    PRTL_USER_PROCESS_PARAMETERS made = AllocateZeroed(size);
    if (!made)
        return STATUS_NO_MEMORY;
    made->MaximumLength = made->Length = (ULONG)size;
    made->Flags = RTL_USER_PROC_PARAMS_NORMALIZED;
    struct strings targets = StringsOf(made);
    char *at = (char *)(made + 1);
    for (ULONG i = 0; i < STRING_COUNT; i++)
        Place(targets.all[i], sources[i], (USHORT)MaximumLength(i, sources[i]), &at);
    made->EnvironmentSize = (ULONG)environment_size;
    if (environment)
        made->Environment = memcpy(at, environment, environment_size);
    *parameters = made;
    return STATUS_SUCCESS;
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
    PCUNICODE_STRING sources[STRING_COUNT] = {
        CurrentDirectory ? CurrentDirectory : &own->CurrentDirectory.DosPath,
        DllPath ? DllPath : &own->DllPath,
        ImagePathName,
        CommandLine ? CommandLine : ImagePathName,
        WindowTitle ? WindowTitle : &empty,
        DesktopInfo ? DesktopInfo : &empty,
        ShellInfo ? ShellInfo : &empty,
        RuntimeData ? RuntimeData : &none,
    };
    NTSTATUS status = Make(&made, sources, Environment ? Environment : own->Environment);
    if (!NT_SUCCESS(status))
        return status;
    made->ConsoleHandle = own->ConsoleHandle;
    made->ConsoleFlags = own->ConsoleFlags;
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
    struct strings strings = StringsOf(parameters);
    for (ULONG i = 0; i < STRING_COUNT; i++)
        if (strings.all[i]->Buffer)
            strings.all[i]->Buffer = (PWSTR)((char *)strings.all[i]->Buffer + distance);
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
