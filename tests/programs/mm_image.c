/* A parent and a child of one image count the frames that they share: a page that the child writes,
 * of the image's data, is its own from then on, and the others stay what they were.  The image's
 * file cannot be written or deleted meanwhile. */
#include <windows.h>
#include <psapi.h>
#include <stdio.h>
#include <string.h>

#define PAGE 0x1000
#define PAGES 8

static char data[PAGES * PAGE] __attribute__((aligned(PAGE))) = {1};
static PSAPI_WORKING_SET_EX_INFORMATION pages[256];

static DWORD image_pages(void)
{
    char *base = (char *)GetModuleHandleA(NULL);
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    return headers->OptionalHeader.SizeOfImage / PAGE;
}

static void touch(void)
{
    volatile char *base = (volatile char *)GetModuleHandleA(NULL);
    DWORD page;
    for (page = 0; page < image_pages(); page++) (void)base[page * PAGE];
}

/* Bit 0: the page's frame is shared by two processes. */
static DWORD shared_pages(HANDLE process, char *base, DWORD count, char *shared)
{
    DWORD page, total = 0;
    for (page = 0; page < count; page++) pages[page].VirtualAddress = base + page * PAGE;
    if (!K32QueryWorkingSetEx(process, pages, count * sizeof *pages)) return 0;
    for (page = 0; page < count; page++) {
        PSAPI_WORKING_SET_EX_BLOCK block = pages[page].VirtualAttributes;
        shared[page] = block.Valid && block.Shared && block.ShareCount == 2;
        total += shared[page];
    }
    return total;
}

static int child(void)
{
    HANDLE ready = OpenEventA(EVENT_ALL_ACCESS, FALSE, "mm_image ready");
    HANDLE go = OpenEventA(EVENT_ALL_ACCESS, FALSE, "mm_image go");
    touch();
    SignalObjectAndWait(ready, go, INFINITE, FALSE);
    data[3 * PAGE] = 7;
    SignalObjectAndWait(ready, go, INFINITE, FALSE);
    return data[3 * PAGE] + data[0];
}

static void open_image(const char *name, DWORD access)
{
    HANDLE file = CreateFileA(name, access, 7, NULL, OPEN_EXISTING, 0, NULL);
    printf("open %08lX: %lu\n", access, file == INVALID_HANDLE_VALUE ? GetLastError() : 0);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
}

int main(int argc, char **argv)
{
    static char before[256], after[256], ntdll_before[1];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    char line[MAX_PATH + 16], *base = (char *)GetModuleHandleA(NULL);
    HANDLE ready, go;
    DWORD first, second, page, changed = 0, at = 0, code;
    if (argc > 1 && !strcmp(argv[1], "child")) return child();
    ready = CreateEventA(NULL, FALSE, FALSE, "mm_image ready");
    go = CreateEventA(NULL, FALSE, FALSE, "mm_image go");
    open_image(argv[0], GENERIC_READ);
    open_image(argv[0], GENERIC_WRITE);
    open_image(argv[0], FILE_APPEND_DATA);
    printf("delete %d", DeleteFileA(argv[0]));
    printf(" %lu\n", GetLastError());
    snprintf(line, sizeof line, "\"%s\" child", argv[0]);
    if (!CreateProcessA(argv[0], line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started)) {
        printf("no child: %lu\n", GetLastError());
        return 1;
    }
    WaitForSingleObject(ready, INFINITE);
    touch();
    first = shared_pages(GetCurrentProcess(), base, image_pages(), before);
    printf("data shared %lu of %d\n",
        shared_pages(started.hProcess, data, PAGES, after), PAGES);
    printf("headers and code shared %d %d\n", before[0], before[1]);
    printf("ntdll shared %lu\n", shared_pages(GetCurrentProcess(),
        (char *)GetModuleHandleA("ntdll.dll"), 1, ntdll_before));
    SetEvent(go);
    WaitForSingleObject(ready, INFINITE);
    second = shared_pages(GetCurrentProcess(), base, image_pages(), after);
    for (page = 0; page < image_pages(); page++)
        if (before[page] != after[page]) changed++, at = page;
    printf("separated %lu, the one written: %d\n", first - second,
        changed == 1 && base + at * PAGE == data + 3 * PAGE);
    printf("parent's data %d\n", data[3 * PAGE]);
    SetEvent(go);
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    printf("child %lu\n", code);
    return 0;
}
