/* The interlocked functions as calls, for programs older than the compiler's own. */
#include "kernel32.h"

#undef InterlockedIncrement
#undef InterlockedDecrement
#undef InterlockedExchange
#undef InterlockedExchangeAdd
#undef InterlockedCompareExchange
#undef InterlockedCompareExchange64

#define EXPORTED(name) __asm__("_" name)

LONG WINAPI interlocked_increment(LONG volatile *value) EXPORTED("InterlockedIncrement@4");
LONG WINAPI interlocked_increment(LONG volatile *value)
{
    return __atomic_add_fetch(value, 1, __ATOMIC_SEQ_CST);
}

LONG WINAPI interlocked_decrement(LONG volatile *value) EXPORTED("InterlockedDecrement@4");
LONG WINAPI interlocked_decrement(LONG volatile *value)
{
    return __atomic_sub_fetch(value, 1, __ATOMIC_SEQ_CST);
}

LONG WINAPI interlocked_exchange(LONG volatile *target, LONG value)
    EXPORTED("InterlockedExchange@8");
LONG WINAPI interlocked_exchange(LONG volatile *target, LONG value)
{
    return __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST);
}

LONG WINAPI interlocked_add(LONG volatile *target, LONG value) EXPORTED("InterlockedExchangeAdd@8");
LONG WINAPI interlocked_add(LONG volatile *target, LONG value)
{
    return __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST);
}

LONG WINAPI interlocked_compare(LONG volatile *target, LONG value, LONG expected)
    EXPORTED("InterlockedCompareExchange@12");
LONG WINAPI interlocked_compare(LONG volatile *target, LONG value, LONG expected)
{
    return __sync_val_compare_and_swap(target, expected, value);
}

LONGLONG WINAPI interlocked_compare64(LONGLONG volatile *target, LONGLONG value, LONGLONG expected)
    EXPORTED("InterlockedCompareExchange64@20");
LONGLONG WINAPI interlocked_compare64(LONGLONG volatile *target, LONGLONG value, LONGLONG expected)
{
    return __sync_val_compare_and_swap(target, expected, value);
}
