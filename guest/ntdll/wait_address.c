/* Waiting for a change of memory: RtlWaitOnAddress, on which every other lock here is built.
 *
 * Waiters hang in hashed queues, each behind a spin lock that is held for a few instructions. A
 * waker takes the waiter off its queue before it alerts the thread, so a wait that ends without
 * `woken` set was a time-out or a stray alert. */
#include "ntdll.h"

#define QUEUES 64

struct waiter {
    LIST_ENTRY links;
    volatile VOID *address;
    HANDLE thread;
    volatile LONG woken;
    enum waiter_kind kind;
};

static struct {
    volatile LONG lock;
    LIST_ENTRY waiters; /* Flink NULL: never used */
} queues[QUEUES];

static ULONG QueueOf(volatile VOID *address)
{
    return ((ULONG)(ULONG_PTR)address >> 2) % QUEUES;
}

static VOID LockQueue(ULONG queue)
{
    while (InterlockedExchange(&queues[queue].lock, 1))
        NtYieldExecution();
    if (!queues[queue].waiters.Flink)
        ListInitialize(&queues[queue].waiters);
}

static VOID UnlockQueue(ULONG queue)
{
    InterlockedExchange(&queues[queue].lock, 0);
}

static BOOL Unchanged(volatile VOID *address, PVOID compare, SIZE_T size)
{
    switch (size) {
    case 1: return *(volatile UCHAR *)address == *(UCHAR *)compare;
    case 2: return *(volatile USHORT *)address == *(USHORT *)compare;
    case 4: return *(volatile ULONG *)address == *(ULONG *)compare;
    default: return *(volatile ULONGLONG *)address == *(ULONGLONG *)compare;
    }
}

static NTSTATUS WaitUntilWoken(struct waiter *waiter, ULONG queue, PLARGE_INTEGER timeout)
{
    while (!waiter->woken) {
        NTSTATUS status = NtWaitForAlertByThreadId((PVOID)waiter->address, timeout);
        if (status == STATUS_ALERTED || waiter->woken)
            continue;
        LockQueue(queue);
        BOOL woken = waiter->woken != 0;
        if (!woken)
            ListRemove(&waiter->links);
        UnlockQueue(queue);
        if (!woken)
            return status;
        NtWaitForAlertByThreadId((PVOID)waiter->address, NULL); /* the alert that is on its way */
    }
    return STATUS_SUCCESS;
}

static NTSTATUS Wait(volatile VOID *address, PVOID compare, SIZE_T size, PLARGE_INTEGER timeout,
                     enum waiter_kind kind)
{
    ULONG queue = QueueOf(address);
    struct waiter waiter = {
        .address = address, .thread = NtTeb()->ClientId.UniqueThread, .kind = kind};
    LockQueue(queue);
    if (!Unchanged(address, compare, size)) {
        UnlockQueue(queue);
        return STATUS_SUCCESS;
    }
    ListAppend(&queues[queue].waiters, &waiter.links);
    UnlockQueue(queue);
    return WaitUntilWoken(&waiter, queue, timeout);
}

/* Returns STATUS_SUCCESS when woken or when the memory already differs, else STATUS_TIMEOUT. */
NTSTATUS NTAPI RtlWaitOnAddress(volatile VOID *Address, PVOID Compare, SIZE_T Size,
                                const LARGE_INTEGER *Timeout)
{
    if (Size != 1 && Size != 2 && Size != 4 && Size != 8)
        return STATUS_INVALID_PARAMETER;
    return Wait(Address, Compare, Size, (PLARGE_INTEGER)Timeout, ANY_WAITER);
}

/* Until `word` is not `seen` any more, or WakeNext comes to this waiter. */
VOID WaitForWord(volatile LONG *word, LONG seen, enum waiter_kind kind)
{
    Wait(word, &seen, sizeof seen, NULL, kind);
}

/* All other threads have ended, and their stacks, where waiters are, are gone. */
VOID ForgetWaiters(void)
{
    for (ULONG queue = 0; queue < QUEUES; queue++) {
        queues[queue].lock = 0;
        queues[queue].waiters.Flink = NULL;
    }
}

/* Wake the longest waiter of an address; FALSE if there is none, or it is not of that kind. */
static BOOL WakeOne(PVOID address, enum waiter_kind wanted, enum waiter_kind *kind)
{
    ULONG queue = QueueOf(address);
    HANDLE thread = NULL;
    LockQueue(queue);
    PLIST_ENTRY head = &queues[queue].waiters;
    for (PLIST_ENTRY link = head->Flink; link != head; link = link->Flink) {
        struct waiter *waiter = (struct waiter *)link;
        if (waiter->address != address)
            continue;
        *kind = waiter->kind;
        if (wanted != ANY_WAITER && wanted != waiter->kind)
            break;
        thread = waiter->thread;
        ListRemove(link);
        waiter->woken = TRUE;
        break;
    }
    UnlockQueue(queue);
    if (thread)
        NtAlertThreadByThreadId(thread);
    return thread != NULL;
}

VOID NTAPI RtlWakeAddressSingle(PVOID Address)
{
    enum waiter_kind kind;
    WakeOne(Address, ANY_WAITER, &kind);
}

VOID NTAPI RtlWakeAddressAll(PVOID Address)
{
    enum waiter_kind kind;
    while (WakeOne(Address, ANY_WAITER, &kind))
        ;
}

/* Wake the longest waiter of a word; if that one shares, all that share up to one that does not. */
VOID WakeNext(volatile LONG *word)
{
    enum waiter_kind kind = ANY_WAITER;
    BOOL woken = WakeOne((PVOID)word, ANY_WAITER, &kind);
    while (woken && kind == SHARED_WAITER)
        woken = WakeOne((PVOID)word, SHARED_WAITER, &kind);
}
