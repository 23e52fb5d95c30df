/* Sections: views that share pages, files behind them, copies on write, images.
 *
 * Recorded on Wine 8.0, but for the page of a copy-on-write view that was written: Windows tells it
 * apart from the rest, as PAGE_READWRITE. */
#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#define PAGE 0x1000
#define UNIT 0x10000
#define FILE_NAME "mm_views.tmp"

NTSTATUS NTAPI NtQuerySection(HANDLE section, ULONG kind, PVOID buffer, SIZE_T size, PSIZE_T done);

struct section_basic {
    PVOID base;
    ULONG attributes;
    LARGE_INTEGER size;
};

static void area(const char *what, const void *address)
{
    MEMORY_BASIC_INFORMATION found;
    VirtualQuery(address, &found, sizeof found);
    printf("%s: %lX bytes, state %lX, protection %lX, allocated %lX, type %lX\n", what,
        (DWORD)found.RegionSize, found.State, found.Protect, found.AllocationProtect, found.Type);
}

static void page_file(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 3 * PAGE,
        "Local\\mm_views");
    HANDLE again = OpenFileMappingA(FILE_MAP_READ, FALSE, "Local\\mm_views");
    char *first = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    char *second = MapViewOfFile(again, FILE_MAP_READ, 0, 0, PAGE);
    char *copy = MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    struct section_basic basic;
    SIZE_T done = 0;
    strcpy(first, "shared");
    printf("second view: %s, copy: %s\n", second, copy);
    strcpy(copy, "own");
    strcpy(first + 6, " again");
    printf("second view: %s, copy: %s\n", second, copy);
    printf("write through a read handle: %d\n",
        MapViewOfFile(again, FILE_MAP_WRITE, 0, 0, 0) != NULL);
    printf("error %lu\n", GetLastError());
    area("first", first);
    area("second", second);
    area("copy", copy);
    area("rest of copy", copy + PAGE);
    NtQuerySection(section, 0, &basic, sizeof basic, &done);
    printf("query: %08lX, %lu bytes, answer of %lu\n", basic.attributes, basic.size.LowPart,
        (DWORD)done);
    CloseHandle(section);
    CloseHandle(again);
    printf("after close: %s\n", second);
    printf("unmap: %d %d %d\n", UnmapViewOfFile(first), UnmapViewOfFile(second + 5),
        UnmapViewOfFile(copy));
    printf("unmap again: %d, error %lu\n", UnmapViewOfFile(first), GetLastError());
}

static void reserved(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0,
        4 * PAGE, NULL);
    char *first = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    char *second = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    area("reserved", first);
    VirtualAlloc(first + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE);
    first[PAGE] = 'x';
    printf("committed in both: %c\n", second[PAGE]);
    area("before", first);
    area("committed", second + PAGE);
    printf("decommit: %d\n", VirtualFree(first + PAGE, PAGE, MEM_DECOMMIT));
    CloseHandle(section);
    UnmapViewOfFile(first);
    UnmapViewOfFile(second);
}

static HANDLE open_file(DWORD disposition)
{
    return CreateFileA(FILE_NAME, GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, disposition, 0, NULL);
}

static void show_file(const char *what, HANDLE file, DWORD at)
{
    char text[9] = "";
    DWORD done = 0;
    SetFilePointer(file, (LONG)at, NULL, FILE_BEGIN);
    ReadFile(file, text, 8, &done, NULL);
    printf("%s: size %lX, \"%s\"\n", what, GetFileSize(file, NULL), text);
}

static void data_file(void)
{
    HANDLE file = open_file(CREATE_ALWAYS), section;
    DWORD done, before;
    char *view;
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    printf("empty file: %d, error %lu\n", section != NULL, GetLastError());
    WriteFile(file, "contents", 8, &done, NULL);
    section = CreateFileMappingA(file, NULL, PAGE_READONLY, 0, PAGE, NULL);
    printf("longer, read-only: %d, error %lu\n", section != NULL, GetLastError());
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, UNIT + 100, NULL);
    view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    printf("view: %.8s\n", view);
    memcpy(view + 4, "ACED", 4);
    show_file("through the file", file, 0);
    SetFilePointer(file, 2, NULL, FILE_BEGIN);
    WriteFile(file, "12", 2, &done, NULL);
    printf("through the view: %.8s\n", view);
    strcpy(view + UNIT, "far");
    printf("flush: %d\n", FlushViewOfFile(view, 0));
    show_file("far", file, UNIT);
    SetFilePointer(file, 10, NULL, FILE_BEGIN);
    printf("cut while mapped: %d", SetEndOfFile(file));
    printf(", error %lu\n", GetLastError());
    SetFilePointer(file, UNIT + 200, NULL, FILE_BEGIN);
    printf("lengthen while mapped: %d\n", SetEndOfFile(file));
    printf("protect: %d", VirtualProtect(view, PAGE, PAGE_EXECUTE_READ, &before));
    printf(", error %lu\n", GetLastError());
    printf("protect: %d\n", VirtualProtect(view, PAGE, PAGE_READONLY, &before));
    area("view", view);
    memcpy(view + PAGE, "last one", 8);
    UnmapViewOfFile(view);
    CloseHandle(section);
    CloseHandle(file);
    file = open_file(OPEN_EXISTING);
    show_file("after all", file, PAGE);
    SetFilePointer(file, 10, NULL, FILE_BEGIN);
    printf("cut: %d\n", SetEndOfFile(file));
    CloseHandle(file);
    DeleteFileA(FILE_NAME);
}

static int writable = 7;
static const int constant = 8;

static void image(void)
{
    char path[MAX_PATH];
    HANDLE file, section;
    char *own = (char *)GetModuleHandleA(NULL), *other;
    DWORD before;
    GetModuleFileNameA(NULL, path, sizeof path);
    file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
        0, NULL);
    section = CreateFileMappingA(file, NULL, PAGE_READONLY | SEC_IMAGE, 0, 0, NULL);
    other = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    writable = 9;
    printf("image: %d, own data %d, other %d\n", other != NULL && other != own, writable,
        *(int *)(other + ((char *)&writable - own)));
    printf("constant protected: %d",
        VirtualProtect((void *)&constant, sizeof constant, PAGE_READWRITE, &before));
    printf(", was %lX\n", before);
    *(volatile int *)&constant = 10;
    printf("own %d, other %d\n", *(volatile const int *)&constant,
        *(int *)(other + ((char *)&constant - own)));
    UnmapViewOfFile(other);
    CloseHandle(section);
    CloseHandle(file);
}

int main(void)
{
    page_file();
    reserved();
    data_file();
    image();
    fflush(stdout);
    return 0;
}
