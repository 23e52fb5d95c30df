/* Image File Execution Options: a debugger in an image's place, a global flag.
 * Expected output from the documentation of the options: Wine 8.0 does not redirect. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

#define OPTIONS "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\"

static void run(const char *what, const char *program, const char *command, DWORD flags)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION made;
    char line[MAX_PATH * 2] = "";
    DWORD code = 0;
    if (command) strcpy(line, command);
    printf("%s:\n", what);
    if (!CreateProcessA(program, command ? line : NULL, NULL, NULL, FALSE, flags, NULL, NULL, &info,
            &made)) {
        printf("  error %lu\n", GetLastError());
        return;
    }
    if (flags & DEBUG_ONLY_THIS_PROCESS) {
        DebugActiveProcessStop(made.dwProcessId);
    }
    WaitForSingleObject(made.hProcess, 10000);
    GetExitCodeProcess(made.hProcess, &code);
    printf("  exit code %lu\n", code);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

static void set(const char *image, const char *name, DWORD kind, const void *data, DWORD size)
{
    char path[MAX_PATH];
    HKEY key;
    snprintf(path, sizeof path, OPTIONS "%s", image);
    if (RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL,
            &key, NULL))
        printf("no key\n");
    RegSetValueExA(key, name, 0, kind, data, size);
    RegCloseKey(key);
}

static int child(int count, char **words)
{
    const unsigned char *peb = (const unsigned char *)NtCurrentTeb()->ProcessEnvironmentBlock;
    int i;
    for (i = 1; i < count; i++) printf("  [%s]", words[i]);
    printf(" flags %#lx\n", *(const ULONG *)(peb + 0x68));
    fflush(stdout);
    return count;
}

int main(int count, char **words)
{
    char self[MAX_PATH], debugger[MAX_PATH + 16];
    DWORD flag = 0x70;
    GetModuleFileNameA(NULL, self, sizeof self);
    if (count > 1) return child(count, words);
    setvbuf(stdout, NULL, _IONBF, 0);
    CopyFileA(self, "victim.exe", FALSE);
    CopyFileA(self, "flagged.exe", FALSE);
    snprintf(debugger, sizeof debugger, "\"%s\" debugger", self);
    run("no options", NULL, "victim.exe one", 0);
    set("victim.exe", "Debugger", REG_SZ, debugger, (DWORD)strlen(debugger) + 1);
    run("a debugger", NULL, "victim.exe one \"two words\"", 0);
    run("a debugger, no command line", "C:\\work\\victim.exe", NULL, 0);
    run("debugged already", NULL, "victim.exe one", DEBUG_ONLY_THIS_PROCESS);
    set("VICTIM.EXE", "Debugger", REG_SZ, "no_such_program.exe", 20);
    run("a debugger that is not there", NULL, "victim.exe one", 0);
    set("flagged.exe", "GlobalFlag", REG_DWORD, &flag, sizeof flag);
    run("a global flag", NULL, "flagged.exe x", 0);
    set("flagged.exe", "GlobalFlag", REG_SZ, "0x400", 6);
    run("a global flag as text", NULL, "flagged.exe x", 0);
    return 0;
}
