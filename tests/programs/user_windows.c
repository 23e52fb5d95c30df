/* Classes, windows, messages and timers of a process whose windows nobody sees. */
#include <windows.h>
#include <stdio.h>

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM w, LPARAM l)
{
    switch (message) {
    case WM_NCCREATE: printf("nccreate\n"); break;
    case WM_CREATE: printf("create %s\n", ((CREATESTRUCTA *)l)->lpszName); break;
    case WM_TIMER:
        printf("timer %d\n", (int)w);
        KillTimer(window, w);
        PostMessageA(window, WM_USER + 1, 7, 8);
        return 0;
    case WM_USER: printf("user %d %d\n", (int)w, (int)l); return 42;
    case WM_USER + 1: printf("user1 %d %d\n", (int)w, (int)l); DestroyWindow(window); return 0;
    case WM_USER + 2: Sleep(1000); return 5;
    case WM_DESTROY: printf("destroy\n"); PostQuitMessage(3); return 0;
    case WM_NCDESTROY: printf("ncdestroy\n"); break;
    }
    return DefWindowProcA(window, message, w, l);
}

static LRESULT CALLBACK wide_procedure(HWND window, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_SETTEXT) printf("wide settext %ls\n", (WCHAR *)l);
    if (message == WM_CREATE && !wcscmp(((CREATESTRUCTW *)l)->lpszName, L"no")) return -1;
    return DefWindowProcW(window, message, w, l);
}

static void CALLBACK on_time(HWND window, UINT message, UINT_PTR id, DWORD time)
{
    (void)time;
    printf("on time %d %d %d\n", window == NULL, message == WM_TIMER, id != 0);
}

static DWORD WINAPI other(void *window)
{
    DWORD_PTR result = 77;
    printf("sent %d\n", (int)SendMessageA(window, WM_USER, 1, 2));
    SetLastError(0);
    printf("timeout %d", (int)SendMessageTimeoutA(window, WM_USER + 2, 0, 0, 0, 100, &result));
    printf(" %lu\n", GetLastError());
    printf("not mine %d %lu\n", DestroyWindow(window), GetLastError());
    PostThreadMessageA(GetWindowThreadProcessId(window, NULL), WM_APP, 5, 6);
    return 0;
}

static BOOL CALLBACK count_one(HWND window, LPARAM count)
{
    (void)window;
    ++*(int *)count;
    return TRUE;
}

static void errors(HINSTANCE module)
{
    WNDCLASSEXA bad = {.cbSize = 3, .lpszClassName = "bad"};
    printf("size %d %lu\n", RegisterClassExA(&bad), GetLastError());
    printf("no class %d", CreateWindowExA(0, "nosuch", "", 0, 0, 0, 0, 0, 0, 0, module, 0) != NULL);
    printf(" %lu\n", GetLastError());
    printf("orphan %d", CreateWindowExA(0, "one", "", WS_CHILD, 0, 0, 0, 0, 0, 0, module, 0) != NULL);
    printf(" %lu\n", GetLastError());
    printf("post %d", PostMessageA((HWND)0x1234, WM_USER, 0, 0));
    printf(" %lu\n", GetLastError());
    printf("send %d", (int)SendMessageA((HWND)0x1234, WM_USER, 0, 0));
    printf(" %lu\n", GetLastError());
    printf("thread %d", PostThreadMessageA(1, WM_USER, 0, 0));
    printf(" %lu\n", GetLastError());
    printf("unregister %d", UnregisterClassA("nosuch", module));
    printf(" %lu\n", GetLastError());
}

static void words_and_text(HWND window)
{
    char text[20];
    WCHAR wide[20];
    printf("text %d", GetWindowTextA(window, text, 20));
    printf(" %s %d\n", text, GetWindowTextLengthA(window));
    printf("short %d", GetWindowTextA(window, text, 3));
    printf(" %s\n", text);
    SetWindowTextA(window, "\xe9t\xe9");
    printf("wide %d", GetWindowTextW(window, wide, 20));
    printf(" %x %x\n", wide[0], wide[1]);
    GetClassNameA(window, text, 20);
    printf("class %s\n", text);
    printf("before %ld\n", SetWindowLongA(window, GWL_USERDATA, 77));
    printf("after %ld\n", GetWindowLongA(window, GWL_USERDATA));
    SetLastError(0);
    printf("extra %ld %ld", SetWindowLongA(window, 4, 5), GetWindowLongA(window, 4));
    printf(" %ld %lu\n", GetWindowLongA(window, 8), GetLastError());
    SetPropA(window, "p", (HANDLE)9);
    printf("property %d %d", (int)(INT_PTR)GetPropA(window, "P"), GetPropA(window, "q") != NULL);
    printf(" %d\n", (int)(INT_PTR)RemovePropA(window, "p"));
}

static void relatives(HINSTANCE module)
{
    HWND top = CreateWindowExW(0, L"two", L"top", 0, 10, 20, 300, 200, NULL, NULL, module, NULL);
    HWND below = CreateWindowExW(0, L"two", L"below", WS_CHILD, 1, 2, 30, 40, top, (HMENU)6, module,
        NULL);
    int count = 0;
    printf("parent %d %d\n", GetParent(below) == top, GetParent(top) == NULL);
    printf("child %d %d\n", IsChild(top, below), IsChild(below, top));
    printf("item %d %d\n", GetDlgItem(top, 6) == below, GetDlgCtrlID(below));
    printf("find %d", FindWindowW(L"two", L"top") == top);
    printf(" %d", FindWindowW(NULL, L"below") != NULL);
    printf(" %d\n", FindWindowExW(top, NULL, L"two", NULL) == below);
    EnumChildWindows(top, count_one, (LPARAM)&count);
    printf("children %d\n", count);
    printf("hidden %d enabled %d\n", IsWindowVisible(top), IsWindowEnabled(top));
    printf("disable %d %d\n", EnableWindow(top, FALSE), IsWindowEnabled(top));
    SendMessageA(top, WM_SETTEXT, 0, (LPARAM)"ansi");
    printf("class in use %d", UnregisterClassW(L"two", module));
    printf(" %lu\n", GetLastError());
    DestroyWindow(top);
    printf("both gone %d %d\n", IsWindow(top), IsWindow(below));
    printf("refused %d\n",
        CreateWindowExW(0, L"two", L"no", 0, 0, 0, 0, 0, NULL, NULL, module, NULL) != NULL);
    printf("unregister %d\n", UnregisterClassW(L"two", module));
}

static void waits(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    MSG msg;
    printf("wait %lu\n", MsgWaitForMultipleObjects(1, &event, FALSE, 20, QS_ALLINPUT));
    PostThreadMessageA(GetCurrentThreadId(), WM_APP, 1, 0);
    printf("wait %lu\n", MsgWaitForMultipleObjects(1, &event, FALSE, 1000, QS_ALLINPUT));
    printf("peek %d", PeekMessageA(&msg, NULL, WM_USER, WM_USER, PM_NOREMOVE));
    printf(" %d", PeekMessageA(&msg, NULL, 0, 0, PM_NOREMOVE));
    printf(" %d\n", PeekMessageA(&msg, (HWND)-1, 0, 0, PM_REMOVE));
    SetEvent(event);
    printf("wait %lu\n", MsgWaitForMultipleObjects(1, &event, FALSE, 1000, QS_ALLINPUT));
    SetTimer(NULL, 0, 30, on_time);
    GetMessageA(&msg, NULL, 0, 0);
    DispatchMessageA(&msg);
    KillTimer(NULL, msg.wParam);
}

int main(void)
{
    HINSTANCE module = GetModuleHandleA(NULL);
    WNDCLASSEXA one = {.cbSize = sizeof one, .lpfnWndProc = procedure, .hInstance = module,
        .cbWndExtra = 8, .lpszClassName = "one"};
    WNDCLASSW two = {.lpfnWndProc = wide_procedure, .hInstance = module, .lpszClassName = L"two"};
    MSG msg;
    int more;
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("atoms %d", RegisterClassExA(&one) != 0);
    printf(" %d\n", RegisterClassW(&two) != 0);
    printf("again %d %lu\n", RegisterClassExA(&one), GetLastError());
    errors(module);
    relatives(module);
    waits();
    HWND window = CreateWindowExA(0, "one", "name", 0, 0, 0, 10, 20, HWND_MESSAGE, NULL, module,
        NULL);
    printf("window %d\n", window != NULL);
    printf("found %d", FindWindowA("one", NULL) != NULL);
    printf(" %d\n", FindWindowExA(HWND_MESSAGE, NULL, "one", NULL) == window);
    printf("send %d\n", (int)SendMessageA(window, WM_USER, 3, 4));
    words_and_text(window);
    HANDLE thread = CreateThread(NULL, 0, other, window, 0, NULL);
    SetTimer(window, 9, 3000, NULL);
    while ((more = GetMessageA(&msg, NULL, 0, 0)) > 0) {
        if (!msg.hwnd) printf("thread message %d %d\n", (int)msg.wParam, (int)msg.lParam);
        TranslateMessage(&msg);
        DispatchMessageA(&msg);
    }
    WaitForSingleObject(thread, INFINITE);
    printf("quit %d %d\n", more, (int)msg.wParam);
    printf("gone %d\n", IsWindow(window));
    return 0;
}
