/* Fork: RtlCloneUserProcess, and NtCreateProcess without a section.
 * Expected output from the documentation of the calls (Windows Internals, 4th edition, chapter 7;
 * RtlCloneUserProcess in phnt): Wine 8.0 has neither. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

#define CLONED 0x129
#define INHERIT_HANDLES 2

typedef struct {
    ULONG length;
    HANDLE process, thread;
    HANDLE process_id, thread_id;
    ULONG image[12];
} CLONE_INFORMATION;

NTSTATUS(NTAPI *RtlClone)(ULONG, PVOID, PVOID, HANDLE, CLONE_INFORMATION *);
NTSTATUS(NTAPI *CreateProcessOf)(PHANDLE, ACCESS_MASK, PVOID, HANDLE, BOOLEAN, HANDLE, HANDLE,
    HANDLE);

static volatile int value = 1;
static char *heap_text, *shared;

static DWORD end_of(HANDLE process)
{
    DWORD code = 0;
    WaitForSingleObject(process, 5000);
    GetExitCodeProcess(process, &code);
    return code;
}

static void clone(ULONG flags, HANDLE event)
{
    CLONE_INFORMATION made = {0};
    int local = 5;
    NTSTATUS status = RtlClone(flags, NULL, NULL, NULL, &made);
    if (status == CLONED) {
        char *again = HeapAlloc(GetProcessHeap(), 0, 100000);
        int right = value == 1 && local == 5 && !strcmp(heap_text, "parent's") && again;
        value = local = 2;
        strcpy(heap_text, "child's");
        strcpy(shared, "written by the child");
        right = right * 2 + SetEvent(event);
        TerminateProcess(GetCurrentProcess(), 10 + right);
    }
    printf("clone with flags %lu: %#lx\n", flags, status);
    printf("  exit code %lu\n", end_of(made.process));
    printf("  in the parent: value %d, local %d, heap \"%s\", section \"%s\"\n", value, local,
        heap_text, shared);
    printf("  event %lu, ids differ: %d\n", WaitForSingleObject(event, 0),
        (DWORD)(ULONG_PTR)made.process_id != GetCurrentProcessId() &&
            (DWORD)(ULONG_PTR)made.thread_id != GetCurrentThreadId());
    memset(shared, 0, 32);
    CloseHandle(made.process);
    CloseHandle(made.thread);
}

static void empty_clone(void)
{
    HANDLE process = NULL;
    char text[16] = "";
    SIZE_T count = 0;
    NTSTATUS status = CreateProcessOf(&process, PROCESS_ALL_ACCESS, NULL, GetCurrentProcess(), TRUE,
        NULL, NULL, NULL);
    printf("NtCreateProcess without a section: %#lx\n", status);
    strcpy(heap_text, "changed");
    ReadProcessMemory(process, heap_text, text, sizeof text, &count);
    printf("  the copy still has \"%s\"\n", text);
    WriteProcessMemory(process, heap_text, "other", 6, &count);
    printf("  this one has \"%s\"\n", heap_text);
    printf("  exit code %#lx, waits %lu\n", (ULONG)STILL_ACTIVE, WaitForSingleObject(process, 0));
    TerminateProcess(process, 77);
    printf("  exit code %lu\n", end_of(process));
    CloseHandle(process);
}

int main(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    HANDLE event = CreateEventA(&inherit, FALSE, FALSE, NULL);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    RtlClone = (void *)GetProcAddress(ntdll, "RtlCloneUserProcess");
    CreateProcessOf = (void *)GetProcAddress(ntdll, "NtCreateProcess");
    setvbuf(stdout, NULL, _IONBF, 0);
    shared = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    heap_text = HeapAlloc(GetProcessHeap(), 0, 64);
    strcpy(heap_text, "parent's");
    clone(0, event);
    clone(INHERIT_HANDLES, event);
    empty_clone();
    return 0;
}
