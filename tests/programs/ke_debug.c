/* Single steps, breakpoints in code and in debug registers, contexts of other threads, code that
 * changes itself. Recorded on Wine 8.0; what was corrected is in the test's docstring. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define TRAP 0x100u
#define RESUME 0x10000u

enum { EXECUTE = 0, WRITE = 1, ACCESS = 3 };

static BYTE *code;
static struct {
    DWORD code, offset, dr6;
} events[64];
static volatile int count;
static BOOL steps;
static volatile DWORD data[4];

/* Notes what happened; goes on, stepping while `steps`. */
static LONG CALLBACK note(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;
    if (count < 64) {
        events[count].code = pointers->ExceptionRecord->ExceptionCode;
        events[count].offset = context->Eip - (DWORD)code;
        events[count].dr6 = context->Dr6 & 0xF;
        count++;
    }
    context->Dr6 = 0;
    if (pointers->ExceptionRecord->ExceptionCode == EXCEPTION_BREAKPOINT &&
        *(BYTE *)context->Eip == 0xCC)
        context->Eip++;
    if (steps && code && context->Eip - (DWORD)code < 0x100)
        context->EFlags |= TRAP;
    else if (!steps)
        context->EFlags |= RESUME;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void run(const char *what, const BYTE *bytes, DWORD size)
{
    memset(code, 0xC3, 0x100);
    memcpy(code, bytes, size);
    FlushInstructionCache(GetCurrentProcess(), code, size);
    count = 0;
    DWORD result = ((DWORD(*)(void))code)();
    printf("%s: returned %lx,", what, result);
    for (int i = 0; i < count; i++)
        if (events[i].offset < 0x100)
            printf(" %08lx+%lx", events[i].code, events[i].offset);
        else
            printf(" %08lx outside", events[i].code);
    printf("\n");
}

static void set_debug(HANDLE thread, const volatile void *va, DWORD condition, DWORD bytes)
{
    CONTEXT context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS};
    if (va) {
        context.Dr1 = (DWORD)va;
        context.Dr7 = 4 | (condition | (bytes - 1) << 2) << 20;
    }
    if (!SetThreadContext(thread, &context))
        printf("SetThreadContext: %lu\n", GetLastError());
}

static void steps_and_breakpoints(void)
{
    static const BYTE step[] = {
        0x9C, 0x80, 0x4C, 0x24, 0x01, 0x01, 0x9D, /* 0: set TF */
        0xB8, 3, 0, 0, 0,                         /* 7: mov eax, 3 */
        0x48,                                     /* C: dec eax */
        0x75, 0xFD,                               /* D: jnz C */
        0x9C, 0x80, 0x64, 0x24, 0x01, 0xFE, 0x9D, /* F: clear TF */
        0xC3,
    };
    static const BYTE breakpoint[] = {0xB8, 1, 0, 0, 0, 0xCC, 0x40, 0xC3};
    static const BYTE icebp[] = {0xB8, 5, 0, 0, 0, 0xF1, 0x40, 0xC3};
    static const BYTE service[] = {0x31, 0xC0, 0xCD, 0x2D, 0xCC, 0x40, 0xC3};
    static const BYTE overflow[] = {0xB0, 0x7F, 0x04, 1, 0xCE, 0x31, 0xC0, 0xC3};
    steps = TRUE;
    run("steps", step, sizeof step);
    steps = FALSE;
    run("int3", breakpoint, sizeof breakpoint);
    run("icebp", icebp, sizeof icebp);
    run("int 2d", service, sizeof service);
    run("into", overflow, sizeof overflow);
}

static void show_hits(const char *what)
{
    printf("%s: %d hits", what, count);
    for (int i = 0; i < count; i++)
        printf(", %08lx dr6 %lx", events[i].code, events[i].dr6);
    printf("\n");
    count = 0;
}

static __attribute__((noinline)) int counted(int value)
{
    __asm__ volatile("");
    return value + 1;
}

static void debug_registers(void)
{
    HANDLE self = GetCurrentThread();
    volatile BYTE *bytes = (volatile BYTE *)data;
    count = 0;
    set_debug(self, (void *)counted, EXECUTE, 1);
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += counted(i);
    set_debug(self, NULL, 0, 0);
    sum += counted(10);
    printf("sum %d, ", sum);
    show_hits("execution");

    static const DWORD sizes[] = {1, 2, 4};
    for (int i = 0; i < 3; i++) {
        set_debug(self, data + 1, WRITE, sizes[i]);
        for (int at = 3; at < 9; at++)
            bytes[at] = (BYTE)at;
        DWORD read = data[1];
        set_debug(self, NULL, 0, 0);
        printf("%lu bytes, %lx, ", sizes[i], read);
        show_hits("bytes written");
    }
    set_debug(self, data + 2, ACCESS, 4);
    data[2] = data[2] + 1;
    bytes[8 + 3]++;
    data[3] = data[1];
    set_debug(self, NULL, 0, 0);
    printf("%lx, ", data[2]);
    show_hits("access");
    memset((void *)data, 0, sizeof data);
    set_debug(self, data, WRITE, 4);
    __asm__ volatile("rep stosb" : : "a"(7), "c"(8), "D"(data) : "memory");
    set_debug(self, NULL, 0, 0);
    printf("%lx, ", data[1]);
    show_hits("string");
}

static DWORD WINAPI writer(void *argument)
{
    DWORD before = (DWORD)count;
    data[0] = (DWORD)(ULONG_PTR)argument;
    return (DWORD)count - before;
}

/* Each thread has debug registers of its own. */
static void other_threads(void)
{
    DWORD hits;
    CONTEXT context;
    count = 0;
    set_debug(GetCurrentThread(), data, WRITE, 4);
    HANDLE thread = CreateThread(NULL, 0, writer, (void *)1, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &hits);
    CloseHandle(thread);
    printf("a new thread: %lu hits\n", hits);
    data[0] = 2;
    show_hits("this thread");
    set_debug(GetCurrentThread(), NULL, 0, 0);

    thread = CreateThread(NULL, 0, writer, (void *)3, CREATE_SUSPENDED, NULL);
    set_debug(thread, data, WRITE, 4);
    context.ContextFlags = CONTEXT_DEBUG_REGISTERS | CONTEXT_INTEGER | CONTEXT_CONTROL;
    GetThreadContext(thread, &context);
    printf("suspended: dr1 %d dr7 %lx eax %d\n", context.Dr1 == (DWORD)data, context.Dr7 & 0xFFFF00FF,
           context.Eax == (DWORD)writer);
    ResumeThread(thread);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &hits);
    CloseHandle(thread);
    printf("a thread that was armed: %lu hits\n", hits);
}

static volatile LONG spinning, left;

static DWORD WINAPI spin(void *argument)
{
    (void)argument;
    while (!left)
        InterlockedIncrement(&spinning);
    return 1;
}

static DWORD WINAPI elsewhere(void *argument)
{
    ExitThread((DWORD)(ULONG_PTR)argument + 77);
}

/* A running thread is stopped and sent somewhere else, with other registers. */
static void redirected(void)
{
    DWORD status;
    HANDLE thread = CreateThread(NULL, 0, spin, NULL, 0, NULL);
    while (!spinning)
        Sleep(1);
    SuspendThread(thread);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL | CONTEXT_FLOATING_POINT};
    GetThreadContext(thread, &context);
    printf("in user code: %d, control word %lx\n", context.SegCs == 0x1B || context.SegCs == 0x23,
           context.FloatSave.ControlWord & 0xFFFF);
    DWORD *stack = (DWORD *)((context.Esp - 64) & ~15u) - 1;
    stack[1] = 23;
    context.Esp = (DWORD)stack;
    context.Eip = (DWORD)elsewhere;
    SetThreadContext(thread, &context);
    ResumeThread(thread);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &status);
    CloseHandle(thread);
    printf("redirected: %lu\n", status);
}

static void changing_code(void)
{
    static const BYTE rewrite[] = {
        0xB9, 4, 0, 0, 0, /* 0: mov ecx, 4 */
        0x31, 0xC0,       /* 5: xor eax, eax */
        0xE8, 0, 0, 0, 0, /* 7: call C */
        0x5A,             /* C: pop edx */
        0x88, 0x4A, 0x06, /* D: mov [edx+6], cl: the operand of the next instruction */
        0x83, 0xC0, 0x10, /* 10: add eax, 10h */
        0x90,             /* 13 */
        0xE2, 0xF7,       /* 14: loop D */
        0xC3,
    };
    run("self-modifying", rewrite, sizeof rewrite);
    memset(code, 0x90, 16);
    code[15] = 0xC3;
    for (int i = 0; i < 3; i++) {
        code[0] = 0xB8; /* mov eax, i * 3 */
        code[1] = (BYTE)(i * 3);
        memset(code + 2, 0, 3);
        printf("rewritten: %lu\n", ((DWORD(*)(void))code)());
    }
}

int main(void)
{
    code = VirtualAlloc(NULL, 4096, MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    void *handler = AddVectoredExceptionHandler(1, note);
    steps_and_breakpoints();
    debug_registers();
    other_threads();
    redirected();
    changing_code();
    RemoveVectoredExceptionHandler(handler);
    return 0;
}
