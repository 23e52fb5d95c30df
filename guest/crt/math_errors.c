/* What the exported mathematics adds to the functions themselves: errno, and for those of the old
   library the program's handler (__setusermatherr), as the runtime's reference says of _matherr. */
#include "crt.h"

enum kind { DOMAIN = 1, SINGULARITY, OVERFLOW, UNDERFLOW };
struct math_exception {
    int type;
    const char *name;
    double first, second, result;
};

static int (*user_handler)(struct math_exception *);

void __setusermatherr(int (*handler)(struct math_exception *))
{
    user_handler = handler;
}

static double report(enum kind kind, const char *name, double first, double second, double result)
{
    struct math_exception exception = {kind, name, first, second, result};

    if (user_handler && user_handler(&exception))
        return exception.result;
    if (kind != UNDERFLOW)
        errno = kind == DOMAIN ? EDOM : ERANGE;
    return exception.result;
}

static bool infinite(double x)
{
    return x == __builtin_inf() || x == -__builtin_inf();
}

/* `pole`: an infinite result of finite arguments is exact. */
static double one(const char *name, double x, double result, bool pole)
{
    if (result != result)
        return x == x ? report(DOMAIN, name, x, 0, result) : result;
    if (infinite(result) && !infinite(x))
        return report(pole ? SINGULARITY : OVERFLOW, name, x, 0, result);
    return result;
}

static double quiet(double x, double result)
{
    if (result != result && x == x)
        errno = EDOM;
    else if (infinite(result) && !infinite(x))
        errno = ERANGE;
    return result;
}

static bool tiny(double x)
{
    return x < 0x1p-1022 && x > -0x1p-1022;
}

#define ONE(name, pole)                                                                          \
    double name(double x);                                                                       \
    double crt_##name(double x)                                                                  \
    {                                                                                            \
        return one(#name, x, name(x), pole);                                                     \
    }
#define QUIET(name)                                                                              \
    double name(double x);                                                                       \
    double crt_##name(double x)                                                                  \
    {                                                                                            \
        return quiet(x, name(x));                                                                \
    }

ONE(acos, false) ONE(asin, false) ONE(cos, false) ONE(cosh, false) ONE(log, true)
ONE(log10, true) ONE(sin, false) ONE(sinh, false) ONE(sqrt, false) ONE(tan, false)
ONE(_logb, true)
QUIET(acosh) QUIET(atanh) QUIET(exp2) QUIET(expm1) QUIET(lgamma) QUIET(log1p) QUIET(log2)
QUIET(logb) QUIET(tgamma)

double exp(double x);
double fmod(double x, double y);
double hypot(double x, double y);
double ldexp(double x, int power);
double pow(double x, double y);
double y0(double x);
double y1(double x);
double yn(int order, double x);

double crt_exp(double x)
{
    double result = exp(x);

    if (tiny(result) && !infinite(x))
        return report(UNDERFLOW, "exp", x, 0, result);
    return one("exp", x, result, false);
}

double crt_pow(double x, double y)
{
    double result = pow(x, y);

    if (result != result)
        return x == x && y == y ? report(DOMAIN, "pow", x, y, result) : result;
    if (infinite(x) || infinite(y))
        return result;
    if (infinite(result))
        return report(x == 0 ? SINGULARITY : OVERFLOW, "pow", x, y, result);
    return tiny(result) && x != 0 ? report(UNDERFLOW, "pow", x, y, result) : result;
}

double crt_fmod(double x, double y)
{
    double result = fmod(x, y);

    if (result != result && x == x && y == y)
        return report(DOMAIN, "fmod", x, y, result);
    return result;
}

double crt_hypot(double x, double y)
{
    double result = hypot(x, y);

    if (infinite(result) && !infinite(x) && !infinite(y))
        return report(OVERFLOW, "_hypot", x, y, result);
    return result;
}

double crt_ldexp(double x, int power)
{
    double result = ldexp(x, power);

    if (infinite(result) && !infinite(x))
        return report(OVERFLOW, "ldexp", x, power, result);
    return result == 0 && x != 0 ? report(UNDERFLOW, "ldexp", x, power, result) : result;
}

static double second_kind(const char *name, double x, double result)
{
    if (x < 0)
        return report(DOMAIN, name, x, 0, -__builtin_nan(""));
    return x == 0 ? report(OVERFLOW, name, x, 0, result) : result;
}

double crt_y0(double x)
{
    return second_kind("_y0", x, y0(x));
}

double crt_y1(double x)
{
    return second_kind("_y1", x, y1(x));
}

double crt_yn(int order, double x)
{
    return second_kind("_yn", x, yn(order, x));
}
