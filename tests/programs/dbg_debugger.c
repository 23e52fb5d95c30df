/* A debugger and its debuggee, which is the same program: events in order, a breakpoint, single
 * steps, memory and registers, exceptions of both chances, output, attaching and letting go.
 * Expected output recorded on Wine 8.0 (native i386); attaching twice is ERROR_INVALID_PARAMETER on
 * Windows (STATUS_PORT_ALREADY_SET), not ERROR_ACCESS_DENIED. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define STORE_BYTES 10
static char own_path[MAX_PATH];

__attribute__((naked)) int stepped(void)
{
    __asm__("movl $1, %eax\n\taddl $2, %eax\n\tnop\n\timull $7, %eax\n\tret");
}

static LONG WINAPI handler(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != 0xE0001234) return EXCEPTION_CONTINUE_SEARCH;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static DWORD WINAPI second_thread(void *argument)
{
    (void)argument;
    return 6;
}

static int debuggee(void)
{
    ULONG_PTR argument = 9;
    HANDLE thread;
    AddVectoredExceptionHandler(1, handler);
    int result = stepped();
    OutputDebugStringA("from the debuggee");
    RaiseException(0xE0001234, 0, 1, &argument);
    thread = CreateThread(NULL, 0, second_thread, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    printf("  closed again: %d\n", CloseHandle(thread));
    fflush(stdout);
    __asm__ volatile("movl $0, 0x10"); /* STORE_BYTES long; the debugger skips it */
    return result;
}

static DWORD threads[16];
static int thread_number(DWORD id)
{
    int i = 0;
    while (threads[i] && threads[i] != id) i++;
    threads[i] = id;
    return i + 1;
}

static void store_byte(HANDLE process, void *at, unsigned char byte)
{
    SIZE_T done;
    WriteProcessMemory(process, at, &byte, 1, &done);
    FlushInstructionCache(process, at, 1);
}

static int steps, breakpoints;

static DWORD on_exception(HANDLE process, const DEBUG_EVENT *event)
{
    const EXCEPTION_RECORD *record = &event->u.Exception.ExceptionRecord;
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    HANDLE thread = OpenThread(THREAD_ALL_ACCESS, FALSE, event->dwThreadId);
    DWORD answer = DBG_EXCEPTION_NOT_HANDLED;
    GetThreadContext(thread, &context);
    if (record->ExceptionCode == EXCEPTION_BREAKPOINT && !breakpoints++) {
        puts("  first breakpoint");
        store_byte(process, stepped, 0xCC);
        answer = DBG_CONTINUE;
    } else if (record->ExceptionCode == EXCEPTION_BREAKPOINT) {
        printf("  breakpoint at the function: %d, eip after it: %d\n",
            record->ExceptionAddress == (void *)stepped,
            context.Eip == (DWORD)(ULONG_PTR)stepped + 1);
        store_byte(process, stepped, 0xB8);
        context.Eip--;
        context.EFlags |= 0x100;
        SetThreadContext(thread, &context);
        answer = DBG_CONTINUE;
    } else if (record->ExceptionCode == EXCEPTION_SINGLE_STEP) {
        printf("  step %d: eax %lu, %lu bytes on\n", ++steps, context.Eax,
            context.Eip - (DWORD)(ULONG_PTR)stepped);
        if (steps < 4) context.EFlags |= 0x100;
        SetThreadContext(thread, &context);
        answer = DBG_CONTINUE;
    } else {
        printf("  exception %#lx, %lu parameters, first chance %lu\n", record->ExceptionCode,
            record->NumberParameters, event->u.Exception.dwFirstChance);
        if (record->ExceptionCode == EXCEPTION_INVALID_HANDLE) answer = DBG_CONTINUE;
        if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && !event->u.Exception.dwFirstChance) {
            context.Eip += STORE_BYTES;
            SetThreadContext(thread, &context);
            answer = DBG_CONTINUE;
        }
    }
    CloseHandle(thread);
    return answer;
}

static void print_string(HANDLE process, const OUTPUT_DEBUG_STRING_INFO *info)
{
    char text[64] = "";
    SIZE_T done;
    ReadProcessMemory(process, info->lpDebugStringData, text, info->nDebugStringLength, &done);
    printf("  output \"%s\", %u bytes\n", text, info->nDebugStringLength);
}

/* Returns FALSE at the end of the process. */
static BOOL on_event(HANDLE process, DEBUG_EVENT *event)
{
    DWORD answer = DBG_CONTINUE;
    BOOL more = TRUE;
    int number = thread_number(event->dwThreadId);
    switch (event->dwDebugEventCode) {
    case CREATE_PROCESS_DEBUG_EVENT:
        printf("  process created, thread %d, base right: %d, file: %d\n", number,
            event->u.CreateProcessInfo.lpBaseOfImage == GetModuleHandleA(NULL),
            event->u.CreateProcessInfo.hFile != NULL);
        CloseHandle(event->u.CreateProcessInfo.hFile);
        break;
    case CREATE_THREAD_DEBUG_EVENT:
        printf("  thread %d created\n", number);
        break;
    case EXIT_THREAD_DEBUG_EVENT:
        printf("  thread %d exits with %lu\n", number, event->u.ExitThread.dwExitCode);
        break;
    case EXIT_PROCESS_DEBUG_EVENT:
        printf("  process exits with %lu\n", event->u.ExitProcess.dwExitCode);
        more = FALSE;
        break;
    case LOAD_DLL_DEBUG_EVENT:
        CloseHandle(event->u.LoadDll.hFile);
        break;
    case OUTPUT_DEBUG_STRING_EVENT:
        print_string(process, &event->u.DebugString);
        break;
    case EXCEPTION_DEBUG_EVENT:
        answer = on_exception(process, event);
        break;
    }
    if (!ContinueDebugEvent(event->dwProcessId, event->dwThreadId, answer))
        printf("  ContinueDebugEvent: error %lu\n", GetLastError());
    return more;
}

static PROCESS_INFORMATION start(const char *what, DWORD flags)
{
    PROCESS_INFORMATION made = {0};
    STARTUPINFOA info = {.cb = sizeof info};
    char command[MAX_PATH + 32];
    snprintf(command, sizeof command, "\"%s\" %s", own_path, what);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, flags, NULL, NULL, &info, &made))
        printf("CreateProcess: error %lu\n", GetLastError());
    return made;
}

static void finish(PROCESS_INFORMATION *made)
{
    DWORD code = 0;
    WaitForSingleObject(made->hProcess, 5000);
    GetExitCodeProcess(made->hProcess, &code);
    printf("  exit code %lu\n", code);
    CloseHandle(made->hThread);
    CloseHandle(made->hProcess);
}

static void test_debuggee(void)
{
    PROCESS_INFORMATION made = start("debuggee", DEBUG_ONLY_THIS_PROCESS);
    DEBUG_EVENT event;
    BOOL debugged = FALSE;
    puts("a debuggee:");
    CheckRemoteDebuggerPresent(made.hProcess, &debugged);
    printf("  is debugged: %d\n", debugged);
    do {
        if (!WaitForDebugEvent(&event, 10000)) {
            printf("  WaitForDebugEvent: error %lu\n", GetLastError());
            break;
        }
    } while (on_event(made.hProcess, &event));
    finish(&made);
}

static void test_attach(void)
{
    PROCESS_INFORMATION made = start("wait", 0);
    DEBUG_EVENT event;
    int kinds[10] = {0}, count = 0;
    puts("attached later:");
    Sleep(200);
    printf("  attach %d\n", DebugActiveProcess(made.dwProcessId));
    printf("  again %d, error %lu\n", DebugActiveProcess(made.dwProcessId), GetLastError());
    DebugSetProcessKillOnExit(FALSE);
    while (count++ < 40 && WaitForDebugEvent(&event, 2000)) {
        BOOL is_break = event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT;
        kinds[event.dwDebugEventCode]++;
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
        if (is_break) break;
    }
    printf("  processes %d, breakpoints %d, some libraries: %d\n",
        kinds[CREATE_PROCESS_DEBUG_EVENT], kinds[EXCEPTION_DEBUG_EVENT],
        kinds[LOAD_DLL_DEBUG_EVENT] > 0);
    printf("  stop %d\n", DebugActiveProcessStop(made.dwProcessId));
    printf("  no event: %d\n", WaitForDebugEvent(&event, 50));
    TerminateProcess(made.hProcess, 8);
    finish(&made);
}

int main(int count, char **arguments)
{
    GetModuleFileNameA(NULL, own_path, sizeof own_path);
    if (count > 1 && !strcmp(arguments[1], "wait")) {
        Sleep(20000);
        return 3;
    }
    if (count > 1) return debuggee();
    setvbuf(stdout, NULL, _IONBF, 0);
    test_debuggee();
    test_attach();
    return 0;
}
