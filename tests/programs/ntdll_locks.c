/* Eight threads contend for every kind of lock; and what happens once, or at a thread's end.
 * Output recorded on Wine 8.0. */
#include <stdio.h>
#include <windows.h>

#define THREADS 8
#define ROUNDS 300

static CRITICAL_SECTION section;
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE filled = CONDITION_VARIABLE_INIT, drained = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static volatile LONG initialised, released, freed, writers, torn;
static int counter, pair[2], queue[4], queued, taken, sum;
static LONG cell;
static DWORD fls;
static BOOL(WINAPI *wait_on_address)(volatile void *, void *, SIZE_T, DWORD);
static void(WINAPI *wake_one)(void *), (WINAPI *wake_all)(void *);

static void run(LPTHREAD_START_ROUTINE routine)
{
    HANDLE threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, routine, (void *)(INT_PTR)i, 0, NULL);
    printf("joined %d\n", WaitForMultipleObjects(THREADS, threads, TRUE, 60000) == WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
}

static void yield_sometimes(int i)
{
    if (i % 7 == 0)
        Sleep(0);
    if (i % 97 == 0)
        Sleep(1);
}

static DWORD WINAPI in_section(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 5 || !TryEnterCriticalSection(&section))
            EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        int seen = counter;
        yield_sometimes(i + (int)(INT_PTR)argument);
        counter = seen + 1;
        LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return 0;
}

static DWORD WINAPI in_srw(void *argument)
{
    int me = (int)(INT_PTR)argument;
    for (int i = 0; i < ROUNDS; i++) {
        if ((i + me) % 4) {
            AcquireSRWLockShared(&lock);
            int seen = pair[0];
            yield_sometimes(i);
            if (writers || seen != pair[1])
                InterlockedIncrement(&torn);
            ReleaseSRWLockShared(&lock);
            continue;
        }
        if (i % 3 || !TryAcquireSRWLockExclusive(&lock))
            AcquireSRWLockExclusive(&lock);
        writers++;
        pair[0]++;
        yield_sometimes(i + me);
        pair[1]++;
        writers--;
        ReleaseSRWLockExclusive(&lock);
    }
    return 0;
}

/* Even threads put numbers into a queue of four, odd ones take them out. */
static DWORD WINAPI with_conditions(void *argument)
{
    int me = (int)(INT_PTR)argument;
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        if (me % 2) {
            while (!queued)
                SleepConditionVariableCS(&filled, &section, INFINITE);
            sum += queue[--queued];
            taken++;
            WakeConditionVariable(&drained);
        } else {
            while (queued == 4)
                SleepConditionVariableCS(&drained, &section, INFINITE);
            queue[queued++] = i;
            WakeAllConditionVariable(&filled);
        }
        LeaveCriticalSection(&section);
    }
    return 0;
}

static BOOL CALLBACK initialise(INIT_ONCE *unused, void *parameter, void **context)
{
    (void)unused, (void)parameter;
    Sleep(5);
    initialised++;
    *context = (void *)0x1230;
    return TRUE;
}

static DWORD WINAPI only_once(void *argument)
{
    void *context = NULL;
    (void)argument;
    InitOnceExecuteOnce(&once, initialise, NULL, &context);
    if (context != (void *)0x1230 || initialised != 1)
        InterlockedIncrement(&torn);
    return 0;
}

static DWORD WINAPI on_address(void *argument)
{
    LONG zero = 0;
    (void)argument;
    while (!cell)
        wait_on_address(&cell, &zero, sizeof zero, INFINITE);
    InterlockedIncrement(&released);
    wake_one(&cell);
    return 0;
}

static void WINAPI free_local(void *value)
{
    InterlockedExchangeAdd(&freed, (LONG)(LONG_PTR)value);
}

static DWORD WINAPI with_local(void *argument)
{
    FlsSetValue(fls, (char *)argument + 1);
    return FlsGetValue(fls) != (char *)argument + 1;
}

static void waiting_on_address(void)
{
    LONG one = 1;
    HMODULE synch = LoadLibraryA("api-ms-win-core-synch-l1-2-0");
    wait_on_address = (void *)GetProcAddress(synch, "WaitOnAddress");
    wake_one = (void *)GetProcAddress(synch, "WakeByAddressSingle");
    wake_all = (void *)GetProcAddress(synch, "WakeByAddressAll");
    HANDLE thread = CreateThread(NULL, 0, on_address, NULL, 0, NULL);
    Sleep(20);
    printf("differs at once %d\n", wait_on_address(&cell, &one, sizeof one, INFINITE));
    SetLastError(0);
    BOOL woken = wait_on_address(&cell, &cell, sizeof cell, 10);
    printf("times out %d error %lu\n", woken, GetLastError());
    cell = 1;
    wake_all(&cell);
    printf("woken %lu\n", WaitForSingleObject(thread, 5000));
    CloseHandle(thread);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    InitializeCriticalSectionAndSpinCount(&section, 100);
    run(in_section);
    printf("critical section %d\n", counter == THREADS * ROUNDS);
    run(in_srw);
    printf("slim lock %d torn %ld\n", pair[0] == pair[1], torn);
    run(with_conditions);
    printf("queue %d %d %d\n", queued, taken == THREADS / 2 * ROUNDS,
           sum == THREADS / 2 * (ROUNDS * (ROUNDS - 1) / 2));
    run(only_once);
    printf("once %ld torn %ld\n", initialised, torn);
    waiting_on_address();
    run(on_address);
    printf("released %ld\n", released);
    fls = FlsAlloc(free_local);
    run(with_local);
    printf("freed %ld\n", freed);
    FlsSetValue(fls, (void *)1000);
    printf("index freed %d, value %ld\n", FlsFree(fls), freed);
    SetLastError(0);
    AcquireSRWLockShared(&lock);
    BOOL woken = SleepConditionVariableSRW(&filled, &lock, 10, CONDITION_VARIABLE_LOCKMODE_SHARED);
    printf("nobody wakes %d error %lu\n", woken, GetLastError());
    ReleaseSRWLockShared(&lock);
    printf("free again %d\n", TryAcquireSRWLockExclusive(&lock));
    return 0;
}
