/* A thousand threads at once, each waiting for the one before it, and a ping-pong of two. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define COUNT 1000
static HANDLE gates[COUNT + 1], ping, pong;
static volatile LONG passed;

static DWORD WINAPI pass_on(LPVOID argument)
{
    LONG_PTR index = (LONG_PTR)argument;
    WaitForSingleObject(gates[index], INFINITE);
    passed++;
    SetEvent(gates[index + 1]);
    return 0;
}

static DWORD WINAPI answer(LPVOID argument)
{
    for (LONG_PTR i = 0; i < (LONG_PTR)argument; i++) {
        WaitForSingleObject(ping, INFINITE);
        SetEvent(pong);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static HANDLE threads[COUNT];
    for (int i = 0; i <= COUNT; i++) gates[i] = CreateEventW(NULL, FALSE, FALSE, NULL);
    for (LONG_PTR i = 0; i < COUNT; i++)
        threads[i] = CreateThread(NULL, 0x10000, pass_on, (LPVOID)i,
            STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    Sleep(1);
    SetEvent(gates[0]);
    WaitForSingleObject(gates[COUNT], INFINITE);
    for (int i = 0; i < COUNT; i++) WaitForSingleObject(threads[i], INFINITE);
    printf("passed %ld\n", passed);
    LONG_PTR rounds = argc > 1 ? atoi(argv[1]) : 1000;
    ping = CreateEventW(NULL, FALSE, FALSE, NULL);
    pong = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE other = CreateThread(NULL, 0, answer, (LPVOID)rounds, 0, NULL);
    for (LONG_PTR i = 0; i < rounds; i++) {
        SetEvent(ping);
        WaitForSingleObject(pong, INFINITE);
    }
    printf("joined %lu\n", WaitForSingleObject(other, 1000));
    return 0;
}
