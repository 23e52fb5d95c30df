#include <stdio.h>
#include <windows.h>

int main(void)
{
    HANDLE missing = CreateFileA("missing.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    printf("missing.txt: error %lu\n", missing == INVALID_HANDLE_VALUE ? GetLastError() : 0);

    HANDLE file = CreateFileA("out.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;
    WriteFile(file, "twelve bytes", 12, &written, NULL);
    CloseHandle(file);
    printf("out.txt: %lu bytes\n", written);
    return 3;
}
