/* scanf, strtol and strtod. Recorded as crt_printf.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

static void doubles(void)
{
    static const char *const hard[] = {
        "0.1", "1e23", "9007199254740993", "2.2250738585072011e-308", "4.9e-324", "2.4e-324",
        "1.7976931348623158e308", "1.7976931348623159e308", "  -12.5xyz", "1e", "1e+", ".5", "5.",
        ".", "+3.25e2", "123456789012345678901234567890", "0.500000000000000166533453693773481063",
        "8.98846567431158e307", "6929495644600919.5", "3.7455744005952583e15", "1e-400", "0x1.8p3"};
    for (unsigned i = 0; i < sizeof hard / sizeof *hard; i++) {
        char *end;
        double value = strtod(hard[i], &end);
        unsigned long long bits;
        memcpy(&bits, &value, 8);
        printf("%s -> %016I64x %d\n", hard[i], bits, (int)(end - hard[i]));
    }
}

static void integers(void)
{
    static const char *const texts[] = {"42", "  -17abc", "0x1F", "077", "99999999999", "-99999999999",
                                        "", "-", "0x", "4294967295", "zz"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        errno = 0;
        long a = strtol(texts[i], &end, 0);
        int n = (int)(end - texts[i]), e = errno;
        errno = 0;
        unsigned long b = strtoul(texts[i], NULL, 10);
        printf("[%s] %ld %d %d %lu %d %I64d %d\n", texts[i], a, n, e, b, errno,
               _strtoi64(texts[i], NULL, 36), atoi(texts[i]));
    }
}

int main(void)
{
    int a = -1, b = -1, n = -1, r;
    unsigned u = 0;
    short h = 0;
    long long big = 0;
    double d = 0;
    float f = 0;
    char s[32] = "", t[32] = "", c = 0;

    doubles();
    integers();
    r = sscanf("12 -7 ff 077", "%d %i %x %o", &a, &b, &u, &n);
    printf("%d: %d %d %x %o\n", r, a, b, u, n);
    r = sscanf("3.25 1e3x", "%f%lf%c", &f, &d, &c);
    printf("%d: %g %g %c\n", r, f, d, c);
    r = sscanf("hello, world 42", "%[^,], %s %d%n", s, t, &a, &n);
    printf("%d: [%s] [%s] %d %d\n", r, s, t, a, n);
    r = sscanf("abc", "%d", &a);
    printf("%d\n", r);
    r = sscanf("", "%d", &a);
    printf("%d\n", r);
    r = sscanf("5%done", "%d%%%s", &a, s);
    printf("%d: %d %s\n", r, a, s);
    r = sscanf("123456", "%3d%2hd", &a, &h);
    printf("%d: %d %d\n", r, a, h);
    r = sscanf("-9000000000 77", "%I64d %*d", &big);
    printf("%d: %I64d\n", r, big);
    r = sscanf("aAbB12", "%[a-zA-Z]%[0-9]", s, t);
    printf("%d: %s %s\n", r, s, t);
    r = sscanf("xyz", "%2c%c", s, &c);
    printf("%d: %.2s %c\n", r, s, c);
    r = sscanf("1,2,x", "%d,%d,%d", &a, &b, &n);
    printf("%d: %d %d\n", r, a, b);
    r = sscanf("0x10 0x", "%x %x", &u, &a);
    printf("%d: %x\n", r, u);
    return 0;
}
