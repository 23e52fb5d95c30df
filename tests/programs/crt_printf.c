/* printf: every conversion and flag. Recorded on native Wine 8.0 with its own DLLs; lines where
   Wine differs from Windows' documentation were corrected by hand, see tests/guest/test_crt.py. */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <wchar.h>
#include <math.h>

#define SHOW(...) (printf("%2d|", __LINE__), printf("%d\n", printf(__VA_ARGS__)))

static void integers(void)
{
    SHOW("%d %i %u %o %x %X|", -42, 42, 42u, 42, 0xbeef, 0xbeef);
    SHOW("[%5d] [%-5d] [%05d] [%+d] [% d] [%+5d]|", 42, 42, 42, 42, 42, 42);
    SHOW("[%.3d] [%.0d] [%8.3d] [%-8.3d] [%08.3d] [%+.0d]|", 7, 0, 7, 7, 7, 0);
    SHOW("[%#x] [%#X] [%#o] [%#x] [%#o] [%#08x] [%#.5x]|", 255, 255, 8, 0, 0, 255, 255);
    SHOW("%hd %hu %ld %lu|", (short)-3, (unsigned short)65535, -3L, 3000000000ul);
    SHOW("%lld %llu %I64d %I64x %I32d|", -1234567890123LL, 18446744073709551615ULL,
         -5000000000LL, 0xFEDCBA9876543210ULL, 7);
    SHOW("[%*d] [%-*d] [%.*d] [%*d]|", 6, 42, 6, 42, 4, 42, -6, 42);
    SHOW("%p %p|", (void *)0x1234ABCD, (void *)0);
    SHOW("%d %d %d|", -2147483647 - 1, 2147483647, 0);
    SHOW("%20lld|%-20lld|%020lld|", -9223372036854775807LL - 1, 5LL, -5LL);
}

static void text(void)
{
    SHOW("[%s] [%10s] [%-10s] [%.2s] [%5.1s] [%s]|", "abc", "abc", "abc", "abc", "abc", (char *)0);
    SHOW("[%c] [%5c] [%-5c]|", 'x', 'y', 'z');
    SHOW("[%ls] [%S] [%.2ls] [%lc] [%C] [%hs] [%ws]|", L"wide", L"Wide", L"wide", L'w', L'W', "n",
         L"ww");
    SHOW("%% 100%%|");
    SHOW("[%010s]|", "ab");
}

static void floats(void)
{
    static const double values[] = {0.0, -0.0, 1.0, -1.5, 0.1, 3.14159265358979, 1e10, 1e-10,
                                    123456789.125, 1e100, 1.7976931348623157e308, 5e-324, 0.5,
                                    1.5, 2.5, 99999.95, 999999.5, 1e15, 1e16, 2.2250738585072014e-308};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        SHOW("%f|%.0f|%.3f|", values[i], values[i], values[i]);
        SHOW("%e|%.0e|%.10E|", values[i], values[i], values[i]);
        SHOW("%g|%.3g|%.10G|%#g|", values[i], values[i], values[i], values[i]);
        SHOW("%.17g|%.25f|", values[i], values[i]);
    }
    SHOW("[%10.2f] [%-10.2f] [%010.2f] [%+.2f] [% .2f] [%#.0f] [%+010.1f]|", 3.14159, 3.14159,
         3.14159, 3.14159, 3.14159, 3.0, -2.5);
    SHOW("%.40f|", 0.1);
    SHOW("%.0f %.0f %.0f %.0f|", 0.5, 1.5, 2.5, 3.5);
    SHOW("%G %E|", 1e-5, 1e300);
    SHOW("%#.3g %#g %g|", 1.0, 100000.0, 100000.0);
}

static void strings(void)
{
    char buffer[32];
    wchar_t wide[32];

    memset(buffer, '#', sizeof buffer);
    printf("%d %.5s\n", _snprintf(buffer, 3, "%s", "abcdef"), buffer);
    memset(buffer, '#', sizeof buffer);
    printf("%d %.5s\n", _snprintf(buffer, 3, "%s", "abc"), buffer);
    printf("%d [%s]\n", sprintf(buffer, "%d-%s", 5, "x"), buffer);
    printf("%d\n", _scprintf("%d %s", 12345, "hello"));
    printf("%d [%ls]\n", _snwprintf(wide, 32, L"%d %ls %hs", 7, L"wide", "narrow"), wide);
    printf("%d\n", _snwprintf(wide, 3, L"%ls", L"abcdef"));
    printf("%d", _vscprintf("abc", 0));
    printf("\n");
}

int main(void)
{
    integers();
    text();
    floats();
    strings();
    return 0;
}
