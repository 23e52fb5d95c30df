/* What shims change: the version that a program is told, and when a freed block is used again.
 * Expected output from what the options say; other systems have no such options. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

NTSTATUS NTAPI RtlGetVersion(OSVERSIONINFOW *);
VOID NTAPI RtlGetNtVersionNumbers(DWORD *, DWORD *, DWORD *);

static void versions(void)
{
    OSVERSIONINFOW info = {.dwOSVersionInfoSize = sizeof info};
    DWORD all = GetVersion();
    RtlGetVersion(&info);
    printf("%lu.%lu.%lu", info.dwMajorVersion, info.dwMinorVersion, info.dwBuildNumber);
    printf(" %lu.%lu.%lu\n", all & 0xFF, all >> 8 & 0xFF, all >> 16);
}

/* How many frees later a block of that heap is used again; 0: not within a hundred. */
static int delay(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    char *first = HeapAlloc(heap, 0, 48);
    int count = 0;
    HeapFree(heap, 0, first);
    while (count < 100) {
        char *next = HeapAlloc(heap, 0, 48);
        if (next == first) break;
        count++;
        HeapFree(heap, 0, next);
    }
    printf("used again after %d frees\n", count);
    HeapDestroy(heap);
    return count;
}

int main(int count, char **words)
{
    char line[16], self[MAX_PATH];
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION made;
    setvbuf(stdout, NULL, _IONBF, 0);
    versions();
    delay();
    if (count > 1) return 0;
    GetModuleFileNameA(NULL, self, sizeof self);
    CopyFileA(self, "other.exe", FALSE);
    strcpy(line, "other.exe child");
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &made))
        printf("error %lu\n", GetLastError());
    WaitForSingleObject(made.hProcess, 10000);
    (void)words;
    return 0;
}
