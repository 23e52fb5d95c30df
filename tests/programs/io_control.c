/* A handler of control events: what it hears, and that the rest goes on. */
#include <stdio.h>
#include <windows.h>

static HANDLE heard;
static volatile LONG count;

static BOOL WINAPI first(DWORD event)
{
    printf("first: %lu\n", event);
    InterlockedIncrement(&count);
    SetEvent(heard);
    return count < 3;
}

static BOOL WINAPI second(DWORD event)
{
    printf("second: %lu\n", event);
    return event == CTRL_BREAK_EVENT;
}

int main(int arguments, char **argument)
{
    char line[8];
    DWORD done;
    setvbuf(stdout, NULL, _IONBF, 0);
    heard = CreateEventA(NULL, FALSE, FALSE, NULL);
    SetConsoleCtrlHandler(first, TRUE);
    SetConsoleCtrlHandler(second, TRUE);
    printf("break: %d\n", GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0));
    Sleep(100);
    printf("none: %d\n", GenerateConsoleCtrlEvent(7, 0));
    printf("C: %d\n", GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0));
    WaitForSingleObject(heard, INFINITE);
    if (arguments > 1) {
        puts("press it");
        if (*argument[1] == 'r') ReadFile(GetStdHandle(STD_INPUT_HANDLE), line, 8, &done, NULL);
        else while (count < 2) continue;
        WaitForSingleObject(heard, 10000);
        printf("pressed: %ld\n", count);
    }
    Sleep(10);
    return 3;
}
