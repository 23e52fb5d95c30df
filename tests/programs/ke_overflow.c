/* Stack overflow that a program recovers from, guard pages of its own, and exceptions while the
 * stack is short. Recorded on Wine 8.0. */
#include <malloc.h>
#include <setjmp.h>
#include <stdio.h>
#include <windows.h>

static jmp_buf recovery;
static DWORD caught, parameters;
static char *page;
static int guards;

static LONG CALLBACK handler(EXCEPTION_POINTERS *pointers)
{
    EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    if (record->ExceptionCode == EXCEPTION_GUARD_PAGE) {
        guards++;
        printf("guard page: %lu parameters, access %lx, offset %lx\n", record->NumberParameters,
               record->ExceptionInformation[0], record->ExceptionInformation[1] - (DWORD)page);
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    if (record->ExceptionCode == EXCEPTION_STACK_OVERFLOW) {
        caught = record->ExceptionCode;
        parameters = record->NumberParameters;
        longjmp(recovery, 1);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

#pragma clang diagnostic ignored "-Winfinite-recursion"
static __attribute__((noinline)) int descend(int depth)
{
    volatile char room[512];
    room[0] = (char)depth;
    return descend(depth + 1) + room[0];
}

static DWORD WINAPI overflows(void *argument)
{
    (void)argument;
    for (int round = 0; round < 3; round++) {
        caught = 0;
        if (!setjmp(recovery))
            descend(0);
        printf("round %d: %08lx, %lu parameters, reset %d\n", round, caught, parameters,
               _resetstkoflw() != 0);
    }
    return 5;
}

static void guard_pages(void)
{
    DWORD old;
    MEMORY_BASIC_INFORMATION information;
    page = VirtualAlloc(NULL, 8192, MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(page, 4096, PAGE_READWRITE | PAGE_GUARD, &old);
    page[8] = 1;
    page[9] = 2;
    VirtualQuery(page, &information, sizeof information);
    printf("%d, %d guards, protection %lx\n", page[8] + page[9], guards, information.Protect);
    VirtualProtect(page, 4096, PAGE_READWRITE | PAGE_GUARD, &old);
    volatile char read = page[100];
    printf("%d, %d guards\n", read, guards);
    VirtualFree(page, 0, MEM_RELEASE);
}

int main(void)
{
    DWORD status;
    setvbuf(stdout, NULL, _IONBF, 0);
    AddVectoredExceptionHandler(1, handler);
    guard_pages();
    HANDLE thread = CreateThread(NULL, 0x10000, overflows, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &status);
    printf("the thread ended with %lu\n", status);
    return 0;
}
