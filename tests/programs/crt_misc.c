/* Arguments, environment, time, sorting, jumps, exits. Recorded as crt_printf.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <setjmp.h>
#include <signal.h>
#include <ctype.h>
#include <errno.h>

static jmp_buf jump;

static int by_value(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return x < y ? -1 : x > y;
}

static void __attribute__((noinline)) leave(int n)
{
    if (n)
        leave(n - 1);
    longjmp(jump, 5);
}

static void first(void) { puts("first"); }
static void second(void) { puts("second"); }

static void on_signal(int n) { printf("signal %d\n", n); }

static void times(void)
{
    static const long values[] = {0, 951782400, 1078012800, 2147483647, 1700000000, 86399};
    char text[128];
    for (int i = 0; i < 6; i++) {
        time_t t = values[i];
        struct tm *b = gmtime(&t);
        printf("%d-%d-%d %d:%d:%d %d %d %d\n", b->tm_year, b->tm_mon, b->tm_mday, b->tm_hour,
               b->tm_min, b->tm_sec, b->tm_wday, b->tm_yday, b->tm_isdst);
        printf("%s", asctime(b));
        strftime(text, sizeof text, "%a %A %b %B %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %%", b);
        puts(text);
        strftime(text, sizeof text, "%#d %#m %#H %#j %#y", b);
        puts(text);
        b = localtime(&t);
        printf("%ld %ld\n", (long)mktime(b), (long)t);
    }
}

static void sorting(void)
{
    static int values[1000];
    unsigned state = 1;
    int *found, key, bad = 0;
    for (int shape = 0; shape < 6; shape++) {
        for (int i = 0; i < 1000; i++) {
            state = state * 1103515245 + 12345;
            values[i] = shape == 0 ? (int)(state >> 8) : shape == 1 ? i : shape == 2 ? -i
                        : shape == 3 ? i % 7 : shape == 4 ? 5 : (i < 500 ? i : 1000 - i);
        }
        int count = 1000 - shape * 3;
        long long before = 0, after = 0;
        for (int i = 0; i < count; i++) before += values[i];
        qsort(values, count, sizeof *values, by_value);
        for (int i = 0; i < count; i++) after += values[i];
        for (int i = 1; i < count; i++)
            bad += values[i - 1] > values[i];
        bad += before != after;
    }
    key = 300;
    found = bsearch(&key, values, 985, sizeof *values, by_value);
    printf("bad %d found %d\n", bad, found ? *found : -1);
}

int main(int argc, char **argv)
{
    volatile int n = 0;
    char text[64], *next;
    for (int i = 1; i < argc; i++)
        printf("%d [%s]\n", i, argv[i]);
    _putenv("CRT_TEST=one");
    printf("%s\n", getenv("CRT_TEST"));
    _putenv("CRT_TEST=");
    printf("%d\n", getenv("crt_test") == NULL);
    times();
    sorting();
    srand(42);
    printf("%d %d %d\n", rand(), rand(), rand());
    n = setjmp(jump);
    if (!n)
        leave(3);
    printf("jumped %d\n", n);
    strcpy(text, "a,b;;c");
    for (char *p = strtok(text, ",;"); p; p = strtok(NULL, ",;"))
        printf("<%s>", p);
    printf("\n%s %s\n", _strlwr(strcpy(text, "MiXed")), _strrev(_strdup("abc")));
    printf("%d %d %d\n", strcmp("a", "b"), strcmp("b", "a"), _stricmp("ABC", "abd"));
    printf("%s %s %s\n", _itoa(-255, text, 16), _i64toa(-255, text + 20, 10), _ultoa(7, text + 40, 2));
    int point, sign;
    printf("%s", _ecvt(3.14159, 4, &point, &sign));
    printf(" %d %d ", point, sign);
    printf("%s", _fcvt(-0.001234, 5, &point, &sign));
    printf(" %d %d\n", point, sign);
    for (int i = 0; i < 128; i++)
        printf("%x", (!!isalpha(i)) | (!!isdigit(i)) << 1 | (!!isspace(i)) << 2 | (!!ispunct(i)) << 3);
    printf("\n%d %d\n", (int)strtol("  12abc", &next, 10), *next);
    signal(SIGTERM, on_signal);
    raise(SIGTERM);
    for (int i = 0; i < 44; i++)
        printf("%d %s;", i, strerror(i));
    printf("\n");
    atexit(first);
    atexit(second);
    fflush(stdout);
    exit(300 & 0xFF);
}
