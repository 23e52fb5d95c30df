/* So many threads at once: created, run, joined. */
#include <stdlib.h>
#include <windows.h>

#define MOST 2000
static volatile LONG ran;

static DWORD WINAPI body(LPVOID argument)
{
    (void)argument;
    InterlockedIncrement(&ran);
    return 7;
}

int main(int argc, char **argv)
{
    static HANDLE threads[MOST];
    int count = argc > 1 ? atoi(argv[1]) : 100;
    if (count > MOST) return 2;
    for (int i = 0; i < count; i++)
        if (!(threads[i] = CreateThread(NULL, 0x10000, body, NULL,
                STACK_SIZE_PARAM_IS_A_RESERVATION, NULL))) return 3;
    for (int i = 0; i < count; i++) {
        DWORD code = 0;
        if (WaitForSingleObject(threads[i], INFINITE) || !GetExitCodeThread(threads[i], &code) ||
            code != 7) return 4;
        CloseHandle(threads[i]);
    }
    return ran == count ? 0 : 5;
}
