/* Ends as the argument says: by an access violation, a division by zero, a big exit code ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static LONG WINAPI end_with_code(EXCEPTION_POINTERS *pointers)
{
    TerminateProcess(GetCurrentProcess(), pointers->ExceptionRecord->ExceptionCode);
    return EXCEPTION_CONTINUE_SEARCH;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    volatile int zero = 0;

    if (!strcmp(how, "own")) {
        AddVectoredExceptionHandler(1, end_with_code);
        how = "write";
    }
    if (!strcmp(how, "read"))
        return *(volatile int *)0x10;
    if (!strcmp(how, "write"))
        *(volatile int *)0x10 = 1;
    if (!strcmp(how, "jump"))
        ((void (*)(void))0x20)();
    if (!strcmp(how, "divide"))
        return 1 / zero;
    if (!strcmp(how, "invalid"))
        __asm__ volatile("ud2");
    if (!strcmp(how, "break"))
        __asm__ volatile("int3");
    if (!strcmp(how, "big"))
        exit(0x12345678);
    return 3;
}
