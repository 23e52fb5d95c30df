/* A batch file is started as a program is; b.bat in the current directory ends with 3. */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    char line[] = "b.bat arg";
    DWORD code = 0;
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) {
        printf("failed %lu\n", GetLastError());
        return 1;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    printf("code %lu\n", code);
    return 0;
}
