/* Slim locks: nobody is forgotten, and nobody is inside beside a writer. */
#include <stdio.h>
#include <windows.h>

#define THREADS 24
#define ROUNDS 120

static SRWLOCK lock = SRWLOCK_INIT;
static volatile LONG inside, writers, reads, writes, clashes;
static volatile LONG most_readers;

static void linger(unsigned *seed) {
    *seed = *seed * 1103515245u + 12345u;
    switch (*seed >> 16 & 7) {
    case 0: Sleep(1); break;
    case 1: case 2: Sleep(0); break;
    default: break;
    }
}

static void write_once(unsigned *seed) {
    AcquireSRWLockExclusive(&lock);
    if (inside || InterlockedIncrement(&writers) != 1)
        InterlockedIncrement(&clashes);
    linger(seed);
    writes++;
    InterlockedDecrement(&writers);
    ReleaseSRWLockExclusive(&lock);
}

static void read_once(unsigned *seed) {
    AcquireSRWLockShared(&lock);
    LONG readers = InterlockedIncrement(&inside);
    if (readers > most_readers)
        most_readers = readers;
    if (writers)
        InterlockedIncrement(&clashes);
    linger(seed);
    InterlockedIncrement(&reads);
    InterlockedDecrement(&inside);
    ReleaseSRWLockShared(&lock);
}

static DWORD WINAPI work(void *number) {
    unsigned seed = (unsigned)(ULONG_PTR)number * 7919 + 1;
    for (int i = 0; i < ROUNDS; i++) {
        linger(&seed);
        if ((seed >> 20 & 3) == 0)
            write_once(&seed);
        else
            read_once(&seed);
    }
    return 0;
}

int main(void) {
    HANDLE threads[THREADS];
    for (ULONG_PTR i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, work, (void *)i, 0, NULL);
    DWORD ended = WaitForMultipleObjects(THREADS, threads, TRUE, 60000);
    printf("ended %lu, clashes %ld, %ld in all\n", ended, clashes, reads + writes);
    printf("several readers at once: %d\n", most_readers > 1);
    printf("free afterwards: %d\n", TryAcquireSRWLockExclusive(&lock));
    return 0;
}
