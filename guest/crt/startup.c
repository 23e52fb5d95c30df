/* What start-up code calls besides the arguments: modes, messages, the filter around main. */
#include "crt.h"


static int app_type, error_mode;
unsigned _osver = 19045, _winmajor = 10, _winminor, _winver = 0x0A00, _osplatform = 2;

void __set_app_type(int type)
{
    app_type = type;
}

int _query_app_type(void)
{
    return app_type;
}

int *__p__fmode(void)
{
    return &_fmode;
}

int *__p__commode(void)
{
    return &_commode;
}

int _set_fmode(int mode)
{
    if (mode != O_TEXT_ && mode != O_BINARY_ && mode != O_WTEXT_)
        return crt_invalid(EINVAL);
    _fmode = mode;
    return 0;
}

int _get_fmode(int *mode)
{
    if (!mode)
        return crt_invalid(EINVAL);
    *mode = _fmode;
    return 0;
}

int _set_error_mode(int mode)
{
    int old = error_mode;

    if (mode < 0 || mode > 3) {
        crt_invalid(EINVAL);
        return -1;
    }
    if (mode != 3)
        error_mode = mode;
    return old;
}

void crt_text_message(const char *text)
{
    DWORD done;
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);

    if (out && out != INVALID_HANDLE_VALUE)
        WriteFile(out, text, (DWORD)strlen(text), &done, NULL);
}

void _amsg_exit(int number)
{
    char text[64] = "\nruntime error R60";

    _ultoa((unsigned)number % 100, text + strlen(text), 10);
    strcat(text, "\n");
    crt_text_message(text);
    _exit(255);
}

#define VERSION(function, variable) unsigned *function(void) { return &variable; }
VERSION(__p__osver, _osver)
VERSION(__p__winmajor, _winmajor)
VERSION(__p__winminor, _winminor)
VERSION(__p__winver, _winver)

#define VERSION_CHECKED(function, variable)                                                   \
    int function(unsigned *out)                                                               \
    {                                                                                         \
        if (!out)                                                                             \
            return crt_invalid(EINVAL);                                                       \
        *out = variable;                                                                      \
        return 0;                                                                             \
    }
VERSION_CHECKED(_get_osver, _osver)
VERSION_CHECKED(_get_winmajor, _winmajor)
VERSION_CHECKED(_get_winminor, _winminor)
VERSION_CHECKED(_get_osplatform, _osplatform)

/* The compiler's inline printf asks for its options through these in static libraries. */
uint64_t *__local_stdio_printf_options(void)
{
    static uint64_t options;
    return &options;
}

uint64_t *__local_stdio_scanf_options(void)
{
    static uint64_t options;
    return &options;
}

/* Programs of Visual C++ 5 and 6 read it: nonzero on a Pentium whose division is wrong. */
int _adjust_fdiv;
