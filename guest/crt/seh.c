/* The language handlers that Microsoft's compilers put on the exception chain. */
#include "crt.h"

#define NO_LEVEL -1

struct scope3 {
    int enclosing;
    void *filter, *handler;
};
struct frame3 {
    struct frame3 *next;
    void *language_handler;
    struct scope3 *scopes;
    int level;
    uintptr_t saved_ebp;                      /* its address is the frame's EBP */
};
/* _except_handler4: the scope table starts with cookie offsets, levels end at -2. */
struct scope4 {
    int enclosing;
    void *filter, *handler;
};
struct table4 {
    int gs_offset;
    unsigned gs_xor;
    int eh_offset;
    unsigned eh_xor;
    struct scope4 scopes[1];
};
struct frame4 {
    struct frame4 *next;
    void *language_handler;
    uintptr_t scopes;                         /* XORed with the cookie */
    int level;
    uintptr_t saved_ebp;
};
struct jump_buffer {
    uintptr_t ebp, ebx, edi, esi, esp, eip, registration;
    int level;
    unsigned cookie;
    void(__stdcall *unwind)(struct jump_buffer *);
    unsigned data[6];
};

void crt_unwind(void *frame, EXCEPTION_RECORD *record);
int crt_call_in_frame(void *function, void *ebp);
DECLSPEC_NORETURN void crt_jump_in_frame(void *function, void *ebp);
DECLSPEC_NORETURN void crt_restore(struct jump_buffer *buffer, int value);
void _global_unwind2(void *frame);
void _local_unwind2(struct frame3 *frame, int stop);

static struct frame3 *chain(void)
{
    return (struct frame3 *)__readfsdword(0);
}

static void set_chain(void *frame)
{
    __writefsdword(0, (unsigned long)frame);
}

/* An exception inside a __finally that is being run: the unwind goes on from its frame. */
static EXCEPTION_DISPOSITION nested_unwind(EXCEPTION_RECORD *record, void *frame,
                                           CONTEXT *context, void **dispatcher)
{
    UNUSED(context);
    if (!(record->ExceptionFlags & 6))
        return ExceptionContinueSearch;
    *dispatcher = frame;
    return ExceptionCollidedUnwind;
}

struct guard {
    void *next, *handler;
};

/* Runs the __finally blocks of the levels above `stop`. */
void _local_unwind2(struct frame3 *frame, int stop)
{
    struct guard guard = {chain(), (void *)nested_unwind};

    set_chain(&guard);
    while (frame->level != NO_LEVEL && frame->level != stop) {
        struct scope3 *scope = &frame->scopes[frame->level];
        frame->level = scope->enclosing;
        if (!scope->filter)
            crt_call_in_frame(scope->handler, &frame->saved_ebp);
    }
    set_chain(guard.next);
}

EXCEPTION_DISPOSITION _except_handler3(EXCEPTION_RECORD *record, struct frame3 *frame,
                                       CONTEXT *context, void *dispatcher)
{
    EXCEPTION_POINTERS pointers = {record, context};

    UNUSED(dispatcher);
    if (record->ExceptionFlags & 6) {         /* EXCEPTION_UNWINDING, EXCEPTION_EXIT_UNWIND */
        _local_unwind2(frame, NO_LEVEL);
        return ExceptionContinueSearch;
    }
    ((void **)frame)[-1] = &pointers;
    for (int level = frame->level; level != NO_LEVEL; level = frame->scopes[level].enclosing) {
        struct scope3 *scope = &frame->scopes[level];
        int answer;

        if (!scope->filter)
            continue;
        answer = crt_call_in_frame(scope->filter, &frame->saved_ebp);
        if (answer < 0)
            return ExceptionContinueExecution;
        if (!answer)
            continue;
        _global_unwind2(frame);
        _local_unwind2(frame, level);
        frame->level = scope->enclosing;
        crt_jump_in_frame(scope->handler, &frame->saved_ebp);
    }
    return ExceptionContinueSearch;
}

static struct table4 *table_of(struct frame4 *frame, unsigned *cookie)
{
    return (struct table4 *)(frame->scopes ^ *cookie);
}

void _local_unwind4(unsigned *cookie, struct frame4 *frame, int stop)
{
    struct guard guard = {chain(), (void *)nested_unwind};

    set_chain(&guard);
    while (frame->level != -2 && (stop == -2 || frame->level > stop)) {
        struct scope4 *scope = &table_of(frame, cookie)->scopes[frame->level];
        frame->level = scope->enclosing;
        if (!scope->filter)
            crt_call_in_frame(scope->handler, &frame->saved_ebp);
    }
    set_chain(guard.next);
}

static void check_cookies(struct frame4 *frame, const struct table4 *table,
                          void(__fastcall *check)(unsigned))
{
    uintptr_t ebp = (uintptr_t)&frame->saved_ebp;

    if (table->gs_offset != -2)
        check(*(unsigned *)(ebp + table->gs_offset) ^ (ebp + table->gs_xor));
    check(*(unsigned *)(ebp + table->eh_offset) ^ (ebp + table->eh_xor));
}

EXCEPTION_DISPOSITION _except_handler4_common(unsigned *cookie,
                                              void(__fastcall *check)(unsigned),
                                              EXCEPTION_RECORD *record, struct frame4 *frame,
                                              CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    struct table4 *table = table_of(frame, cookie);

    check_cookies(frame, table, check);
    if (record->ExceptionFlags & 6) {
        _local_unwind4(cookie, frame, -2);
        return ExceptionContinueSearch;
    }
    ((void **)frame)[-1] = &pointers;
    for (int level = frame->level; level != -2; level = table->scopes[level].enclosing) {
        struct scope4 *scope = &table->scopes[level];
        int answer;

        if (!scope->filter)
            continue;
        answer = crt_call_in_frame(scope->filter, &frame->saved_ebp);
        if (answer < 0)
            return ExceptionContinueExecution;
        if (!answer)
            continue;
        crt_unwind(frame, record);
        _local_unwind4(cookie, frame, level);
        frame->level = scope->enclosing;
        check_cookies(frame, table, check);
        crt_jump_in_frame(scope->handler, &frame->saved_ebp);
    }
    return ExceptionContinueSearch;
}

int _abnormal_termination(void)
{
    struct frame3 *frame = chain();

    return frame->language_handler == (void *)nested_unwind;
}

void __stdcall _seh_longjmp_unwind(struct jump_buffer *buffer)
{
    _local_unwind2((struct frame3 *)buffer->registration, buffer->level);
}

void __stdcall _seh_longjmp_unwind4(struct jump_buffer *buffer)
{
    _local_unwind4((unsigned *)buffer->data, (struct frame4 *)buffer->registration,
                   buffer->level);
}

/* Unwinds to the frame that called setjmp, then the levels inside it, then goes there. */
DECLSPEC_NORETURN void longjmp(struct jump_buffer *buffer, int value)
{
    struct frame3 *target = (struct frame3 *)buffer->registration;
    EXCEPTION_RECORD record = {.ExceptionCode = STATUS_LONGJUMP};

    if (target != chain()) {
        crt_unwind(target == (struct frame3 *)-1 ? NULL : target, &record);
        set_chain(target);
    }
    if (target != (struct frame3 *)-1) {
        if (buffer->cookie == 0x56433230 && buffer->unwind)
            buffer->unwind(buffer);
        else if (target->language_handler == (void *)_except_handler3)
            _local_unwind2(target, buffer->level);
    }
    crt_restore(buffer, value ? value : 1);
}

DECLSPEC_NORETURN void __report_gsfailure(void)
{
    TerminateProcess(GetCurrentProcess(), STATUS_STACK_BUFFER_OVERRUN);
    __builtin_unreachable();
}

int _resetstkoflw(void)
{
    char *page = (char *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)0xFFF) - 0x2000;
    DWORD old;

    return VirtualProtect(page, 0x1000, PAGE_READWRITE | PAGE_GUARD, &old) != 0;
}
