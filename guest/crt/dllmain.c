/* The DLL's own start and end, and its numbered locks (_lock, _unlock). */
#include "crt.h"

static CRITICAL_SECTION locks[48];

void crt_locks_start(void)
{
    for (size_t i = 0; i < COUNT_OF(locks); i++)
        InitializeCriticalSection(&locks[i]);
}

void _lock(int number)
{
    EnterCriticalSection(&locks[(unsigned)number % COUNT_OF(locks)]);
}

void _unlock(int number)
{
    LeaveCriticalSection(&locks[(unsigned)number % COUNT_OF(locks)]);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    UNUSED(instance);
    switch (reason) {
    case DLL_PROCESS_ATTACH:
        crt_heap_start();
        crt_locks_start();
        crt_time_start();
        crt_errors_start();
        return crt_threads_start() && crt_locale_start() && crt_fds_start() &&
               crt_streams_start() && crt_arguments_start();
    case DLL_THREAD_DETACH:
        crt_thread_detach();
        break;
    case DLL_PROCESS_DETACH:
        /* On process end other threads may have died inside a stream; Windows flushes then too. */
        crt_streams_flush();
        if (!reserved)
            crt_threads_stop();
        break;
    }
    return TRUE;
}
