/* Numbers from strings and to strings, sorting and searching. */
#include "ntdll.h"

/* The decimal digits of other scripts, by their zeros, count too. */
static ULONG DigitOf(ULONG c)
{
    static const USHORT zeros[] = {
        0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0C66, 0x0CE6,
        0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10,
    };
    if (c - '0' < 10)
        return c - '0';
    for (ULONG i = 0; c >= zeros[0] && i < LENGTH_OF(zeros); i++)
        if (c - zeros[i] < 10)
            return c - zeros[i];
    if (c > 0x7F)
        return 99;
    c |= 0x20;
    return c - 'a' < 26 ? c - 'a' + 10 : 99;
}

struct scan {
    ULONGLONG value;
    size_t used; /* characters, 0 if there is no number */
    BOOL negative, overflow;
};

/* `text` is of characters of `size` bytes. */
static ULONG CharAt(const void *text, size_t index, ULONG size)
{
    return size == 1 ? ((const UCHAR *)text)[index] : ((const USHORT *)text)[index];
}

static struct scan Scan(const void *text, ULONG size, ULONG base, ULONGLONG limit)
{
    struct scan scan = {0};
    size_t at = 0;
    ULONG digit;
    while (CharAt(text, at, size) == ' ' || CharAt(text, at, size) - 9 < 5)
        at++;
    if (CharAt(text, at, size) == '-' || CharAt(text, at, size) == '+')
        scan.negative = CharAt(text, at++, size) == '-';
    BOOL hex = CharAt(text, at, size) == '0' && (CharAt(text, at + 1, size) | 0x20) == 'x' &&
               DigitOf(CharAt(text, at + 2, size)) < 16;
    if (!base)
        base = hex ? 16 : CharAt(text, at, size) == '0' ? 8 : 10;
    if (base == 16 && hex)
        at += 2;
    for (; (digit = DigitOf(CharAt(text, at, size))) < base; scan.used = ++at) {
        if (scan.value > (limit - digit) / base)
            scan.overflow = TRUE;
        scan.value = scan.value * base + digit;
    }
    return scan;
}

static long ToLong(struct scan scan)
{
    if (scan.overflow || scan.value > 0x7FFFFFFFu + (ULONGLONG)scan.negative)
        return scan.negative ? (long)0x80000000 : 0x7FFFFFFF;
    return scan.negative ? (long)(0 - (ULONG)scan.value) : (long)scan.value;
}

static unsigned long ToUnsigned(struct scan scan)
{
    if (scan.overflow)
        return 0xFFFFFFFF;
    return scan.negative ? 0 - (ULONG)scan.value : (ULONG)scan.value;
}

long CDECL strtol(const char *text, char **end, int base)
{
    struct scan scan = Scan(text, 1, base, 0xFFFFFFFF);
    if (end)
        *end = (char *)text + scan.used;
    return ToLong(scan);
}

unsigned long CDECL strtoul(const char *text, char **end, int base)
{
    struct scan scan = Scan(text, 1, base, 0xFFFFFFFF);
    if (end)
        *end = (char *)text + scan.used;
    return ToUnsigned(scan);
}

long CDECL wcstol(const wchar_t *text, wchar_t **end, int base)
{
    struct scan scan = Scan(text, 2, base, 0xFFFFFFFF);
    if (end)
        *end = (wchar_t *)text + scan.used;
    return ToLong(scan);
}

unsigned long CDECL wcstoul(const wchar_t *text, wchar_t **end, int base)
{
    struct scan scan = Scan(text, 2, base, 0xFFFFFFFF);
    if (end)
        *end = (wchar_t *)text + scan.used;
    return ToUnsigned(scan);
}

static long long Wrapped(const void *text, ULONG size)
{
    struct scan scan = Scan(text, size, 10, (ULONGLONG)-1);
    return (long long)(scan.negative ? 0 - scan.value : scan.value);
}

int CDECL atoi(const char *text)
{
    return (int)Wrapped(text, 1);
}

long CDECL atol(const char *text)
{
    return (long)Wrapped(text, 1);
}

long long CDECL _atoi64(const char *text)
{
    return Wrapped(text, 1);
}

int CDECL _wtoi(const wchar_t *text)
{
    return (int)Wrapped(text, 2);
}

long CDECL _wtol(const wchar_t *text)
{
    return (long)Wrapped(text, 2);
}

long long CDECL _wtoi64(const wchar_t *text)
{
    return Wrapped(text, 2);
}

static char *Digits(unsigned long long value, int base, char *end)
{
    *end = 0;
    do {
        *--end = "0123456789abcdefghijklmnopqrstuvwxyz"[value % (ULONG)base];
        value /= (ULONG)base;
    } while (value);
    return end;
}

char *CDECL _ui64toa(unsigned long long value, char *target, int base)
{
    char digits[65], *first = Digits(value, base, digits + 64);
    return memcpy(target, first, digits + 65 - first);
}

char *CDECL _i64toa(long long value, char *target, int base)
{
    BOOL minus = base == 10 && value < 0;
    if (minus)
        *target = '-';
    _ui64toa(minus ? 0 - (unsigned long long)value : (unsigned long long)value, target + minus,
             base);
    return target;
}

char *CDECL _ultoa(unsigned long value, char *target, int base)
{
    return _ui64toa(value, target, base);
}

char *CDECL _ltoa(long value, char *target, int base)
{
    return base == 10 ? _i64toa(value, target, base) : _ui64toa((ULONG)value, target, base);
}

char *CDECL _itoa(int value, char *target, int base)
{
    return _ltoa(value, target, base);
}

static wchar_t *Widened(const char *source, wchar_t *target)
{
    size_t i = 0;
    do
        target[i] = source[i];
    while (source[i++]);
    return target;
}

wchar_t *CDECL _ui64tow(unsigned long long value, wchar_t *target, int base)
{
    char digits[66];
    return Widened(_ui64toa(value, digits, base), target);
}

wchar_t *CDECL _i64tow(long long value, wchar_t *target, int base)
{
    char digits[66];
    return Widened(_i64toa(value, digits, base), target);
}

wchar_t *CDECL _ultow(unsigned long value, wchar_t *target, int base)
{
    char digits[66];
    return Widened(_ultoa(value, digits, base), target);
}

wchar_t *CDECL _ltow(long value, wchar_t *target, int base)
{
    char digits[66];
    return Widened(_ltoa(value, digits, base), target);
}

wchar_t *CDECL _itow(int value, wchar_t *target, int base)
{
    return _ltow(value, target, base);
}

int CDECL abs(int value)
{
    return value < 0 ? -value : value;
}

long CDECL labs(long value)
{
    return value < 0 ? -value : value;
}

typedef int CDECL comparison(const void *, const void *);

static VOID Swap(char *left, char *right, size_t size)
{
    for (; size--; left++, right++) {
        char kept = *left;
        *left = *right;
        *right = kept;
    }
}

static VOID SiftDown(char *base, size_t at, size_t count, size_t size, comparison *compare)
{
    for (size_t child; (child = at * 2 + 1) < count; at = child) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + at * size, base + child * size) >= 0)
            return;
        Swap(base + at * size, base + child * size, size);
    }
}

/* Heap sort: no recursion, no memory. */
void CDECL qsort(void *base, size_t count, size_t size, comparison *compare)
{
    for (size_t at = count / 2; at--;)
        SiftDown(base, at, count, size, compare);
    while (count-- > 1) {
        Swap(base, (char *)base + count * size, size);
        SiftDown(base, 0, count, size, compare);
    }
}

void *CDECL bsearch(const void *key, const void *base, size_t count, size_t size,
                    comparison *compare)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = (low + high) / 2;
        const char *at = (const char *)base + middle * size;
        int order = compare(key, at);
        if (!order)
            return (void *)at;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void *CDECL _lfind(const void *key, const void *base, unsigned *count, unsigned size,
                   comparison *compare)
{
    for (unsigned i = 0; i < *count; i++)
        if (!compare(key, (const char *)base + i * size))
            return (char *)base + i * size;
    return NULL;
}
