/* Exceptions through frames at FS:[0] and vectored handlers: order, unwinding, nesting, resuming.
 * Output recorded on Wine 8.0, which leaves out the two continue handlers that Windows calls. */
#include <stdio.h>
#include <windows.h>

typedef struct frame FRAME;
typedef EXCEPTION_DISPOSITION __cdecl routine(EXCEPTION_RECORD *, FRAME *, CONTEXT *, void *);
struct frame {
    FRAME *previous;
    routine *handler;
    const char *name;
};

static int faults;

static void push(FRAME *frame, routine *handler, const char *name)
{
    frame->handler = handler;
    frame->name = name;
    frame->previous = (FRAME *)__readfsdword(0);
    __writefsdword(0, (DWORD)frame);
}

static void pop(FRAME *frame)
{
    __writefsdword(0, (DWORD)frame->previous);
}

static void report(const char *name, EXCEPTION_RECORD *record)
{
    printf("  %s: %08lx flags %lx parameters %lu", name, record->ExceptionCode,
           record->ExceptionFlags, record->NumberParameters);
    for (DWORD i = 0; i < record->NumberParameters; i++)
        printf(" %lx", record->ExceptionInformation[i]);
    printf("\n");
}

static EXCEPTION_DISPOSITION __cdecl pass(EXCEPTION_RECORD *record, FRAME *frame, CONTEXT *context,
                                          void *dispatcher)
{
    report(frame->name, record);
    return ExceptionContinueSearch;
}

/* Resumes: a faulting instruction of the tests is two bytes long. */
static EXCEPTION_DISPOSITION __cdecl skip(EXCEPTION_RECORD *record, FRAME *frame, CONTEXT *context,
                                          void *dispatcher)
{
    report(frame->name, record);
    if (!(record->ExceptionCode & 0x20000000))
        context->Eip += 2;
    faults++;
    return ExceptionContinueExecution;
}

/* Unwinds to the frame it belongs to, then resumes. */
static EXCEPTION_DISPOSITION __cdecl unwind(EXCEPTION_RECORD *record, FRAME *frame,
                                            CONTEXT *context, void *dispatcher)
{
    report(frame->name, record);
    if (record->ExceptionFlags & 2)
        return ExceptionContinueSearch;
    RtlUnwind(frame, NULL, record, NULL);
    printf("  unwound to %s: %d\n", frame->name, (FRAME *)__readfsdword(0) == frame);
    record->ExceptionFlags = 0;
    return ExceptionContinueExecution;
}

/* Raises another exception inside. */
static EXCEPTION_DISPOSITION __cdecl nest(EXCEPTION_RECORD *record, FRAME *frame, CONTEXT *context,
                                          void *dispatcher)
{
    report(frame->name, record);
    if (record->ExceptionCode == 0xE0000001)
        RaiseException(0xE0000002, 0, 0, NULL);
    return ExceptionContinueSearch;
}

static LONG CALLBACK first(EXCEPTION_POINTERS *pointers)
{
    report("first", pointers->ExceptionRecord);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK second(EXCEPTION_POINTERS *pointers)
{
    report("second", pointers->ExceptionRecord);
    return pointers->ExceptionRecord->ExceptionCode == 0xE0000009 ? EXCEPTION_CONTINUE_EXECUTION
                                                                  : EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK continuing(EXCEPTION_POINTERS *pointers)
{
    report("continue", pointers->ExceptionRecord);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG WINAPI last_resort(EXCEPTION_POINTERS *pointers)
{
    report("unhandled", pointers->ExceptionRecord);
    fflush(stdout);
    return EXCEPTION_EXECUTE_HANDLER;
}

int main(void)
{
    FRAME frames[2]; /* an inner frame lies below its outer one */
#define inner frames[0]
#define outer frames[1]
    ULONG_PTR arguments[3] = {1, 2, 3};
    push(&outer, skip, "outer");
    push(&inner, pass, "inner");
    __asm__ volatile("movb %%al, (%%eax)" : : "a"(0x10) : "memory");
    __asm__ volatile("movb (%%eax), %%al" : : "a"(0x20) : "memory");
    __asm__ volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; divl %%ecx" : : : "eax", "ecx", "edx");
    __asm__ volatile("ud2");
    __asm__ volatile("hlt; nop");
    RaiseException(0xE0000005, 0, 3, arguments);
    printf("%d faults\n", faults);
    outer.handler = unwind;
    RaiseException(0xE0000006, 0, 0, NULL);
    printf("back\n");
    pop(&inner);
    push(&inner, nest, "nest");
    outer.handler = skip;
    RaiseException(0xE0000001, 0, 0, NULL);
    __writefsdword(0, (DWORD)&outer);
    PVOID b = AddVectoredExceptionHandler(0, second), a = AddVectoredExceptionHandler(1, first);
    PVOID c = AddVectoredContinueHandler(0, continuing);
    RaiseException(0xE0000009, 0, 0, NULL);
    RaiseException(0xE000000A, 0, 0, NULL);
    printf("%lu %lu %lu\n", RemoveVectoredExceptionHandler(a), RemoveVectoredExceptionHandler(b),
           RemoveVectoredContinueHandler(c));
    pop(&outer);
    SetUnhandledExceptionFilter(last_resort);
    RaiseException(0xE0000063, 0, 0, NULL);
    return 1;
}
