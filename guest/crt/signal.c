/* signal, raise, abort, and the filters that turn exceptions into signals. */
#include "crt.h"

enum { SIGINT = 2, SIGILL = 4, SIGABRT_COMPAT = 6, SIGFPE = 8, SIGSEGV = 11, SIGTERM = 15,
       SIGBREAK = 21, SIGABRT = 22 };
typedef void(__cdecl *action)(int, ...);
#define SIG_DFL ((action)0)
#define SIG_IGN ((action)1)
#define SIG_GET ((action)2)
#define SIG_SGE ((action)3)
#define SIG_ERR ((action)-1)

static action process_actions[4];             /* SIGINT, SIGBREAK, SIGABRT, SIGTERM */
static bool console_handler;
static unsigned abort_behavior = 1;

static const struct { DWORD code; int signal, detail; } exceptions[] = {
    {STATUS_ACCESS_VIOLATION, SIGSEGV, 0}, {STATUS_ILLEGAL_INSTRUCTION, SIGILL, 0},
    {STATUS_PRIVILEGED_INSTRUCTION, SIGILL, 0}, {STATUS_FLOAT_DENORMAL_OPERAND, SIGFPE, 0x82},
    {STATUS_FLOAT_DIVIDE_BY_ZERO, SIGFPE, 0x83}, {STATUS_FLOAT_INEXACT_RESULT, SIGFPE, 0x86},
    {STATUS_FLOAT_INVALID_OPERATION, SIGFPE, 0x81}, {STATUS_FLOAT_OVERFLOW, SIGFPE, 0x84},
    {STATUS_FLOAT_STACK_CHECK, SIGFPE, 0x8A}, {STATUS_FLOAT_UNDERFLOW, SIGFPE, 0x85},
};

static action *slot(int signal)
{
    switch (signal) {
    case SIGINT: return &process_actions[0];
    case SIGBREAK: return &process_actions[1];
    case SIGABRT: case SIGABRT_COMPAT: return &process_actions[2];
    case SIGTERM: return &process_actions[3];
    case SIGFPE: return (action *)&crt_thread()->signal_actions[0];
    case SIGILL: return (action *)&crt_thread()->signal_actions[1];
    case SIGSEGV: return (action *)&crt_thread()->signal_actions[2];
    }
    return NULL;
}

static BOOL WINAPI on_console_event(DWORD event)
{
    int signal = event == CTRL_C_EVENT ? SIGINT : SIGBREAK;
    action call, *where = slot(signal);

    if (event > CTRL_BREAK_EVENT)
        return FALSE;
    call = *where;
    if (call == SIG_DFL)
        return FALSE;
    if (call != SIG_IGN) {
        *where = SIG_DFL;
        call(signal);
    }
    return TRUE;
}

action signal(int number, action new)
{
    action *where = slot(number), old;

    if (!where || new == SIG_SGE) {
        errno = EINVAL;
        return SIG_ERR;
    }
    _lock(LOCK_SIGNAL);
    old = *where;
    if (new != SIG_GET)
        *where = new;
    if ((number == SIGINT || number == SIGBREAK) && !console_handler)
        console_handler = SetConsoleCtrlHandler(on_console_event, TRUE);
    _unlock(LOCK_SIGNAL);
    return old;
}

int raise(int number)
{
    action *where = slot(number), call;
    struct thread_data *data = crt_thread();

    if (!where)
        return crt_invalid(EINVAL), -1;
    call = *where;
    if (call == SIG_IGN)
        return 0;
    if (call == SIG_DFL)
        _exit(3);
    *where = SIG_DFL;
    if (number == SIGFPE) {
        data->floating_point_code = 0x8C;     /* _FPE_EXPLICITGEN */
        call(number, 0x8C);
    } else {
        call(number);
    }
    return 0;
}

unsigned _set_abort_behavior(unsigned flags, unsigned mask)
{
    unsigned old = abort_behavior;

    abort_behavior = (old & ~mask) | (flags & mask);
    return old;
}

/* The message is msvcrt's; the UCRT reports through Windows Error Reporting instead. */
DECLSPEC_NORETURN void abort(void)
{
    if (process_actions[2] != SIG_DFL) {
        raise(SIGABRT);
    } else if (_MSVCRT && abort_behavior & 1) {
        crt_text_message("\nThis application has requested the Runtime to terminate it in an "
                         "unusual way.\nPlease contact the application's support team for more "
                         "information.\n");
    }
    _exit(3);
}

void **__pxcptinfoptrs(void)
{
    return &crt_thread()->exception_pointers;
}

int *__fpecode(void)
{
    return &crt_thread()->floating_point_code;
}

/* The filter around main: calls the program's action for the signal that the exception stands
   for, and otherwise passes the exception on to the unhandled-exception filter. */
int _XcptFilter(DWORD code, EXCEPTION_POINTERS *pointers)
{
    struct thread_data *data = crt_thread();

    for (size_t i = 0; i < COUNT_OF(exceptions); i++) {
        action *where, call;

        if (exceptions[i].code != code)
            continue;
        where = slot(exceptions[i].signal);
        call = *where;
        if (call == SIG_IGN)
            return EXCEPTION_CONTINUE_EXECUTION;
        if (call == SIG_DFL)
            break;
        *where = SIG_DFL;
        data->exception_pointers = pointers;
        data->floating_point_code = exceptions[i].detail;
        if (exceptions[i].detail)
            call(SIGFPE, exceptions[i].detail);
        else
            call(exceptions[i].signal);
        data->exception_pointers = NULL;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return UnhandledExceptionFilter(pointers);
}

int _seh_filter_exe(DWORD code, EXCEPTION_POINTERS *pointers)
{
    return _XcptFilter(code, pointers);
}

int _seh_filter_dll(DWORD code, EXCEPTION_POINTERS *pointers)
{
    if (code == 0xE06D7363)                   /* a C++ exception */
        return _XcptFilter(code, pointers);
    return EXCEPTION_CONTINUE_SEARCH;
}

int __CppXcptFilter(DWORD code, EXCEPTION_POINTERS *pointers)
{
    return _seh_filter_dll(code, pointers);
}
