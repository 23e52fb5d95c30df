/* Slim reader/writer locks: one word,
 *
 *     31          16 15            1  0
 *    | waiters      | readers       | W |
 *
 * W: a writer has it. A free lock without waiters is zero, as RTL_SRWLOCK_INIT. */
#include "ntdll.h"

#define WRITER 1
#define READER 2
#define OWNERS 0xFFFF
#define WAITER 0x10000

static volatile LONG *Word(PRTL_SRWLOCK lock)
{
    return (volatile LONG *)&lock->Ptr;
}

/* Add `gain` if none of the bits in `against` is set. */
static BOOL TryAcquire(PRTL_SRWLOCK lock, LONG against, LONG gain)
{
    LONG old = *Word(lock);
    while (!(old & against)) {
        LONG seen = InterlockedCompareExchange(Word(lock), old + gain, old);
        if (seen == old)
            return TRUE;
        old = seen;
    }
    return FALSE;
}

static VOID Acquire(PRTL_SRWLOCK lock, LONG against, LONG gain, enum waiter_kind kind)
{
    if (TryAcquire(lock, against, gain))
        return;
    LONG seen = InterlockedExchangeAdd(Word(lock), WAITER) + WAITER;
    while (!TryAcquire(lock, against, gain - WAITER)) {
        seen = *Word(lock);
        if (seen & against)
            WaitForWord(Word(lock), seen, kind);
    }
}

static VOID Release(PRTL_SRWLOCK lock, LONG share)
{
    LONG left = InterlockedExchangeAdd(Word(lock), -share) - share;
    if (!(left & OWNERS) && (ULONG)left >= WAITER)
        WakeNext(Word(lock));
}

VOID NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK Lock)
{
    Lock->Ptr = NULL;
}

VOID NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK Lock)
{
    Acquire(Lock, OWNERS, WRITER, EXCLUSIVE_WAITER);
}

VOID NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK Lock)
{
    Acquire(Lock, WRITER, READER, SHARED_WAITER);
}

VOID NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK Lock)
{
    Release(Lock, WRITER);
}

VOID NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK Lock)
{
    Release(Lock, READER);
}

BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK Lock)
{
    return TryAcquire(Lock, OWNERS, WRITER);
}

BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK Lock)
{
    return TryAcquire(Lock, WRITER, READER);
}
