/* Work items, timer queues and registered waits; mailslots; handles of directory changes. */
#include <windows.h>
#include <stdio.h>

static LONG count, late;
static HANDLE reached;

static DWORD WINAPI work(void *argument)
{
    if (InterlockedIncrement(&count) == (LONG)(LONG_PTR)argument) SetEvent(reached);
    return 0;
}

static void WINAPI tick(void *argument, BOOLEAN fired)
{
    if (!fired) InterlockedIncrement(&late);
    work(argument);
}

static void WINAPI waited(void *argument, BOOLEAN timed_out)
{
    if (timed_out) InterlockedIncrement(&late);
    work(argument);
}

static void WINAPI slow(void *argument, BOOLEAN fired)
{
    (void)fired;
    SetEvent(reached);
    Sleep(50);
    InterlockedIncrement((LONG *)argument);
}

static void items(void)
{
    count = 0;
    for (int i = 0; i < 20; i++) QueueUserWorkItem(work, (void *)20, 0);
    printf("items %lu, %ld\n", WaitForSingleObject(reached, 5000), count);
}

static void timers(void)
{
    HANDLE queue = CreateTimerQueue(), timer, once;
    LONG ended = 0;
    DWORD start = GetTickCount();
    count = late = 0;
    printf("create %d\n", CreateTimerQueueTimer(&timer, queue, tick, (void *)5, 10, 20, 0));
    printf("five %lu, late %ld\n", WaitForSingleObject(reached, 5000), late);
    printf("took long enough: %d\n", GetTickCount() - start >= 80);
    printf("delete %d\n", DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE));
    CreateTimerQueueTimer(&once, queue, slow, &ended, 1, 0, WT_EXECUTEONLYONCE);
    WaitForSingleObject(reached, 5000);
    printf("running %d", DeleteTimerQueueTimer(queue, once, NULL));
    printf(" %d\n", GetLastError() == ERROR_IO_PENDING);
    printf("queue %d, ended %ld\n", DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE), ended);
    count = 0;
    CreateTimerQueueTimer(&timer, NULL, tick, (void *)1, 100000, 0, 0);
    printf("change %d\n", ChangeTimerQueueTimer(NULL, timer, 5, 0));
    printf("changed %lu\n", WaitForSingleObject(reached, 5000));
    DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
}

static void waits(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), wait;
    count = late = 0;
    RegisterWaitForSingleObject(&wait, event, waited, (void *)2, INFINITE, 0);
    for (int i = 0; i < 2; i++) {
        SetEvent(event);
        while (count == i) Sleep(1);
    }
    printf("twice %lu, late %ld\n", WaitForSingleObject(reached, 5000), late);
    printf("end %d\n", UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    count = 0;
    RegisterWaitForSingleObject(&wait, event, waited, (void *)1, 20, WT_EXECUTEONLYONCE);
    printf("time-out %lu, late %ld\n", WaitForSingleObject(reached, 5000), late);
    printf("end %d\n", UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CloseHandle(event);
}

static void mailslots(void)
{
    HANDLE slot = CreateMailslotA("\\\\.\\mailslot\\picorun", 0, 0, NULL), client;
    DWORD next, messages, done;
    char text[16];
    GetMailslotInfo(slot, NULL, &next, &messages, NULL);
    printf("empty %d, %lu\n", next == MAILSLOT_NO_MESSAGE, messages);
    client = CreateFileA("\\\\.\\mailslot\\picorun", GENERIC_WRITE, FILE_SHARE_READ, NULL,
        OPEN_EXISTING, 0, NULL);
    WriteFile(client, "hello", 5, &done, NULL);
    GetMailslotInfo(slot, NULL, &next, &messages, NULL);
    printf("next %lu, %lu\n", next, messages);
    printf("read %d", ReadFile(slot, text, sizeof text, &done, NULL));
    printf(" %.*s\n", (int)done, text);
    printf("none %d", ReadFile(slot, text, sizeof text, &done, NULL));
    printf(" %d\n", GetLastError() == ERROR_SEM_TIMEOUT);
    CloseHandle(client);
    CloseHandle(slot);
}

static void changes(void)
{
    HANDLE handle;
    CreateDirectoryA("watched", NULL);
    handle = FindFirstChangeNotificationA("watched", FALSE, FILE_NOTIFY_CHANGE_FILE_NAME);
    printf("quiet %lu\n", WaitForSingleObject(handle, 0));
    CloseHandle(CreateFileA("watched\\file", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    printf("changed %lu\n", WaitForSingleObject(handle, 1000));
    printf("again %d", FindNextChangeNotification(handle));
    printf(" %lu\n", WaitForSingleObject(handle, 0));
    DeleteFileA("watched\\file");
    printf("deleted %lu\n", WaitForSingleObject(handle, 1000));
    printf("close %d\n", FindCloseChangeNotification(handle));
    RemoveDirectoryA("watched");
    printf("none %d\n", FindFirstChangeNotificationA("nothing", FALSE, 1) == INVALID_HANDLE_VALUE);
}

int main(void)
{
    reached = CreateEventA(NULL, FALSE, FALSE, NULL);
    items();
    timers();
    waits();
    mailslots();
    changes();
    return 0;
}
