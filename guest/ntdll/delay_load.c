/* Imports that are bound when they are first called (docs: ResolveDelayLoadedAPI; the structures are
 * those of delayloadhandler.h). */
#include "loader.h"

#define DELAYLOAD_GPA_FAILURE 4

struct delay_load_information {
    ULONG size;
    PCIMAGE_DELAYLOAD_DESCRIPTOR descriptor;
    PIMAGE_THUNK_DATA32 thunk;
    PCSTR dll;
    ULONG by_name;
    union {
        PCSTR name;
        ULONG ordinal;
    } function;
    PVOID base;
    PVOID unused;
    ULONG last_error;
};
typedef PVOID (NTAPI *failure_dll_hook)(ULONG, struct delay_load_information *);
typedef PVOID (NTAPI *failure_system_hook)(PCSTR, PCSTR);

static PVOID At(PVOID base, ULONG rva)
{
    return (PUCHAR)base + rva;
}

/* The module that the descriptor names, from its handle if it is loaded already. */
static NTSTATUS LoadTarget(PVOID parent, PCIMAGE_DELAYLOAD_DESCRIPTOR descriptor, PVOID *base)
{
    PVOID *handle = At(parent, descriptor->ModuleHandleRVA);
    ANSI_STRING name;
    UNICODE_STRING wide;
    NTSTATUS status = STATUS_SUCCESS;
    *base = *handle;
    if (*base)
        return status;
    RtlInitAnsiString(&name, At(parent, descriptor->DllNameRVA));
    status = RtlAnsiStringToUnicodeString(&wide, &name, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = LdrLoadDll(NULL, NULL, &wide, base);
    RtlFreeUnicodeString(&wide);
    if (NT_SUCCESS(status) && InterlockedCompareExchangePointer(handle, *base, NULL))
        LdrUnloadDll(*base); /* another thread was faster, and has its reference */
    return status;
}

static NTSTATUS FindTarget(PVOID base, struct delay_load_information *wanted, PVOID *address)
{
    ANSI_STRING name;
    if (!wanted->by_name)
        return LdrGetProcedureAddress(base, NULL, wanted->function.ordinal, address);
    RtlInitAnsiString(&name, wanted->function.name);
    return LdrGetProcedureAddress(base, &name, 0, address);
}

static PVOID Failed(struct delay_load_information *wanted, failure_dll_hook dll_hook,
                    failure_system_hook system_hook)
{
    PVOID address = dll_hook ? dll_hook(DELAYLOAD_GPA_FAILURE, wanted) : NULL;
    if (address || !system_hook)
        return address;
    return system_hook(wanted->dll, wanted->by_name ? wanted->function.name
                                                    : (PCSTR)(ULONG_PTR)wanted->function.ordinal);
}

PVOID NTAPI LdrResolveDelayLoadedAPI(PVOID Parent, PCIMAGE_DELAYLOAD_DESCRIPTOR Descriptor,
                                     failure_dll_hook FailureDllHook,
                                     failure_system_hook FailureSystemHook,
                                     PIMAGE_THUNK_DATA32 Thunk, ULONG Flags)
{
    PIMAGE_THUNK_DATA32 first = At(Parent, Descriptor->ImportAddressTableRVA);
    PIMAGE_THUNK_DATA32 names = At(Parent, Descriptor->ImportNameTableRVA);
    ULONG word = names[Thunk - first].u1.AddressOfData;
    struct delay_load_information wanted = {.size = sizeof wanted, .descriptor = Descriptor,
        .thunk = Thunk, .dll = At(Parent, Descriptor->DllNameRVA)};
    PVOID address = NULL;
    NTSTATUS status;
    (void)Flags;
    wanted.by_name = !IMAGE_SNAP_BY_ORDINAL32(word);
    if (wanted.by_name)
        wanted.function.name = ((PIMAGE_IMPORT_BY_NAME)At(Parent, word))->Name;
    else
        wanted.function.ordinal = IMAGE_ORDINAL32(word);
    status = LoadTarget(Parent, Descriptor, &wanted.base);
    if (NT_SUCCESS(status))
        status = FindTarget(wanted.base, &wanted, &address);
    if (!NT_SUCCESS(status)) {
        wanted.last_error = RtlNtStatusToDosError(status);
        address = Failed(&wanted, FailureDllHook, FailureSystemHook);
    }
    if (address)
        Thunk->u1.Function = (ULONG)(ULONG_PTR)address;
    return address;
}
