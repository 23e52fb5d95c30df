/* A thread waits for standard input while the others run, sleep and time out. */
#include <stdio.h>
#include <windows.h>

static char text[64];
static DWORD got, error;

static DWORD WINAPI reader(void *nothing)
{
    (void)nothing;
    if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), text, sizeof text - 1, &got, NULL))
        error = GetLastError();
    return 0;
}

int main(void)
{
    HANDLE thread = CreateThread(NULL, 0, reader, NULL, 0, NULL);
    setvbuf(stdout, NULL, _IONBF, 0);
    for (int i = 1; i <= 3; i++) {
        Sleep(10);
        printf("still running: %d\n", i);
    }
    printf("waiting: %#lx\n", WaitForSingleObject(thread, 20000));
    printf("read: %s", text);
    thread = CreateThread(NULL, 0, reader, NULL, 0, NULL);
    printf("too late: %#lx\n", WaitForSingleObject(thread, 50));
    printf("cancelled: %d\n", CancelSynchronousIo(thread));
    WaitForSingleObject(thread, INFINITE);
    printf("end of input: %lu\n", error);
    return 0;
}
