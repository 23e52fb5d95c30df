/* Activation contexts: no manifest is read, so there is only the empty one, NULL. */
#include "ntdll.h"

NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context)
{
    *Context = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG Flags, PTEB Teb, HANDLE Context,
                                              PULONG_PTR Cookie)
{
    (void)Teb;
    if (Flags || Context)
        return STATUS_INVALID_PARAMETER;
    *Cookie = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie)
{
    return RtlActivateActivationContextEx(Flags, NtTeb(), Context, Cookie);
}

NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie)
{
    return Flags & ~1u || Cookie ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

VOID NTAPI RtlAddRefActivationContext(HANDLE Context)
{
    (void)Context;
}

VOID NTAPI RtlReleaseActivationContext(HANDLE Context)
{
    (void)Context;
}
