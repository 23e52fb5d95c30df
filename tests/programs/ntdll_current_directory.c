/* Names that are relative to the handle of the current directory, as Zig's and Rust's libraries open
 * them, before anybody has changed the directory and after that. */
#include <stdio.h>
#include <windows.h>
#include <winternl.h>

typedef struct {
    UNICODE_STRING DosPath;
    HANDLE Handle;
} CURDIR;

/* RTL_USER_PROCESS_PARAMETERS.CurrentDirectory */
static CURDIR *current_directory(void) {
    return (CURDIR *)((char *)NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters + 0x24);
}

static NTSTATUS (NTAPI *open_file)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, PIO_STATUS_BLOCK,
                                   ULONG, ULONG);

static void open_relative(const char *when) {
    WCHAR text[] = L"file.txt";
    UNICODE_STRING name = {sizeof text - sizeof *text, sizeof text, text};
    OBJECT_ATTRIBUTES object = {sizeof object, current_directory()->Handle, &name, 0, NULL, NULL};
    IO_STATUS_BLOCK io;
    HANDLE file;
    NTSTATUS status = open_file(&file, SYNCHRONIZE | FILE_READ_DATA, &object, &io, 7, 0x20);
    DWORD flags = 0xDEAD;
    GetHandleInformation(current_directory()->Handle, &flags);
    printf("%s: handle %d, flags %lx, status %08lx\n", when, current_directory()->Handle != NULL,
           flags & HANDLE_FLAG_PROTECT_FROM_CLOSE, (unsigned long)status);
    if (status >= 0)
        NtClose(file);
}

int main(void) {
    *(FARPROC *)&open_file = GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtOpenFile");
    FILE *made = fopen("file.txt", "w");
    fclose(made);
    open_relative("at the start");
    CreateDirectoryA("sub", NULL);
    printf("changed: %d\n", SetCurrentDirectoryA("sub"));
    open_relative("in the new one");
    printf("no such directory: %d\n", SetCurrentDirectoryA("nowhere"));
    open_relative("still there");
    SetCurrentDirectoryA("..");
    open_relative("back");
    return 0;
}
