/* Threads, dispatcher objects, APCs and time, through Win32. */
#include <stdio.h>
#include <windows.h>

static HANDLE event, mutex, semaphore, done;
static volatile LONG produced, consumed, order[64], order_count;
static volatile BOOL stop;
static int failures;

#define CHECK(what) \
    do { \
        if (!(what)) failures++, printf("line %d: %s (error %lu)\n", __LINE__, #what, GetLastError()); \
    } while (0)

static DWORD WINAPI exit_with(LPVOID argument)
{
    return (DWORD)(ULONG_PTR)argument;
}

static DWORD WINAPI sleep_for_ever(LPVOID argument)
{
    (void)argument;
    for (;;) Sleep(1000);
}

static DWORD WINAPI spin(LPVOID argument)
{
    while (!stop) InterlockedIncrement(argument);
    return 0;
}

static void preemption(void)
{
    LONG counts[2] = {0};
    HANDLE both[2];
    for (int i = 0; i < 2; i++) both[i] = CreateThread(NULL, 0, spin, &counts[i], 0, NULL);
    Sleep(50);
    stop = TRUE;
    CHECK(WaitForMultipleObjects(2, both, TRUE, INFINITE) == WAIT_OBJECT_0);
    CHECK(counts[0] > 100 && counts[1] > 100);
    for (int i = 0; i < 2; i++) CloseHandle(both[i]);
    puts("preemption");
}

static void threads(void)
{
    DWORD code, id;
    HANDLE thread = CreateThread(NULL, 0, exit_with, (LPVOID)42, CREATE_SUSPENDED, &id);
    CHECK(thread && id);
    CHECK(GetExitCodeThread(thread, &code) && code == STILL_ACTIVE);
    CHECK(WaitForSingleObject(thread, 10) == WAIT_TIMEOUT);
    CHECK(SuspendThread(thread) == 1);
    CHECK(ResumeThread(thread) == 2);
    CHECK(ResumeThread(thread) == 1);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 42);
    CHECK(WaitForSingleObject(thread, 0) == WAIT_OBJECT_0);
    CloseHandle(thread);
    thread = CreateThread(NULL, 0, sleep_for_ever, NULL, 0, NULL);
    Sleep(10);
    CHECK(TerminateThread(thread, 77));
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code) && code == 77);
    CloseHandle(thread);
    for (int i = 0; i < 3000; i++) {
        thread = CreateThread(NULL, 0, exit_with, (LPVOID)(ULONG_PTR)i, 0, NULL);
        if (!thread) {
            CHECK(thread);
            break;
        }
        WaitForSingleObject(thread, INFINITE);
        CHECK(GetExitCodeThread(thread, &code) && code == (DWORD)i);
        CloseHandle(thread);
    }
    puts("threads");
}

static DWORD WINAPI producer(LPVOID argument)
{
    for (int i = 0; i < 100; i++) {
        WaitForSingleObject(mutex, INFINITE);
        produced++;
        ReleaseMutex(mutex);
        ReleaseSemaphore(semaphore, 1, NULL);
    }
    return (DWORD)(ULONG_PTR)argument;
}

static DWORD WINAPI consumer(LPVOID argument)
{
    (void)argument;
    while (WaitForSingleObject(semaphore, 1000) == WAIT_OBJECT_0) InterlockedIncrement(&consumed);
    return 0;
}

static void producers_and_consumers(void)
{
    HANDLE all[8];
    mutex = CreateMutexW(NULL, FALSE, NULL);
    semaphore = CreateSemaphoreW(NULL, 0, 1000, NULL);
    for (int i = 0; i < 8; i++)
        all[i] = CreateThread(NULL, 0, i < 4 ? producer : consumer, NULL, 0, NULL);
    CHECK(WaitForMultipleObjects(8, all, TRUE, INFINITE) == WAIT_OBJECT_0);
    for (int i = 0; i < 8; i++) CloseHandle(all[i]);
    printf("produced %ld, consumed %ld\n", produced, consumed);
    CloseHandle(mutex);
    CloseHandle(semaphore);
}

static DWORD WINAPI abandon(LPVOID argument)
{
    (void)argument;
    WaitForSingleObject(mutex, INFINITE);
    WaitForSingleObject(mutex, INFINITE);
    return 0;
}

static void mutexes(void)
{
    mutex = CreateMutexW(NULL, TRUE, L"ke_sync mutex");
    CHECK(GetLastError() != ERROR_ALREADY_EXISTS);
    HANDLE same = CreateMutexW(NULL, TRUE, L"ke_sync mutex");
    CHECK(same && GetLastError() == ERROR_ALREADY_EXISTS);
    CHECK(WaitForSingleObject(same, 0) == WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex) && ReleaseMutex(same));
    CHECK(!ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER);
    HANDLE thread = CreateThread(NULL, 0, abandon, NULL, 0, NULL);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    HANDLE both[2] = {thread, mutex};
    CHECK(WaitForMultipleObjects(2, both, TRUE, 0) == WAIT_ABANDONED_0);
    CHECK(ReleaseMutex(mutex));
    CHECK(!ReleaseMutex(mutex));
    CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(same);
    CloseHandle(mutex);
    puts("mutexes");
}

static DWORD WINAPI note_order(LPVOID argument)
{
    WaitForSingleObject(event, INFINITE);
    order[order_count++] = (LONG)(LONG_PTR)argument;
    SetEvent(done);
    return 0;
}

static void events(void)
{
    HANDLE threads[4];
    event = CreateEventW(NULL, FALSE, FALSE, NULL);
    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    for (LONG_PTR i = 0; i < 4; i++) {
        threads[i] = CreateThread(NULL, 0, note_order, (LPVOID)i, 0, NULL);
        Sleep(20);
    }
    for (int i = 0; i < 4; i++) SignalObjectAndWait(event, done, INFINITE, FALSE);
    CHECK(WaitForMultipleObjects(4, threads, TRUE, 1000) == WAIT_OBJECT_0);
    printf("order %ld %ld %ld %ld\n", order[0], order[1], order[2], order[3]);
    CHECK(WaitForSingleObject(event, 0) == WAIT_TIMEOUT);
    HANDLE any[3] = {event, done, threads[2]};
    CHECK(WaitForMultipleObjects(3, any, FALSE, 0) == WAIT_OBJECT_0 + 2);
    CHECK(WaitForMultipleObjects(3, any, TRUE, 0) == WAIT_TIMEOUT);
    SetEvent(done);
    CHECK(WaitForMultipleObjects(3, any, FALSE, 0) == WAIT_OBJECT_0 + 1);
    any[2] = (HANDLE)0x7771;
    CHECK(WaitForMultipleObjects(3, any, FALSE, 0) == WAIT_FAILED);
    CHECK(GetLastError() == ERROR_INVALID_HANDLE);
    any[2] = any[0];
    CHECK(WaitForMultipleObjects(3, any, TRUE, 0) == WAIT_FAILED);
    CHECK(GetLastError() == ERROR_INVALID_PARAMETER);
    for (int i = 0; i < 4; i++) CloseHandle(threads[i]);
}

static void CALLBACK apc(ULONG_PTR value)
{
    order[order_count++] = (LONG)value;
    if (value == 1) QueueUserAPC(apc, GetCurrentThread(), 7);
}

static VOID CALLBACK timer_apc(LPVOID value, DWORD low, DWORD high)
{
    CHECK(low || high);
    order[order_count++] = *(LONG *)value;
}

static void apcs(void)
{
    LONG number = 9;
    LARGE_INTEGER due = {.QuadPart = -100000};
    order_count = 0;
    for (ULONG_PTR i = 1; i <= 3; i++) QueueUserAPC(apc, GetCurrentThread(), i);
    Sleep(10);
    CHECK(order_count == 0);
    CHECK(SleepEx(INFINITE, TRUE) == WAIT_IO_COMPLETION);
    CHECK(SleepEx(0, TRUE) == 0);
    HANDLE timer = CreateWaitableTimerW(NULL, FALSE, NULL);
    CHECK(SetWaitableTimer(timer, &due, 20, timer_apc, &number, FALSE));
    CHECK(SleepEx(1000, TRUE) == WAIT_IO_COMPLETION);
    CHECK(WaitForSingleObject(timer, 0) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(timer, 1000) == WAIT_OBJECT_0);
    CHECK(CancelWaitableTimer(timer));
    CHECK(WaitForSingleObject(timer, 100) == WAIT_TIMEOUT);
    printf("apcs");
    for (int i = 0; i < order_count; i++) printf(" %ld", order[i]);
    puts("");
    CloseHandle(timer);
}

static void times(void)
{
    DWORD before = GetTickCount();
    Sleep(60000);
    DWORD slept = GetTickCount() - before;
    LARGE_INTEGER frequency, start, end;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    Sleep(100);
    QueryPerformanceCounter(&end);
    LONGLONG ms = (end.QuadPart - start.QuadPart) * 1000 / frequency.QuadPart;
    printf("slept %d, %d\n", slept >= 59980 && slept < 60200, ms >= 99 && ms < 150);
    before = GetTickCount();
    while (GetTickCount() - before < 50) continue;
    puts("spun");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    threads();
    preemption();
    producers_and_consumers();
    mutexes();
    events();
    apcs();
    times();
    printf("%d failures\n", failures);
    return failures;
}
