/* Environment, paths, modules, memory, heaps, time, fibers.
 * Expected output recorded on Wine 8.0 (native i386), but 29 February 2023 is refused,
 * as documented. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static void environment(void)
{
    char text[64] = "keep";
    SetLastError(0);
    printf("missing %lu", GetEnvironmentVariableA("NO_SUCH", text, 64));
    printf(" error %lu\n", GetLastError());
    printf("set %d\n", SetEnvironmentVariableA("K32_TEST", "value"));
    printf("get %lu", GetEnvironmentVariableA("k32_test", text, 64));
    printf(" %s\n", text);
    printf("small %lu\n", GetEnvironmentVariableA("K32_TEST", text, 3));
    printf("expand %lu", ExpandEnvironmentStringsA("[%K32_TEST%] %NONE% %", text, 64));
    printf(" %s\n", text);
    SetEnvironmentVariableA("K32_TEST", "");
    SetLastError(1);
    printf("empty %lu", GetEnvironmentVariableA("K32_TEST", text, 64));
    printf(" error %lu\n", GetLastError());
    printf("remove %d\n", SetEnvironmentVariableA("K32_TEST", NULL));
}

static void paths(void)
{
    char text[MAX_PATH], *part;
    SetCurrentDirectoryA("C:\\windows");
    GetCurrentDirectoryA(MAX_PATH, text);
    printf("current %s\n", _strlwr(text));
    GetFullPathNameA("a\\..\\b\\.\\c.txt", MAX_PATH, text, &part);
    printf("full %s part %s\n", _strlwr(text), part);
    printf("small %lu\n", GetFullPathNameA("C:\\x\\y", 3, text, NULL));
    GetFullPathNameA("\\x/y.", MAX_PATH, text, NULL);
    printf("rooted %s\n", text);
    SetLastError(0);
    printf("no directory %d", SetCurrentDirectoryA("C:\\none"));
    printf(" error %lu\n", GetLastError());
    printf("system %u\n", GetSystemDirectoryA(text, MAX_PATH));
    printf("drive %u %u\n", GetDriveTypeA("C:\\"), GetDriveTypeA("Q:\\"));
}

static void modules(void)
{
    HMODULE k = GetModuleHandleA("KERNEL32"), none;
    SetLastError(0);
    printf("kernel32 %d same %d\n", k != NULL, k == GetModuleHandleA("kernel32.dll"));
    printf("procedure %d", GetProcAddress(k, "GetTickCount") != NULL);
    printf(" missing %d", GetProcAddress(k, "NoSuchThing") != NULL);
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    none = LoadLibraryA("no_such_library.dll");
    printf("load %d error %lu\n", none != NULL, GetLastError());
    SetLastError(0);
    none = GetModuleHandleA("no_such_library.dll");
    printf("handle %d error %lu\n", none != NULL, GetLastError());
    printf("by address %d\n", GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
        GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, (char *)modules, &none) && none == GetModuleHandleA(NULL));
    char text[8];
    SetLastError(0);
    printf("name %lu", GetModuleFileNameA(NULL, text, 4));
    printf(" error %lu\n", GetLastError());
}

static void memory(void)
{
    MEMORY_BASIC_INFORMATION info;
    DWORD old;
    char *p = VirtualAlloc(NULL, 0x3000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    printf("alloc %d protect %d", p != NULL, VirtualProtect(p, 1, PAGE_READONLY, &old));
    printf(" old %lx\n", old);
    VirtualQuery(p, &info, sizeof info);
    printf("query %x %lx %lx\n", (unsigned)info.RegionSize, info.Protect, info.State);
    printf("bad %d %d\n", IsBadWritePtr(p, 1), IsBadReadPtr(p, 1));
    SetLastError(0);
    printf("free %d", VirtualFree(p, 1, MEM_RELEASE));
    printf(" error %lu", GetLastError());
    printf(" %d\n", VirtualFree(p, 0, MEM_RELEASE));
    HGLOBAL h = GlobalAlloc(GMEM_MOVEABLE | GMEM_ZEROINIT, 10);
    char *q = GlobalLock(h);
    printf("movable %d size %u zero %d\n", q != NULL, (unsigned)GlobalSize(h), q[9]);
    h = GlobalReAlloc(h, 100, GMEM_MOVEABLE);
    printf("grown %u", (unsigned)GlobalSize(h));
    printf(" unlock %d", GlobalUnlock(h));
    printf(" free %d\n", GlobalFree(h) == NULL);
    HANDLE heap = HeapCreate(0, 0, 0);
    q = HeapAlloc(heap, HEAP_ZERO_MEMORY, 5);
    printf("heap %u zero %d", (unsigned)HeapSize(heap, 0, q), q[4]);
    printf(" destroy %d\n", HeapDestroy(heap));
    HANDLE map = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, "k32map");
    q = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0);
    SetLastError(0);
    HANDLE again = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, "k32map");
    printf("mapping %d error %lu\n", again != NULL, GetLastError());
    char *r = MapViewOfFile(again, FILE_MAP_READ, 0, 0, 0);
    strcpy(q, "shared");
    printf("%s", r);
    printf(" %d\n", UnmapViewOfFile(r));
}

static void times(void)
{
    SYSTEMTIME s = {2024, 2, 0, 29, 12, 34, 56, 789}, t;
    FILETIME f;
    WORD date, clock;
    printf("leap %d", SystemTimeToFileTime(&s, &f));
    printf(" %08lx%08lx\n", f.dwHighDateTime, f.dwLowDateTime);
    FileTimeToSystemTime(&f, &t);
    printf("%u-%u-%u %u %u:%u:%u.%u\n", t.wYear, t.wMonth, t.wDay, t.wDayOfWeek, t.wHour, t.wMinute,
        t.wSecond, t.wMilliseconds);
    s.wYear = 2023;
    SetLastError(0);
    printf("no leap %d", SystemTimeToFileTime(&s, &f));
    printf(" error %lu\n", GetLastError());
    DosDateTimeToFileTime(0x5A5A, 0x6B6B, &f);
    printf("dos %08lx%08lx", f.dwHighDateTime, f.dwLowDateTime);
    FileTimeToDosDateTime(&f, &date, &clock);
    printf(" %x %x\n", date, clock);
    DWORD before = GetTickCount();
    Sleep(30);
    printf("slept %d\n", GetTickCount() - before >= 15);
}

static void *main_fiber;

static void CALLBACK fiber(void *argument)
{
    printf("in fiber %s data %d\n", (char *)argument, GetFiberData() == argument);
    SwitchToFiber(main_fiber);
}

static void fibers(void)
{
    main_fiber = ConvertThreadToFiber(NULL);
    void *other = CreateFiber(0, fiber, "other");
    SwitchToFiber(other);
    DeleteFiber(other);
    printf("back %d", IsThreadAFiber());
    printf(" %d\n", ConvertFiberToThread());
}

int main(void)
{
    environment();
    paths();
    modules();
    memory();
    times();
    fibers();
    return 0;
}
