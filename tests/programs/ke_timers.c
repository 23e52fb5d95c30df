/* Timer storms: many waitable timers at once, periodic ones, their APCs, cancelling, waits for all.
 * Expected output recorded on Wine 8.0 (native i386). */
#include <stdio.h>
#include <windows.h>

#define TIMERS 48

static HANDLE timers[TIMERS];
static int order[TIMERS * 2], fired;

static void make(BOOL manual)
{
    for (int i = 0; i < TIMERS; i++) timers[i] = CreateWaitableTimerA(NULL, manual, NULL);
    fired = 0;
}

static void drop(void)
{
    for (int i = 0; i < TIMERS; i++) CloseHandle(timers[i]);
}

static BOOL set(int i, int milliseconds, LONG period, PTIMERAPCROUTINE routine)
{
    LARGE_INTEGER due = {.QuadPart = -10000LL * milliseconds};
    return SetWaitableTimer(timers[i], &due, period, routine, (void *)(ULONG_PTR)i, FALSE);
}

static int in_order(const int *(*expected)(int))
{
    for (int i = 0; i < TIMERS; i++)
        if (order[i] != *expected(i)) return i;
    return TIMERS;
}

static const int *shuffled(int i)
{
    static int value;
    value = i * 29 % TIMERS; /* 29 and 48 have no common divisor */
    return &value;
}

static void test_order(void)
{
    make(FALSE);
    for (int i = 0; i < TIMERS; i++) set(*shuffled(i), 40 + 20 * i, 0, NULL);
    while (fired < TIMERS) {
        DWORD result = WaitForMultipleObjects(TIMERS, timers, FALSE, 5000);
        if (result >= TIMERS) break;
        order[fired++] = (int)result;
    }
    printf("in the order of their times: %d of %d, then %#lx\n", in_order(shuffled), TIMERS,
        WaitForMultipleObjects(TIMERS, timers, FALSE, 0));
    drop();
}

static VOID CALLBACK routine(LPVOID argument, DWORD low, DWORD high)
{
    (void)low;
    (void)high;
    order[fired++] = (int)(ULONG_PTR)argument;
}

static void test_apcs(void)
{
    make(TRUE);
    for (int i = 0; i < TIMERS; i++) set(*shuffled(i), 40 + 20 * i, 0, routine);
    Sleep(20);
    printf("no APC before an alertable wait: %d\n", fired);
    while (fired < TIMERS && SleepEx(5000, TRUE) == WAIT_IO_COMPLETION) {}
    printf("APCs in the order of their times: %d of %d\n", in_order(shuffled), TIMERS);
    printf("still signalled: %lu\n", WaitForMultipleObjects(TIMERS, timers, TRUE, 0));
    drop();
}

static void test_all(void)
{
    DWORD start = GetTickCount(), taken;
    make(TRUE);
    for (int i = 0; i < TIMERS; i++) set(i, 20 + 5 * i, 0, NULL);
    printf("all: %lu", WaitForMultipleObjects(TIMERS, timers, TRUE, 5000));
    taken = GetTickCount() - start;
    printf(", not before the last: %d\n", taken + 16 >= 20 + 5 * (TIMERS - 1));
    drop();
}

static void test_periods(void)
{
    int counts[3] = {0};
    DWORD start = GetTickCount(), result;
    make(FALSE);
    for (int i = 0; i < 3; i++) set(i, 50, 50 * (i + 1), NULL);
    while (GetTickCount() - start < 1525 &&
           (result = WaitForMultipleObjects(3, timers, FALSE, 1000)) < 3)
        counts[result]++;
    for (int i = 0; i < 3; i++) {
        int ideal = 1 + 1475 / (50 * (i + 1));
        printf("period %d ms: about %d times: %d\n", 50 * (i + 1), ideal,
            counts[i] >= ideal - 2 && counts[i] <= ideal + 2);
    }
    CancelWaitableTimer(timers[0]);
    WaitForSingleObject(timers[0], 0);
    printf("cancelled: %#lx\n", WaitForSingleObject(timers[0], 150));
    drop();
}

static void test_cancelling(void)
{
    int done = 0;
    LARGE_INTEGER past = {.QuadPart = 1};
    make(TRUE);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < TIMERS; i++) done += set(i, 100000 + i, 0, routine);
        for (int i = 0; i < TIMERS; i++) done += CancelWaitableTimer(timers[i]);
    }
    printf("set and cancelled: %d of %d, fired %d\n", done, 100 * TIMERS, fired);
    for (int i = 0; i < TIMERS; i++) set(i, 30, 0, routine);
    for (int i = 0; i < TIMERS; i += 2) CancelWaitableTimer(timers[i]);
    while (SleepEx(200, TRUE) == WAIT_IO_COMPLETION) {}
    printf("half of them cancelled: %d fired\n", fired);
    printf("in the past: %d", SetWaitableTimer(timers[0], &past, 0, NULL, NULL, FALSE));
    printf(", signalled %lu\n", WaitForSingleObject(timers[0], 0));
    set(0, 100000, 0, NULL);
    printf("set again: %#lx\n", WaitForSingleObject(timers[0], 0));
    drop();
}

static DWORD WINAPI waiter(LPVOID timer)
{
    return WaitForSingleObject(timer, 5000);
}

static void test_waiters(void)
{
    HANDLE threads[TIMERS];
    DWORD codes = 0, code;
    for (int manual = 0; manual < 2; manual++) {
        make(manual);
        for (int i = 0; i < TIMERS; i++)
            threads[i] = CreateThread(NULL, 0x4000, waiter, timers[i / 2 * 2 * manual], 0, NULL);
        Sleep(50);
        for (int i = 0; i < TIMERS; i++) set(i, 10 + i, manual ? 0 : 20, NULL);
        printf("threads: %lu", WaitForMultipleObjects(TIMERS, threads, TRUE, 5000));
        for (int i = 0; i < TIMERS; i++) {
            GetExitCodeThread(threads[i], &code);
            codes += code;
            CloseHandle(threads[i]);
        }
        printf(", results %lu\n", codes);
        drop();
    }
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    test_order();
    test_apcs();
    test_all();
    test_periods();
    test_cancelling();
    test_waiters();
    return 0;
}
