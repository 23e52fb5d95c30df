/* The Windows subsystem's server as programs see it: shutdown parameters, DOS devices, and ntdll's
 * own calls. Expected output from the documentation of the Win32 calls; of the undocumented ones from
 * the structures' (Geoff Chappell, "CSR_CAPTURE_HEADER"): Wine 8.0 has no such server. */
#include <windows.h>
#include <winternl.h>
#include <tlhelp32.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    ULONG length;
    void *related;
    ULONG count;
    char *free_space;
    ULONG_PTR offsets[1];
} CAPTURE;
typedef struct {
    USHORT data, total, type, info;
    HANDLE process, thread;
    ULONG id, callback;
    CAPTURE *capture;
    ULONG number;
    NTSTATUS status;
    ULONG reserved;
    union {
        struct {
            ULONG flags;
            UNICODE_STRING device, target;
        } define;
        ULONG words[46];
    } u;
} MESSAGE;

typedef VOID(NTAPI *capture_in_place)(CAPTURE *, UNICODE_STRING *);

CAPTURE *NTAPI CsrAllocateCaptureBuffer(ULONG, ULONG);
VOID NTAPI CsrFreeCaptureBuffer(CAPTURE *);
VOID NTAPI CsrCaptureMessageString(CAPTURE *, PCSTR, ULONG, ULONG, STRING *);
ULONG NTAPI CsrAllocateMessagePointer(CAPTURE *, ULONG, PVOID *);
NTSTATUS NTAPI CsrClientCallServer(MESSAGE *, CAPTURE *, ULONG, ULONG);
NTSTATUS NTAPI CsrClientConnectToServer(PWSTR, ULONG, PVOID, PULONG, PBOOLEAN);
PLARGE_INTEGER NTAPI CsrCaptureTimeout(ULONG, PLARGE_INTEGER);
HANDLE NTAPI CsrGetProcessId(void);
NTSTATUS NTAPI CsrNewThread(void);

static void parameters(void)
{
    DWORD level = 0, flags = 0;
    BOOL done = GetProcessShutdownParameters(&level, &flags);
    printf("shutdown: %d %#lx %lu\n", done, level, flags);
    done = SetProcessShutdownParameters(0x100, 2);
    printf("bad flags: %d %lu\n", done, GetLastError());
    done = SetProcessShutdownParameters(0x3FF, SHUTDOWN_NORETRY);
    GetProcessShutdownParameters(&level, &flags);
    printf("shutdown: %d %#lx %lu\n", done, level, flags);
}

static void show(const char *what, BOOL done)
{
    char target[256] = "";
    DWORD error = done ? 0 : GetLastError();
    DWORD length = QueryDosDeviceA("ourdevice", target, sizeof target);
    printf("%s: %d %lu, %s\n", what, done, error, length ? target : "none");
}

static void devices(void)
{
    show("remove nothing", DefineDosDeviceA(DDD_REMOVE_DEFINITION, "ourdevice", NULL));
    show("remove that",
        DefineDosDeviceA(DDD_REMOVE_DEFINITION | DDD_RAW_TARGET_PATH, "ourdevice", "\\Device\\A"));
    show("define", DefineDosDeviceA(DDD_RAW_TARGET_PATH, "ourdevice", "\\Device\\Null"));
    show("define again", DefineDosDeviceA(0, "ourdevice", "C:\\Windows"));
    show("remove exactly", DefineDosDeviceA(DDD_REMOVE_DEFINITION | DDD_EXACT_MATCH_ON_REMOVE |
        DDD_RAW_TARGET_PATH, "ourdevice", "\\Device"));
    show("remove latest", DefineDosDeviceA(DDD_REMOVE_DEFINITION, "ourdevice", NULL));
    show("remove prefix",
        DefineDosDeviceA(DDD_REMOVE_DEFINITION | DDD_RAW_TARGET_PATH, "ourdevice", "\\Device"));
}

static void calls(void)
{
    static MESSAGE message;
    LARGE_INTEGER timeout = {.QuadPart = 1};
    WCHAR directory[] = L"\\Sessions\\1\\Windows";
    ULONG size = 4, debug = 5;
    BOOLEAN is_server = TRUE;
    STRING text;
    capture_in_place in_place;
    CAPTURE *buffer = CsrAllocateCaptureBuffer(2, 100);
    printf("buffer: %d pointers, %s\n", (int)buffer->count,
        buffer->length >= 16 + 2 * 4 + 100 ? "large enough" : "too small");
    CsrCaptureMessageString(buffer, "abcdef", 6, 4, &text);
    printf("string: %d %d %.4s\n", text.Length, text.MaximumLength, text.Buffer);
    RtlInitUnicodeString(&message.u.define.device, L"raw");
    in_place = (capture_in_place)(void *)GetProcAddress(GetModuleHandleA("ntdll"),
        "CsrCaptureMessageUnicodeStringInPlace"); /* import libraries leave it out */
    in_place(buffer, &message.u.define.device);
    printf("in place: %ls, %lu pointers\n", message.u.define.device.Buffer, buffer->count);
    printf("too large: %s\n", CsrAllocateCaptureBuffer(1, 0x100000) ? "made" : "refused");
    CsrFreeCaptureBuffer(buffer);
    printf("no such routine: %#lx\n", (long)CsrClientCallServer(&message, NULL, 0x1FFFF, 4));
    printf("gone: %#lx\n", (long)CsrClientCallServer(&message, NULL, 0x10004, 4));
    printf("too long: %#lx\n", (long)CsrClientCallServer(&message, NULL, 0x1000C, 4000));
    printf("connect: %#lx", (long)CsrClientConnectToServer(directory, 1, &debug, &size, &is_server));
    printf(" %lu %d\n", debug, is_server);
    printf("another server: %#lx\n", (long)CsrClientConnectToServer(directory, 3, &debug, &size, NULL));
    printf("timeouts: %d %I64d\n", CsrCaptureTimeout(INFINITE, &timeout) == NULL,
        CsrCaptureTimeout(7, &timeout)->QuadPart);
    printf("thread: %#lx\n", (long)CsrNewThread());
}

static void server(void)
{
    PROCESSENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0), process;
    BOOL more = Process32First(all, &entry);
    while (more && entry.th32ProcessID != (DWORD)(ULONG_PTR)CsrGetProcessId())
        more = Process32Next(all, &entry);
    printf("server: %s\n", more ? entry.szExeFile : "none");
    process = OpenProcess(PROCESS_TERMINATE, FALSE, entry.th32ProcessID);
    printf("open: %d %lu\n", process != NULL, GetLastError());
    CloseHandle(all);
}

int main(void)
{
    parameters();
    devices();
    calls();
    server();
    return 0;
}
