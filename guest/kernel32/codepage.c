/* MultiByteToWideChar, WideCharToMultiByte and what describes code pages.
 *
 * ANSI is 1252 and OEM is 437, as on an English Windows. */
#include "kernel32.h"

#define ANSI_PAGE 1252
#define OEM_PAGE 437
#define REPLACEMENT 0xFFFD

UINT real_code_page(UINT number)
{
    if (number == CP_ACP || number == CP_THREAD_ACP) return ANSI_PAGE;
    return number == CP_OEMCP ? OEM_PAGE : number;
}

UINT WINAPI GetACP(void)
{
    return ANSI_PAGE;
}

UINT WINAPI GetOEMCP(void)
{
    return OEM_PAGE;
}

BOOL WINAPI IsValidCodePage(UINT number)
{
    return number == CP_UTF8 || (number > CP_THREAD_ACP && find_code_page(number));
}

BOOL WINAPI IsDBCSLeadByteEx(UINT page, BYTE byte)
{
    (void)byte;
    if (real_code_page(page) != CP_UTF8 && !find_code_page(page))
        return set_error(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI IsDBCSLeadByte(BYTE byte)
{
    (void)byte;
    return FALSE;
}

BOOL WINAPI GetCPInfo(UINT number, LPCPINFO info)
{
    if (!info || (number != CP_UTF8 && !find_code_page(number)))
        return set_error(ERROR_INVALID_PARAMETER);
    memset(info, 0, sizeof *info);
    info->MaxCharSize = number == CP_UTF8 ? 4 : 1;
    info->DefaultChar[0] = '?';
    return TRUE;
}

BOOL WINAPI GetCPInfoExW(UINT number, DWORD flags, LPCPINFOEXW info)
{
    static const WCHAR utf8[] = L"65001 (UTF-8)";
    const WCHAR *name = utf8;
    if (flags) return set_error(ERROR_INVALID_PARAMETER);
    if (!GetCPInfo(number, (LPCPINFO)info)) return FALSE;
    if (number != CP_UTF8) name = find_code_page(number)->name;
    info->UnicodeDefaultChar = number == CP_UTF8 ? REPLACEMENT : '?';
    info->CodePage = real_code_page(number);
    wide_out(name, (DWORD)wcslen(name), info->CodePageName, MAX_PATH);
    return TRUE;
}

BOOL WINAPI GetCPInfoExA(UINT number, DWORD flags, LPCPINFOEXA info)
{
    CPINFOEXW wide;
    if (!GetCPInfoExW(number, flags, &wide)) return FALSE;
    memcpy(info, &wide, offsetof(CPINFOEXA, CodePageName));
    narrow_out(wide.CodePageName, (DWORD)wcslen(wide.CodePageName), info->CodePageName, MAX_PATH,
        CP_ACP);
    return TRUE;
}

/* Where converted units go: only counted when `size` is 0. */
struct sink {
    void *units;
    SIZE_T size, count;
    BOOL full;
};

static void put_wide(struct sink *sink, WCHAR unit)
{
    if (sink->size) {
        if (sink->count >= sink->size) {
            sink->full = TRUE;
            return;
        }
        ((WCHAR *)sink->units)[sink->count] = unit;
    }
    sink->count++;
}

static void put_byte(struct sink *sink, BYTE unit)
{
    if (sink->size) {
        if (sink->count >= sink->size) {
            sink->full = TRUE;
            return;
        }
        ((BYTE *)sink->units)[sink->count] = unit;
    }
    sink->count++;
}

static int finish(const struct sink *sink)
{
    return sink->full ? set_error(ERROR_INSUFFICIENT_BUFFER) : (int)sink->count;
}

/* One code point of UTF-8, or -1 for an invalid part: a lead byte with the continuation bytes up to
 * the one that shows an overlong form, a surrogate or a number too great. */
static int next_utf8(const BYTE **at, const BYTE *end)
{
    const BYTE *p = *at;
    BYTE lead = *p++;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1, code;
    *at = p;
    if (lead < 0x80) return lead;
    if (lead < 0xC2 || lead > 0xF4) return -1;
    for (code = lead & (0x3F >> more); more; more--) {
        if (p == end || (*p & 0xC0) != 0x80) return -1;
        code = code << 6 | (*p++ & 0x3F);
        *at = p;
        if (more == 2 && lead < 0xF0 && (code < 0x20 || code >> 5 == 0x1B)) return -1;
        if (more == 3 && (code < 0x10 || code >= 0x110)) return -1;
    }
    return code;
}

static BOOL widen_utf8(struct sink *sink, const BYTE *p, const BYTE *end, BOOL strict)
{
    while (p < end && !sink->full) {
        int code = next_utf8(&p, end);
        if (code < 0) {
            if (strict) return FALSE;
            code = REPLACEMENT;
        }
        if (code > 0xFFFF) {
            put_wide(sink, (WCHAR)(0xD7C0 + (code >> 10)));
            code = 0xDC00 | (code & 0x3FF);
        }
        put_wide(sink, (WCHAR)code);
    }
    return TRUE;
}

static void widen_page(struct sink *sink, const BYTE *p, const BYTE *end, const WCHAR *high)
{
    for (; p < end && !sink->full; p++)
        put_wide(sink, *p < 0x80 ? *p : high ? high[*p - 0x80] : *p & 0x7F);
}

int WINAPI MultiByteToWideChar(UINT number, DWORD flags, LPCCH source, int length, LPWSTR target,
    int size)
{
    const DWORD page_flags =
        MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS;
    BOOL utf8 = number == CP_UTF8;
    const struct code_page *page = utf8 ? NULL : find_code_page(number);
    struct sink sink = {target, (SIZE_T)size, 0, FALSE};
    const BYTE *bytes = (const BYTE *)source, *end;
    if (!source || !length || size < 0 || (size && !target) || (!utf8 && !page) ||
        (void *)source == (void *)target)
        return set_error(ERROR_INVALID_PARAMETER);
    if (flags & ~(utf8 ? MB_ERR_INVALID_CHARS : page_flags)) return set_error(ERROR_INVALID_FLAGS);
    end = bytes + (length < 0 ? strlen(source) + 1 : (SIZE_T)length);
    if (!utf8) widen_page(&sink, bytes, end, page->high);
    else if (!widen_utf8(&sink, bytes, end, (flags & MB_ERR_INVALID_CHARS) != 0))
        return set_error(ERROR_NO_UNICODE_TRANSLATION);
    return finish(&sink);
}

static void put_utf8(struct sink *sink, int code)
{
    BYTE bytes[4];
    SIZE_T count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (SIZE_T i = count - 1; i; i--, code >>= 6) bytes[i] = (BYTE)(0x80 | (code & 0x3F));
    bytes[0] = (BYTE)(count == 1 ? code : (0xF00 >> count & 0xFF) | code);
    if (sink->size && sink->count + count > sink->size) sink->full = TRUE;
    for (SIZE_T i = 0; i < count && !sink->full; i++) put_byte(sink, bytes[i]);
}

static BOOL narrow_utf8(struct sink *sink, const WCHAR *p, const WCHAR *end, BOOL strict)
{
    while (p < end && !sink->full) {
        int code = *p++;
        if (code >= 0xD800 && code < 0xDC00 && p < end && *p >= 0xDC00 && *p < 0xE000) {
            code = 0x10000 + ((code & 0x3FF) << 10) + (*p++ & 0x3FF);
        } else if (code >= 0xD800 && code < 0xE000) {
            if (strict) return FALSE;
            code = REPLACEMENT;
        }
        put_utf8(sink, code);
    }
    return TRUE;
}

/* The byte of a character in a page, or -1. */
static int byte_of(const WCHAR *high, WCHAR c)
{
    if (c < 0x80) return c;
    for (int i = 0; high && i < 128; i++)
        if (high[i] == c) return 0x80 + i;
    return -1;
}

/* The closest character: full-width forms are the plain ones, Latin Extended-A has no accents. */
static int best_fit(const WCHAR *high, WCHAR c)
{
    static const char latin[] =
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi--JjKk-LlLlLl-"
        "-LlNnNnNn---OoOoOo--RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz-";
    static const char accents[] =
        "AAAAAA-CEEEEIIIIDNOOOOOxOUUUUY_-aaaaaa-ceeeeiiiidnooooo-ouuuuy_y";
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
    if (c >= 0x100 && c < 0x180) return latin[c - 0x100] == '-' ? -1 : latin[c - 0x100];
    if (high && c >= 0xC0 && c < 0x100) return accents[c - 0xC0] == '-' ? -1 : accents[c - 0xC0];
    if (c >= 0x2010 && c <= 0x2015) return '-';
    if (c == 0x2018 || c == 0x2019) return '\'';
    if (c == 0x201C || c == 0x201D) return '"';
    return -1;
}

struct narrowing {
    DWORD flags;
    const char *substitute;
    BOOL substituted;
};

static void narrow_page(struct sink *sink, const WCHAR *p, const WCHAR *end, const WCHAR *high,
    struct narrowing *how)
{
    for (; p < end && !sink->full; p++) {
        int byte = byte_of(high, *p);
        if (byte < 0 && !(how->flags & WC_NO_BEST_FIT_CHARS)) byte = best_fit(high, *p);
        if (byte < 0) {
            how->substituted = TRUE;
            if (*p >= 0xD800 && *p < 0xDC00 && p + 1 < end && p[1] >= 0xDC00 && p[1] < 0xE000)
                put_byte(sink, how->substitute ? (BYTE)*how->substitute : '?');
            byte = how->substitute ? (BYTE)*how->substitute : '?';
        }
        put_byte(sink, (BYTE)byte);
    }
}

int WINAPI WideCharToMultiByte(UINT number, DWORD flags, LPCWCH source, int length, LPSTR target,
    int size, LPCCH substitute, LPBOOL substituted)
{
    const DWORD page_flags = WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_COMPOSITECHECK |
                             WC_NO_BEST_FIT_CHARS;
    BOOL utf8 = number == CP_UTF8;
    const struct code_page *page = utf8 ? NULL : find_code_page(number);
    struct sink sink = {target, (SIZE_T)size, 0, FALSE};
    struct narrowing how = {flags, substitute, FALSE};
    const WCHAR *end;
    if (!source || !length || size < 0 || (size && !target) || (!utf8 && !page) ||
        (void *)source == (void *)target || (utf8 && (substitute || substituted)))
        return set_error(ERROR_INVALID_PARAMETER);
    if (flags & ~(utf8 ? WC_ERR_INVALID_CHARS : page_flags)) return set_error(ERROR_INVALID_FLAGS);
    end = source + (length < 0 ? wcslen(source) + 1 : (SIZE_T)length);
    if (!utf8) narrow_page(&sink, source, end, page->high, &how);
    else if (!narrow_utf8(&sink, source, end, (flags & WC_ERR_INVALID_CHARS) != 0))
        return set_error(ERROR_NO_UNICODE_TRANSLATION);
    if (substituted) *substituted = how.substituted;
    return finish(&sink);
}

BOOL WINAPI EnumSystemCodePagesW(CODEPAGE_ENUMPROCW callback, DWORD flags)
{
    static WCHAR numbers[][6] = {L"437", L"850", L"1250", L"1251", L"1252", L"20127", L"28591",
        L"65001"};
    (void)flags;
    for (SIZE_T i = 0; i < COUNT(numbers); i++)
        if (!callback(numbers[i])) break;
    return TRUE;
}
