/* What only a 64-bit Windows does for 32-bit programs: this one is a 32-bit Windows. */
#include "kernel32.h"

BOOL WINAPI Wow64DisableWow64FsRedirection(PVOID *previous)
{
    (void)previous;
    return set_error(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI Wow64RevertWow64FsRedirection(PVOID previous)
{
    (void)previous;
    return set_error(ERROR_INVALID_FUNCTION);
}

BOOLEAN WINAPI Wow64EnableWow64FsRedirection(BOOLEAN enable)
{
    (void)enable;
    return (BOOLEAN)set_error(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI Wow64GetThreadContext(HANDLE thread, PWOW64_CONTEXT context)
{
    (void)thread;
    (void)context;
    return set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI Wow64SetThreadContext(HANDLE thread, const WOW64_CONTEXT *context)
{
    (void)thread;
    (void)context;
    return set_error(ERROR_INVALID_PARAMETER);
}
