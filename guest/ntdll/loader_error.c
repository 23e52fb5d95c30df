/* Failures of loading, and the hard error that ends a process which cannot start. */
#include "loader.h"

static VOID NoteDll(struct failure *failure, PCUNICODE_STRING dll)
{
    failure->dll = (UNICODE_STRING){0, sizeof failure->dll_text, failure->dll_text};
    RtlCopyUnicodeString(&failure->dll, dll);
}

/* The first failure counts: those after it are its consequences. */
NTSTATUS FailDll(struct failure *failure, NTSTATUS status, PCUNICODE_STRING dll)
{
    if (!failure->status) {
        failure->status = status;
        NoteDll(failure, dll);
    }
    return status;
}

NTSTATUS FailProcedure(struct failure *failure, PCSTR name, ULONG ordinal, PCUNICODE_STRING dll)
{
    NTSTATUS status = name ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    if (failure->status)
        return status;
    failure->status = status;
    failure->ordinal = ordinal;
    if (name) {
        STRING source;
        RtlInitString(&source, name);
        failure->procedure = (STRING){0, sizeof failure->procedure_text, failure->procedure_text};
        RtlCopyString(&failure->procedure, &source);
    }
    NoteDll(failure, dll);
    return status;
}

/* Parameters as NT passes them: DLL; procedure and DLL; ordinal and DLL. */
VOID DieOf(struct failure *failure)
{
    static WCHAR text[512];
    UNICODE_STRING procedure = {0, sizeof text, text};
    ULONG_PTR parameters[2] = {(ULONG_PTR)&failure->dll, 0};
    ULONG count = 1, strings = 1, response = 0;
    if (failure->status == STATUS_ENTRYPOINT_NOT_FOUND) {
        RtlAnsiStringToUnicodeString(&procedure, &failure->procedure, FALSE);
        parameters[0] = (ULONG_PTR)&procedure;
        parameters[1] = (ULONG_PTR)&failure->dll;
        count = 2, strings = 3;
    } else if (failure->status == STATUS_ORDINAL_NOT_FOUND) {
        parameters[0] = failure->ordinal;
        parameters[1] = (ULONG_PTR)&failure->dll;
        count = 2, strings = 2;
    }
    NtRaiseHardError(failure->status, count, strings, parameters, 1, &response);
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), failure->status);
}
