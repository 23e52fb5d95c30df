/* printf of ntdll: integers, characters, strings, counted strings (%Z, %wZ). No floating point,
 * as in Windows' own. One formatter, for narrow and wide output. */
#include "ntdll.h"

struct sink {
    void *buffer;
    size_t room, count; /* characters */
    BOOL wide;
};

struct spec {
    BOOL left, plus, space, alternate, zero;
    int width, precision; /* precision -1: none */
    int bits; /* of an integer: 16, 32 or 64 */
    int character; /* of %c and %s: 0 as the function, 1 narrow, 2 wide */
};

static VOID Put(struct sink *sink, WCHAR c)
{
    if (sink->count < sink->room) {
        if (sink->wide)
            ((WCHAR *)sink->buffer)[sink->count] = c;
        else
            ((CHAR *)sink->buffer)[sink->count] = (CHAR)c;
    }
    sink->count++;
}

static VOID Pad(struct sink *sink, WCHAR c, int count)
{
    while (count-- > 0)
        Put(sink, c);
}

static WCHAR FormatAt(const struct sink *sink, const void **format)
{
    if (sink->wide)
        return *(*(const WCHAR **)format)++;
    return *(*(const UCHAR **)format)++;
}

static VOID PutText(struct sink *sink, const struct spec *spec, const void *text, size_t count,
                    BOOL wide)
{
    int fill = spec->width - (int)count;
    if (!spec->left)
        Pad(sink, ' ', fill);
    for (size_t i = 0; i < count; i++)
        Put(sink, wide ? ((const WCHAR *)text)[i] : ((const UCHAR *)text)[i]);
    if (spec->left)
        Pad(sink, ' ', fill);
}

static VOID PutString(struct sink *sink, const struct spec *spec, const void *text, BOOL wide)
{
    size_t limit = spec->precision < 0 ? (size_t)-1 : (size_t)spec->precision, count = 0;
    if (!text) {
        text = "(null)";
        wide = FALSE;
    }
    while (count < limit && (wide ? ((const WCHAR *)text)[count] : ((const UCHAR *)text)[count]))
        count++;
    PutText(sink, spec, text, count, wide);
}

static VOID PutInteger(struct sink *sink, const struct spec *spec, ULONGLONG value, WCHAR kind)
{
    CHAR digits[65], sign = 0;
    CHAR *at = digits + sizeof digits;
    ULONG base = kind == 'o' ? 8 : (kind | 0x20) == 'x' ? 16 : 10;
    PCSTR alphabet = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    if (kind == 'd') {
        BOOL negative = (LONGLONG)value < 0;
        sign = negative ? '-' : spec->plus ? '+' : spec->space ? ' ' : 0;
        value = negative ? 0 - value : value;
    }
    BOOL prefix = spec->alternate && base == 16 && value;
    for (; value; value /= base)
        *--at = alphabet[value % base];
    int count = (int)(digits + sizeof digits - at);
    int zeros = (spec->precision < 0 ? 1 : spec->precision) - count;
    if (spec->alternate && base == 8 && zeros < 1)
        zeros = 1;
    int used = count + (zeros > 0 ? zeros : 0) + (sign != 0) + prefix * 2;
    if (spec->zero && !spec->left && spec->precision < 0 && used < spec->width) {
        zeros = (zeros > 0 ? zeros : 0) + spec->width - used;
        used = spec->width;
    }
    if (!spec->left)
        Pad(sink, ' ', spec->width - used);
    if (sign)
        Put(sink, sign);
    if (prefix)
        Put(sink, '0'), Put(sink, kind);
    Pad(sink, '0', zeros);
    for (; at < digits + sizeof digits; at++)
        Put(sink, *at);
    if (spec->left)
        Pad(sink, ' ', spec->width - used);
}

static WCHAR ParseFlags(struct sink *sink, const void **format, struct spec *spec)
{
    for (;;) {
        WCHAR c = FormatAt(sink, format);
        switch (c) {
        case '-': spec->left = TRUE; break;
        case '+': spec->plus = TRUE; break;
        case ' ': spec->space = TRUE; break;
        case '#': spec->alternate = TRUE; break;
        case '0': spec->zero = TRUE; break;
        default: return c;
        }
    }
}

static WCHAR ParseNumber(struct sink *sink, const void **format, WCHAR c, int *number,
                         va_list *arguments)
{
    if (c == '*') {
        *number = va_arg(*arguments, int);
        return FormatAt(sink, format);
    }
    for (*number = 0; c >= '0' && c <= '9'; c = FormatAt(sink, format))
        *number = *number * 10 + c - '0';
    return c;
}

static WCHAR ParseSize(struct sink *sink, const void **format, WCHAR c, struct spec *spec)
{
    for (;; c = FormatAt(sink, format)) {
        if (c == 'h')
            spec->character = 1, spec->bits = 16;
        else if (c == 'l' || c == 'w') {
            spec->bits = spec->character == 2 && c == 'l' ? 64 : 32;
            spec->character = 2;
        } else if (c == 'I') {
            const void *ahead = *format;
            WCHAR tens = FormatAt(sink, &ahead), ones = tens ? FormatAt(sink, &ahead) : 0;
            if ((tens == '6' && ones == '4') || (tens == '3' && ones == '2')) {
                spec->bits = tens == '6' ? 64 : 32;
                *format = ahead;
            }
        } else if (c != 'L' && c != 'z' && c != 't') {
            return c;
        }
    }
}

static WCHAR ParseSpec(struct sink *sink, const void **format, struct spec *spec,
                       va_list *arguments)
{
    *spec = (struct spec){.precision = -1, .bits = 32};
    WCHAR c = ParseFlags(sink, format, spec);
    c = ParseNumber(sink, format, c, &spec->width, arguments);
    if (spec->width < 0) {
        spec->left = TRUE;
        spec->width = -spec->width;
    }
    if (c == '.')
        c = ParseNumber(sink, format, FormatAt(sink, format), &spec->precision, arguments);
    return ParseSize(sink, format, c, spec);
}

static VOID PutCounted(struct sink *sink, const struct spec *spec, PCUNICODE_STRING string)
{
    BOOL wide = spec->character == 2;
    if (!string || !string->Buffer)
        PutString(sink, spec, NULL, FALSE);
    else
        PutText(sink, spec, string->Buffer, string->Length / (wide ? sizeof(WCHAR) : 1), wide);
}

static VOID PutOne(struct sink *sink, struct spec *spec, WCHAR kind, va_list *arguments)
{
    BOOL wide = spec->character ? spec->character == 2 : sink->wide;
    if (!spec->character && (kind == 'C' || kind == 'S'))
        wide = !wide;
    switch (kind) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
        ULONGLONG value = spec->bits == 64 ? va_arg(*arguments, ULONGLONG)
                          : kind == 'd' || kind == 'i'
                              ? (ULONGLONG)(LONGLONG)va_arg(*arguments, int)
                              : va_arg(*arguments, unsigned);
        if (spec->bits == 16)
            value = kind == 'd' || kind == 'i' ? (ULONGLONG)(SHORT)value : (USHORT)value;
        PutInteger(sink, spec, value, kind == 'i' ? 'd' : kind);
        break;
    }
    case 'p':
        spec->precision = 8;
        PutInteger(sink, spec, va_arg(*arguments, ULONG), 'X');
        break;
    case 'c':
    case 'C': {
        WCHAR c = (WCHAR)va_arg(*arguments, int);
        PutText(sink, spec, &c, 1, TRUE);
        break;
    }
    case 's':
    case 'S':
        PutString(sink, spec, va_arg(*arguments, void *), wide);
        break;
    case 'Z':
        PutCounted(sink, spec, va_arg(*arguments, void *));
        break;
    default:
        Put(sink, kind);
    }
}

static VOID Format(struct sink *sink, const void *format, va_list arguments)
{
    struct spec spec;
    va_list rest;
    WCHAR c;
    va_copy(rest, arguments);
    while ((c = FormatAt(sink, &format)))
        if (c != '%')
            Put(sink, c);
        else if ((c = ParseSpec(sink, &format, &spec, &rest)))
            PutOne(sink, &spec, c, &rest);
        else
            break;
    va_end(rest);
}

/* As Windows': the length, or -1 when it does not fit; terminated if there is room. */
static int Finish(struct sink *sink)
{
    if (sink->count < sink->room) {
        size_t length = sink->count;
        Put(sink, 0);
        return (int)length;
    }
    return sink->count == sink->room ? (int)sink->count : -1;
}

int CDECL _vsnprintf(char *target, size_t count, const char *format, va_list arguments)
{
    struct sink sink = {target, target ? count : 0, 0, FALSE};
    Format(&sink, format, arguments);
    return target ? Finish(&sink) : (int)sink.count;
}

int CDECL _vsnwprintf(wchar_t *target, size_t count, const wchar_t *format, va_list arguments)
{
    struct sink sink = {target, target ? count : 0, 0, TRUE};
    Format(&sink, format, arguments);
    return target ? Finish(&sink) : (int)sink.count;
}

int CDECL _vscwprintf(const wchar_t *format, va_list arguments)
{
    return _vsnwprintf(NULL, 0, format, arguments);
}

int CDECL vsprintf(char *target, const char *format, va_list arguments)
{
    return _vsnprintf(target, 0x7FFFFFFF, format, arguments);
}

#define VARIADIC(name, parameters, call) \
    int CDECL name parameters \
    { \
        va_list arguments; \
        va_start(arguments, format); \
        int count = call; \
        va_end(arguments); \
        return count; \
    }
VARIADIC(sprintf, (char *target, const char *format, ...),
         _vsnprintf(target, 0x7FFFFFFF, format, arguments))
VARIADIC(_snprintf, (char *target, size_t size, const char *format, ...),
         _vsnprintf(target, size, format, arguments))
VARIADIC(sprintf_s, (char *target, size_t size, const char *format, ...),
         _vsnprintf(target, size, format, arguments))
VARIADIC(swprintf, (wchar_t *target, const wchar_t *format, ...),
         _vsnwprintf(target, 0x3FFFFFFF, format, arguments))
VARIADIC(_snwprintf, (wchar_t *target, size_t size, const wchar_t *format, ...),
         _vsnwprintf(target, size, format, arguments))
VARIADIC(swprintf_s, (wchar_t *target, size_t size, const wchar_t *format, ...),
         _vsnwprintf(target, size, format, arguments))
