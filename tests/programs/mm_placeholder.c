/* A ring buffer made of placeholders: one section mapped twice, side by side.  By the documentation
 * of VirtualAlloc2, MapViewOfFile3 and VirtualFree; Wine 8.0 has no placeholders. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define UNIT 0x10000
#define PLACEHOLDER 0x40000
#define REPLACE 0x4000
#define COALESCE 1
#define PRESERVE 2

static PVOID(WINAPI *allocate)(
    HANDLE process, PVOID base, SIZE_T size, ULONG type, ULONG page, void *extra, ULONG count);
static PVOID(WINAPI *map)(HANDLE section, HANDLE process, PVOID base, ULONG64 offset, SIZE_T size,
    ULONG type, ULONG page, void *extra, ULONG count);
static BOOL(WINAPI *unmap)(HANDLE process, PVOID base, ULONG flags);

static char *start;

static void area(const char *what, unsigned at)
{
    MEMORY_BASIC_INFORMATION found;
    VirtualQuery(start + at, &found, sizeof found);
    printf("%s: base %x, allocation %x, size %x, state %lx, protection %lx, type %lx\n", what,
        (unsigned)((char *)found.BaseAddress - start),
        found.AllocationBase ? (unsigned)((char *)found.AllocationBase - start) : 0,
        found.State == MEM_FREE ? 0 : (unsigned)found.RegionSize, found.State, found.Protect,
        found.Type);
}

static void outcome(const char *what, int done)
{
    printf("%s: %d, %lu\n", what, done, done ? 0 : GetLastError());
}

int main(void)
{
    HANDLE self = GetCurrentProcess();
    HMODULE kernelbase = LoadLibraryA("kernelbase.dll");
    *(FARPROC *)&allocate = GetProcAddress(kernelbase, "VirtualAlloc2");
    *(FARPROC *)&map = GetProcAddress(kernelbase, "MapViewOfFile3");
    *(FARPROC *)&unmap = GetProcAddress(kernelbase, "UnmapViewOfFile2");
    start = allocate(self, NULL, 4 * UNIT, MEM_RESERVE | PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
    outcome("reserved", start != NULL);
    area("placeholder", 0);
    outcome("commit", VirtualAlloc(start, UNIT, MEM_COMMIT, PAGE_READWRITE) != NULL);
    outcome("protect", VirtualProtect(start, UNIT, PAGE_READONLY, &(DWORD){0}));
    outcome("split", VirtualFree(start + UNIT, UNIT, MEM_RELEASE | PRESERVE));
    area("left", 0);
    area("middle", UNIT);
    area("right", 2 * UNIT);

    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, UNIT, NULL);
    char *low = map(section, self, start, 0, UNIT, REPLACE, PAGE_READWRITE, NULL, 0);
    char *high = map(
        section, self, start + UNIT, 0, UNIT, REPLACE, PAGE_READWRITE, NULL, 0);
    outcome("ring", low == start && high == start + UNIT);
    memcpy(start + UNIT - 4, "around the end", 15);
    printf("ring: '%s', begins with '%s'\n", start + UNIT - 4, start);
    area("view", UNIT);
    outcome("too much", map(section, self, start + 2 * UNIT, 0, UNIT, REPLACE,
                            PAGE_READWRITE, NULL, 0) != NULL);

    char *memory = allocate(self, start + 2 * UNIT, 2 * UNIT,
        MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE, NULL, 0);
    outcome("memory", memory == start + 2 * UNIT);
    memory[2 * UNIT - 1] = 1;
    outcome("back", VirtualFree(memory, 2 * UNIT, MEM_RELEASE | PRESERVE));
    outcome("unmap", unmap(self, low, PRESERVE) && unmap(self, high, PRESERVE));
    area("unmapped", UNIT);
    outcome("not at a border", VirtualFree(start, 3 * UNIT, MEM_RELEASE | COALESCE));
    outcome("joined", VirtualFree(start, 4 * UNIT, MEM_RELEASE | COALESCE));
    area("joined", 0);
    outcome("gone", VirtualFree(start, 0, MEM_RELEASE));
    area("gone", 0);
    return 0;
}
