/* Mathematics, as bits. Compared with the host's values in tests/guest/test_crt.py. */
#include <stdio.h>
#include <math.h>
#include <string.h>

static void show(const char *name, double x, double result)
{
    unsigned long long a, b;
    memcpy(&a, &x, 8);
    memcpy(&b, &result, 8);
    printf("%s %016I64x %016I64x\n", name, a, b);
}

#define ONE(f) show(#f, x, f(x))

int main(void)
{
    static const double values[] = {0.1, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 10.0, 20.5, 0.001, 1e-10,
                                    -0.3, -1.0, -2.5, 100.0, 700.0, 1e6, 1e15};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        volatile double x = values[i];
        ONE(sin); ONE(cos); ONE(tan); ONE(exp); ONE(atan); ONE(sinh); ONE(cosh); ONE(tanh);
        ONE(floor); ONE(ceil); ONE(fabs);
        if (x > 0) { ONE(log); ONE(log10); ONE(sqrt); }
        if (x >= -1 && x <= 1) { ONE(asin); ONE(acos); }
        show("pow", x, pow(x, 3.0));
        show("atan2", x, atan2(x, 2.0));
        show("fmod", x, fmod(x, 0.7));
        int e; show("frexp", x, frexp(x, &e));
        double whole; show("modf", x, modf(x, &whole));
        show("ldexp", x, ldexp(x, 5));
    }
    return 0;
}
