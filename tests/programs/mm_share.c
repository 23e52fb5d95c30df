/* Two processes over one file: a child finds the parent's section by its name, both write to their
 * views, and the file has it all.  Recorded on Wine 8.0. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define PAGE 0x1000
#define UNIT 0x10000
#define SIZE (2 * UNIT + 100)
#define FILE_NAME "mm_share.tmp"
#define SECTION_NAME "mm share section"

static int child(void)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_WRITE | FILE_MAP_READ, FALSE, SECTION_NAME);
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, UNIT, 0);
    char *copy = MapViewOfFile(section, FILE_MAP_COPY, 0, UNIT, PAGE);
    MEMORY_BASIC_INFORMATION area;
    VirtualQuery(view, &area, sizeof area);
    printf("child: size %lx, protection %lx, type %lx, reads '%s'\n", (DWORD)area.RegionSize,
        area.Protect, area.Type, view);
    strcpy(view + PAGE, "from the child");
    strcpy(copy, "the child's own");
    printf("child: '%s' beside '%s'\n", copy, view);
    view[UNIT + 99] = '!';
    MapViewOfFile(section, FILE_MAP_WRITE, 0, UNIT + PAGE, 0);
    printf("child: an offset within 64 KB gives error %lu\n", GetLastError());
    fflush(stdout);
    return 7;
}

static void start_child(const char *program)
{
    char line[MAX_PATH + 16];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    DWORD code = 0;
    snprintf(line, sizeof line, "\"%s\" child", program);
    if (!CreateProcessA(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &started)) {
        printf("no child: %lu\n", GetLastError());
        return;
    }
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    printf("the child ended with %lu\n", code);
}

static void tell_file(HANDLE file)
{
    static char data[SIZE];
    DWORD done = 0;
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    ReadFile(file, data, sizeof data, &done, NULL);
    printf("file: %lu bytes, '%s', '%s', last '%c'\n", done, data + UNIT, data + UNIT + PAGE,
        data[SIZE - 1]);
}

int main(int count, char **words)
{
    char program[MAX_PATH];
    if (count > 1 && !strcmp(words[1], "child")) return child();
    GetModuleFileNameA(NULL, program, sizeof program);
    HANDLE file = CreateFileA(FILE_NAME, GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS, 0, NULL);
    HANDLE section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, SIZE, SECTION_NAME);
    printf("the file has %lu bytes\n", GetFileSize(file, NULL));
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    strcpy(view + UNIT, "from the parent");
    fflush(stdout);
    start_child(program);
    printf("parent: '%s', '%s'\n", view + UNIT, view + UNIT + PAGE);
    tell_file(file);
    SetFilePointer(file, PAGE, NULL, FILE_BEGIN);
    int cut = SetEndOfFile(file);
    printf("cut: %d, %lu\n", cut, cut ? 0 : GetLastError());
    HANDLE again = CreateFileA(FILE_NAME, GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS, 0, NULL);
    printf("again: %d, %lu\n", again != INVALID_HANDLE_VALUE, GetLastError());
    printf("flush: %d %d\n", FlushViewOfFile(view + UNIT, 0), FlushViewOfFile(view, SIZE));
    UnmapViewOfFile(view);
    CloseHandle(section);
    tell_file(file);
    CloseHandle(file);
    printf("deleted: %d\n", DeleteFileA(FILE_NAME));
    return 0;
}
