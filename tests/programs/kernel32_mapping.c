/* Which page protections CreateFileMapping takes. */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    for (DWORD protect = 1; protect <= PAGE_EXECUTE_WRITECOPY; protect <<= 1) {
        HANDLE mapping;
        SetLastError(0);
        mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, protect, 0, 4096, NULL);
        printf("%#lx: %d", protect, mapping != NULL);
        printf(" %lu\n", GetLastError());
    }
    return 0;
}
