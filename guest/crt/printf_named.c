/* printf's functions by name, as msvcrt.dll exports them: each with its v, _s, _p and _l forms. */
#include "printf.h"

#define OPTIONS                                                                               \
    (FMT_LEGACY_END | FMT_WIDE_LEGACY | FMT_MSVCRT | (exponent_digits == 2 ? 0 : FMT_EXPONENT3))
#define TERMINATED (OPTIONS & ~FMT_LEGACY_END)

static unsigned exponent_digits = 3;

unsigned _set_output_format(unsigned format)
{
    unsigned old = exponent_digits == 2 ? 1 : 0;

    exponent_digits = format & 1 ? 2 : 3;
    return old;
}

unsigned _get_output_format(void)
{
    return exponent_digits == 2 ? 1 : 0;
}

/* name(before…, format, …) and vname(before…, format, args), with their _l forms. */
#define FAMILY(name, vname, lname, vlname, BEFORE, CH, CALL)                                  \
    int vname(BEFORE(PARAMETERS) const CH *format, va_list args)                              \
    {                                                                                         \
        return CALL(BEFORE(ARGUMENTS));                                                       \
    }                                                                                         \
    int name(BEFORE(PARAMETERS) const CH *format, ...)                                        \
    {                                                                                         \
        va_list args;                                                                         \
        int result;                                                                           \
        va_start(args, format);                                                               \
        result = CALL(BEFORE(ARGUMENTS));                                                     \
        va_end(args);                                                                         \
        return result;                                                                        \
    }                                                                                         \
    int vlname(BEFORE(PARAMETERS) const CH *format, void *locale, va_list args)               \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return CALL(BEFORE(ARGUMENTS));                                                       \
    }                                                                                         \
    int lname(BEFORE(PARAMETERS) const CH *format, void *locale, ...)                         \
    {                                                                                         \
        va_list args;                                                                         \
        int result;                                                                           \
        va_start(args, locale);                                                               \
        result = CALL(BEFORE(ARGUMENTS));                                                     \
        va_end(args);                                                                         \
        return result;                                                                        \
    }

#define PARAMETERS(declaration, name) declaration,
#define ARGUMENTS(declaration, name) name,
#define NOTHING(take)
#define STREAM(take) take(FILE *f, f)
#define BUFFER(take) take(void *buffer, buffer)
#define SIZED(take) take(void *buffer, buffer) take(size_t room, room)
#define LIMITED(take) SIZED(take) take(size_t limit, limit)

#define F(...) F_(__VA_ARGS__ 0)
#define F_(f, zero) crt_vfprintf(OPTIONS, f, format, args, false)
#define FW_(f, zero) crt_vfprintf(OPTIONS, f, format, args, true)
#define FW(...) FW_(__VA_ARGS__ 0)
#define FP_(f, zero) crt_vfprintf(OPTIONS | FMT_POSITIONAL, f, format, args, false)
#define FP(...) FP_(__VA_ARGS__ 0)
#define FWP_(f, zero) crt_vfprintf(OPTIONS | FMT_POSITIONAL, f, format, args, true)
#define FWP(...) FWP_(__VA_ARGS__ 0)
#define CONSOLE(...) crt_vfprintf(OPTIONS, stdout_, format, args, false)
#define OUTW(...) crt_vfprintf(OPTIONS, stdout_, format, args, true)
#define OUTP(...) crt_vfprintf(OPTIONS | FMT_POSITIONAL, stdout_, format, args, false)
#define OUTWP(...) crt_vfprintf(OPTIONS | FMT_POSITIONAL, stdout_, format, args, true)
#define S_(buffer, zero) crt_vsprintf(OPTIONS, buffer, INT_MAX, format, args, false)
#define S(...) S_(__VA_ARGS__ 0)
#define SW_(buffer, zero) crt_vsprintf(OPTIONS, buffer, INT_MAX, format, args, true)
#define SW(...) SW_(__VA_ARGS__ 0)
#define N_(buffer, room, zero) crt_vsprintf(OPTIONS, buffer, room, format, args, false)
#define N(...) N_(__VA_ARGS__ 0)
#define NW_(buffer, room, zero) crt_vsprintf(OPTIONS, buffer, room, format, args, true)
#define NW(...) NW_(__VA_ARGS__ 0)
#define POSITIONAL (OPTIONS | FMT_POSITIONAL)
#define P_(buffer, room, zero) crt_vsprintf(POSITIONAL, buffer, room, format, args, false)
#define P(...) P_(__VA_ARGS__ 0)
#define PW_(buffer, room, zero) crt_vsprintf(POSITIONAL, buffer, room, format, args, true)
#define PW(...) PW_(__VA_ARGS__ 0)
#define C_(buffer, room, zero) crt_vsprintf(TERMINATED, buffer, room, format, args, true)
#define C(...) C_(__VA_ARGS__ 0)
#define CN_(buffer, room, zero) crt_vsprintf(TERMINATED, buffer, room, format, args, false)
#define CN(...) CN_(__VA_ARGS__ 0)
#define SS_(buffer, room, zero) crt_vsprintf_s(OPTIONS, buffer, room, format, args, false)
#define SS(...) SS_(__VA_ARGS__ 0)
#define SSW_(buffer, room, zero) crt_vsprintf_s(OPTIONS, buffer, room, format, args, true)
#define SSW(...) SSW_(__VA_ARGS__ 0)
#define NS_(b, room, limit, zero) crt_vsnprintf_s(OPTIONS, b, room, limit, format, args, false)
#define NS(...) NS_(__VA_ARGS__ 0)
#define NSW_(b, room, limit, zero) crt_vsnprintf_s(OPTIONS, b, room, limit, format, args, true)
#define NSW(...) NSW_(__VA_ARGS__ 0)
#define COUNT(...) crt_vsprintf(OPTIONS, NULL, 0, format, args, false)
#define COUNTW(...) crt_vsprintf(OPTIONS, NULL, 0, format, args, true)
#define COUNTP(...) crt_vsprintf(OPTIONS | FMT_POSITIONAL, NULL, 0, format, args, false)
#define COUNTWP(...) crt_vsprintf(OPTIONS | FMT_POSITIONAL, NULL, 0, format, args, true)

FAMILY(fprintf, vfprintf, _fprintf_l, _vfprintf_l, STREAM, char, F)
FAMILY(fprintf_s, vfprintf_s, _fprintf_s_l, _vfprintf_s_l, STREAM, char, F)
FAMILY(_fprintf_p, _vfprintf_p, _fprintf_p_l, _vfprintf_p_l, STREAM, char, FP)
FAMILY(fwprintf, vfwprintf, _fwprintf_l, _vfwprintf_l, STREAM, wchar_t, FW)
FAMILY(fwprintf_s, vfwprintf_s, _fwprintf_s_l, _vfwprintf_s_l, STREAM, wchar_t, FW)
FAMILY(_fwprintf_p, _vfwprintf_p, _fwprintf_p_l, _vfwprintf_p_l, STREAM, wchar_t, FWP)
FAMILY(printf, vprintf, _printf_l, _vprintf_l, NOTHING, char, CONSOLE)
FAMILY(printf_s, vprintf_s, _printf_s_l, _vprintf_s_l, NOTHING, char, CONSOLE)
FAMILY(_printf_p, _vprintf_p, _printf_p_l, _vprintf_p_l, NOTHING, char, OUTP)
FAMILY(wprintf, vwprintf, _wprintf_l, _vwprintf_l, NOTHING, wchar_t, OUTW)
FAMILY(wprintf_s, vwprintf_s, _wprintf_s_l, _vwprintf_s_l, NOTHING, wchar_t, OUTW)
FAMILY(_wprintf_p, _vwprintf_p, _wprintf_p_l, _vwprintf_p_l, NOTHING, wchar_t, OUTWP)
FAMILY(_cprintf, _vcprintf, _cprintf_l, _vcprintf_l, NOTHING, char, CONSOLE)
FAMILY(_cwprintf, _vcwprintf, _cwprintf_l, _vcwprintf_l, NOTHING, wchar_t, OUTW)
FAMILY(sprintf, vsprintf, _sprintf_l, _vsprintf_l, BUFFER, char, S)
FAMILY(swprintf, vswprintf, __swprintf_l, __vswprintf_l, BUFFER, wchar_t, SW)
FAMILY(_snprintf, _vsnprintf, _snprintf_l, _vsnprintf_l, SIZED, char, N)
FAMILY(_snwprintf, _vsnwprintf, _snwprintf_l, _vsnwprintf_l, SIZED, wchar_t, NW)
FAMILY(_sprintf_p, _vsprintf_p, _sprintf_p_l, _vsprintf_p_l, SIZED, char, P)
FAMILY(_swprintf_p, _vswprintf_p, _swprintf_p_l, _vswprintf_p_l, SIZED, wchar_t, PW)
FAMILY(_swprintf_c, _vswprintf_c, _swprintf_c_l, _vswprintf_c_l, SIZED, wchar_t, C)
FAMILY(_snprintf_c, _vsnprintf_c, _snprintf_c_l, _vsnprintf_c_l, SIZED, char, CN)
FAMILY(sprintf_s, vsprintf_s, _sprintf_s_l, _vsprintf_s_l, SIZED, char, SS)
FAMILY(swprintf_s, vswprintf_s, _swprintf_s_l, _vswprintf_s_l, SIZED, wchar_t, SSW)
FAMILY(_snprintf_s, _vsnprintf_s, _snprintf_s_l, _vsnprintf_s_l, LIMITED, char, NS)
FAMILY(_snwprintf_s, _vsnwprintf_s, _snwprintf_s_l, _vsnwprintf_s_l, LIMITED, wchar_t, NSW)
FAMILY(_scprintf, _vscprintf, _scprintf_l, _vscprintf_l, NOTHING, char, COUNT)
FAMILY(_scwprintf, _vscwprintf, _scwprintf_l, _vscwprintf_l, NOTHING, wchar_t, COUNTW)
FAMILY(_scprintf_p, _vscprintf_p, _scprintf_p_l, _vscprintf_p_l, NOTHING, char, COUNTP)
FAMILY(_scwprintf_p, _vscwprintf_p, _scwprintf_p_l, _vscwprintf_p_l, NOTHING, wchar_t, COUNTWP)
