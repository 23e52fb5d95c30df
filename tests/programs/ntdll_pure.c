/* ntdll's functions that need no system call: strings, numbers, time, bitmaps, code pages.
 * Output recorded on Wine 8.0 (which takes 29 February 2023 for a date; Windows does not); an
 * argument names another DLL to take the functions from. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

typedef struct {
    USHORT Length, MaximumLength;
    WCHAR *Buffer;
} USTR;
typedef struct {
    USHORT Length, MaximumLength;
    char *Buffer;
} ASTR;

static HMODULE dll;

static void *get(const char *name)
{
    void *address = (void *)GetProcAddress(dll, name);
    if (!address)
        printf("missing %s\n", name);
    return address;
}

#define CALL(result, convention, name, parameters, arguments) \
    (((result(convention *) parameters)get(#name))arguments)

static void maths(void)
{
    static const long long values[] = {0,           1,           -1,          7,
                                       -7,          0x7FFFFFFF,  -0x80000000LL, 0x100000000LL,
                                       0x123456789ABCDEFLL, -0x123456789ABCDEFLL,
                                       0x7FFFFFFFFFFFFFFFLL, -0x7FFFFFFFFFFFFFFFLL,
                                       0xFFFFFFFFLL, 0x1FFFFFFFFLL};
    int count = sizeof values / sizeof *values;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < count; k++) {
            long long a = values[i], b = values[k];
            printf("%llx", CALL(long long, __stdcall, _allmul, (long long, long long), (a, b)));
            if (b)
                printf(" %llx %llx %llx %llx",
                       CALL(long long, __stdcall, _alldiv, (long long, long long), (a, b)),
                       CALL(long long, __stdcall, _allrem, (long long, long long), (a, b)),
                       CALL(long long, __stdcall, _aulldiv, (long long, long long), (a, b)),
                       CALL(long long, __stdcall, _aullrem, (long long, long long), (a, b)));
            printf("\n");
        }
}

static void narrow_printf(const char *format, ...)
{
    char buffer[64];
    va_list arguments;
    va_start(arguments, format);
    memset(buffer, '#', sizeof buffer);
    int count = CALL(int, __cdecl, _vsnprintf, (char *, size_t, const char *, va_list),
                     (buffer, sizeof buffer - 1, format, arguments));
    buffer[63] = 0;
    printf("%d [%.*s]\n", count, count < 0 ? 63 : count, buffer);
    va_end(arguments);
}

static void formats(void)
{
    narrow_printf("%d %i %u %o %x %X %c %s %%", -5, 6, 7u, 8u, 255u, 255u, 'c', "text");
    narrow_printf("[%5d][%-5d][%05d][%+d][% d][%.3d]", 42, 42, 42, 42, 42, 42);
    narrow_printf("[%#x][%#o][%8.4x][%-8x]", 255, 8, 0xAB, 0xAB);
    narrow_printf("%I64d %I64x %ls %S %hd", -1LL, 1LL << 40, L"wide", L"Wide", 70000);
    narrow_printf("[%10s][%-10s][%.2s][%*d]", "right", "left", "cut", 6, 9);
    narrow_printf("%p %s", (void *)0x1234, (char *)NULL);
    narrow_printf("0123456789012345678901234567890123456789012345678901234567890123456789");
    narrow_printf("%lu %ld %hx %I32u", 4294967295ul, -1l, 0x12345, 7);
}

static void numbers(void)
{
    static const char *texts[] = {"0", " 42", "-7", "+9x", "0x1F", "0b101", "0o17", "zz", "077"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int base = 0; base <= 16; base += base == 0 ? 2 : base == 2 ? 6 : base == 8 ? 2 : 6) {
            ULONG value = 0xDEAD;
            LONG status = CALL(LONG, __stdcall, RtlCharToInteger, (const char *, ULONG, ULONG *),
                               (texts[i], base, &value));
            printf("%s/%d %lx %lx\n", texts[i], base, status, value);
        }
    for (int base = 0; base <= 16; base++) {
        char text[40];
        memset(text, '#', sizeof text);
        text[39] = 0;
        LONG status = CALL(LONG, __stdcall, RtlIntegerToChar, (ULONG, ULONG, ULONG, char *),
                           (0xBEEF12, base, 30, text));
        printf("%d %lx %.12s\n", base, status, text);
    }
}

static void times(void)
{
    static const long long values[] = {0, 1, 864000000000LL, 116444736000000000LL,
                                       133000000000000000LL, 0x01D0000000000000LL,
                                       125911584000000000LL, 126227808009999999LL};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        short f[8];
        long long back = 0;
        ULONG seconds = 0;
        CALL(void, __stdcall, RtlTimeToTimeFields, (const long long *, short *), (&values[i], f));
        BOOLEAN ok = CALL(BOOLEAN, __stdcall, RtlTimeFieldsToTime, (short *, long long *),
                          (f, &back));
        BOOLEAN fits = CALL(BOOLEAN, __stdcall, RtlTimeToSecondsSince1970,
                            (const long long *, ULONG *), (&values[i], &seconds));
        printf("%d-%d-%d %d:%d:%d.%d day %d, %d %lld, %d %lu\n", f[0], f[1], f[2], f[3], f[4], f[5],
               f[6], f[7], ok, back / 10000, fits, fits ? seconds : 0);
    }
    short wrong[8] = {2023, 2, 29, 0, 0, 0, 0, 0};
    long long back;
    printf("%d\n", CALL(BOOLEAN, __stdcall, RtlTimeFieldsToTime, (short *, long long *),
                        (wrong, &back)));
}

static void bitmaps(void)
{
    ULONG bits[4] = {0};
    struct {
        ULONG size;
        ULONG *buffer;
    } map;
    CALL(void, __stdcall, RtlInitializeBitMap, (void *, ULONG *, ULONG), (&map, bits, 100));
    CALL(void, __stdcall, RtlSetBits, (void *, ULONG, ULONG), (&map, 3, 40));
    CALL(void, __stdcall, RtlClearBits, (void *, ULONG, ULONG), (&map, 10, 5));
    for (int count = 1; count < 70; count += 7)
        for (int hint = 0; hint < 100; hint += 24)
            printf("%ld %ld, ",
                   CALL(LONG, __stdcall, RtlFindClearBits, (void *, ULONG, ULONG),
                        (&map, count, hint)),
                   CALL(LONG, __stdcall, RtlFindSetBits, (void *, ULONG, ULONG),
                        (&map, count, hint)));
    printf("\n%lx %lx %lx %lx %lu %d %d\n", bits[0], bits[1], bits[2], bits[3],
           CALL(ULONG, __stdcall, RtlNumberOfSetBits, (void *), (&map)),
           CALL(BOOLEAN, __stdcall, RtlAreBitsSet, (void *, ULONG, ULONG), (&map, 3, 7)),
           CALL(BOOLEAN, __stdcall, RtlAreBitsClear, (void *, ULONG, ULONG), (&map, 9, 5)));
}

static void utf8(void)
{
    static const char *texts[] = {"plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                  "\xC0\x80", "\xED\xA0\x80", "\xE2\x82", "a\xFFz",
                                  "\xF4\x90\x80\x80", "\xE2\x28\xA1",
                                  "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xF5\x80\x80\x80",
                                  "\xED\xBF\xBF", "\xED\xA0", "\xF4\xBF", "\xE0\x9F",
                                  "\xF0\x9F\x98", "\xF4\x8F\xBFz", "\xE0\xA0z"};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        WCHAR wide[16];
        char back[32];
        ULONG size = 0, again = 0;
        LONG status = CALL(LONG, __stdcall, RtlUTF8ToUnicodeN,
                           (WCHAR *, ULONG, ULONG *, const char *, ULONG),
                           (wide, sizeof wide, &size, texts[i], strlen(texts[i])));
        printf("%lx:", status);
        for (unsigned k = 0; k < size / 2; k++)
            printf(" %04x", wide[k]);
        status = CALL(LONG, __stdcall, RtlUnicodeToUTF8N,
                      (char *, ULONG, ULONG *, const WCHAR *, ULONG),
                      (back, sizeof back, &again, wide, size));
        printf(" back %lx %lu\n", status, again);
    }
    WCHAR lone[] = {0xD800, 'x', 0xDC00};
    char bytes[16];
    ULONG size;
    LONG status = CALL(LONG, __stdcall, RtlUnicodeToUTF8N,
                       (char *, ULONG, ULONG *, const WCHAR *, ULONG),
                       (bytes, sizeof bytes, &size, lone, sizeof lone));
    printf("%lx %lu\n", status, size);
}

static void cases(void)
{
    static const WCHAR sample[] = {'a', 'z', 0xE0, 0xFF, 0x101, 0x153, 0x3B1, 0x3C2, 0x3C9, 0x430,
                                   0x451, 0xFF41, 0xDF, 0xD7, 0xF7, 0x131, '['};
    for (unsigned i = 0; i < sizeof sample / sizeof *sample; i++)
        printf("%04x ", CALL(WCHAR, __stdcall, RtlUpcaseUnicodeChar, (WCHAR), (sample[i])));
    static const WCHAR upper[] = {'A', 'Z', 0xC0, 0x178, 0x100, 0x152, 0x391, 0x3A9, 0x410, 0x401,
                                  0xFF21, 0xD7};
    for (unsigned i = 0; i < sizeof upper / sizeof *upper; i++)
        printf("%04x ", CALL(WCHAR, __stdcall, RtlDowncaseUnicodeChar, (WCHAR), (upper[i])));
    printf("\n");
    for (unsigned c = 0x80; c < 0x100; c++) {
        char byte = (char)c, back;
        WCHAR wide;
        ULONG size;
        CALL(LONG, __stdcall, RtlMultiByteToUnicodeN,
             (WCHAR *, ULONG, ULONG *, const char *, ULONG), (&wide, 2, &size, &byte, 1));
        CALL(LONG, __stdcall, RtlUnicodeToMultiByteN,
             (char *, ULONG, ULONG *, const WCHAR *, ULONG), (&back, 1, &size, &wide, 2));
        printf("%04x:%02x ", wide, (unsigned char)back);
    }
    printf("\n");
}

static void strings(void)
{
    WCHAR buffer[8];
    USTR target = {0, sizeof buffer, buffer}, text;
    CALL(void, __stdcall, RtlInitUnicodeString, (USTR *, const WCHAR *), (&text, L"abcdef"));
    printf("%u %u\n", text.Length, text.MaximumLength);
    for (int i = 0; i < 3; i++) {
        LONG status = CALL(LONG, __stdcall, RtlAppendUnicodeStringToString,
                           (USTR *, const USTR *), (&target, &text));
        printf("%lx %u\n", status, target.Length);
    }
    ULONG hash;
    CALL(LONG, __stdcall, RtlHashUnicodeString, (const USTR *, BOOLEAN, ULONG, ULONG *),
         (&text, TRUE, 1, &hash));
    printf("%lx\n", hash);
    static const WCHAR *pairs[][2] = {{L"abc", L"ABC"}, {L"abc", L"abd"}, {L"", L"a"},
                                      {L"abc", L"ab"}, {L"\xE9", L"\xC9"}};
    for (int i = 0; i < 5; i++) {
        USTR a, b;
        CALL(void, __stdcall, RtlInitUnicodeString, (USTR *, const WCHAR *), (&a, pairs[i][0]));
        CALL(void, __stdcall, RtlInitUnicodeString, (USTR *, const WCHAR *), (&b, pairs[i][1]));
        for (int fold = 0; fold < 2; fold++) {
            LONG order = CALL(LONG, __stdcall, RtlCompareUnicodeString,
                              (const USTR *, const USTR *, BOOLEAN), (&a, &b, fold));
            printf("%d %d %d, ", (order > 0) - (order < 0),
                   CALL(BOOLEAN, __stdcall, RtlEqualUnicodeString,
                        (const USTR *, const USTR *, BOOLEAN), (&a, &b, fold)),
                   CALL(BOOLEAN, __stdcall, RtlPrefixUnicodeString,
                        (const USTR *, const USTR *, BOOLEAN), (&b, &a, fold)));
        }
    }
    printf("\n%lx %lx\n", CALL(ULONG, __stdcall, RtlNtStatusToDosErrorNoTeb, (LONG), (0xC0000034)),
           CALL(ULONG, __stdcall, RtlNtStatusToDosErrorNoTeb, (LONG), (0xC0070057)));
}

static int __cdecl order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void memory(void)
{
    char text[32] = "0123456789abcdefghij";
    CALL(void *, __cdecl, memmove, (void *, const void *, size_t), (text + 3, text, 15));
    printf("%s ", text);
    CALL(void *, __cdecl, memmove, (void *, const void *, size_t), (text, text + 5, 14));
    printf("%s ", text);
    CALL(void *, __cdecl, memset, (void *, int, size_t), (text + 1, '-', 7));
    printf("%s %d\n", text, CALL(int, __cdecl, memcmp, (const void *, const void *, size_t),
                                 ("abcdefgh", "abcdefgi", 8)) < 0);
    int numbers[50];
    unsigned seed = 1;
    for (int i = 0; i < 50; i++)
        numbers[i] = (int)((seed = seed * 1103515245 + 12345) >> 16 & 1023);
    CALL(void, __cdecl, qsort, (void *, size_t, size_t, int(__cdecl *)(const void *, const void *)),
         (numbers, 50, sizeof(int), order));
    for (int i = 0; i < 50; i++)
        printf("%d ", numbers[i]);
    printf("%ld %ld %lx\n",
           CALL(long, __cdecl, strtol, (const char *, char **, int), ("-0x1Fz", NULL, 0)),
           CALL(long, __cdecl, strtol, (const char *, char **, int), ("99999999999", NULL, 10)),
           CALL(ULONG, __stdcall, RtlComputeCrc32, (ULONG, const void *, ULONG),
                (0, "123456789", 9)));
}

int main(int argc, char **argv)
{
    dll = LoadLibraryA(argc > 1 ? argv[1] : "ntdll.dll");
    maths();
    formats();
    numbers();
    times();
    bitmaps();
    utf8();
    cases();
    strings();
    memory();
    return 0;
}
