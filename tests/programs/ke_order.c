/* Orders that NT promises: waits for all, abandonment, APCs, alerts, suspension, priorities. */
#include <stdio.h>
#include <windows.h>
#include <winternl.h>

#define THREADS 64
#define ROUNDS 50
#define SEATS 5

typedef NTSTATUS(NTAPI *ONE)(HANDLE);
typedef NTSTATUS(NTAPI *NONE)(void);
typedef NTSTATUS(NTAPI *QUEUE)(HANDLE, PVOID, PVOID, PVOID, PVOID);

static HANDLE objects[4], forks[SEATS], gate;
static CRITICAL_SECTION lock;
static SRWLOCK shared = SRWLOCK_INIT;
static CONDITION_VARIABLE filled = CONDITION_VARIABLE_INIT, emptied = CONDITION_VARIABLE_INIT;
static volatile LONG count, most, meals, sum, items;
static char order[64];

static void note(char what)
{
    size_t length = strlen(order);
    order[length] = what;
    order[length + 1] = 0;
}

static void tell(const char *what)
{
    printf("%s: %s\n", what, order);
    order[0] = 0;
}

static void CALLBACK apc(ULONG_PTR what) { note((char)what); }

static void CALLBACK nested(ULONG_PTR what)
{
    note((char)what);
    QueueUserAPC(apc, GetCurrentThread(), what + 1);
    if (what == 'x') printf("inner wait %lu\n", SleepEx(0, TRUE));
    note((char)what);
}

static void join(HANDLE *threads, int number)
{
    for (int i = 0; i < number; i++) {
        if (WaitForSingleObject(threads[i], 60000)) printf("thread %d does not end\n", i);
        CloseHandle(threads[i]);
    }
}

static void start(HANDLE *threads, int number, LPTHREAD_START_ROUTINE body)
{
    for (int i = 0; i < number; i++)
        threads[i] = CreateThread(NULL, 0x10000, body, (LPVOID)(LONG_PTR)i,
            STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
}

/* Every thread counts under the lock of its kind; nobody else may be inside meanwhile. */
static DWORD WINAPI worker(LPVOID argument)
{
    int kind = (int)(LONG_PTR)argument % 4;
    for (int i = 0; i < ROUNDS; i++) {
        WaitForSingleObject(objects[kind], INFINITE);
        LONG before = sum;
        if (i % 8 == 0) Sleep(0);
        InterlockedExchangeAdd(&sum, 1);
        (void)before;
        if (kind == 0) SetEvent(objects[0]);
        else if (kind == 1) ReleaseMutex(objects[1]);
        else if (kind == 2) ReleaseSemaphore(objects[2], 1, NULL);
        else SetEvent(objects[3]);
    }
    return 0;
}

static DWORD WINAPI philosopher(LPVOID argument)
{
    int seat = (int)(LONG_PTR)argument;
    HANDLE both[2] = {forks[seat], forks[(seat + 1) % SEATS]};
    for (int i = 0; i < ROUNDS; i++) {
        WaitForMultipleObjects(2, both, TRUE, INFINITE);
        LONG now = InterlockedIncrement(&count);
        if (now > most) most = now;
        if (i % 4 == seat % 4) Sleep(1);
        InterlockedIncrement(&meals);
        InterlockedDecrement(&count);
        ReleaseMutex(both[0]);
        ReleaseMutex(both[1]);
    }
    return 0;
}

static DWORD WINAPI producer(LPVOID argument)
{
    (void)argument;
    for (int i = 1; i <= ROUNDS; i++) {
        EnterCriticalSection(&lock);
        while (items == 3) SleepConditionVariableCS(&emptied, &lock, INFINITE);
        items++;
        LeaveCriticalSection(&lock);
        WakeConditionVariable(&filled);
    }
    return 0;
}

static DWORD WINAPI consumer(LPVOID argument)
{
    (void)argument;
    for (int i = 1; i <= ROUNDS; i++) {
        EnterCriticalSection(&lock);
        while (!items) SleepConditionVariableCS(&filled, &lock, INFINITE);
        items--;
        LeaveCriticalSection(&lock);
        WakeConditionVariable(&emptied);
        AcquireSRWLockExclusive(&shared);
        sum++;
        ReleaseSRWLockExclusive(&shared);
    }
    return 0;
}

static DWORD WINAPI leaver(LPVOID argument)
{
    WaitForSingleObject(argument, INFINITE);
    return 0;
}

static DWORD WINAPI sleeper(LPVOID argument)
{
    DWORD slept = SleepEx(INFINITE, argument != NULL);
    note(slept == WAIT_IO_COMPLETION ? 'i' : '?');
    return 3;
}

static DWORD WINAPI waiter(LPVOID argument)
{
    (void)argument;
    WaitForSingleObject(gate, INFINITE);
    note('w');
    return 0;
}

static DWORD WINAPI marker(LPVOID argument)
{
    WaitForSingleObject(gate, INFINITE);
    note((char)(LONG_PTR)argument);
    return 0;
}

static void many(void)
{
    HANDLE threads[THREADS];
    objects[0] = CreateEventW(NULL, FALSE, TRUE, NULL);
    objects[1] = CreateMutexW(NULL, FALSE, NULL);
    objects[2] = CreateSemaphoreW(NULL, 1, 1, NULL);
    objects[3] = CreateEventW(NULL, TRUE, TRUE, NULL);
    start(threads, THREADS, worker);
    join(threads, THREADS);
    printf("workers %ld\n", sum);
    for (int i = 0; i < SEATS; i++) forks[i] = CreateMutexW(NULL, FALSE, NULL);
    start(threads, SEATS, philosopher);
    join(threads, SEATS);
    printf("meals %ld, never more than two at once: %d\n", meals, most <= 2);
    sum = 0;
    InitializeCriticalSection(&lock);
    start(threads, 16, producer);
    start(threads + 16, 16, consumer);
    join(threads, 32);
    printf("consumed %ld, left %ld\n", sum, items);
}

static void abandonment(void)
{
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL), event = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE both[2] = {event, mutex}, thread = CreateThread(NULL, 0, leaver, mutex, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    printf("all, one not signalled: %#lx\n", WaitForMultipleObjects(2, both, TRUE, 0));
    SetEvent(event);
    printf("all: %#lx\n", WaitForMultipleObjects(2, both, TRUE, 0));
    printf("again: %#lx\n", WaitForSingleObject(mutex, 0));
    ReleaseMutex(mutex);
    ReleaseMutex(mutex);
    printf("too often: %d %lu\n", ReleaseMutex(mutex), GetLastError());
    thread = CreateThread(NULL, 0, leaver, mutex, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    ResetEvent(event);
    printf("any: %#lx\n", WaitForMultipleObjects(2, both, FALSE, 0));
    printf("of its owner: %#lx\n", SignalObjectAndWait(mutex, mutex, 0, FALSE));
    ReleaseMutex(mutex);
}

static void apcs(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    NONE test_alert = (NONE)(void *)GetProcAddress(ntdll, "NtTestAlert");
    ONE alert = (ONE)(void *)GetProcAddress(ntdll, "NtAlertThread");
    QUEUE queue = (QUEUE)(void *)GetProcAddress(ntdll, "NtQueueApcThread");
    for (char c = 'a'; c < 'f'; c++) QueueUserAPC(apc, GetCurrentThread(), c);
    printf("not alertable: %#lx\n", WaitForSingleObject(GetCurrentThread(), 0));
    tell("none");
    printf("alertable: %#lx\n", SleepEx(1000, TRUE));
    tell("in order");
    QueueUserAPC(nested, GetCurrentThread(), 'n');
    SleepEx(0, TRUE);
    tell("nested");
    QueueUserAPC(nested, GetCurrentThread(), 'x');
    SleepEx(0, TRUE);
    tell("within");
    QueueUserAPC(apc, GetCurrentThread(), 't');
    printf("test alert %#lx\n", test_alert());
    tell("tested");
    alert(GetCurrentThread());
    QueueUserAPC(apc, GetCurrentThread(), 'q');
    printf("alerted %#lx\n", test_alert());
    tell("alert first");
    printf("then %#lx\n", test_alert());
    tell("then");
    printf("no routine %#lx", queue(GetCurrentThread(), NULL, NULL, NULL, NULL));
    printf(", %#lx\n", SleepEx(1, TRUE));
    HANDLE thread = CreateThread(NULL, 0, sleeper, (LPVOID)1, CREATE_SUSPENDED, NULL);
    QueueUserAPC(apc, thread, 's');
    ResumeThread(thread);
    Sleep(10);
    tell("before its start");
    QueueUserAPC(apc, thread, 'u');
    WaitForSingleObject(thread, INFINITE);
    tell("while it sleeps");
    printf("to the dead: %lu %lu\n", QueueUserAPC(apc, thread, 'z'), GetLastError());
}

static void suspension(void)
{
    gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, waiter, NULL, 0, NULL);
    Sleep(10);
    printf("suspended %lu", SuspendThread(thread));
    printf(" %lu\n", SuspendThread(thread));
    Sleep(10);
    SetEvent(gate);
    Sleep(10);
    printf("the signal stays: %#lx\n", WaitForSingleObject(gate, 0));
    SetEvent(gate);
    printf("resumed %lu", ResumeThread(thread));
    printf(" %lu\n", ResumeThread(thread));
    printf("ends %#lx\n", WaitForSingleObject(thread, 1000));
    printf("resuming the dead %lu\n", ResumeThread(thread));
    tell("waited");
    gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE threads[3];
    for (int i = 0; i < 3; i++) {
        threads[i] = CreateThread(NULL, 0, marker, (LPVOID)(LONG_PTR)('1' + i), 0, NULL);
        Sleep(10);
    }
    for (int i = 0; i < 3; i++) {
        SetEvent(gate);
        Sleep(10);
    }
    join(threads, 3);
    tell("who waits first goes first");
}

static void priorities(void)
{
    HANDLE self = GetCurrentThread();
    static const int wishes[] = {-15, -2, -1, 0, 1, 2, 15};
    for (int i = 0; i < 7; i++) {
        int done = SetThreadPriority(self, wishes[i]);
        printf("%d:%d:%d ", wishes[i], done, GetThreadPriority(self));
    }
    SetThreadPriority(self, 0);
    printf("\nout of range %d %lu\n", SetThreadPriority(self, 3), GetLastError());
    SetPriorityClass(GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS);
    printf("class %#lx, thread %d\n", GetPriorityClass(GetCurrentProcess()),
        GetThreadPriority(self));
    SetPriorityClass(GetCurrentProcess(), NORMAL_PRIORITY_CLASS);
    BOOL disabled = TRUE;
    printf("boost %d", GetThreadPriorityBoost(self, &disabled));
    printf(" %d\n", disabled);
}

int main(void)
{
    many();
    abandonment();
    apcs();
    suspension();
    priorities();
    return 0;
}
