/* Prints when the folders were made that a run makes for its guest, and a file that the guest makes. */
#include <stdio.h>
#include <windows.h>

static const char *const PATHS[] = {"%TEMP%", "%USERPROFILE%", "%APPDATA%", "%PROGRAMDATA%"};

static void print_times(const char *pattern)
{
    char path[MAX_PATH];
    WIN32_FILE_ATTRIBUTE_DATA data;

    ExpandEnvironmentStringsA(pattern, path, sizeof(path));
    if (!GetFileAttributesExA(path, GetFileExInfoStandard, &data))
        printf("%s: error %lu\n", pattern, GetLastError());
    else
        printf("%s: %08lx%08lx %08lx%08lx\n", pattern, data.ftCreationTime.dwHighDateTime,
               data.ftCreationTime.dwLowDateTime, data.ftLastWriteTime.dwHighDateTime,
               data.ftLastWriteTime.dwLowDateTime);
}

int main(void)
{
    unsigned index;
    HANDLE file;

    for (index = 0; index < sizeof(PATHS) / sizeof(PATHS[0]); index++)
        print_times(PATHS[index]);
    file = CreateFileA("C:\\Temp\\made", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CloseHandle(file);
    print_times("C:\\Temp\\made");
    return 0;
}
