/* Static thread-local storage of the program, of a module it imports and of modules loaded while
 * threads run. Output recorded on Wine 8.0, which does not align the blocks. */
#include <stdio.h>
#include <windows.h>

#define THREADS 3

typedef int *(*block)(void);
__declspec(dllimport) int *tls_static(void);

static __thread int own = 41;
static __thread char zeros[300];
static HANDLE ready[THREADS], go;
static block late;
static int *seen[THREADS + 1];

static int zero_filled(const int *values)
{
    for (int i = 4; i < 4 + 1250; i++)
        if (values[i])
            return 0;
    return 1;
}

static void describe(const char *who, int *values, int first)
{
    printf("%s: %d %d, zeros %d, aligned %d\n", who, values[0] == first, values[3] == first + 3,
           zero_filled(values), (ULONG_PTR)values % 64 == 0);
    values[0] = values[1000] = 99;
}

static DWORD WINAPI thread(void *argument)
{
    int number = (int)(INT_PTR)argument;
    int fresh = own == 41 && !zeros[299] && tls_static()[0] == 100;
    own = number;
    SetEvent(ready[number]);
    WaitForSingleObject(go, INFINITE);
    seen[number] = late();
    printf("thread %d: fresh %d, own %d\n", number, fresh, own);
    describe("late", late(), 200);
    SetEvent(ready[number]);
    return 0;
}

int main(void)
{
    HANDLE threads[THREADS];
    setvbuf(stdout, NULL, _IONBF, 0);
    own = -1;
    zeros[299] = 1;
    describe("static", tls_static(), 100);
    go = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (int i = 0; i < THREADS; i++) {
        ready[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
        threads[i] = CreateThread(NULL, 0, thread, (void *)(INT_PTR)i, 0, NULL);
        WaitForSingleObject(ready[i], INFINITE);
    }
    HMODULE module = LoadLibraryA("tls_late");
    late = (block)GetProcAddress(module, "tls_late");
    describe("late in main", seen[THREADS] = late(), 200);
    for (int i = 0; i < THREADS; i++) {
        SetEvent(go);
        WaitForSingleObject(threads[i], INFINITE);
    }
    for (int i = 0; i <= THREADS; i++)
        for (int j = 0; j < i; j++)
            if (seen[i] == seen[j] && i == THREADS)
                printf("blocks %d and %d are one\n", i, j);
    printf("main: own %d, zeros %d, late %d\n", own, zeros[299], late()[0]);
    FreeLibrary(module);
    module = LoadLibraryA("tls_late");
    late = (block)GetProcAddress(module, "tls_late");
    describe("loaded again", late(), 200);
    printf("static %d\n", tls_static()[0]);
    return 0;
}
