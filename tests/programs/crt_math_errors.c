/* errno and the handler of __setusermatherr for mathematical errors; argument 1 is the runtime's
   DLL. Recorded on Wine 8.0; corrected from the runtime's reference: sinh and cosh overflow, and
   the second argument of fmod may not be zero. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

struct exception {
    int type;
    const char *name;
    double first, second, result;
};

static HMODULE runtime;
static int *(*errno_of)(void);

static int handler(struct exception *e)
{
    printf("  type %d in %s(%g, %g) = %g\n", e->type, e->name, e->first, e->second, e->result);
    if (e->type != 1 || e->first != -2)
        return 0;
    e->result = 7;
    return 1;
}

static void one(const char *name, double x)
{
    double (*function)(double) = (void *)GetProcAddress(runtime, name);
    double result;

    *errno_of() = 0;
    result = function(x);
    printf("%s(%g) = %g, errno %d\n", name, x, result, *errno_of());
}

static void two(const char *name, double x, double y)
{
    double (*function)(double, double) = (void *)GetProcAddress(runtime, name);
    double result;

    *errno_of() = 0;
    result = function(x, y);
    printf("%s(%g, %g) = %g, errno %d\n", name, x, y, result, *errno_of());
}

int main(int count, char **arguments)
{
    static const struct { const char *name; double x; } ones[] = {
        {"sqrt", -1}, {"sqrt", -2}, {"log", 0}, {"log", -1}, {"log10", 0}, {"log10", -1},
        {"exp", 1000}, {"exp", -1000}, {"exp", -740}, {"asin", 2}, {"acos", 2}, {"sinh", 1000},
        {"sinh", -1000}, {"cosh", 1000}, {"_logb", 0}, {"_y0", 0}, {"_y0", -1},
        {"ceil", 1.5},
    };
    static const struct { const char *name; double x, y; } twos[] = {
        {"pow", 0, -1}, {"pow", -0.0, -1}, {"pow", 0, -2}, {"pow", -1, .5}, {"pow", 10, 400},
        {"pow", -10, 401}, {"pow", 10, -400}, {"pow", 0, 0}, {"pow", 1e-200, 1.6},
        {"fmod", 1, 0}, {"atan2", 0, 0}, {"_hypot", 1e308, 1e308},
    };
    static const char *const infinite[] = {"sin", "cos", "tan", "exp", "log", "sqrt"};

    runtime = LoadLibraryA(arguments[count - 1]);
    errno_of = (void *)GetProcAddress(runtime, "_errno");
    ((void (*)(void *))(void *)GetProcAddress(runtime, "__setusermatherr"))(handler);
    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++)
        one(ones[i].name, ones[i].x);
    for (size_t i = 0; i < sizeof twos / sizeof *twos; i++)
        two(twos[i].name, twos[i].x, twos[i].y);
    for (size_t i = 0; i < sizeof infinite / sizeof *infinite; i++)
        one(infinite[i], __builtin_inf());
    return 0;
}
