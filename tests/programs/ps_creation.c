/* The two ways to make a process: CreateProcess, and what it was made of before Windows Vista
 * (NtCreateSection, NtCreateProcessEx, parameters written by the creator, NtCreateThread).
 * Expected output from the documentation of the calls: Wine 8.0 has no NtCreateProcessEx. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS_IN_PEB 0x10
#define NORMALIZED 1
#define STACK_SIZE 0x40000

typedef struct {
    PVOID old_base, old_limit, base, limit, allocation;
} INITIAL_STACK;
typedef struct {
    PVOID entry;
    ULONG rest[11];
} SECTION_IMAGE;
typedef struct {
    ULONG maximum, length, flags, debug_flags;
    HANDLE console;
    ULONG console_flags;
    HANDLE input, output, error;
} PARAMETERS_HEAD;
typedef struct {
    NTSTATUS status;
    char *peb;
    ULONG_PTR rest[4];
} BASIC;

NTSTATUS NTAPI NtCreateSection(PHANDLE, ACCESS_MASK, PVOID, PVOID, ULONG, ULONG, HANDLE);
NTSTATUS NTAPI NtQuerySection(HANDLE, ULONG, PVOID, SIZE_T, PSIZE_T);
NTSTATUS NTAPI NtCreateProcessEx(PHANDLE, ACCESS_MASK, PVOID, HANDLE, ULONG, HANDLE, HANDLE, HANDLE,
    ULONG);
NTSTATUS NTAPI NtCreateThread(PHANDLE, ACCESS_MASK, PVOID, HANDLE, CLIENT_ID *, CONTEXT *,
    INITIAL_STACK *, BOOLEAN);
NTSTATUS NTAPI RtlCreateProcessParametersEx(PVOID *, UNICODE_STRING *, PVOID, PVOID,
    UNICODE_STRING *, PVOID, PVOID, PVOID, PVOID, PVOID, ULONG);
VOID NTAPI RtlUserThreadStart(PVOID, PVOID);

static char self[MAX_PATH];

static DWORD end_of(HANDLE process)
{
    DWORD code = 0;
    WaitForSingleObject(process, 10000);
    GetExitCodeProcess(process, &code);
    return code;
}

static void today(void)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION made;
    char line[MAX_PATH + 8];
    snprintf(line, sizeof line, "\"%s\" today", self);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &info, &made)) {
        printf("error %lu\n", GetLastError());
        return;
    }
    ResumeThread(made.hThread);
    printf("exit code %lu\n", end_of(made.hProcess));
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

static HANDLE image_section(void)
{
    HANDLE file = CreateFileA(self, GENERIC_READ | GENERIC_EXECUTE, FILE_SHARE_READ, NULL,
        OPEN_EXISTING, 0, NULL);
    HANDLE section = NULL;
    NTSTATUS status = NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE,
        SEC_IMAGE, file);
    printf("section %#lx\n", (unsigned long)status);
    CloseHandle(file);
    return section;
}

static void *copy_in(HANDLE process, const void *data, SIZE_T size, void *wanted)
{
    void *there = VirtualAllocEx(process, wanted, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (there && !WriteProcessMemory(process, there, data, size, NULL)) there = NULL;
    return there;
}

/* Normalised parameters have pointers: they keep their meaning at the same address only. */
static void give_parameters(HANDLE process, char *peb)
{
    WCHAR path[MAX_PATH], line[] = L"child before";
    UNICODE_STRING image, command;
    PARAMETERS_HEAD *block;
    void *environment, *there;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    RtlInitUnicodeString(&image, path);
    RtlInitUnicodeString(&command, line);
    RtlCreateProcessParametersEx((PVOID *)&block, &image, NULL, NULL, &command, NULL, NULL, NULL,
        NULL, NULL, 0);
    block->output = GetStdHandle(STD_OUTPUT_HANDLE);
    block->flags &= ~NORMALIZED;
    environment = copy_in(process, L"A=1\0", 10, NULL);
    *(void **)((char *)block + 0x48) = environment;
    *(ULONG *)((char *)block + 0x290) = 10;
    there = copy_in(process, block, block->length, NULL);
    WriteProcessMemory(process, peb + PARAMETERS_IN_PEB, &there, sizeof there, NULL);
    printf("parameters %s\n", there && environment ? "written" : "not written");
}

static void start_thread(HANDLE process, SECTION_IMAGE *image, char *peb)
{
    char *stack = VirtualAllocEx(process, NULL, STACK_SIZE, MEM_RESERVE | MEM_COMMIT,
        PAGE_READWRITE);
    INITIAL_STACK initial = {NULL, NULL, stack + STACK_SIZE, stack, stack};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    CLIENT_ID id;
    HANDLE thread = NULL;
    DWORD previous = 0;
    NTSTATUS status;
    RtlCaptureContext(&context);
    context.ContextFlags = CONTEXT_FULL;
    context.Eip = (DWORD)(ULONG_PTR)RtlUserThreadStart;
    context.Eax = (DWORD)(ULONG_PTR)image->entry;
    context.Ebx = (DWORD)(ULONG_PTR)peb;
    context.Esp = (DWORD)(ULONG_PTR)(stack + STACK_SIZE - 16);
    context.EFlags = 0x202;
    status = NtCreateThread(&thread, THREAD_ALL_ACCESS, NULL, process, &id, &context, &initial,
        TRUE);
    previous = ResumeThread(thread);
    printf("thread %#lx, suspended %lu\n", (unsigned long)status, previous);
    CloseHandle(thread);
}

static void before(void)
{
    HANDLE section = image_section(), process = NULL;
    SECTION_IMAGE image;
    BASIC basic;
    NTSTATUS status = NtCreateProcessEx(&process, PROCESS_ALL_ACCESS, NULL, GetCurrentProcess(), 4,
        section, NULL, NULL, 0);
    printf("process %#lx\n", (unsigned long)status);
    NtQuerySection(section, 1, &image, sizeof image, NULL);
    NtQueryInformationProcess(process, 0, &basic, sizeof basic, NULL);
    give_parameters(process, basic.peb);
    start_thread(process, &image, basic.peb);
    printf("exit code %lu\n", end_of(process));
    CloseHandle(section);
    CloseHandle(process);
}

int main(int count, char **words)
{
    if (count > 1) {
        printf("child: %s\n", words[1]);
        return (int)strlen(words[1]);
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    GetModuleFileNameA(NULL, self, sizeof self);
    today();
    before();
    return 0;
}
