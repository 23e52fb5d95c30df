/* WriteProcessMemory to pages of every protection: what is code can be patched, what is read-only
 * or not accessible cannot, and a write that cannot be whole tells how much there is of it. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define PAGE 0x1000

static DWORD protection(void *address)
{
    MEMORY_BASIC_INFORMATION area;
    VirtualQuery(address, &area, sizeof area);
    return area.Protect;
}

static void write(const char *what, void *target, const void *source)
{
    SIZE_T done = 77;
    BOOL ok;
    SetLastError(0);
    ok = WriteProcessMemory(GetCurrentProcess(), target, source, 3, &done);
    printf("%s: %d %lu, %lu bytes", what, ok, GetLastError(), (DWORD)done);
}

int main(void)
{
    static const DWORD all[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE, PAGE_EXECUTE,
        PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_READWRITE | PAGE_GUARD};
    char *pages = VirtualAlloc(NULL, 2 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    char *half = VirtualAlloc(NULL, 2 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    char *code = (char *)(ULONG_PTR)protection;
    DWORD old;
    size_t i;
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        char name[16];
        snprintf(name, sizeof name, "%03lX", all[i]);
        VirtualProtect(pages, PAGE, all[i], &old);
        write(name, pages + 16, "abc");
        printf(", then %03lX", protection(pages));
        VirtualProtect(pages, PAGE, PAGE_READWRITE, &old);
        printf(" \"%.3s\"\n", pages + 16);
        memset(pages, 0, 32);
    }
    write("nothing there", (void *)16, "abc");
    VirtualAlloc(half, PAGE, MEM_COMMIT, PAGE_READWRITE);
    write("\nhalf", half + PAGE - 1, "abc");
    printf(" \"%c\"\n", half[PAGE - 1]);
    VirtualProtect(pages + PAGE, PAGE, PAGE_EXECUTE_READ, &old);
    write("data and code", pages + PAGE - 1, "abc");
    printf(" \"%.3s\", then %03lX %03lX\n", pages + PAGE - 1, protection(pages),
        protection(pages + PAGE));
    write("image", code, code);
    printf(", then %03lX\n", protection(code));
    write("from nowhere", pages, (void *)16);
    printf("\n");
    return 0;
}
