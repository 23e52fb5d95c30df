/* Write watch, locked pages, and memory of the process as the calls tell it.
 *
 * Recorded on Wine 8.0, but for the second VirtualFree: Windows' STATUS_MEMORY_NOT_ALLOCATED is
 * ERROR_INVALID_ADDRESS. */
#define PSAPI_VERSION 2
#include <stdio.h>
#include <windows.h>
#include <psapi.h>

#define PAGE 0x1000
#define PAGES 8

static char *base;

static void watch(const char *what, DWORD flags)
{
    void *pages[PAGES];
    ULONG_PTR count = PAGES;
    DWORD granularity = 0;
    UINT result = GetWriteWatch(flags, base, PAGES * PAGE, pages, &count, &granularity);
    printf("%s: %u, granularity %lX:", what, result, granularity);
    for (ULONG_PTR i = 0; i < count; i++) printf(" %d", (int)(((char *)pages[i] - base) / PAGE));
    printf("\n");
}

static void writes(void)
{
    void *pages[1];
    ULONG_PTR count = 1;
    DWORD granularity, before, done;
    HANDLE file;
    base = VirtualAlloc(NULL, PAGES * PAGE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH,
        PAGE_READWRITE);
    watch("new", 0);
    base[PAGE] = base[3 * PAGE + 100] = base[7 * PAGE] = 1;
    (void)*(volatile char *)(base + 2 * PAGE);
    watch("written", 0);
    watch("written, still", WRITE_WATCH_FLAG_RESET);
    watch("reset", 0);
    base[3 * PAGE] = 2;
    watch("written again", 0);
    ResetWriteWatch(base, PAGES * PAGE);
    watch("reset by call", 0);
    file = CreateFileA("mm_watch.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
        FILE_FLAG_DELETE_ON_CLOSE, NULL);
    WriteFile(file, base, 100, &done, NULL);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    ReadFile(file, base + 5 * PAGE, 100, &done, NULL);
    CloseHandle(file);
    watch("read from a file", WRITE_WATCH_FLAG_RESET);
    VirtualProtect(base, PAGE, PAGE_READONLY, &before);
    base[PAGE] = 3;
    base[2 * PAGE] = 3;
    GetWriteWatch(WRITE_WATCH_FLAG_RESET, base, PAGES * PAGE, pages, &count, &granularity);
    printf("room for one: %d\n", (int)count);
    watch("the rest", 0);
    count = 0;
    printf("no room: %u", GetWriteWatch(0, base, PAGE, pages, &count, &granularity));
    printf(", error %lu\n", GetLastError());
    count = 1;
    printf("bad flag: %u", GetWriteWatch(8, base, PAGE, pages, &count, &granularity));
    printf(", error %lu\n", GetLastError());
    printf("too long: %u", GetWriteWatch(0, base, (PAGES + 1) * PAGE, pages, &count, &granularity));
    printf(", error %lu\n", GetLastError());
    VirtualFree(base, 0, MEM_RELEASE);
    base = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    printf("not watched: %u", ResetWriteWatch(base, PAGE));
    printf(", error %lu\n", GetLastError());
    VirtualFree(base, 0, MEM_RELEASE);
}

static void allocation(void)
{
    char *area = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION found;
    DWORD before;
    printf("commit inside: %d\n", VirtualAlloc(area + 5, 1, MEM_COMMIT, PAGE_READONLY) == area);
    VirtualQuery(area, &found, sizeof found);
    printf("%lX %lX %lX\n", (DWORD)found.RegionSize, found.State, found.Protect);
    printf("protect reserved: %d", VirtualProtect(area, 2 * PAGE, PAGE_READWRITE, &before));
    printf(", error %lu\n", GetLastError());
    printf("reserve again: %d", VirtualAlloc(area, PAGE, MEM_RESERVE, PAGE_READWRITE) != NULL);
    printf(", error %lu\n", GetLastError());
    printf("commit beyond: %d",
        VirtualAlloc(area + 3 * PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL);
    printf(", error %lu\n", GetLastError());
    printf("copy on write: %d", VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_WRITECOPY) != NULL);
    printf(", error %lu\n", GetLastError());
    printf("free inside: %d", VirtualFree(area + PAGE, 0, MEM_RELEASE));
    printf(", error %lu\n", GetLastError());
    printf("free: %d\n", VirtualFree(area, 0, MEM_RELEASE));
    printf("free again: %d", VirtualFree(area, 0, MEM_RELEASE));
    printf(", error %lu\n", GetLastError());
}

static void working_set(void)
{
    PROCESS_MEMORY_COUNTERS before, after;
    PSAPI_WORKING_SET_EX_INFORMATION pages[2] = {{0}};
    char *area = VirtualAlloc(NULL, 64 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    pages[0].VirtualAddress = area;
    pages[1].VirtualAddress = area + 40 * PAGE;
    GetProcessMemoryInfo(GetCurrentProcess(), &before, sizeof before);
    for (int i = 0; i < 32; i++) area[i * PAGE] = 1;
    GetProcessMemoryInfo(GetCurrentProcess(), &after, sizeof after);
    printf("at least 32 pages more: %d\n",
        after.WorkingSetSize - before.WorkingSetSize >= 32 * PAGE);
    QueryWorkingSetEx(GetCurrentProcess(), pages, sizeof pages);
    printf("touched: valid %d, protection %X, shared %d\n", (int)pages[0].VirtualAttributes.Valid,
        (unsigned)pages[0].VirtualAttributes.Win32Protection,
        (int)pages[0].VirtualAttributes.Shared);
    printf("untouched: valid %d\n", (int)pages[1].VirtualAttributes.Valid);
    printf("lock: %d, unlock: %d\n", VirtualLock(area, 2 * PAGE), VirtualUnlock(area, 2 * PAGE));
    VirtualFree(area, 0, MEM_RELEASE);
}

int main(void)
{
    writes();
    allocation();
    working_set();
    fflush(stdout);
    return 0;
}
