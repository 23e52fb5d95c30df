/* Exports as a program finds them: imported by name, by ordinal, as data; GetProcAddress.
 * Output recorded on Wine 8.0, except ERROR_INVALID_ORDINAL for missing ordinals. */
#include <stdio.h>
#include <windows.h>

extern __declspec(dllimport) int number;
__declspec(dllimport) int named(void), unnamed(void), forwarded(void);

typedef int (*function)(void);

static void find(HMODULE module, const char *name)
{
    SetLastError(0);
    FARPROC found = GetProcAddress(module, name);
    DWORD error = GetLastError();
    if ((ULONG_PTR)name >> 16)
        printf("%s: ", name);
    else
        printf("#%u: ", (unsigned)(ULONG_PTR)name);
    if (found)
        printf("found\n");
    else
        printf("error %lu\n", error);
}

int main(void)
{
    HMODULE module = GetModuleHandleA("exports.dll"), kernel = GetModuleHandleA("kernel32");
    printf("%d %d %d %d\n", number, named(), unnamed(), forwarded());
    number = 6;
    printf("%d\n", named());
    printf("by ordinal %d\n", ((function)GetProcAddress(module, (const char *)7))());
    printf("same %d\n", (void *)GetProcAddress(module, "number") == (void *)&number);
    printf("kernel32 %d\n",
           GetProcAddress(module, "ticks") == GetProcAddress(kernel, "GetTickCount"));
    printf("by number %d\n", ((function)GetProcAddress(module, "by_number"))());
    printf("target %d\n", GetModuleHandleA("target") != NULL);
    printf("late %d\n", ((function)GetProcAddress(module, "late"))());
    find(module, "named");
    find(module, "Named");
    find(module, "unnamed");
    find(module, "to_nothing");
    find(module, "tocks");
    printf("no module %d\n", GetProcAddress(module, "to_no_module") != NULL);
    find(module, (const char *)1);
    find(module, (const char *)7);
    find(module, (const char *)8);
    find(module, (const char *)0xFFFF);
    find(NULL, "main");
    find(LoadLibraryA("ordinals"), (const char *)3);
    find(LoadLibraryA("api-ms-win-core-sysinfo-l1-1-0"), "GetTickCount");
    find(LoadLibraryA("api-ms-win-core-no-such-l1-1-0"), "GetTickCount");
    printf("api set is kernel: %d\n", LoadLibraryA("api-ms-win-core-file-l1-1-0.dll") != NULL);
    return 0;
}
