/* _beginthread, _beginthreadex and their ends. */
#include "crt.h"

struct start {
    void *function, *argument;
};

/* A thread begun here ends through the runtime: per-thread data goes with DLL_THREAD_DETACH. */
DECLSPEC_NORETURN void _endthreadex(unsigned code)
{
    ExitThread(code);
}

DECLSPEC_NORETURN void _endthread(void)
{
    uintptr_t handle = crt_thread()->thread_handle;

    if (handle)
        CloseHandle((HANDLE)handle);
    ExitThread(0);
}

static DWORD WINAPI run_ex(void *given)
{
    struct start start = *(struct start *)given;

    free(given);
    _endthreadex(((unsigned(__stdcall *)(void *))start.function)(start.argument));
}

struct plain_start {
    struct start start;
    HANDLE handle;
};

static DWORD WINAPI run(void *given)
{
    struct plain_start plain = *(struct plain_start *)given;

    free(given);
    crt_thread()->thread_handle = (uintptr_t)plain.handle;
    ((void(__cdecl *)(void *))plain.start.function)(plain.start.argument);
    _endthread();
}

uintptr_t _beginthreadex(void *security, unsigned stack, void *function, void *argument,
                         unsigned flags, unsigned *id)
{
    struct start *start;
    HANDLE handle;
    DWORD number;

    if (!function)
        return (uintptr_t)(crt_invalid(EINVAL), 0);
    start = malloc(sizeof *start);
    if (!start)
        return 0;
    *start = (struct start){function, argument};
    handle = CreateThread(security, stack, run_ex, start, flags, &number);
    if (!handle) {
        free(start);
        crt_set_os_error(GetLastError());
        return 0;
    }
    if (id)
        *id = number;
    return (uintptr_t)handle;
}

uintptr_t _beginthread(void *function, unsigned stack, void *argument)
{
    struct plain_start *plain;
    HANDLE handle;

    if (!function)
        return (uintptr_t)(crt_invalid(EINVAL), -1);
    plain = malloc(sizeof *plain);
    if (!plain)
        return (uintptr_t)-1;
    handle = CreateThread(NULL, stack, run, plain, CREATE_SUSPENDED, NULL);
    if (!handle) {
        free(plain);
        crt_set_os_error(GetLastError());
        return (uintptr_t)-1;
    }
    *plain = (struct plain_start){{function, argument}, handle};
    ResumeThread(handle);
    return (uintptr_t)handle;
}

unsigned long __threadid(void)
{
    return GetCurrentThreadId();
}

uintptr_t __threadhandle(void)
{
    return (uintptr_t)GetCurrentThread();
}
