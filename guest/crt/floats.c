/* Text to floating point (gdtoa) and back (_ecvt, _fcvt, _gcvt). */
#include "crt.h"

double __strtod(const char *s, char **end);
float __strtof(const char *s, char **end);
int __strtodg(const char *s, char **end, void *format, int *exponent, uint32_t *bits);
char *__dtoa(double value, int mode, int digits, int *point, int *sign, char **end);
void __freedtoa(char *text);

static const char *blanks(const char *s)
{
    while (isspace((uchar)*s))
        s++;
    return s;
}

double strtod(const char *s, char **end)
{
    char *stop;
    double value;

    if (!s) {
        if (end)
            *end = NULL;
        crt_invalid(EINVAL);
        return 0;
    }
    value = __strtod(blanks(s), &stop);
    if (end)
        *end = stop == blanks(s) ? (char *)s : stop;
    return value;
}

float strtof(const char *s, char **end)
{
    char *stop;
    float value;

    if (!s)
        return (float)strtod(s, end);
    value = __strtof(blanks(s), &stop);
    if (end)
        *end = stop == blanks(s) ? (char *)s : stop;
    return value;
}

/* long double is double for Microsoft's compiler; mingw has its own of 80 bits. */
double crt_strtold(const char *s, char **end)
{
    return strtod(s, end);
}

double atof(const char *s)
{
    return strtod(s, NULL);
}

/* The part of a wide text that a number may be made of, as char; for wcstod. */
static size_t number_text(char *out, size_t room, const wchar_t *s)
{
    size_t n = 0;

    while (n < room - 1 && s[n] > 0 && s[n] < 128 && (isalnum(s[n]) || strchr("+-.()_", s[n]))) {
        out[n] = (char)s[n];
        n++;
    }
    out[n] = 0;
    return n;
}

double wcstod(const wchar_t *s, wchar_t **end)
{
    char room[1100], *stop;
    const wchar_t *start = s;
    double value;

    if (!s) {
        if (end)
            *end = NULL;
        crt_invalid(EINVAL);
        return 0;
    }
    while (iswspace(*start))
        start++;
    number_text(room, sizeof room, start);
    value = __strtod(room, &stop);
    if (end)
        *end = (wchar_t *)(stop == room ? s : start + (stop - room));
    return value;
}

float wcstof(const wchar_t *s, wchar_t **end)
{
    char room[1100], *stop;
    const wchar_t *start = s;
    float value;

    if (!s)
        return (float)wcstod(s, end);
    while (iswspace(*start))
        start++;
    number_text(room, sizeof room, start);
    value = __strtof(room, &stop);
    if (end)
        *end = (wchar_t *)(stop == room ? s : start + (stop - room));
    return value;
}

double _wtof(const wchar_t *s)
{
    return wcstod(s, NULL);
}

#define WITH_LOCALE(TYPE, name, plain, CH)                                                    \
    TYPE name(const CH *s, CH **end, void *locale)                                            \
    {                                                                                         \
        UNUSED(locale);                                                                       \
        return plain(s, end);                                                                 \
    }
WITH_LOCALE(double, _strtod_l, strtod, char)
WITH_LOCALE(float, _strtof_l, strtof, char)
WITH_LOCALE(double, _wcstod_l, wcstod, wchar_t)
WITH_LOCALE(float, _wcstof_l, wcstof, wchar_t)

double _atof_l(const char *s, void *locale)
{
    UNUSED(locale);
    return atof(s);
}

double _wtof_l(const wchar_t *s, void *locale)
{
    UNUSED(locale);
    return _wtof(s);
}

int _atodbl(double *value, char *s)
{
    *value = strtod(s, NULL);
    return 0;
}

int _atoflt(float *value, char *s)
{
    *value = strtof(s, NULL);
    return 0;
}

/* Digits without a point, filled with zeros to `count`; room for them and a terminator. */
static int digits(char *out, size_t room, double value, int mode, int count, int *point,
                  int *negative)
{
    char *text, *end;
    size_t size, wanted;

    if (!out || !room || !point || !negative)
        return crt_invalid(EINVAL);
    *out = 0;
    text = __dtoa(value, mode, count, point, negative, &end);
    if (!text)
        return ENOMEM;
    if (*point == 9999)
        *point = 1;
    size = strlen(text);
    if (value == 0)
        *point = 0, size = 0;
    wanted = count < 0 ? 0 : (size_t)count;
    if (mode == 3)
        wanted = *point + count < 0 ? 0 : (size_t)(*point + count);
    if (size < wanted && *text >= '0' && *text <= '9')
        size = wanted;
    if (size + 1 > room) {
        __freedtoa(text);
        return crt_invalid(ERANGE);
    }
    memset(out, '0', size);
    memcpy(out, text, strlen(text) < size ? strlen(text) : size);
    out[size] = 0;
    __freedtoa(text);
    return 0;
}

static char *own_room(void)
{
    struct thread_data *data = crt_thread();

    if (!data->conversion)
        data->conversion = malloc(512);
    return data->conversion;
}

int _ecvt_s(char *out, size_t room, double value, int count, int *point, int *negative)
{
    if (count <= 0) {
        if (out && room)
            *out = 0;
        return out && room ? digits(out, room, value, 2, 1, point, negative), *out = 0, 0
                           : crt_invalid(EINVAL);
    }
    return digits(out, room, value, 2, count, point, negative);
}

char *_ecvt(double value, int count, int *point, int *negative)
{
    char *out = own_room();

    return out && !_ecvt_s(out, 512, value, count > 400 ? 400 : count, point, negative) ? out
                                                                                       : NULL;
}

int _fcvt_s(char *out, size_t room, double value, int count, int *point, int *negative)
{
    return digits(out, room, value, 3, count, point, negative);
}

char *_fcvt(double value, int count, int *point, int *negative)
{
    char *out = own_room();

    return out && !_fcvt_s(out, 512, value, count > 150 ? 150 : count, point, negative) ? out
                                                                                       : NULL;
}

int _gcvt_s(char *out, size_t room, double value, int count)
{
    char text[DOUBLE_TEXT_ROOM + 100];
    struct number how = {.type = 'g', .precision = count < 0 ? 6 : count > 99 ? 99 : count,
                         .options = _MSVCRT ? FMT_MSVCRT | FMT_EXPONENT3 : 0};
    size_t size;
    char *mark;

    if (!out || !room)
        return crt_invalid(EINVAL);
    *out = 0;
    size = crt_double_text(text, value, &how);
    text[size] = 0;
    mark = strchr(text, 'e');
    if (!strchr(text, '.')) {                 /* _gcvt always has a point */
        mark = mark ? mark : text + size;
        memmove(mark + 1, mark, (size_t)(text + size - mark) + 1);
        *mark = '.';
        size++;
    }
    if (size + 2 > room)
        return crt_invalid(ERANGE);
    if (how.sign)
        *out++ = '-';
    strcpy(out, text);
    return 0;
}

char *_gcvt(double value, int count, char *out)
{
    return _gcvt_s(out, 600, value, count) ? NULL : out;
}
