/* What kind of character it is, and case. */
#include "kernel32.h"

WCHAR upper_char(WCHAR c)
{
    return RtlUpcaseUnicodeChar(c);
}

WCHAR lower_char(WCHAR c)
{
    return RtlDowncaseUnicodeChar(c);
}

static WORD ascii_type(WCHAR c)
{
    if (c == '\t') return C1_CNTRL | C1_SPACE | C1_BLANK;
    if (c >= '\n' && c <= '\r') return C1_CNTRL | C1_SPACE;
    if (c < ' ' || c == 0x7F) return C1_CNTRL;
    if (c == ' ') return C1_SPACE | C1_BLANK;
    if (c >= '0' && c <= '9') return C1_DIGIT | C1_XDIGIT;
    if (c >= 'A' && c <= 'Z') return C1_ALPHA | C1_UPPER | (c <= 'F' ? C1_XDIGIT : 0);
    if (c >= 'a' && c <= 'z') return C1_ALPHA | C1_LOWER | (c <= 'f' ? C1_XDIGIT : 0);
    return C1_PUNCT;
}

static WORD latin1_type(WCHAR c)
{
    if (c < 0xA0) return c == 0x85 ? C1_CNTRL | C1_SPACE : C1_CNTRL;
    switch (c) {
    case 0xA0: return C1_SPACE | C1_BLANK;
    case 0xAA:
    case 0xBA: return C1_ALPHA | C1_LOWER | C1_PUNCT;
    case 0xB5: return C1_ALPHA | C1_LOWER;
    case 0xB2:
    case 0xB3:
    case 0xB9: return C1_DIGIT | C1_PUNCT;
    case 0xAD: return C1_PUNCT | C1_CNTRL;
    case 0xD7:
    case 0xF7: return C1_PUNCT;
    default: return c < 0xC0 ? C1_PUNCT : C1_ALPHA | (c < 0xDF ? C1_UPPER : C1_LOWER);
    }
}

/* Letters without case: Hebrew to Thai, Hangul, kana and ideographs. */
static BOOL is_caseless_letter(WCHAR c)
{
    return (c >= 0x5D0 && c <= 0x5EA) || (c >= 0x620 && c <= 0x64A) || (c >= 0x904 && c <= 0xE30) ||
           (c >= 0x3041 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF);
}

WORD char_type1(WCHAR c)
{
    WORD type = 0;
    if (c < 0x80) return ascii_type(c) | C1_DEFINED;
    if (c < 0x100) return latin1_type(c) | C1_DEFINED;
    if (upper_char(c) != c) type = C1_ALPHA | C1_LOWER;
    else if (lower_char(c) != c) type = C1_ALPHA | C1_UPPER;
    else if (is_caseless_letter(c) || (c < 0x250)) type = C1_ALPHA;
    else if (c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000)
        type = C1_SPACE | C1_BLANK;
    else if (c == 0x2028 || c == 0x2029) type = C1_SPACE;
    else if ((c >= 0x2010 && c < 0x2C00) || (c >= 0x3001 && c < 0x3040)) type = C1_PUNCT;
    return type | C1_DEFINED;
}

/* The layout direction. */
static WORD char_type2(WCHAR c)
{
    if (c >= '0' && c <= '9') return C2_EUROPENUMBER;
    if (c == '+' || c == '-') return C2_EUROPESEPARATOR;
    if (c == ',' || c == '.' || c == ':' || c == '/') return C2_COMMONSEPARATOR;
    if (c == '#' || c == '$' || c == '%' || (c >= 0xA2 && c <= 0xA5)) return C2_EUROPETERMINATOR;
    if (c == '\n' || c == '\r') return C2_BLOCKSEPARATOR;
    if (c == '\t') return C2_SEGMENTSEPARATOR;
    if (c == ' ' || c == 0xA0) return C2_WHITESPACE;
    if (c >= 0x590 && c < 0x900) return C2_RIGHTTOLEFT;
    if (char_type1(c) & C1_ALPHA) return C2_LEFTTORIGHT;
    return char_type1(c) & C1_CNTRL ? C2_NOTAPPLICABLE : C2_OTHERNEUTRAL;
}

static WORD char_type3(WCHAR c)
{
    WORD type = 0;
    if (char_type1(c) & C1_ALPHA) type |= C3_ALPHA;
    else if (char_type1(c) & C1_PUNCT) type |= C3_SYMBOL;
    if (c >= 0x3041 && c < 0x30A0) type |= C3_HIRAGANA;
    if (c >= 0x30A0 && c < 0x3100) type |= C3_KATAKANA;
    if (c >= 0x3400 && c < 0xA000) type |= C3_IDEOGRAPH;
    if (c >= 0x300 && c < 0x370) type |= C3_NONSPACING | C3_DIACRITIC;
    if (c >= 0xD800 && c < 0xDC00) type |= C3_HIGHSURROGATE;
    if (c >= 0xDC00 && c < 0xE000) type |= C3_LOWSURROGATE;
    if (c >= 0xFF01 && c <= 0xFF5E) type |= C3_FULLWIDTH;
    return type;
}

BOOL WINAPI GetStringTypeW(DWORD what, LPCWCH text, int length, LPWORD types)
{
    if (!text || !types || !length) return set_error(ERROR_INVALID_PARAMETER);
    if (what != CT_CTYPE1 && what != CT_CTYPE2 && what != CT_CTYPE3)
        return set_error(ERROR_INVALID_FLAGS);
    if (length < 0) length = (int)wcslen(text) + 1;
    for (int i = 0; i < length; i++)
        types[i] = what == CT_CTYPE1 ? char_type1(text[i])
                 : what == CT_CTYPE2 ? char_type2(text[i]) : char_type3(text[i]);
    return TRUE;
}

BOOL WINAPI GetStringTypeExW(LCID locale, DWORD what, LPCWCH text, int length, LPWORD types)
{
    (void)locale;
    return GetStringTypeW(what, text, length, types);
}

BOOL WINAPI GetStringTypeA(LCID locale, DWORD what, LPCCH text, int length, LPWORD types)
{
    int count = MultiByteToWideChar(CP_ACP, 0, text, length, NULL, 0);
    WCHAR *wide = count ? allocate((SIZE_T)count * sizeof(WCHAR)) : NULL;
    BOOL done;
    if (!wide) return FALSE;
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, count);
    done = GetStringTypeExW(locale, what, wide, count, types);
    release(wide);
    return done;
}

BOOL WINAPI GetStringTypeExA(LCID locale, DWORD what, LPCCH text, int length, LPWORD types)
{
    return GetStringTypeA(locale, what, text, length, types);
}
