/* Faults: what each protection refuses, guard pages, the stack's growth and its end.
 *
 * Recorded on Wine 8.0, but for the growth: Wine commits a whole stack at once, Windows does not. */
#include <setjmp.h>
#include <stdio.h>
#include <windows.h>

#define PAGE 0x1000

static jmp_buf recover;
static volatile DWORD code, kind, parameters;
static volatile ULONG_PTR where;

static LONG WINAPI on_exception(EXCEPTION_POINTERS *exception)
{
    EXCEPTION_RECORD *record = exception->ExceptionRecord;
    code = record->ExceptionCode;
    parameters = record->NumberParameters;
    kind = parameters > 0 ? (DWORD)record->ExceptionInformation[0] : 0;
    where = parameters > 1 ? record->ExceptionInformation[1] : 0;
    exception->ContextRecord->Eip = (DWORD)(ULONG_PTR)longjmp;
    exception->ContextRecord->Esp -= 64;
    ((DWORD *)(ULONG_PTR)exception->ContextRecord->Esp)[1] = (DWORD)(ULONG_PTR)recover;
    ((DWORD *)(ULONG_PTR)exception->ContextRecord->Esp)[2] = 1;
    return EXCEPTION_CONTINUE_EXECUTION;
}

enum access { READ, WRITE, EXECUTE };

static void attempt(enum access access, volatile unsigned char *page)
{
    code = 0;
    if (setjmp(recover)) return;
    if (access == READ) (void)*page;
    if (access == WRITE) *page = 0xC3;
    if (access == EXECUTE) ((void (*)(void))page)();
}

static void report(const char *what, volatile unsigned char *page)
{
    if (!code)
        printf("%s ok", what);
    else
        printf("%s %08lX(%lu, %s)", what, code, kind, where == (ULONG_PTR)page ? "here" : "else");
}

static void protections(unsigned char *page)
{
    static const DWORD all[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE, PAGE_EXECUTE_READ,
        PAGE_EXECUTE_READWRITE, PAGE_READONLY | PAGE_GUARD, PAGE_READWRITE | PAGE_NOCACHE};
    DWORD before;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        printf("%03lX:", all[i]);
        for (int access = READ; access <= EXECUTE; access++) {
            static const char *const names[] = {" read", ", write", ", execute"};
            VirtualProtect(page, PAGE, PAGE_READWRITE, &before);
            *page = 0xC3;
            VirtualProtect(page, PAGE, all[i], &before);
            attempt(access, page);
            report(names[access], page);
        }
        printf("\n");
    }
}

static void guards(unsigned char *page)
{
    MEMORY_BASIC_INFORMATION area;
    DWORD before;
    VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &before);
    VirtualQuery(page, &area, sizeof area);
    printf("guarded: %lX\n", area.Protect);
    attempt(WRITE, page + 5);
    report("first", page + 5);
    attempt(WRITE, page + 5);
    report(", second", page + 5);
    VirtualQuery(page, &area, sizeof area);
    printf(", then %lX\n", area.Protect);
    VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &before);
    HANDLE file = CreateFileA("mm_faults.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL,
        CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    DWORD done = 0;
    BOOL written = WriteFile(file, page, 16, &done, NULL);
    printf("write from a guarded page: %d, %lu bytes\n", written, done);
    CloseHandle(file);
}

static volatile int depth;

static int recurse(int left)
{
    volatile char room[2000];
    room[0] = (char)left;
    depth++;
    return left ? recurse(left - 1) + room[0] : 0;
}

static DWORD WINAPI grow(void *unused)
{
    NT_TIB *tib = (NT_TIB *)NtCurrentTeb();
    char *before = tib->StackLimit;
    MEMORY_BASIC_INFORMATION area;
    (void)unused;
    recurse(100);
    char *after = tib->StackLimit;
    printf("stack grew by at least 180 KB: %d\n", before - after >= 180000);
    VirtualQuery(after, &area, sizeof area);
    printf("at the limit: %lX %lX\n", area.State, area.Protect);
    VirtualQuery(after - 1, &area, sizeof area);
    printf("below the limit: %lX %lX\n", area.State, area.Protect);
    return 0;
}

static DWORD WINAPI overflow(void *unused)
{
    (void)unused;
    code = 0;
    if (!setjmp(recover)) recurse(1000000);
    printf("overflow: %08lX, %lu parameters, deep enough: %d\n", code, parameters, depth > 100);
    return 0;
}

static void run(LPTHREAD_START_ROUTINE routine)
{
    HANDLE thread = CreateThread(NULL, 0x80000, routine, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION,
        NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

int main(void)
{
    unsigned char *page = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    AddVectoredExceptionHandler(1, on_exception);
    protections(page);
    guards(page);
    VirtualFree(page, 0, MEM_RELEASE);
    attempt(READ, page);
    report("freed:", page);
    printf("\n");
    attempt(READ, (unsigned char *)0x80001000u);
    report("system:", (unsigned char *)0x80001000u);
    printf("\n");
    run(grow);
    run(overflow);
    fflush(stdout);
    return 0;
}
