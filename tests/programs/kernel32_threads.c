/* Threads and what they wait for; anonymous pipes.
 * Expected output recorded on Wine 8.0 (native i386). */
#include <stdio.h>
#include <windows.h>

static DWORD tls;
static LONG order;

static DWORD WINAPI worker(void *argument)
{
    HANDLE *events = argument;
    TlsSetValue(tls, (void *)1);
    WaitForSingleObject(events[0], INFINITE);
    InterlockedIncrement(&order);
    SetEvent(events[1]);
    return 77;
}

static void threads(void)
{
    HANDLE events[2] = {CreateEventA(NULL, TRUE, FALSE, NULL), CreateEventA(NULL, FALSE, FALSE, "k32e")};
    DWORD code = 0, id = 0;
    SetLastError(5);
    HANDLE twin = CreateEventA(NULL, FALSE, FALSE, "k32e");
    printf("twin %d error %lu\n", twin != NULL, GetLastError());
    SetLastError(0);
    twin = OpenEventA(EVENT_ALL_ACCESS, FALSE, "k32none");
    printf("open %d error %lu\n", twin != NULL, GetLastError());
    tls = TlsAlloc();
    TlsSetValue(tls, (void *)2);
    HANDLE thread = CreateThread(NULL, 0, worker, events, 0, &id);
    printf("wait %lx\n", WaitForSingleObject(thread, 10));
    GetExitCodeThread(thread, &code);
    printf("running %lu id %d\n", code, id == GetThreadId(thread));
    SetEvent(events[0]);
    printf("both %lu\n", WaitForMultipleObjects(2, (HANDLE[]){thread, events[1]}, TRUE, 5000));
    GetExitCodeThread(thread, &code);
    printf("code %lu order %ld tls %d\n", code, order, (int)(INT_PTR)TlsGetValue(tls));
    HANDLE s = CreateSemaphoreA(NULL, 1, 2, NULL);
    LONG previous = -1;
    printf("semaphore %d", ReleaseSemaphore(s, 1, &previous));
    printf(" %ld", previous);
    SetLastError(0);
    printf(" %d", ReleaseSemaphore(s, 1, NULL));
    printf(" error %lu\n", GetLastError());
    HANDLE m = CreateMutexA(NULL, TRUE, NULL);
    printf("mutex %d", ReleaseMutex(m));
    SetLastError(0);
    printf(" %d", ReleaseMutex(m));
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    printf("bad handle %lx", WaitForSingleObject((HANDLE)0x1234, 0));
    printf(" error %lu\n", GetLastError());
    printf("TlsFree %d\n", TlsFree(tls));
    SetLastError(0);
    printf("again %d", TlsFree(tls));
    printf(" error %lu\n", GetLastError());
}

static void pipes(void)
{
    HANDLE r, w;
    char text[16];
    DWORD n = 0, available = 0;
    printf("pipe %d", CreatePipe(&r, &w, NULL, 0));
    printf(" type %lu\n", GetFileType(r));
    WriteFile(w, "abcdef", 6, &n, NULL);
    printf("peek %d", PeekNamedPipe(r, text, 3, &n, &available, NULL));
    printf(" %lu %lu %.*s\n", n, available, (int)n, text);
    printf("read %d", ReadFile(r, text, 16, &n, NULL));
    printf(" %lu\n", n);
    CloseHandle(w);
    SetLastError(0);
    printf("broken %d", ReadFile(r, text, 16, &n, NULL));
    printf(" %lu error %lu\n", n, GetLastError());
    CloseHandle(r);
}

int main(void)
{
    threads();
    pipes();
    return 0;
}
