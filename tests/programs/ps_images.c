/* Files that CreateProcess is asked to run and that are no Win32 programs.
 * Expected output from the documentation: "CreateProcess" for batch files; errors are those that
 * RtlNtStatusToDosError has for the statuses of the image formats, on a system without an NTVDM. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static void write_file(const char *name, const void *data, DWORD size)
{
    DWORD done;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, data, size, &done, NULL);
    CloseHandle(file);
}

/* An MZ header whose new header has a signature and, for NE, a target system at 0x36. */
static void write_old(const char *name, const char *signature, unsigned char target)
{
    static unsigned char data[0x400];
    memset(data, 0, sizeof data);
    memcpy(data, "MZ", 2);
    data[0x18] = 0x40;
    data[0x3C] = *signature ? 0x80 : 0;
    memcpy(data + 0x80, signature, strlen(signature));
    data[0x80 + 0x36] = target;
    write_file(name, data, sizeof data);
}

static void write_subsystem(const char *name, const char *self, WORD subsystem)
{
    static unsigned char data[0x100000];
    DWORD size;
    HANDLE file = CreateFileA(self, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, data, sizeof data, &size, NULL);
    CloseHandle(file);
    ((IMAGE_NT_HEADERS *)(data + ((IMAGE_DOS_HEADER *)data)->e_lfanew))->OptionalHeader.Subsystem =
        subsystem;
    write_file(name, data, size);
}

static void run(const char *program, const char *command)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION made;
    char line[MAX_PATH];
    DWORD code = 0;
    strcpy(line, command);
    SetLastError(0);
    if (!CreateProcessA(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &made)) {
        printf("%s: error %lu\n", command, GetLastError());
        return;
    }
    WaitForSingleObject(made.hProcess, 10000);
    GetExitCodeProcess(made.hProcess, &code);
    printf("%s: exit code %lu\n", command, code);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

int main(int count, char **words)
{
    char self[MAX_PATH];
    setvbuf(stdout, NULL, _IONBF, 0);
    if (count > 1) {
        printf("command line: %s\n", GetCommandLineA());
        return count;
    }
    (void)words;
    GetModuleFileNameA(NULL, self, sizeof self);
    write_file("text.exe", "no program", 10);
    write_file("empty.exe", "", 0);
    write_file("script.bat", "@echo off\r\n", 11);
    write_file("script.cmd", "@echo off\r\n", 11);
    write_file("empty.bat", "", 0);
    write_old("dos.exe", "", 0);
    write_old("win16.exe", "NE", 2);
    write_old("os2.exe", "NE", 1);
    write_old("lx.exe", "LX", 0);
    write_subsystem("posix.exe", self, IMAGE_SUBSYSTEM_POSIX_CUI);
    write_subsystem("native.exe", self, IMAGE_SUBSYSTEM_NATIVE);
    run(NULL, "none.exe");
    run(NULL, "text.exe");
    run(NULL, "dos.exe");
    run(NULL, "win16.exe");
    run(NULL, "os2.exe");
    run(NULL, "lx.exe");
    run(NULL, "posix.exe");
    run(NULL, "native.exe");
    run(NULL, "script.bat one");
    CopyFileA(self, "cmd.exe", FALSE);
    run(NULL, "script.bat one \"two words\"");
    run(NULL, "SCRIPT.CMD");
    run(NULL, "empty.bat");
    run("script.bat", "other words");
    run(NULL, "text.exe again");
    return 0;
}
