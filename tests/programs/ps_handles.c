/* Handles and children: what is inherited, what of a list, and DuplicateHandle in all directions.
 * Expected output recorded on native Wine 8.0. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char self[MAX_PATH];
static HANDLE events[4];

struct child {
    HANDLE process, thread;
};

static struct child start(const char *words, BOOL inherit, LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    STARTUPINFOEXA info = {.StartupInfo.cb = list ? sizeof info : sizeof info.StartupInfo};
    PROCESS_INFORMATION made = {0};
    char line[MAX_PATH + 128];
    info.lpAttributeList = list;
    snprintf(line, sizeof line, "\"%s\" %s", self, words);
    if (!CreateProcessA(NULL, line, NULL, NULL, inherit, list ? EXTENDED_STARTUPINFO_PRESENT : 0,
            NULL, NULL, &info.StartupInfo, &made))
        printf("error %lu\n", GetLastError());
    return (struct child){made.hProcess, made.hThread};
}

static DWORD end_of(struct child child)
{
    DWORD code = 0;
    if (!child.process) return 0xFFFF;
    WaitForSingleObject(child.process, 20000);
    GetExitCodeProcess(child.process, &code);
    CloseHandle(child.process);
    CloseHandle(child.thread);
    return code;
}

/* A bit for each of four handle values that the child can signal. */
static const char *values(void)
{
    static char text[80];
    snprintf(text, sizeof text, "values %p %p %p %p", (void *)events[0], (void *)events[1],
        (void *)events[2], (void *)events[3]);
    return text;
}

static int child_values(char **words)
{
    int seen = 0;
    for (int i = 0; i < 4; i++) {
        HANDLE handle = (HANDLE)(ULONG_PTR)strtoul(words[i], NULL, 16);
        DWORD flags = 0;
        if (GetHandleInformation(handle, &flags) && SetEvent(handle)) seen |= 1 << i;
        if (flags & HANDLE_FLAG_INHERIT) seen |= 0x10 << i;
    }
    return seen;
}

static void show(const char *what, DWORD seen)
{
    printf("%s: %#lx, signalled", what, seen);
    for (int i = 0; i < 4; i++) printf(" %d", WaitForSingleObject(events[i], 0) == WAIT_OBJECT_0);
    printf("\n");
    for (int i = 0; i < 4; i++) ResetEvent(events[i]);
}

static void inheritance(void)
{
    SECURITY_ATTRIBUTES yes = {sizeof yes, NULL, TRUE};
    for (int i = 0; i < 4; i++) events[i] = CreateEventA(i % 2 ? &yes : NULL, TRUE, FALSE, NULL);
    show("without", end_of(start(values(), FALSE, NULL)));
    show("with", end_of(start(values(), TRUE, NULL)));
    SetHandleInformation(events[0], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    SetHandleInformation(events[1], HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(events[3], HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    show("changed", end_of(start(values(), TRUE, NULL)));
    SetHandleInformation(events[3], HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
}

static void update(LPPROC_THREAD_ATTRIBUTE_LIST list, const char *what, DWORD_PTR attribute,
    void *value, SIZE_T size)
{
    BOOL done;
    SetLastError(0);
    done = UpdateProcThreadAttribute(list, 0, attribute, value, size, NULL, NULL);
    printf("%s: %d %lu\n", what, done, GetLastError());
}

static void lists(void)
{
    char room[256];
    SIZE_T size = sizeof room;
    LPPROC_THREAD_ATTRIBUTE_LIST list = (void *)room;
    SetLastError(0);
    printf("size: %d", InitializeProcThreadAttributeList(NULL, 1, 0, &size));
    printf(" %lu\n", GetLastError());
    size = sizeof room;
    InitializeProcThreadAttributeList(list, 2, 0, &size);
    update(list, "unknown", 0xCAFE, events, sizeof(HANDLE));
    update(list, "half a handle", PROC_THREAD_ATTRIBUTE_HANDLE_LIST, events, 2);
    update(list, "bad parent", PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, events, 2);
    update(list, "one handle", PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &events[3], sizeof(HANDLE));
    update(list, "again", PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &events[0], sizeof(HANDLE));
    show("a list", end_of(start(values(), TRUE, list)));
    DeleteProcThreadAttributeList(list);
}

static int child_wait(void)
{
    Sleep(60000);
    return 1;
}

static void duplicate(const char *what, HANDLE source, HANDLE handle, HANDLE target, DWORD access,
    BOOL inherit, DWORD options)
{
    HANDLE copy = NULL;
    DWORD flags = 0;
    BOOL done;
    SetLastError(0);
    done = DuplicateHandle(source, handle, target, &copy, access, inherit, options);
    printf("%s: %d %lu", what, done, GetLastError());
    if (done && target == GetCurrentProcess()) {
        GetHandleInformation(copy, &flags);
        printf(", flags %lu", flags);
        SetLastError(0);
        printf(", set %d", SetEvent(copy));
        printf(" %lu", GetLastError());
        CloseHandle(copy);
    }
    printf("\n");
}

static void duplication(void)
{
    HANDLE own = GetCurrentProcess(), there = NULL, back = NULL, closing;
    struct child child = start("wait", FALSE, NULL);
    duplicate("same access", own, events[0], own, 0, FALSE, DUPLICATE_SAME_ACCESS);
    duplicate("inheritable", own, events[0], own, 0, TRUE, DUPLICATE_SAME_ACCESS);
    duplicate("less access", own, events[0], own, SYNCHRONIZE, FALSE, 0);
    duplicate("pseudo process", own, own, own, 0, FALSE, DUPLICATE_SAME_ACCESS);
    duplicate("nothing", own, (HANDLE)0x7770, own, 0, FALSE, DUPLICATE_SAME_ACCESS);
    duplicate("no source", (HANDLE)0x7770, events[0], own, 0, FALSE, DUPLICATE_SAME_ACCESS);
    duplicate("no target", own, events[0], (HANDLE)0x7770, 0, FALSE, DUPLICATE_SAME_ACCESS);
    duplicate("an event as target", own, events[0], events[1], 0, FALSE, DUPLICATE_SAME_ACCESS);
    printf("into the child: %d\n", DuplicateHandle(own, events[2], child.process, &there,
        SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, 0));
    printf("and back: %d\n", DuplicateHandle(child.process, there, own, &back, 0, FALSE,
        DUPLICATE_SAME_ACCESS));
    SetEvent(back);
    printf("the same event: %d\n", WaitForSingleObject(events[2], 0) == WAIT_OBJECT_0);
    CloseHandle(back);
    printf("taken from there: %d\n", DuplicateHandle(child.process, there, own, &back, 0, FALSE,
        DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CloseHandle(back);
    closing = CreateEventA(NULL, TRUE, FALSE, NULL);
    printf("moved: %d\n", DuplicateHandle(own, closing, child.process, &there, 0, FALSE,
        DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    SetLastError(0);
    printf("source: %d", SetEvent(closing));
    printf(" %lu\n", GetLastError());
    TerminateProcess(child.process, 9);
    WaitForSingleObject(child.process, 10000);
    duplicate("into one that has ended", own, events[0], child.process, 0, FALSE,
        DUPLICATE_SAME_ACCESS);
    printf("end: %lu\n", end_of(child));
}

int main(int count, char **words)
{
    if (count == 6) return child_values(words + 2);
    if (count == 2) return child_wait();
    GetModuleFileNameA(NULL, self, sizeof self);
    setvbuf(stdout, NULL, _IONBF, 0);
    inheritance();
    lists();
    duplication();
    return 0;
}
