/* RTL_RESOURCE: a lock for one writer, who may take it again, or many readers. */
#include "ntdll.h"

struct resource {
    RTL_CRITICAL_SECTION section;
    HANDLE shared_semaphore;
    ULONG shared_waiters;
    HANDLE exclusive_semaphore;
    ULONG exclusive_waiters;
    LONG active; /* readers, or less than 0: how often the owner has it */
    HANDLE owner;
    ULONG flags;
    PVOID debug;
};
_Static_assert(sizeof(struct resource) == 0x38, "layout");

VOID NTAPI RtlInitializeResource(struct resource *Resource)
{
    memset(Resource, 0, sizeof *Resource);
    RtlInitializeCriticalSection(&Resource->section);
    NtCreateSemaphore(&Resource->shared_semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 0xFFFF);
    NtCreateSemaphore(&Resource->exclusive_semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 0xFFFF);
}

VOID NTAPI RtlDeleteResource(struct resource *Resource)
{
    RtlDeleteCriticalSection(&Resource->section);
    NtClose(Resource->shared_semaphore);
    NtClose(Resource->exclusive_semaphore);
    memset(Resource, 0, sizeof *Resource);
}

static BOOL Owns(struct resource *resource)
{
    return resource->active < 0 && resource->owner == NtTeb()->ClientId.UniqueThread;
}

BOOLEAN NTAPI RtlAcquireResourceExclusive(struct resource *Resource, BOOLEAN Wait)
{
    RtlEnterCriticalSection(&Resource->section);
    BOOL mine = Owns(Resource), taken = mine || !Resource->active;
    while (!taken && Wait) {
        Resource->exclusive_waiters++;
        RtlLeaveCriticalSection(&Resource->section);
        NtWaitForSingleObject(Resource->exclusive_semaphore, FALSE, NULL);
        RtlEnterCriticalSection(&Resource->section);
        taken = !Resource->active;
    }
    if (taken) {
        Resource->active--;
        Resource->owner = NtTeb()->ClientId.UniqueThread;
    }
    RtlLeaveCriticalSection(&Resource->section);
    return (BOOLEAN)taken;
}

/* The owner that takes it shared has it exclusively once more. */
BOOLEAN NTAPI RtlAcquireResourceShared(struct resource *Resource, BOOLEAN Wait)
{
    RtlEnterCriticalSection(&Resource->section);
    BOOL mine = Owns(Resource), taken = mine || Resource->active >= 0;
    while (!taken && Wait) {
        Resource->shared_waiters++;
        RtlLeaveCriticalSection(&Resource->section);
        NtWaitForSingleObject(Resource->shared_semaphore, FALSE, NULL);
        RtlEnterCriticalSection(&Resource->section);
        taken = Resource->active >= 0;
    }
    if (taken)
        Resource->active += mine ? -1 : 1;
    RtlLeaveCriticalSection(&Resource->section);
    return (BOOLEAN)taken;
}

/* The section is held: wakes those who may take it now. */
static VOID Wake(struct resource *resource)
{
    if (!resource->active && resource->exclusive_waiters) {
        resource->exclusive_waiters--;
        NtReleaseSemaphore(resource->exclusive_semaphore, 1, NULL);
    } else if (resource->active >= 0 && resource->shared_waiters) {
        NtReleaseSemaphore(resource->shared_semaphore, (LONG)resource->shared_waiters, NULL);
        resource->shared_waiters = 0;
    }
}

VOID NTAPI RtlReleaseResource(struct resource *Resource)
{
    RtlEnterCriticalSection(&Resource->section);
    if (Resource->active > 0)
        Resource->active--;
    else if (Resource->active < 0 && !++Resource->active)
        Resource->owner = NULL;
    Wake(Resource);
    RtlLeaveCriticalSection(&Resource->section);
}

/* Readers become one owner, if this is the only one. */
VOID NTAPI RtlConvertSharedToExclusive(struct resource *Resource)
{
    RtlReleaseResource(Resource);
    RtlAcquireResourceExclusive(Resource, TRUE);
}

VOID NTAPI RtlConvertExclusiveToShared(struct resource *Resource)
{
    RtlEnterCriticalSection(&Resource->section);
    if (Owns(Resource)) {
        Resource->active = 1;
        Resource->owner = NULL;
        Wake(Resource);
    }
    RtlLeaveCriticalSection(&Resource->section);
}
