/* A floating-point number as text, digits from gdtoa: exact, rounded to nearest even. */
#include "crt.h"

char *__dtoa(double value, int mode, int digits, int *point, int *sign, char **end);
void __freedtoa(char *text);

#define QUIET_BIT 0x0008000000000000ull
#define FRACTION 0x000FFFFFFFFFFFFFull

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static size_t copy(char *out, const char *text, bool upper)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size; i++)
        out[i] = upper && text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i];
    return size;
}

/* msvcrt prints "1.#INF" and its like as if they were digits: cut to the precision, which turns
   the last letter that stays into its round-up, or filled with zeros. */
static size_t legacy_special(char *out, const char *tail, struct number *how)
{
    size_t precision = how->precision < 0 ? 6 : (size_t)how->precision, size = 0;
    size_t length = strlen(tail);
    bool general = (how->type | 32) == 'g';

    out[size++] = '1';
    if (general || precision >= length) {
        out[size++] = '.';
        memcpy(out + size, tail, length);
        size += length;
        while (!general && length++ < precision)
            out[size++] = '0';
    } else if (precision) {
        out[size++] = '.';
        memcpy(out + size, tail, precision);
        size += precision;
        if (tail[precision] >= '5')
            out[size - 1]++;
    } else if (how->alternate) {
        out[size++] = '.';
    }
    if ((how->type | 32) == 'e')
        size += copy(out + size, "e+000", how->type == 'E');
    return size;
}

static size_t special(char *out, uint64_t bits, struct number *how)
{
    bool upper = how->type < 'a';
    bool indefinite = (bits & FRACTION) == QUIET_BIT && bits >> 63;

    if (how->options & FMT_MSVCRT) {
        const char *tail = !(bits & FRACTION)    ? "#INF"
                           : indefinite          ? "#IND"
                           : bits & QUIET_BIT    ? "#QNAN"
                                                 : "#SNAN";
        return legacy_special(out, tail, how);
    }
    if (!(bits & FRACTION))
        return copy(out, "inf", upper);
    if (indefinite)
        return copy(out, "nan(ind)", upper);
    return copy(out, bits & QUIET_BIT ? "nan" : "nan(snan)", upper);
}

static size_t exponent_text(char *out, int exponent, int digits, char letter)
{
    char text[8];
    int size = 0, used = 0;

    out[size++] = letter;
    out[size++] = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    do
        text[used++] = (char)('0' + exponent % 10);
    while ((exponent /= 10) || used < digits);
    while (used)
        out[size++] = text[--used];
    return (size_t)size;
}

static size_t fixed(char *out, const char *digits, int point, int precision, bool dot)
{
    size_t size = 0;

    if (point <= 0)
        out[size++] = '0';
    for (int i = 0; i < point; i++)
        out[size++] = *digits ? *digits++ : '0';
    if (precision > 0 || dot)
        out[size++] = '.';
    for (int i = 0; i < precision; i++)
        out[size++] = point++ < 0 || !*digits ? '0' : *digits++;
    return size;
}

static size_t scientific(char *out, const char *digits, int exponent, int precision,
                         struct number *how)
{
    size_t size = 0;

    out[size++] = *digits ? *digits++ : '0';
    if (precision > 0 || how->alternate)
        out[size++] = '.';
    for (int i = 0; i < precision; i++)
        out[size++] = *digits ? *digits++ : '0';
    return size + exponent_text(out + size, exponent, how->options & FMT_EXPONENT3 ? 3 : 2,
                                how->type == 'E' || how->type == 'G' ? 'E' : 'e');
}

static size_t general(char *out, const char *digits, int point, int precision, struct number *how)
{
    int exponent = point - 1, shown = (int)strlen(digits);

    if (how->alternate)
        shown = precision;
    if (exponent < -4 || exponent >= precision)
        return scientific(out, digits, exponent, shown - 1, how);
    return fixed(out, digits, point, shown > point ? shown - point : 0, how->alternate);
}

/* 0x1.8p+3: the fraction is cut to the precision with rounding to nearest even. */
static size_t hexadecimal(char *out, uint64_t bits, struct number *how)
{
    const char *letters = how->type == 'A' ? "0123456789ABCDEFX" : "0123456789abcdefx";
    int exponent = (int)(bits >> 52 & 0x7FF), precision = how->precision < 0 ? 13 : how->precision;
    uint64_t fraction = bits & FRACTION, lead = exponent != 0;
    size_t size = 0;

    if (how->precision < 0 && how->options & FMT_MSVCRT)
        precision = 6;
    if (precision < 13) {
        uint64_t unit = 1ull << (52 - 4 * precision), half = unit / 2, rest, whole;
        whole = lead << 52 | fraction;
        rest = whole & (unit - 1);
        whole -= rest;
        if (rest > half || (rest == half && whole & unit))
            whole += unit;
        lead = whole >> 52;
        fraction = whole & FRACTION;
    }
    out[size++] = '0';
    out[size++] = letters[16];
    out[size++] = letters[lead];
    if (precision > 0 || how->alternate)
        out[size++] = '.';
    for (int i = 0; i < precision; i++)
        out[size++] = i < 13 ? letters[fraction >> (48 - 4 * i) & 15] : '0';
    exponent = !(bits << 1) ? 0 : exponent ? exponent - 1023 : -1022;
    return size + exponent_text(out + size, exponent, 1, how->type == 'A' ? 'P' : 'p');
}

/* Digits as __dtoa gives them, but ties go away from zero, as msvcrt has them: thirty more digits
   show a tie. Carries into `point`. */
static char *rounded_away(double value, int mode, int count, int *point, int *negative)
{
    char *end, *digits = __dtoa(value, mode, count + 30, point, negative, &end);
    int keep = mode == 3 ? count + *point : count, at;

    if (!digits || value == 0 || keep >= (int)strlen(digits))
        return digits;
    at = keep;
    if (keep < 0 || digits[keep] < '5') {
        digits[keep < 0 ? 0 : keep] = 0;
    } else {
        while (at > 0 && digits[at - 1] == '9')
            at--;
        if (at) {
            digits[at - 1]++;
        } else {
            digits[at++] = '1';
            ++*point;
        }
        digits[at] = 0;
    }
    for (at = (int)strlen(digits); at > 0 && digits[at - 1] == '0'; at--)
        digits[at - 1] = 0;
    return digits;
}

/* Writes the text without sign and padding; the sign goes to how->sign ('-' or 0). */
size_t crt_double_text(char *out, double value, struct number *how)
{
    uint64_t bits = bits_of(value);
    int lower = how->type | 32, precision = how->precision < 0 ? 6 : how->precision;
    int point, negative, mode, count;
    size_t size;
    char *digits, *end;

    how->sign = bits >> 63 ? '-' : 0;
    if ((bits >> 52 & 0x7FF) == 0x7FF)
        return special(out, bits, how);
    if (lower == 'a')
        return hexadecimal(out, bits, how);
    if (lower == 'g' && !precision)
        precision = 1;
    mode = lower == 'f' ? 3 : 2;
    count = lower == 'e' ? precision + 1 : precision;
    digits = how->options & FMT_MSVCRT ? rounded_away(value, mode, count, &point, &negative)
                                       : __dtoa(value, mode, count, &point, &negative, &end);
    if (!digits)
        return 0;
    if (lower == 'f')
        size = fixed(out, digits, point, precision, how->alternate);
    else if (lower == 'e')
        size = scientific(out, digits, value == 0 ? 0 : point - 1, precision, how);
    else
        size = general(out, digits, value == 0 ? 1 : point, precision, how);
    __freedtoa(digits);
    return size;
}
