/* Loads each DLL of the system directory, alone, and says which one does not load. */
#include <windows.h>
#include <stdio.h>

int main(int count, char **names)
{
    char pattern[MAX_PATH], path[MAX_PATH];
    WIN32_FIND_DATAA found;
    HANDLE search;
    int loaded = 0, failed = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    GetSystemDirectoryA(path, MAX_PATH);
    snprintf(pattern, sizeof pattern, "%s\\%s", path, count > 1 ? names[1] : "*.dll");
    search = FindFirstFileA(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) return 1;
    do {
        HMODULE module = LoadLibraryA(found.cFileName);
        if (module) loaded++;
        else failed++, printf("%s %lu\n", found.cFileName, GetLastError());
        if (module && count > 2) printf("%s\n", found.cFileName);
        if (module) FreeLibrary(module);
    } while (FindNextFileA(search, &found));
    printf("loaded %d\n", loaded);
    return failed ? 2 : 0;
}
