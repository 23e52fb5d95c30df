/* Says that it runs, then makes system calls until it is stopped. */
#include <stdio.h>
#include <windows.h>

int main(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    puts("running");
    fflush(stdout);
    for (;;) {
        SetEvent(event);
        WaitForSingleObject(event, 0);
        Sleep(0);
    }
}
