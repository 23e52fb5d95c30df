/* The UCRT's entry points of printf, and what both DLLs' printf functions share. */
#include "printf.h"

static int count_output;

int _set_printf_count_output(int on)
{
    int old = count_output;

    count_output = on != 0;
    return old;
}

int _get_printf_count_output(void)
{
    return count_output;
}

/* %n: stores the count when the program allowed it; an invalid parameter otherwise. */
bool crt_count_output(int size, void *target, size_t count)
{
    if (!(count_output || _MSVCRT) || !target)
        return false;
    if (size == 8)
        *(uint64_t *)target = count;
    else if (size == 2)
        *(uint16_t *)target = (uint16_t)count;
    else if (size == 1)
        *(uint8_t *)target = (uint8_t)count;
    else
        *(unsigned *)target = (unsigned)count;
    return true;
}

int crt_vfprintf(uint64_t options, FILE *f, const void *format, va_list args, bool wide)
{
    struct sink out = {.file = f};
    bool had;
    int result;

    if (!f || !format)
        return crt_invalid(EINVAL), -1;
    _lock_file(f);
    crt_stream_temporary(f, &had);
    result = wide ? crt_wformat(&out, options, format, args)
                  : crt_format(&out, options, format, args);
    crt_stream_temporary_end(f, had);
    _unlock_file(f);
    return result;
}

static void terminate(void *buffer, size_t at, bool wide)
{
    if (wide)
        ((wchar_t *)buffer)[at] = 0;
    else
        ((char *)buffer)[at] = 0;
}

/* The text's length, or -1; *fits says whether it and its terminator had room. */
static int into(uint64_t options, void *buffer, size_t room, const void *format, va_list args,
                bool wide)
{
    struct sink out = {.buffer = buffer, .room = buffer ? room : 0};
    int size = wide ? crt_wformat(&out, options, format, args)
                    : crt_format(&out, options, format, args);

    if (size < 0 && buffer && room)
        terminate(buffer, 0, wide);
    else if (size >= 0 && buffer && (size_t)size < room)
        terminate(buffer, (size_t)size, wide);
    return size;
}

/* vsnprintf in its three kinds: the C standard's; _vsnprintf's, which leaves a full buffer without
   terminator; and vswprintf's, which cuts the text and says -2. */
int crt_vsprintf(uint64_t options, void *buffer, size_t room, const void *format, va_list args,
                 bool wide)
{
    int size;

    if (!format || (!buffer && room))
        return crt_invalid(EINVAL), -1;
    size = into(options, buffer, room, format, args, wide);
    if (size < 0 || !buffer || (size_t)size < room)
        return size;
    if (options & FMT_LEGACY_END)
        return (size_t)size == room ? size : -1;
    if (room)
        terminate(buffer, room - 1, wide);
    return options & FMT_STANDARD_SNPRINTF ? size : -2;
}

int crt_vsprintf_s(uint64_t options, void *buffer, size_t room, const void *format, va_list args,
                   bool wide)
{
    int size;

    if (!format || !buffer || !room)
        return crt_invalid(EINVAL), -1;
    size = into(options, buffer, room, format, args, wide);
    if (size >= 0 && (size_t)size >= room) {
        terminate(buffer, 0, wide);
        return crt_invalid(ERANGE), -1;
    }
    return size;
}

int crt_vsnprintf_s(uint64_t options, void *buffer, size_t room, size_t limit, const void *format,
                    va_list args, bool wide)
{
    int size;

    if (!format || (!limit && !buffer && !room && !(size = 0)))
        return format ? 0 : (crt_invalid(EINVAL), -1);
    if (!buffer || !room)
        return crt_invalid(EINVAL), -1;
    size = into(options, buffer, room, format, args, wide);
    if (size < 0)
        return -1;
    if (limit != SIZE_MAX && limit < room && (size_t)size > limit) {
        terminate(buffer, limit, wide);
        return -1;
    }
    if ((size_t)size < room)
        return size;
    terminate(buffer, limit == SIZE_MAX ? room - 1 : 0, wide);
    if (limit == SIZE_MAX)
        errno = STRUNCATE;
    else
        crt_invalid(ERANGE);
    return -1;
}

#define STREAM(name, wide, more)                                                              \
    int name(uint64_t options, FILE *f, const void *format, void *locale, va_list args)       \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return crt_vfprintf(options | (more), f, format, args, wide);                         \
    }
STREAM(__stdio_common_vfprintf, false, 0)
STREAM(__stdio_common_vfprintf_s, false, FMT_SECURE)
STREAM(__stdio_common_vfprintf_p, false, FMT_POSITIONAL)
STREAM(__stdio_common_vfwprintf, true, 0)
STREAM(__stdio_common_vfwprintf_s, true, FMT_SECURE)
STREAM(__stdio_common_vfwprintf_p, true, FMT_POSITIONAL)

#define STRING(name, call, wide, more)                                                        \
    int name(uint64_t options, void *buffer, size_t room, const void *format, void *locale,   \
             va_list args)                                                                    \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return call(options | (more), buffer, room, format, args, wide);                      \
    }
STRING(__stdio_common_vsprintf, crt_vsprintf, false, 0)
STRING(__stdio_common_vsprintf_s, crt_vsprintf_s, false, FMT_SECURE)
STRING(__stdio_common_vsprintf_p, crt_vsprintf, false, FMT_POSITIONAL)
STRING(__stdio_common_vswprintf, crt_vsprintf, true, 0)
STRING(__stdio_common_vswprintf_s, crt_vsprintf_s, true, FMT_SECURE)
STRING(__stdio_common_vswprintf_p, crt_vsprintf, true, FMT_POSITIONAL)

int __stdio_common_vsnprintf_s(uint64_t options, char *buffer, size_t room, size_t limit,
                               const char *format, void *locale, va_list args)
{
    UNUSED(locale);
    return crt_vsnprintf_s(options, buffer, room, limit, format, args, false);
}

int __stdio_common_vsnwprintf_s(uint64_t options, wchar_t *buffer, size_t room, size_t limit,
                                const wchar_t *format, void *locale, va_list args)
{
    UNUSED(locale);
    return crt_vsnprintf_s(options, buffer, room, limit, format, args, true);
}

#define CONSOLE(name, wide, more)                                                             \
    int name(uint64_t options, const void *format, void *locale, va_list args)                \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return crt_vfprintf(options | (more), stdout_, format, args, wide);                   \
    }
CONSOLE(__conio_common_vcprintf, false, 0)
CONSOLE(__conio_common_vcprintf_s, false, FMT_SECURE)
CONSOLE(__conio_common_vcprintf_p, false, FMT_POSITIONAL)
CONSOLE(__conio_common_vcwprintf, true, 0)
CONSOLE(__conio_common_vcwprintf_s, true, FMT_SECURE)
CONSOLE(__conio_common_vcwprintf_p, true, FMT_POSITIONAL)
