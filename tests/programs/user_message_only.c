/* A window that is for messages only, between two threads; timers and the end of a loop. */
#include <windows.h>
#include <stdio.h>

#define WM_ADD (WM_USER + 1)
#define WM_STOP (WM_USER + 2)

static HWND window;
static HANDLE ready;
static int sum;

static LRESULT CALLBACK procedure(HWND self, UINT message, WPARAM w, LPARAM l)
{
    switch (message) {
    case WM_ADD:
        printf("add %d %d in %d\n", (int)w, (int)l, (int)InSendMessageEx(NULL));
        sum += (int)w;
        if (l) ReplyMessage(sum * 10);
        return sum;
    case WM_COPYDATA:
        printf("copy %s\n", (const char *)((COPYDATASTRUCT *)l)->lpData);
        return TRUE;
    case WM_TIMER:
        printf("timer %d\n", (int)w);
        if (++sum >= 20) KillTimer(self, w), PostMessageA(self, WM_STOP, 0, 0);
        return 0;
    case WM_STOP: DestroyWindow(self); return 0;
    case WM_DESTROY: PostQuitMessage(sum); return 0;
    }
    return DefWindowProcA(self, message, w, l);
}

static DWORD WINAPI serve(void *unused)
{
    WNDCLASSA class = {.lpfnWndProc = procedure, .hInstance = GetModuleHandleA(NULL),
        .lpszClassName = "only"};
    MSG msg;
    (void)unused;
    printf("class %d\n", RegisterClassA(&class) != 0);
    window = CreateWindowExA(0, "only", "hidden", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
        class.hInstance, NULL);
    printf("window %d visible %d\n", window != NULL, IsWindowVisible(window));
    SetEvent(ready);
    while (GetMessageA(&msg, NULL, 0, 0) > 0) {
        if (!msg.hwnd) printf("thread message %d\n", (int)msg.wParam);
        DispatchMessageA(&msg);
    }
    return (DWORD)msg.wParam;
}

static BOOL CALLBACK find(HWND each, LPARAM found)
{
    if (each == window) *(int *)found = 1;
    return TRUE;
}

int main(void)
{
    DWORD id, code;
    int found = 0;
    COPYDATASTRUCT data = {.dwData = 1, .cbData = 6, .lpData = "hello"};
    setvbuf(stdout, NULL, _IONBF, 0);
    ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, serve, NULL, 0, &id);
    WaitForSingleObject(ready, INFINITE);
    printf("sum %d\n", (int)SendMessageA(window, WM_ADD, 3, 0));
    printf("early %d\n", (int)SendMessageA(window, WM_ADD, 4, 1));
    printf("copied %d\n", (int)SendMessageA(window, WM_COPYDATA, 0, (LPARAM)&data));
    printf("thread %d\n", GetWindowThreadProcessId(window, NULL) == id);
    EnumWindows(find, (LPARAM)&found);
    printf("listed %d", found);
    printf(" found %d\n", FindWindowExA(HWND_MESSAGE, NULL, "only", NULL) == window);
    SetLastError(0);
    printf("post pointer %d", PostMessageA(window, WM_SETTEXT, 0, (LPARAM) "x"));
    printf(" %lu\n", GetLastError());
    PostThreadMessageA(id, WM_APP, 9, 0);
    Sleep(50);
    SendNotifyMessageA(window, WM_ADD, 1, 0);
    Sleep(50);
    PostMessageA(window, WM_ADD, 10, 0);
    Sleep(50);
    SendMessageA(window, WM_NULL, 0, 0);
    printf("timer %d", SetTimer(window, 7, 10, NULL) != 0);
    printf("\n");
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    printf("code %lu gone %d\n", code, IsWindow(window));
    return 0;
}
