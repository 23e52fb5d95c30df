/* DLL notifications: callbacks for every load (reason 1) and unload (2). */
#include "loader.h"

struct registration {
    LIST_ENTRY links;
    PLDR_DLL_NOTIFICATION callback;
    PVOID context;
};

static LIST_ENTRY registrations = {&registrations, &registrations};

VOID NotifyLoaded(struct module *module, ULONG reason)
{
    LDR_DLL_NOTIFICATION_DATA data = {0, &module->entry.FullDllName, &module->entry.BaseDllName,
                                      module->entry.DllBase, module->entry.SizeOfImage};
    for (PLIST_ENTRY link = registrations.Flink, next; link != &registrations; link = next) {
        struct registration *registration = (struct registration *)link;
        next = link->Flink;
        registration->callback(reason, &data, registration->context);
    }
}

NTSTATUS NTAPI LdrRegisterDllNotification(ULONG Flags, PLDR_DLL_NOTIFICATION Callback,
                                          PVOID Context, PVOID *Cookie)
{
    if (Flags || !Callback || !Cookie)
        return STATUS_INVALID_PARAMETER;
    struct registration *registration = Allocate(sizeof *registration);
    if (!registration)
        return STATUS_NO_MEMORY;
    registration->callback = Callback;
    registration->context = Context;
    RtlEnterCriticalSection(&loader_lock);
    ListAppend(&registrations, &registration->links);
    RtlLeaveCriticalSection(&loader_lock);
    *Cookie = registration;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID Cookie)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    RtlEnterCriticalSection(&loader_lock);
    for (PLIST_ENTRY link = registrations.Flink; link != &registrations; link = link->Flink)
        if (link == Cookie) {
            ListRemove(link);
            Free(link);
            status = STATUS_SUCCESS;
            break;
        }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}
