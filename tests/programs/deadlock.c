/* Two threads that wait for each other's mutex: nobody can go on. */
#include <stdio.h>
#include <windows.h>

static HANDLE first, second, ready;

static DWORD WINAPI other(void *unused)
{
    (void)unused;
    WaitForSingleObject(second, INFINITE);
    SetEvent(ready);
    WaitForSingleObject(first, INFINITE);
    return 0;
}

int main(void)
{
    first = CreateMutexA(NULL, TRUE, "the first");
    second = CreateMutexA(NULL, FALSE, "the second");
    ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    CreateThread(NULL, 0, other, NULL, 0, NULL);
    WaitForSingleObject(ready, INFINITE);
    puts("before");
    fflush(stdout);
    WaitForSingleObject(second, INFINITE);
    return 0;
}
