/* `system WHAT COUNT`: asks one thing of the system, again and again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "need.h"

#define BLOCK 4096
#define TOUCHED (64u << 20)

static char block[BLOCK];

static void set_event(unsigned count) {
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    while (count--)
        need(SetEvent(event), "SetEvent");
}

static void poll_event(unsigned count) {
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    while (count--)
        need(WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "WaitForSingleObject");
}

static DWORD WINAPI answer(void *events) {
    HANDLE *pair = events;
    for (;;) {
        WaitForSingleObject(pair[0], INFINITE);
        SetEvent(pair[1]);
    }
}

static void ping_pong(unsigned count) {
    HANDLE pair[2] = {CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, FALSE, NULL)};
    need(CreateThread(NULL, 0, answer, pair, 0, NULL) != NULL, "CreateThread");
    while (count--)
        need(SignalObjectAndWait(pair[0], pair[1], INFINITE, FALSE) == WAIT_OBJECT_0, "wait");
}

static HANDLE open_scratch(void) {
    HANDLE file = CreateFileW(L"scratch.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    need(file != INVALID_HANDLE_VALUE, "CreateFile");
    return file;
}

static void write_file(unsigned count) {
    HANDLE file = open_scratch();
    DWORD done;
    for (unsigned i = 0; i < count; i++) {
        if (i % 1024 == 0)
            SetFilePointer(file, 0, NULL, FILE_BEGIN);
        need(WriteFile(file, block, BLOCK, &done, NULL), "WriteFile");
    }
    CloseHandle(file);
}

static void read_file(unsigned count) {
    HANDLE file = open_scratch();
    DWORD done;
    need(WriteFile(file, block, BLOCK, &done, NULL), "WriteFile");
    while (count--) {
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        need(ReadFile(file, block, BLOCK, &done, NULL), "ReadFile");
    }
    CloseHandle(file);
}

static void touch_pages(unsigned count) {
    while (count) {
        char *pages = VirtualAlloc(NULL, TOUCHED, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        need(pages != NULL, "VirtualAlloc");
        for (unsigned i = 0; i < TOUCHED / 4096 && count; i++, count--)
            pages[i * 4096] = 1;
        need(VirtualFree(pages, 0, MEM_RELEASE), "VirtualFree");
    }
}

static DWORD WINAPI nothing(void *unused) {
    (void)unused;
    return 0;
}

static void make_threads(unsigned count) {
    while (count--) {
        HANDLE thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);
        need(thread != NULL, "CreateThread");
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
}

static DWORD WINAPI spin(void *rounds) {
    for (volatile unsigned i = 0; i < (unsigned)(ULONG_PTR)rounds; i++)
        ;
    return 0;
}

/* `count` threads at once that share the same work. */
static void share_work(unsigned count) {
    HANDLE threads[MAXIMUM_WAIT_OBJECTS];
    for (unsigned i = 0; i < count; i++) {
        threads[i] = CreateThread(NULL, 0, spin, (void *)(ULONG_PTR)(8000000u / count), 0, NULL);
        need(threads[i] != NULL, "CreateThread");
    }
    WaitForMultipleObjects(count, threads, TRUE, INFINITE);
}

static HANDLE start_process(const char *what) {
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    char line[MAX_PATH + 32], name[MAX_PATH];
    GetModuleFileNameA(NULL, name, sizeof name);
    snprintf(line, sizeof line, "\"%s\" %s 0", name, what);
    need(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), "CreateProcess");
    CloseHandle(made.hThread);
    return made.hProcess;
}

static void make_processes(unsigned count) {
    while (count--) {
        HANDLE process = start_process("nothing");
        WaitForSingleObject(process, INFINITE);
        CloseHandle(process);
    }
}

static void many_processes(unsigned count) {
    HANDLE processes[MAXIMUM_WAIT_OBJECTS];
    for (unsigned i = 0; i < count; i++)
        processes[i] = start_process("nothing");
    if (count)
        WaitForMultipleObjects(count, processes, TRUE, INFINITE);
}

static void do_nothing(unsigned count) { (void)count; }

static const struct {
    const char *name;
    void (*run)(unsigned count);
} LOADS[] = {
    {"event", set_event},        {"poll", poll_event},         {"pingpong", ping_pong},
    {"write", write_file},       {"read", read_file},          {"touch", touch_pages},
    {"threads", make_threads},   {"shared", share_work},       {"processes", make_processes},
    {"many", many_processes},    {"nothing", do_nothing},
};

int main(int count, char **words) {
    for (unsigned i = 0; count == 3 && i < sizeof LOADS / sizeof *LOADS; i++)
        if (!strcmp(words[1], LOADS[i].name)) {
            LOADS[i].run((unsigned)strtoul(words[2], NULL, 10));
            return 0;
        }
    return 2;
}
