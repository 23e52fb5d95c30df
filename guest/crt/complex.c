/* Complex numbers in ucrtbase.dll: what Microsoft's library has beside C's functions, which are
   borrowed. */
#include "crt.h"
#if !_MSVCRT

typedef struct { double re, im; } complex_double;
typedef struct { float re, im; } complex_float;

complex_double clog(complex_double z);

complex_double _Cbuild(double re, double im)
{
    return (complex_double){re, im};
}

complex_float _FCbuild(float re, float im)
{
    return (complex_float){re, im};
}

complex_double _Cmulcc(complex_double a, complex_double b)
{
    return (complex_double){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

complex_float _FCmulcc(complex_float a, complex_float b)
{
    return (complex_float){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

complex_double _Cmulcr(complex_double a, double b)
{
    return (complex_double){a.re * b, a.im * b};
}

complex_float _FCmulcr(complex_float a, float b)
{
    return (complex_float){a.re * b, a.im * b};
}

double norm(complex_double z)
{
    return z.re * z.re + z.im * z.im;
}

float normf(complex_float z)
{
    return z.re * z.re + z.im * z.im;
}

complex_double clog10(complex_double z)
{
    complex_double log = clog(z);
    return _Cmulcr(log, 0.43429448190325182765);
}

complex_float clog10f(complex_float z)
{
    complex_double log = clog10((complex_double){z.re, z.im});
    return (complex_float){(float)log.re, (float)log.im};
}
#endif
