/* Parameter validation: the handler that a program may set, and what happens without one. */
#include "crt.h"

static invalid_parameter_handler handler;
static void(__cdecl *purecall_handler)(void);

#define STATUS_INVALID_CRUNTIME_PARAMETER_ ((DWORD)0xC0000417)

DECLSPEC_NORETURN void _invoke_watson(const wchar_t *expression, const wchar_t *function,
                                      const wchar_t *file, unsigned line, uintptr_t reserved)
{
    UNUSED(expression), UNUSED(function), UNUSED(file), UNUSED(line), UNUSED(reserved);
    TerminateProcess(GetCurrentProcess(), STATUS_INVALID_CRUNTIME_PARAMETER_);
    __builtin_unreachable();
}

/* msvcrt.dll goes on after an invalid parameter when no handler is set; the UCRT ends the
   process with STATUS_INVALID_CRUNTIME_PARAMETER. */
void _invalid_parameter(const wchar_t *expression, const wchar_t *function, const wchar_t *file,
                        unsigned line, uintptr_t reserved)
{
    invalid_parameter_handler call = crt_thread()->invalid_handler;

    if (!call)
        call = handler;
    if (call)
        call(expression, function, file, line, reserved);
    else if (!_MSVCRT)
        _invoke_watson(expression, function, file, line, reserved);
}

void _invalid_parameter_noinfo(void)
{
    _invalid_parameter(NULL, NULL, NULL, 0, 0);
}

DECLSPEC_NORETURN void _invalid_parameter_noinfo_noreturn(void)
{
    _invalid_parameter(NULL, NULL, NULL, 0, 0);
    _invoke_watson(NULL, NULL, NULL, 0, 0);
}

int crt_invalid(int error)
{
    errno = error;
    _invalid_parameter_noinfo();
    return error;
}

invalid_parameter_handler _set_invalid_parameter_handler(invalid_parameter_handler new_handler)
{
    return InterlockedExchangePointer((void **)&handler, new_handler);
}

invalid_parameter_handler _get_invalid_parameter_handler(void)
{
    return handler;
}

invalid_parameter_handler
_set_thread_local_invalid_parameter_handler(invalid_parameter_handler new_handler)
{
    struct thread_data *data = crt_thread();
    invalid_parameter_handler old = data->invalid_handler;

    data->invalid_handler = new_handler;
    return old;
}

invalid_parameter_handler _get_thread_local_invalid_parameter_handler(void)
{
    return crt_thread()->invalid_handler;
}

void *_set_purecall_handler(void *new_handler)
{
    return InterlockedExchangePointer((void **)&purecall_handler, new_handler);
}

void *_get_purecall_handler(void)
{
    return purecall_handler;
}

int _purecall(void)
{
    if (purecall_handler)
        purecall_handler();
    crt_text_message("\nruntime error R6025\n- pure virtual function call\n");
    abort();
}
