/* Handles of the console by the names of old; its font, which a byte stream does not have. */
#include "condrv.h"

HANDLE WINAPI DuplicateConsoleHandle(HANDLE handle, DWORD access, BOOL inherit, DWORD options)
{
    HANDLE copy;
    if (!DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, inherit,
            options))
        return INVALID_HANDLE_VALUE;
    return copy;
}

BOOL WINAPI CloseConsoleHandle(HANDLE handle)
{
    return CloseHandle(handle);
}

BOOL WINAPI VerifyConsoleIoHandle(HANDLE handle)
{
    DWORD mode;
    return GetConsoleMode(handle, &mode);
}

/* The handle of the input itself: it is signalled while there is something to read. */
HANDLE WINAPI GetConsoleInputWaitHandle(void)
{
    return GetStdHandle(STD_INPUT_HANDLE);
}

BOOL WINAPI SetCurrentConsoleFontEx(HANDLE console, BOOL maximum, PCONSOLE_FONT_INFOEX font)
{
    (void)console;
    (void)maximum;
    (void)font;
    return set_error(ERROR_CALL_NOT_IMPLEMENTED);
}
