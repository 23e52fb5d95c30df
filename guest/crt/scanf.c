/* The entry points of scanf: the UCRT's __stdio_common_… and msvcrt's by name. */
#include "crt.h"

#define LEGACY (SCAN_WIDE_LEGACY | SCAN_MSVCRT)

static int from_stream(uint64_t options, FILE *f, const void *format, va_list args, bool wide)
{
    struct source in = {.file = f};
    int result;

    if (!f || !format)
        return crt_invalid(EINVAL), EOF;
    _lock_file(f);
    result = wide ? crt_wscan(&in, options, format, args) : crt_scan(&in, options, format, args);
    _unlock_file(f);
    return result;
}

static int from_text(uint64_t options, const void *text, size_t size, const void *format,
                     va_list args, bool wide)
{
    struct source in = {.text = text, .left = size};

    if (!text || !format)
        return crt_invalid(EINVAL), EOF;
    if (size != SIZE_MAX)
        in.left = wide ? wcsnlen(text, size) : strnlen(text, size);
    return wide ? crt_wscan(&in, options, format, args) : crt_scan(&in, options, format, args);
}

#define COMMON(name, wide)                                                                    \
    int name(uint64_t options, FILE *f, const void *format, void *locale, va_list args)       \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return from_stream(options, f, format, args, wide);                                   \
    }
COMMON(__stdio_common_vfscanf, false)
COMMON(__stdio_common_vfwscanf, true)

#define COMMON_TEXT(name, wide)                                                               \
    int name(uint64_t options, const void *text, size_t size, const void *format,             \
             void *locale, va_list args)                                                      \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return from_text(options, text, size, format, args, wide);                            \
    }
COMMON_TEXT(__stdio_common_vsscanf, false)
COMMON_TEXT(__stdio_common_vswscanf, true)

#define COMMON_CONSOLE(name, wide)                                                            \
    int name(uint64_t options, const void *format, void *locale, va_list args)                \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return from_stream(options, stdin_, format, args, wide);                              \
    }
COMMON_CONSOLE(__conio_common_vcscanf, false)
COMMON_CONSOLE(__conio_common_vcwscanf, true)

/* name(before…, format, …) and its _l form with the locale after the format. */
#define FAMILY(name, lname, PARAMETERS, CH, CALL)                                             \
    int name(PARAMETERS const CH *format, ...)                                                \
    {                                                                                         \
        va_list args;                                                                         \
        int result;                                                                           \
        va_start(args, format);                                                               \
        result = CALL;                                                                        \
        va_end(args);                                                                         \
        return result;                                                                        \
    }                                                                                         \
    int lname(PARAMETERS const CH *format, void *locale, ...)                                 \
    {                                                                                         \
        va_list args;                                                                         \
        int result;                                                                           \
        va_start(args, locale);                                                               \
        result = CALL;                                                                        \
        va_end(args);                                                                         \
        return result;                                                                        \
    }
#define NOTHING
#define STREAM FILE *f,
#define TEXT_ const char *text,
#define WTEXT_ const wchar_t *text,
#define SIZED const char *text, size_t size,
#define WSIZED const wchar_t *text, size_t size,
#define F(more, wide) from_stream(LEGACY | (more), f, format, args, wide)
#define INPUT(more, wide) from_stream(LEGACY | (more), stdin_, format, args, wide)
#define T(more, wide) from_text(LEGACY | (more), text, SIZE_MAX, format, args, wide)
#define N(more, wide) from_text(LEGACY | (more), text, size, format, args, wide)

FAMILY(scanf, _scanf_l, NOTHING, char, INPUT(0, false))
FAMILY(scanf_s, _scanf_s_l, NOTHING, char, INPUT(SCAN_SECURE, false))
FAMILY(wscanf, _wscanf_l, NOTHING, wchar_t, INPUT(0, true))
FAMILY(wscanf_s, _wscanf_s_l, NOTHING, wchar_t, INPUT(SCAN_SECURE, true))
FAMILY(_cscanf, _cscanf_l, NOTHING, char, INPUT(0, false))
FAMILY(_cscanf_s, _cscanf_s_l, NOTHING, char, INPUT(SCAN_SECURE, false))
FAMILY(_cwscanf, _cwscanf_l, NOTHING, wchar_t, INPUT(0, true))
FAMILY(_cwscanf_s, _cwscanf_s_l, NOTHING, wchar_t, INPUT(SCAN_SECURE, true))
FAMILY(fscanf, _fscanf_l, STREAM, char, F(0, false))
FAMILY(fscanf_s, _fscanf_s_l, STREAM, char, F(SCAN_SECURE, false))
FAMILY(fwscanf, _fwscanf_l, STREAM, wchar_t, F(0, true))
FAMILY(fwscanf_s, _fwscanf_s_l, STREAM, wchar_t, F(SCAN_SECURE, true))
FAMILY(sscanf, _sscanf_l, TEXT_, char, T(0, false))
FAMILY(sscanf_s, _sscanf_s_l, TEXT_, char, T(SCAN_SECURE, false))
FAMILY(swscanf, _swscanf_l, WTEXT_, wchar_t, T(0, true))
FAMILY(swscanf_s, _swscanf_s_l, WTEXT_, wchar_t, T(SCAN_SECURE, true))
FAMILY(_snscanf, _snscanf_l, SIZED, char, N(0, false))
FAMILY(_snscanf_s, _snscanf_s_l, SIZED, char, N(SCAN_SECURE, false))
FAMILY(_snwscanf, _snwscanf_l, WSIZED, wchar_t, N(0, true))
FAMILY(_snwscanf_s, _snwscanf_s_l, WSIZED, wchar_t, N(SCAN_SECURE, true))
