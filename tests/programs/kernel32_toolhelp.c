/* Processes, threads and modules as a snapshot and psapi list them. */
#include <windows.h>
#include <psapi.h>
#include <stdio.h>
#include <tlhelp32.h>

static DWORD WINAPI sleeper(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void processes(DWORD own)
{
    PROCESSENTRY32 row = {.dwSize = sizeof row};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    for (BOOL more = Process32First(snapshot, &row); more; more = Process32Next(snapshot, &row))
        if (row.th32ProcessID == own)
            printf("%s: %lu threads, own parent %d\n", row.szExeFile, row.cntThreads,
                row.th32ParentProcessID == own);
    SetLastError(0);
    printf("end %d, %lu\n", Process32Next(snapshot, &row), GetLastError());
    row.dwSize = 4;
    printf("small %d\n", Process32First(snapshot, &row));
    CloseHandle(snapshot);
}

static void threads(DWORD own)
{
    THREADENTRY32 row = {.dwSize = sizeof row};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int count = 0, current = 0;
    for (BOOL more = Thread32First(snapshot, &row); more; more = Thread32Next(snapshot, &row))
        if (row.th32OwnerProcessID == own)
            count++, current += row.th32ThreadID == GetCurrentThreadId();
    printf("%d threads, %d of them this one\n", count, current);
    CloseHandle(snapshot);
}

static void modules(DWORD own)
{
    MODULEENTRY32 row = {.dwSize = sizeof row};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, own);
    BOOL more = Module32First(snapshot, &row);
    printf("first is the program: %d\n", row.hModule == GetModuleHandleA(NULL));
    for (; more; more = Module32Next(snapshot, &row))
        if (!_stricmp(row.szModule, "kernel32.dll"))
            printf("kernel32 is where it is: %d\n", row.hModule == GetModuleHandleA("kernel32"));
    CloseHandle(snapshot);
}

static void status(void)
{
    HMODULE list[64];
    MODULEINFO info;
    DWORD needed, ids[256];
    char name[MAX_PATH];
    int found = 0;
    EnumProcessModules(GetCurrentProcess(), list, sizeof list, &needed);
    printf("first module %d\n", list[0] == GetModuleHandleA(NULL));
    printf("base name %lu", GetModuleBaseNameA(GetCurrentProcess(), NULL, name, sizeof name));
    printf(" %s\n", strrchr(name, '.'));
    GetModuleInformation(GetCurrentProcess(), list[0], &info, sizeof info);
    printf("base %d\n", info.lpBaseOfDll == (void *)list[0]);
    printf("none %d, %lu\n", GetModuleInformation(GetCurrentProcess(), (HMODULE)0x1234, &info,
        sizeof info), GetLastError());
    EnumProcesses(ids, sizeof ids, &needed);
    for (DWORD i = 0; i < needed / sizeof *ids; i++) found += ids[i] == GetCurrentProcessId();
    printf("found %d\n", found);
    printf("image %d\n", GetProcessImageFileNameA(GetCurrentProcess(), name, sizeof name) > 0
        && !strncmp(name, "\\Device\\", 8));
    printf("mapped %d\n", GetMappedFileNameA(GetCurrentProcess(), list[0], name, sizeof name) > 0
        && !strncmp(name, "\\Device\\", 8));
}

int main(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, sleeper, event, 0, NULL);
    DWORD own = GetCurrentProcessId();
    processes(own);
    threads(own);
    modules(own);
    status();
    SetEvent(event);
    WaitForSingleObject(thread, INFINITE);
    return 0;
}
