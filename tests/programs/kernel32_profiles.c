/* Thread-pool objects, private profiles, and heaps asked about wild addresses. */
#include <windows.h>
#include <stdio.h>

static LONG count, cancelled;
static HANDLE reached;

static void CALLBACK work(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK item)
{
    (void)instance;
    (void)item;
    InterlockedIncrement((LONG *)context);
}

static void CALLBACK slow(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK item)
{
    (void)item;
    SetEventWhenCallbackReturns(instance, context);
    Sleep(20);
    InterlockedIncrement(&count);
}

static void CALLBACK tick(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER timer)
{
    (void)instance;
    (void)timer;
    if (InterlockedIncrement(&count) == 3) SetEvent(context);
}

static void CALLBACK waited(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
    (void)instance;
    (void)wait;
    InterlockedExchange((LONG *)context, (LONG)result);
    SetEvent(reached);
}

static void CALLBACK on_cancel(void *object, void *context)
{
    (void)object;
    (void)context;
    cancelled++;
}

static void works(void)
{
    PTP_WORK item = CreateThreadpoolWork(work, &count, NULL);
    for (int i = 0; i < 10; i++) SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    printf("work %ld\n", count);
    CloseThreadpoolWork(item);
    count = 0;
    item = CreateThreadpoolWork(slow, reached, NULL);
    SubmitThreadpoolWork(item);
    printf("event %lu, %ld\n", WaitForSingleObject(reached, 5000), count);
    CloseThreadpoolWork(item);
}

static void timers(void)
{
    PTP_TIMER timer = CreateThreadpoolTimer(tick, reached, NULL);
    LARGE_INTEGER due = {.QuadPart = -100000};
    count = 0;
    printf("set %d", IsThreadpoolTimerSet(timer));
    SetThreadpoolTimer(timer, (FILETIME *)&due, 10, 0);
    printf(" %d\n", IsThreadpoolTimerSet(timer));
    printf("ticks %lu\n", WaitForSingleObject(reached, 5000));
    SetThreadpoolTimer(timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    printf("set %d\n", IsThreadpoolTimerSet(timer));
    CloseThreadpoolTimer(timer);
}

static void waits(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    LONG result = -1;
    PTP_WAIT wait = CreateThreadpoolWait(waited, &result, NULL);
    LARGE_INTEGER soon = {.QuadPart = -100000};
    SetThreadpoolWait(wait, event, NULL);
    SetEvent(event);
    printf("wait %lu, %ld\n", WaitForSingleObject(reached, 5000), result);
    SetThreadpoolWait(wait, event, (FILETIME *)&soon);
    printf("wait %lu, %ld\n", WaitForSingleObject(reached, 5000), result);
    SetThreadpoolWait(wait, event, NULL);
    Sleep(10);
    SetThreadpoolWait(wait, NULL, NULL);
    SetEvent(event);
    printf("left %lu\n", WaitForSingleObject(event, 100));
    CloseThreadpoolWait(wait);
    CloseHandle(event);
}

static void groups(void)
{
    TP_CALLBACK_ENVIRON environment;
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    PTP_WORK item;
    count = 0;
    SetThreadpoolThreadMaximum(pool, 1);
    printf("minimum %d\n", SetThreadpoolThreadMinimum(pool, 1));
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolCallbackCleanupGroup(&environment, group, on_cancel);
    item = CreateThreadpoolWork(slow, reached, &environment);
    for (int i = 0; i < 5; i++) SubmitThreadpoolWork(item);
    WaitForSingleObject(reached, 5000);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
    printf("cancelled %ld, some ran %d\n", cancelled, count > 0 && count < 5);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
}

#define INI ".\\test.ini"

static void show(const char *section, const char *key)
{
    char text[64] = "";
    DWORD length = GetPrivateProfileStringA(section, key, "none", text, sizeof text, INI);
    printf("%lu", length);
    for (DWORD i = 0; i < length; i++) putchar(text[i] ? text[i] : '|');
    putchar('\n');
}

static void profiles(void)
{
    struct { char name[4]; DWORD number; } data = {"abc", 7}, back = {{0}, 0};
    DeleteFileA(INI);
    show("one", "a");
    printf("write %d\n", WritePrivateProfileStringA("one", "a", "first", INI));
    WritePrivateProfileStringA("two", "n", "0x20", INI);
    WritePrivateProfileStringA("one", "b", "\"quoted\"", INI);
    show("one", "a");
    show("ONE", "B");
    show("one", NULL);
    show(NULL, NULL);
    printf("int %u %u\n", GetPrivateProfileIntA("two", "n", 1, INI),
        GetPrivateProfileIntA("two", "m", 5, INI));
    WritePrivateProfileStringA("one", "a", NULL, INI);
    show("one", "a");
    show("one", "b");
    printf("struct %d", WritePrivateProfileStructA("two", "s", &data, sizeof data, INI));
    printf(" %d", GetPrivateProfileStructA("two", "s", &back, sizeof back, INI));
    printf(" %s %lu\n", back.name, back.number);
    WritePrivateProfileStringA("two", NULL, NULL, INI);
    show(NULL, NULL);
    DeleteFileA(INI);
}

static void heaps(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    void *block = HeapAlloc(heap, 0, 100);
    char local[64] = "";
    printf("valid %d", HeapValidate(heap, 0, block));
    printf(" %d", HeapValidate(heap, 0, (void *)0xDEADBE00));
    printf(" %d\n", HeapValidate(heap, 0, local + 32));
    HeapDestroy(heap);
}

static void modes(void)
{
    DWORD old = 9;
    printf("mode %lu", GetThreadErrorMode());
    printf(" %d", SetThreadErrorMode(SEM_FAILCRITICALERRORS, &old));
    printf(" %lu %lu", old, GetThreadErrorMode());
    printf(" %d\n", SetThreadErrorMode(0x10, NULL));
    old = 1024;
    printf("name %d", QueryFullProcessImageNameA(GetCurrentProcess(), 0, NULL, &old));
    printf(" %d\n", GetLastError() == ERROR_INVALID_PARAMETER);
}

int main(void)
{
    modes();
    heaps();
    reached = CreateEventA(NULL, FALSE, FALSE, NULL);
    works();
    timers();
    waits();
    groups();
    profiles();
    return 0;
}
