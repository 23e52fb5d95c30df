/* Comparing and mapping strings as an English reader would.
 *
 * A character has three weights: what it is (symbols before digits before letters), its accent and
 * its case (lower first). All characters' first weights decide before any second one does. In word
 * sort, the default, hyphen and apostrophe count only when everything else is equal. */
#include "kernel32.h"

static const char symbols[] = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

static BOOL is_word_mark(WCHAR c)
{
    return c == '-' || c == '\'';
}

/* The unaccented Latin letter, in the case of `c`; 0: not an accented letter. */
static WCHAR base_letter(WCHAR c)
{
    char plain;
    if (c < 0xC0 || c > 0x17F || c == 0xC6 || c == 0xE6 || c == 0xD7 || c == 0xF7 || c == 0xDF)
        return 0;
    if (WideCharToMultiByte(20127, 0, &c, 1, &plain, 1, NULL, NULL) != 1 || plain == '?') {
        static const char latin1[] =
            "AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y";
        if (c >= 0x100 || latin1[c - 0xC0] == '.') return 0;
        return (WCHAR)latin1[c - 0xC0];
    }
    return (WCHAR)plain;
}

static UINT first_weight(WCHAR c)
{
    WCHAR base = base_letter(c);
    if (base) c = base;
    if (c < 0x80) {
        if (c >= '0' && c <= '9') return 0x0D00 + (c - '0') * 4u;
        if ((c | 32) >= 'a' && (c | 32) <= 'z') return 0x0E00 + ((c | 32) - 'a') * 8u;
        for (UINT i = 0; symbols[i]; i++)
            if (symbols[i] == (char)c) return 0x0700 + i * 4;
        return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' ? 0x0600 + c : 0;
    }
    if (char_type1(c) & C1_ALPHA) return 0x1000 + upper_char(c);
    return 0x0800 + (c & 0x3FF);
}

static UINT second_weight(WCHAR c)
{
    return base_letter(c) ? upper_char(c) : 0;
}

static UINT third_weight(WCHAR c)
{
    return lower_char(c) != c;
}

static BOOL skipped(WCHAR c, DWORD flags)
{
    if (!(flags & SORT_STRINGSORT) && is_word_mark(c)) return TRUE;
    if (flags & NORM_IGNORESYMBOLS && char_type1(c) & C1_PUNCT) return TRUE;
    return !first_weight(c);
}

static int order(const WCHAR *left, const WCHAR *left_end, const WCHAR *right,
    const WCHAR *right_end, DWORD flags, UINT (*weight)(WCHAR))
{
    for (;;) {
        UINT l, r;
        while (left < left_end && skipped(*left, flags)) left++;
        while (right < right_end && skipped(*right, flags)) right++;
        if (left == left_end || right == right_end)
            return (left < left_end) - (right < right_end);
        l = weight(*left++);
        r = weight(*right++);
        if (l != r) return l < r ? -1 : 1;
    }
}

/* Where the first hyphen or apostrophe differs: the string without it comes first. */
static int mark_order(const WCHAR *left, const WCHAR *left_end, const WCHAR *right,
    const WCHAR *right_end)
{
    for (; left < left_end && right < right_end; left++, right++) {
        BOOL l = is_word_mark(*left), r = is_word_mark(*right);
        if (l != r) return l ? 1 : -1;
        if (l && *left != *right) return *left == '\'' ? -1 : 1;
    }
    return (left < left_end) - (right < right_end);
}

static int compare(const WCHAR *left, const WCHAR *left_end, const WCHAR *right,
    const WCHAR *right_end, DWORD flags)
{
    int result = order(left, left_end, right, right_end, flags, first_weight);
    if (!result && !(flags & (NORM_IGNORENONSPACE | LINGUISTIC_IGNOREDIACRITIC)))
        result = order(left, left_end, right, right_end, flags, second_weight);
    if (!result && !(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)))
        result = order(left, left_end, right, right_end, flags, third_weight);
    if (!result && !(flags & (SORT_STRINGSORT | NORM_IGNORESYMBOLS)))
        result = mark_order(left, left_end, right, right_end);
    return result;
}

int WINAPI CompareStringW(LCID locale, DWORD flags, PCNZWCH left, int left_length, PCNZWCH right,
    int right_length)
{
    (void)locale;
    if (!left || !right) return set_error(ERROR_INVALID_PARAMETER);
    if (flags & 0x0F8EFFC0u & ~(DWORD)(LINGUISTIC_IGNORECASE | LINGUISTIC_IGNOREDIACRITIC |
                                       SORT_STRINGSORT | SORT_DIGITSASNUMBERS | 0x0800E000u))
        return set_error(ERROR_INVALID_FLAGS);
    if (left_length < 0) left_length = (int)wcslen(left);
    if (right_length < 0) right_length = (int)wcslen(right);
    set_error(ERROR_SUCCESS);
    return CSTR_EQUAL + compare(left, left + left_length, right, right + right_length, flags);
}

int WINAPI CompareStringEx(LPCWSTR locale, DWORD flags, LPCWCH left, int left_length, LPCWCH right,
    int right_length, LPNLSVERSIONINFO version, LPVOID reserved, LPARAM parameter)
{
    (void)locale;
    (void)version;
    if (reserved || parameter) return set_error(ERROR_INVALID_PARAMETER);
    return CompareStringW(0, flags, left, left_length, right, right_length);
}

int WINAPI CompareStringA(LCID locale, DWORD flags, PCNZCH left, int left_length, PCNZCH right,
    int right_length)
{
    WCHAR *wide;
    int l, r, result;
    if (!left || !right) return set_error(ERROR_INVALID_PARAMETER);
    if (left_length < 0) left_length = (int)strlen(left);
    if (right_length < 0) right_length = (int)strlen(right);
    wide = allocate((SIZE_T)(left_length + right_length + 1) * sizeof(WCHAR));
    if (!wide) return 0;
    l = left_length ? MultiByteToWideChar(CP_ACP, 0, left, left_length, wide, left_length) : 0;
    r = right_length ? MultiByteToWideChar(CP_ACP, 0, right, right_length, wide + l, right_length)
                     : 0;
    result = CompareStringW(locale, flags & ~(DWORD)LOCALE_USE_CP_ACP, wide, l, wide + l, r);
    release(wide);
    return result;
}

int WINAPI CompareStringOrdinal(LPCWCH left, int left_length, LPCWCH right, int right_length,
    BOOL ignore_case)
{
    LONG result;
    if (!left || !right) return set_error(ERROR_INVALID_PARAMETER);
    if (left_length < 0) left_length = (int)wcslen(left);
    if (right_length < 0) right_length = (int)wcslen(right);
    result = RtlCompareUnicodeStrings(left, (SIZE_T)left_length, right, (SIZE_T)right_length,
        ignore_case != 0);
    return result < 0 ? CSTR_LESS_THAN : result > 0 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

struct key {
    BYTE *bytes;
    int size, count;
};

static void put(struct key *key, UINT byte)
{
    if (key->count < key->size) key->bytes[key->count] = (BYTE)byte;
    key->count++;
}

/* first weights 01 second weights 01 third weights 01 01 00, as documented for sort keys. */
static int sort_key(DWORD flags, const WCHAR *text, const WCHAR *end, BYTE *target, int size)
{
    struct key key = {target, size, 0};
    for (const WCHAR *c = text; c < end; c++) {
        if (skipped(*c, flags)) continue;
        for (UINT weight = first_weight(*c), unit = 0xFE * 0xFE; unit; unit /= 0xFE)
            put(&key, 2 + weight / unit % 0xFE);
    }
    put(&key, 1);
    for (const WCHAR *c = text; c < end && !(flags & NORM_IGNORENONSPACE); c++)
        if (!skipped(*c, flags)) put(&key, 2 + second_weight(*c) % 0xFE);
    put(&key, 1);
    for (const WCHAR *c = text; c < end && !(flags & NORM_IGNORECASE); c++)
        if (!skipped(*c, flags)) put(&key, 2 + third_weight(*c));
    put(&key, 1);
    put(&key, 1);
    put(&key, 0);
    if (size && key.count > size) return set_error(ERROR_INSUFFICIENT_BUFFER);
    return key.count;
}

int WINAPI LCMapStringEx(LPCWSTR locale, DWORD flags, LPCWSTR text, int length, LPWSTR target,
    int size, LPNLSVERSIONINFO version, LPVOID reserved, LPARAM parameter)
{
    (void)locale;
    (void)version;
    (void)parameter;
    if (!text || !length || size < 0 || (size && !target) || reserved)
        return set_error(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wcslen(text) + 1;
    if (flags & LCMAP_SORTKEY) {
        if (flags & (LCMAP_LOWERCASE | LCMAP_UPPERCASE)) return set_error(ERROR_INVALID_FLAGS);
        return sort_key(flags, text, text + length, (BYTE *)target, size);
    }
    if ((flags & LCMAP_TITLECASE) == LCMAP_TITLECASE) return set_error(ERROR_INVALID_FLAGS);
    if (!size) return length;
    if (size < length) return set_error(ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; i < length; i++) {
        WCHAR c = text[i];
        if (flags & LCMAP_LOWERCASE) c = lower_char(c);
        else if (flags & LCMAP_UPPERCASE) c = upper_char(c);
        if (flags & LCMAP_BYTEREV) c = (WCHAR)(c << 8 | c >> 8);
        target[i] = c;
    }
    return length;
}

int WINAPI LCMapStringW(LCID locale, DWORD flags, LPCWSTR text, int length, LPWSTR target, int size)
{
    (void)locale;
    return LCMapStringEx(NULL, flags, text, length, target, size, NULL, NULL, 0);
}

int WINAPI LCMapStringA(LCID locale, DWORD flags, LPCSTR text, int length, LPSTR target, int size)
{
    int count = text ? MultiByteToWideChar(CP_ACP, 0, text, length, NULL, 0) : 0, result = 0;
    WCHAR *wide, *mapped;
    if (!count) return set_error(ERROR_INVALID_PARAMETER);
    wide = allocate((SIZE_T)count * 2 * sizeof(WCHAR));
    if (!wide) return 0;
    mapped = wide + count;
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, count);
    if (flags & LCMAP_SORTKEY)
        result = LCMapStringW(locale, flags, wide, count, (WCHAR *)target, size);
    else if (LCMapStringW(locale, flags, wide, count, mapped, count))
        result = WideCharToMultiByte(CP_ACP, 0, mapped, count, target, size, NULL, NULL);
    release(wide);
    return result;
}

int WINAPI FoldStringW(DWORD flags, LPCWCH text, int length, LPWSTR target, int size)
{
    (void)flags;
    return LCMapStringEx(NULL, 0, text, length, target, size, NULL, NULL, 0);
}
