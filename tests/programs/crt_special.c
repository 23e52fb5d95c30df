/* Infinities, NaNs and hexadecimal floating point. Recorded as crt_printf.c. */
#include <stdio.h>
#include <math.h>
#include <string.h>

static double from_bits(unsigned long long bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

int main(void)
{
    double values[] = {INFINITY, -INFINITY, from_bits(0x7FF8000000000000ull),
                       from_bits(0xFFF8000000000000ull)};
    for (int i = 0; i < 4; i++) {
        printf("%f|%e|%g|%10.2f|%-10f|%+f\n", values[i], values[i], values[i], values[i],
               values[i], values[i]);
        printf("%E|%G|%010f\n", values[i], values[i], values[i]);
    }
    printf("%a %a %a %.2a %A %.0a %20a|%-20a|%020a\n", 1.0, 0.5, 3.14159, 3.14159, 255.5, 1.5,
           1.0, 1.0, 1.0);
    printf("%a %a %a\n", 0.0, 5e-324, -1e300);
    return 0;
}
