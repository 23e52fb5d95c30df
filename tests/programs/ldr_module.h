/* What the modules of the loader's tests are written with: no C runtime, output at once. */
#pragma once
#include <windows.h>

static inline void say(const char *text)
{
    DWORD written, length = 0;
    while (text[length])
        length++;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, length, &written, NULL);
}

static inline const char *reason_name(DWORD reason)
{
    switch (reason) {
    case DLL_PROCESS_ATTACH:
        return " process attach";
    case DLL_PROCESS_DETACH:
        return " process detach";
    case DLL_THREAD_ATTACH:
        return " thread attach";
    default:
        return " thread detach";
    }
}

/* `reserved` tells loading at start from loading later, and the end of the process from freeing. */
static inline void report(const char *name, DWORD reason, const void *reserved)
{
    say(name);
    say(reason_name(reason));
    if (reason == DLL_PROCESS_ATTACH)
        say(reserved ? ", static" : ", dynamic");
    if (reason == DLL_PROCESS_DETACH)
        say(reserved ? ", at exit" : ", freed");
    say("\r\n");
}
