/* Small mathematics: parts of numbers, rounding, classification, magnitude, integer division. */
#include "crt.h"

double round(double x);
float roundf(float x);
double scalbn(double x, int n);
double hypot(double x, double y);
double logb(double x);
double nextafter(double x, double y);

static uint64_t bits(double x)
{
    uint64_t value;

    __builtin_memcpy(&value, &x, sizeof value);
    return value;
}

static double number(uint64_t value)
{
    double x;

    __builtin_memcpy(&x, &value, sizeof x);
    return x;
}

#define SIGN (1ull << 63)
#define HUGE_VALF_ __builtin_inff()

double _HUGE = __builtin_inf();

double copysign(double x, double y)
{
    return number((bits(x) & ~SIGN) | (bits(y) & SIGN));
}

float copysignf(float x, float y)
{
    return (float)copysign(x, y);
}

double _chgsign(double x)
{
    return number(bits(x) ^ SIGN);
}

float _chgsignf(float x)
{
    return -x;
}

double frexp(double x, int *exponent)
{
    uint64_t value = bits(x);
    int power = (int)(value >> 52 & 0x7FF);

    *exponent = 0;
    if (power == 0x7FF || x == 0)
        return x;
    if (!power) {
        x = frexp(x * 0x1p64, exponent);
        *exponent -= 64;
        return x;
    }
    *exponent = power - 1022;
    return number((value & ~(0x7FFull << 52)) | 1022ull << 52);
}

double modf(double x, double *whole)
{
    uint64_t value = bits(x);
    int power = (int)(value >> 52 & 0x7FF) - 1023;

    if (power >= 52) {
        *whole = x;
        return x != x ? x : copysign(0, x);
    }
    if (power < 0) {
        *whole = copysign(0, x);
        return x;
    }
    *whole = number(value & ~(0xFFFFFFFFFFFFFull >> power));
    return copysign(x - *whole, x);
}

float modff(float x, float *whole)
{
    double integer, rest = modf(x, &integer);

    *whole = (float)integer;
    return (float)rest;
}

float frexpf(float x, int *exponent)
{
    return (float)frexp(x, exponent);
}

/* To an integer in the current rounding mode: adding 2^52 leaves no fraction. */
double rint(double x)
{
    volatile double sum;

    if ((bits(x) >> 52 & 0x7FF) >= 1023 + 52)
        return x;
    if (bits(x) & SIGN) {
        sum = x - 0x1p52;
        sum += 0x1p52;
    } else {
        sum = x + 0x1p52;
        sum -= 0x1p52;
    }
    return copysign(sum, x);
}

float rintf(float x)
{
    return (float)rint(x);
}

long lrint(double x)
{
    return (long)rint(x);
}

long lrintf(float x)
{
    return (long)rint(x);
}

long lround(double x)
{
    return (long)round(x);
}

long lroundf(float x)
{
    return (long)roundf(x);
}

double fdim(double x, double y)
{
    return x != x ? x : y != y ? y : x > y ? x - y : 0;
}

float fdimf(float x, float y)
{
    return x != x ? x : y != y ? y : x > y ? x - y : 0;
}

double nan(const char *tag)
{
    UNUSED(tag);
    return number(0x7FF8000000000000ull);
}

float nanf(const char *tag)
{
    return (float)nan(tag);
}

struct complex_number {
    double x, y;
};

double _cabs(struct complex_number z)
{
    return hypot(z.x, z.y);
}

float nextafterf(float x, float y);

/* Microsoft's long double, the second argument, is a double. */
float nexttowardf(float x, double y)
{
    if (x != x || y != y)
        return x + (float)y;
    return x == y ? (float)y : nextafterf(x, y > x ? HUGE_VALF_ : -HUGE_VALF_);
}

int _isnan(double x)
{
    return x != x;
}

int _finite(double x)
{
    return (bits(x) >> 52 & 0x7FF) != 0x7FF;
}

double _scalb(double x, long n)
{
    return scalbn(x, n);
}

double _logb(double x)
{
    return logb(x);
}

double _nextafter(double x, double y)
{
    return nextafter(x, y);
}

/* _FPCLASS_SNAN 1, QNAN 2, NINF 4, NN 8, ND 16, NZ 32, PZ 64, PD 128, PN 256, PINF 512 */
int _fpclass(double x)
{
    uint64_t value = bits(x) & ~SIGN;
    bool negative = bits(x) >> 63;

    if (value > 0x7FF0000000000000ull)
        return value & 0x0008000000000000ull ? 2 : 1;
    if (value == 0x7FF0000000000000ull)
        return negative ? 4 : 512;
    if (value >= 0x0010000000000000ull)
        return negative ? 8 : 256;
    if (value)
        return negative ? 16 : 128;
    return negative ? 32 : 64;
}

/* FP_INFINITE 1, FP_NAN 2, FP_NORMAL -1, FP_SUBNORMAL -2, FP_ZERO 0 */
short _dclass(double x)
{
    switch (_fpclass(x)) {
    case 1: case 2: return 2;
    case 4: case 512: return 1;
    case 8: case 256: return -1;
    case 16: case 128: return -2;
    }
    return 0;
}

short _fdclass(float x)
{
    uint32_t value;

    __builtin_memcpy(&value, &x, sizeof value);
    if (!(value & 0x7F800000) && value << 1)
        return -2;
    return _dclass(x);
}

short _dtest(const double *x)
{
    return _dclass(*x);
}

short _fdtest(const float *x)
{
    return _fdclass(*x);
}

int _dsign(double x)
{
    return (int)(bits(x) >> 48 & 0x8000);
}

int _fdsign(float x)
{
    return _dsign(x);
}

int _dpcomp(double x, double y)               /* _FP_LT 1, _FP_EQ 2, _FP_GT 4 */
{
    return x < y ? 1 : x == y ? 2 : x > y ? 4 : 0;
}

int _fdpcomp(float x, float y)
{
    return _dpcomp(x, y);
}

int abs(int n)
{
    return n < 0 ? -n : n;
}

long labs(long n)
{
    return n < 0 ? -n : n;
}

int64_t llabs(int64_t n)
{
    return n < 0 ? -n : n;
}

typedef struct { int quot, rem; } pair32;
typedef struct { int64_t quot, rem; } pair64;

pair32 div(int a, int b)
{
    return (pair32){a / b, a % b};
}

pair64 lldiv(int64_t a, int64_t b)
{
    return (pair64){a / b, a % b};
}

unsigned _rotl(unsigned x, int n)
{
    return x << (n & 31) | x >> (-n & 31);
}

unsigned _rotr(unsigned x, int n)
{
    return x >> (n & 31) | x << (-n & 31);
}

uint64_t _rotl64(uint64_t x, int n)
{
    return x << (n & 63) | x >> (-n & 63);
}

uint64_t _rotr64(uint64_t x, int n)
{
    return x >> (n & 63) | x << (-n & 63);
}

uint16_t _byteswap_ushort(uint16_t x)
{
    return __builtin_bswap16(x);
}

unsigned long _byteswap_ulong(unsigned long x)
{
    return __builtin_bswap32(x);
}

uint64_t _byteswap_uint64(uint64_t x)
{
    return __builtin_bswap64(x);
}
