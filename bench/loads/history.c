/* `history WHAT COUNT`: does something COUNT times and keeps what comes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "need.h"

#define FEW_PAGES 0x10000

static void calls(unsigned count) {
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    while (count--)
        need(SetEvent(event), "SetEvent");
}

static void handles(unsigned count) {
    while (count--)
        need(CreateEventW(NULL, TRUE, FALSE, NULL) != NULL, "CreateEvent");
}

static void memory(unsigned count) {
    while (count--)
        need(VirtualAlloc(NULL, FEW_PAGES, MEM_RESERVE, PAGE_READWRITE) != NULL, "VirtualAlloc");
}

static void heap(unsigned count) {
    while (count--)
        need(HeapAlloc(GetProcessHeap(), 0, 24 + count % 64) != NULL, "HeapAlloc");
}

static void files(unsigned count) {
    char name[32];
    while (count--) {
        snprintf(name, sizeof name, "made%u", count);
        HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
        need(file != INVALID_HANDLE_VALUE, "CreateFile");
        CloseHandle(file);
    }
}

static void lookups(unsigned count) {
    char name[32];
    WIN32_FIND_DATAA found;
    files(count);
    while (count--) {
        snprintf(name, sizeof name, "made%u", count);
        HANDLE search = FindFirstFileA(name, &found);
        need(search != INVALID_HANDLE_VALUE, "FindFirstFile");
        FindClose(search);
    }
}

static void locks(unsigned count) {
    HANDLE file = CreateFileA("locked", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    while (count--)
        need(LockFile(file, count * 8, 0, 4, 0), "LockFile");
}

static void keys(unsigned count) {
    char name[64];
    while (count--) {
        HKEY key;
        snprintf(name, sizeof name, "Software\\history\\key%u", count);
        need(!RegCreateKeyA(HKEY_CURRENT_USER, name, &key), "RegCreateKey");
        RegCloseKey(key);
    }
}

static LONG CALLBACK go_on(EXCEPTION_POINTERS *info) {
    return info->ExceptionRecord->ExceptionCode == 0xE0001234 ? EXCEPTION_CONTINUE_EXECUTION
                                                              : EXCEPTION_CONTINUE_SEARCH;
}

static void exceptions(unsigned count) {
    AddVectoredExceptionHandler(1, go_on);
    while (count--)
        RaiseException(0xE0001234, 0, 0, NULL);
}

static volatile unsigned ran;

static VOID CALLBACK run_apc(ULONG_PTR unused) {
    (void)unused;
    ran++;
}

static void apcs(unsigned count) {
    for (unsigned i = 0; i < count; i++)
        need(QueueUserAPC(run_apc, GetCurrentThread(), 0), "QueueUserAPC");
    SleepEx(0, TRUE);
    need(ran == count, "SleepEx");
}

static void timers(unsigned count) {
    while (count--) {
        LARGE_INTEGER due = {.QuadPart = -10000000ll * (1 + count % 1000)};
        HANDLE timer = CreateWaitableTimerW(NULL, FALSE, NULL);
        need(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE), "SetWaitableTimer");
    }
}

static DWORD WINAPI nothing(void *unused) {
    (void)unused;
    return 0;
}

static void threads(unsigned count) {
    while (count--) {
        HANDLE thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);
        need(thread != NULL, "CreateThread");
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
}

static DWORD WINAPI wait_for(void *event) {
    return WaitForSingleObject(event, INFINITE);
}

static void crowd(unsigned count) {
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    while (count--) {
        HANDLE thread = CreateThread(NULL, 0x10000, wait_for, event,
                                     STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
        need(thread != NULL, "CreateThread");
        CloseHandle(thread);
    }
}

static void processes(unsigned count) {
    char name[MAX_PATH], line[MAX_PATH + 32];
    GetModuleFileNameA(NULL, name, sizeof name);
    snprintf(line, sizeof line, "\"%s\" calls 0", name);
    while (count--) {
        STARTUPINFOA startup = {.cb = sizeof startup};
        PROCESS_INFORMATION made;
        need(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made),
             "CreateProcess");
        WaitForSingleObject(made.hProcess, INFINITE);
        CloseHandle(made.hThread);
        CloseHandle(made.hProcess);
    }
}

static const struct {
    const char *name;
    void (*run)(unsigned count);
} LOADS[] = {
    {"calls", calls},           {"handles", handles}, {"memory", memory},       {"heap", heap},
    {"files", files},           {"lookups", lookups}, {"locks", locks},         {"keys", keys},
    {"exceptions", exceptions}, {"apcs", apcs},       {"timers", timers},       {"threads", threads},
    {"crowd", crowd},           {"processes", processes},
};

int main(int count, char **words) {
    for (unsigned i = 0; count == 3 && i < sizeof LOADS / sizeof *LOADS; i++)
        if (!strcmp(words[1], LOADS[i].name)) {
            LOADS[i].run((unsigned)strtoul(words[2], NULL, 10));
            return 0;
        }
    return 2;
}
