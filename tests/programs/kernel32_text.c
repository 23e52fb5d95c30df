/* Code pages, comparing, mapping, locale facts, dates, messages.
 * Expected output recorded on Wine 8.0 (native i386); lines that differ on Windows follow its
 * documentation. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static void wide(UINT page, DWORD flags, const char *text, int length, int size)
{
    WCHAR out[16] = {0};
    SetLastError(0);
    int n = MultiByteToWideChar(page, flags, text, length, size ? out : NULL, size);
    printf("mb %u %lx: %d error %lu:", page, flags, n, GetLastError());
    for (int i = 0; i < n && size; i++) printf(" %04x", out[i]);
    printf("\n");
}

static void narrow(UINT page, DWORD flags, const WCHAR *text, int length, int size)
{
    char out[16] = {0};
    BOOL used = 9;
    SetLastError(0);
    int n = WideCharToMultiByte(page, flags, text, length, size ? out : NULL, size, NULL,
        page == CP_UTF8 ? NULL : &used);
    printf("wc %u %lx: %d used %d error %lu:", page, flags, n, used, GetLastError());
    for (int i = 0; i < n && size; i++) printf(" %02x", (BYTE)out[i]);
    printf("\n");
}

static void code_pages(void)
{
    wide(CP_UTF8, 0, "x", 0, 4);
    wide(12345, 0, "x", 1, 4);
    wide(CP_UTF8, MB_PRECOMPOSED, "x", 1, 4);
    wide(CP_UTF8, 0, "abc", -1, 2);
    wide(CP_UTF8, 0, "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", -1, 16);
    wide(CP_UTF8, 0, "\xC0\x80\xED\xA0\x80\xE2\x82z\xFF", -1, 16);
    wide(CP_UTF8, MB_ERR_INVALID_CHARS, "a\xFF", -1, 16);
    wide(CP_UTF8, 0, "abc", -1, 0);
    wide(CP_ACP, 0, "\x80\x93\xE9", 3, 16);
    wide(CP_OEMCP, 0, "\x80\x93\xE9", 3, 16);
    wide(437, 0, "\xB0\xFF", 2, 16);
    narrow(CP_UTF8, 0, L"a\xE9\x20AC\xD83D\xDE00", -1, 16);
    narrow(CP_UTF8, 0, L"\xD83Dx", -1, 16);
    narrow(CP_UTF8, WC_ERR_INVALID_CHARS, L"\xD83Dx", -1, 16);
    narrow(CP_UTF8, 0, L"\x20AC", 1, 2);
    narrow(CP_ACP, 0, L"\x20AC\x4E2D\xE9", 3, 16);
    narrow(CP_ACP, WC_NO_BEST_FIT_CHARS, L"\x101\x20AC", 2, 16);
    narrow(CP_ACP, 0, L"\x101\xFF21", 2, 16);
    narrow(437, 0, L"\xE9\xC0", 2, 16);
    CPINFO info;
    printf("GetCPInfo %d %u", GetCPInfo(CP_UTF8, &info), info.MaxCharSize);
    printf(" %d %u\n", GetCPInfo(1252, &info), info.MaxCharSize);
    printf("valid %d %d %d %d\n", IsValidCodePage(437), IsValidCodePage(1252), IsValidCodePage(65001),
        IsValidCodePage(4711));
    printf("lead %d\n", IsDBCSLeadByte(0x81));
}

static void compare(const char *a, const char *b)
{
    printf("%s %s: %d %d %d\n", a, b, CompareStringA(0x409, 0, a, -1, b, -1),
        CompareStringA(0x409, NORM_IGNORECASE, a, -1, b, -1), lstrcmpiA(a, b));
}

static void texts(void)
{
    WCHAR out[16];
    WORD types[8];
    compare("a", "b");
    compare("a", "B");
    compare("a", "A");
    compare("abc", "ab");
    compare("co-op", "coop");
    compare("1", "a");
    compare("_", "a");
    compare("\xE9", "e");
    compare("\xE9", "f");
    compare("", "a");
    printf("ordinal %d %d\n", CompareStringOrdinal(L"a", 1, L"B", 1, TRUE),
        CompareStringOrdinal(L"a", 1, L"B", 1, FALSE));
    printf("map %d", LCMapStringW(0x409, LCMAP_UPPERCASE, L"aB\xE9z", 5, out, 16));
    for (int i = 0; i < 5; i++) printf(" %04x", out[i]);
    printf("\nlower %d", LCMapStringW(0x409, LCMAP_LOWERCASE, L"aB\xC9Z", -1, out, 16));
    for (int i = 0; i < 5; i++) printf(" %04x", out[i]);
    SetLastError(0);
    printf("\nshort %d", LCMapStringW(0x409, LCMAP_LOWERCASE, L"abc", 3, out, 2));
    printf(" error %lu\n", GetLastError());
    GetStringTypeW(CT_CTYPE1, L"aZ5 .\t\xE9\x100", 8, types);
    for (int i = 0; i < 8; i++) printf(" %03x", types[i]);
    printf("\nMulDiv %d %d %d\n", MulDiv(7, 3, 2), MulDiv(-7, 3, 2), MulDiv(1, 1, 0));
    printf("lstr %d %d\n", lstrlenA("abc"), lstrlenA(NULL));
}

static void locales(void)
{
    static const LCTYPE types[] = {LOCALE_SDECIMAL, LOCALE_STHOUSAND, LOCALE_SSHORTDATE,
        LOCALE_SDAYNAME1, LOCALE_SABBREVMONTHNAME12, LOCALE_IDEFAULTANSICODEPAGE, LOCALE_SNAME,
        LOCALE_S1159, LOCALE_SISO639LANGNAME, LOCALE_ILANGUAGE};
    char text[80];
    DWORD number = 0;
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
        int n = GetLocaleInfoA(0x409, types[i], text, sizeof text);
        printf("%lx: %d %s\n", types[i], n, text);
    }
    printf("number %d", GetLocaleInfoW(0x409, LOCALE_IDIGITS | LOCALE_RETURN_NUMBER, (WCHAR *)&number, 2));
    printf(" %lu\n", number);
    static const char *const numbers[] = {"1234567.895", "-1234.5", "0.001", "12", "1e5"};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        strcpy(text, "-");
        SetLastError(0);
        int n = GetNumberFormatA(0x409, 0, numbers[i], NULL, text, sizeof text);
        printf("%s: %d %s error %lu\n", numbers[i], n, text, GetLastError());
    }
    SYSTEMTIME time = {2026, 11, 5, 20, 15, 4, 5, 678};
    GetDateFormatA(0x409, 0, &time, NULL, text, 80);
    printf("%s\n", text);
    GetDateFormatA(0x409, DATE_LONGDATE, &time, NULL, text, 80);
    printf("%s\n", text);
    GetDateFormatA(0x409, 0, &time, "ddd, dd MMM yy 'd''x'", text, 80);
    printf("%s\n", text);
    GetTimeFormatA(0x409, 0, &time, NULL, text, 80);
    printf("%s\n", text);
    GetTimeFormatA(0x409, TIME_FORCE24HOURFORMAT | TIME_NOSECONDS, &time, NULL, text, 80);
    printf("%s\n", text);
    GetTimeFormatA(0x409, 0, &time, "HH'h'mm:ss t tt", text, 80);
    printf("%s\n", text);
}

static void message(DWORD flags, const char *source, DWORD id, ...)
{
    char text[200] = "";
    va_list list;
    va_start(list, id);
    SetLastError(0);
    DWORD n = FormatMessageA(flags, source, id, 0, text, sizeof text, &list);
    va_end(list);
    printf("%lu error %lu [%s]\n", n, GetLastError(), text);
}

static void messages(void)
{
    char *text = NULL;
    message(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 999999);
    message(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, 193);
    message(FORMAT_MESSAGE_FROM_STRING, "%1 and %2!5d!|%%|%3!x!%0 tail", 0, "one", 42, 255);
    message(FORMAT_MESSAGE_FROM_STRING, "a%nb%tc", 0);
    message(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1 %%", 0);
    DWORD n = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER |
        FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL, ERROR_HANDLE_EOF, 0, (char *)&text, 0, NULL);
    printf("%lu\n", n);
    LocalFree(text);
}

int main(void)
{
    code_pages();
    texts();
    locales();
    messages();
    return 0;
}
