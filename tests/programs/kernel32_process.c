/* Child processes: command line, environment, directory, inherited pipe, exit code, suspension.
 * Expected output recorded on Wine 8.0 (native i386). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static int child(int count, char **words)
{
    char text[64] = "";
    GetEnvironmentVariableA("CHILD", text, sizeof text);
    printf("child of %d words, last [%s], CHILD=%s\n", count, words[count - 1], text);
    return 42;
}

static void refused(const char *program, char *command)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    SetLastError(0);
    BOOL done = CreateProcessA(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process);
    DWORD error = GetLastError();
    printf("%s: %d error %lu\n", program ? program : command, done, error);
}

static void run(const char *self, DWORD flags, char *environment)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE read, write;
    char command[MAX_PATH + 32], text[256];
    DWORD n, total = 0, code = 0;
    CreatePipe(&read, &write, &inherit, 0);
    SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0);
    info.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    info.hStdOutput = info.hStdError = write;
    snprintf(command, sizeof command, "\"%s\" child \"two words\"", self);
    printf("create %d\n", CreateProcessA(NULL, command, NULL, NULL, TRUE, flags, environment, NULL, &info, &process));
    CloseHandle(write);
    if (flags & CREATE_SUSPENDED) {
        printf("suspended: wait %lx,", WaitForSingleObject(process.hProcess, 50));
        printf(" resume %lu\n", ResumeThread(process.hThread));
    }
    while (ReadFile(read, text + total, sizeof text - 1 - total, &n, NULL) && n) total += n;
    text[total] = 0;
    printf("%s", strtok(text, "\r\n"));
    printf("\nwait %lx", WaitForSingleObject(process.hProcess, 10000));
    GetExitCodeProcess(process.hProcess, &code);
    printf(" code %lu id %d\n", code, GetProcessId(process.hProcess) == process.dwProcessId);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(read);
}

int main(int count, char **words)
{
    char self[MAX_PATH], missing[] = "no_such_program.exe x";
    char environment[] = "CHILD=block\0SYSTEMROOT=C:\\windows\0";
    if (count > 1) return child(count, words);
    refused(NULL, missing);
    refused("no_such_program.exe", NULL);
    GetModuleFileNameA(NULL, self, sizeof self);
    SetEnvironmentVariableA("CHILD", "inherited");
    fflush(stdout);
    run(self, 0, NULL);
    run(self, CREATE_SUSPENDED, environment);
    return 0;
}
