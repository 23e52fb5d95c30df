/* Fibers, and the floating-point state of threads. Recorded on Wine 8.0. */
#include <stdio.h>
#include <windows.h>

#define FLOAT_SWITCH 1

static void *scheduler, *workers[3];
static DWORD slot;
static int released;

static void WINAPI release(void *value)
{
    released += (int)(ULONG_PTR)value;
}

static LONG CALLBACK handler(EXCEPTION_POINTERS *pointers)
{
    CONTEXT *context = pointers->ContextRecord;
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ILLEGAL_INSTRUCTION)
        return EXCEPTION_CONTINUE_SEARCH;
    context->Eip += 2;
    context->Eax += 100;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* ST0 and XMM0 over an exception and a wait. */
static int keeps_float(int seed)
{
    int before = seed, after = 0, vector = 0, eax = seed;
    __asm__ volatile("fildl %3; movd %3, %%xmm0; ud2; fistpl %1; movd %%xmm0, %2"
                     : "+a"(eax), "=m"(after), "=m"(vector)
                     : "m"(before)
                     : "xmm0", "st");
    return after + vector + eax;
}

static void WINAPI worker(void *argument)
{
    int number = (int)(ULONG_PTR)argument, local[64];
    FlsSetValue(slot, (void *)(ULONG_PTR)(number + 1));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 64; i++)
            local[i] = number * 1000 + round;
        SwitchToFiber(round == 1 ? workers[(number + 1) % 3] : scheduler);
        for (int i = 0; i < 64; i++)
            if (local[i] != number * 1000 + round)
                printf("the stack of %d is spoilt\n", number);
        printf("worker %d round %d data %d fls %d float %d\n", number, round,
               GetFiberData() == argument, (int)(ULONG_PTR)FlsGetValue(slot),
               keeps_float(number));
    }
    for (;;)
        SwitchToFiber(scheduler);
}

static void turns(void)
{
    printf("a fiber: %d\n", IsThreadAFiber());
    scheduler = ConvertThreadToFiberEx((void *)7, 0);
    printf("a fiber: %d, data %d, current %d\n", IsThreadAFiber(),
           (int)(ULONG_PTR)GetFiberData(), GetCurrentFiber() == scheduler);
    SetLastError(0);
    printf("again: %d error %lu\n", ConvertThreadToFiber(NULL) != NULL, GetLastError());
    slot = FlsAlloc(release);
    FlsSetValue(slot, (void *)50);
    for (int i = 0; i < 3; i++)
        workers[i] = CreateFiberEx(4096, 65536, 0, worker, (void *)(ULONG_PTR)i);
    for (int round = 0; round < 5; round++)
        for (int i = 0; i < 3; i++)
            SwitchToFiber(workers[i]);
    printf("mine: %d\n", (int)(ULONG_PTR)FlsGetValue(slot));
    for (int i = 0; i < 3; i++)
        DeleteFiber(workers[i]);
    printf("released by deletion: %d\n", released);
    FlsFree(slot);
    printf("released: %d\n", released);
}

static WORD control(void)
{
    WORD word;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

static void set_control(WORD word)
{
    __asm__ volatile("fldcw %0" : : "m"(word));
}

static void WINAPI rounding(void *argument)
{
    printf("new fiber: %x\n", control());
    set_control(0xF7F);
    SwitchToFiber(argument);
    printf("fiber again: %x\n", control());
    set_control(0xF7F);
    SwitchToFiber(argument);
}

static void control_words(void)
{
    void *fiber = CreateFiberEx(0, 0, FLOAT_SWITCH, rounding, scheduler);
    SetLastError(0);
    set_control(0x37F);
    SwitchToFiber(fiber);
    printf("the thread's fiber does not switch: %x\n", control());
    set_control(0x37F);
    SwitchToFiber(fiber);
    DeleteFiber(fiber);
    set_control(0x27F);
    printf("back to a thread: %d, a fiber: %d\n", ConvertFiberToThread(), IsThreadAFiber());
}

static void WINAPI ends(void *argument)
{
    (void)argument;
}

static DWORD WINAPI fiber_thread(void *argument)
{
    ConvertThreadToFiber(argument);
    SwitchToFiber(CreateFiber(0, ends, NULL));
    return 9;
}

/* Many threads with their own x87 and SSE values. */
static DWORD WINAPI counter(void *argument)
{
    float step = (float)(ULONG_PTR)argument, sum = 0;
    double wide = 0;
    set_control((WORD)(0x27F | (ULONG_PTR)argument % 4 << 10));
    for (int i = 0; i < 200; i++) {
        __asm__ volatile("addss %1, %0" : "+x"(sum) : "x"(step));
        __asm__ volatile("fldl %0; fadds %1; fstpl %0" : "+m"(wide) : "m"(step));
        if (i % 20 == 0)
            Sleep(0);
    }
    return (DWORD)sum == (DWORD)wide && control() >> 10 == (ULONG_PTR)argument % 4 ? (DWORD)sum : 0;
}

static void threads(void)
{
    HANDLE handles[8];
    DWORD status, sum = 0;
    for (int i = 0; i < 8; i++)
        handles[i] = CreateThread(NULL, 0, counter, (void *)(ULONG_PTR)(i + 1), 0, NULL);
    for (int i = 0; i < 8; i++) {
        WaitForSingleObject(handles[i], INFINITE);
        GetExitCodeThread(handles[i], &status);
        sum += status;
    }
    printf("sums of threads: %lu\n", sum);
    HANDLE thread = CreateThread(NULL, 0, fiber_thread, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &status);
    printf("a fiber that returns ends its thread: %lu\n", status);
}

int main(void)
{
    AddVectoredExceptionHandler(1, handler);
    turns();
    control_words();
    threads();
    return 0;
}
