/* Character classes: the table of the "C" locale, and Unicode's for wide characters. */
#include "crt.h"

enum { UPPER = 1, LOWER = 2, DIGIT = 4, SPACE = 8, PUNCT = 16, CONTROL = 32, BLANK = 64, HEX = 128,
       ALPHA = 0x100, LETTER = ALPHA | UPPER | LOWER };

/* Index 0 is EOF. */
unsigned short _ctype[257];
unsigned short *_pctype = _ctype + 1;
static unsigned short *wide_types = _ctype + 1;
unsigned short *_pwctype;

bool crt_locale_start(void)
{
    for (int c = 0; c < 128; c++) {
        unsigned short type = c < 32 || c == 127 ? CONTROL : 0;

        if (c >= 'A' && c <= 'Z')
            type = UPPER | ALPHA | (c <= 'F' ? HEX : 0);
        else if (c >= 'a' && c <= 'z')
            type = LOWER | ALPHA | (c <= 'f' ? HEX : 0);
        else if (c >= '0' && c <= '9')
            type = DIGIT | HEX;
        else if (c == ' ')
            type = SPACE | BLANK;
        else if (c > 32 && c < 127)
            type = PUNCT;
        else if (c >= 9 && c <= 13)
            type = CONTROL | SPACE; /* A tab with BLANK would be printable. */
        _ctype[c + 1] = type;
    }
    _pwctype = wide_types;
    return true;
}

const unsigned short *__pctype_func(void)
{
    return _pctype;
}

unsigned short **__p__pctype(void)
{
    return &_pctype;
}

unsigned short **__p__pwctype(void)
{
    return &_pwctype;
}

const unsigned short *__pwctype_func(void)
{
    return _pwctype;
}

int _isctype(int c, int mask)
{
    return c >= -1 && c <= 255 ? _pctype[c] & mask : 0;
}

int _isctype_l(int c, int mask, void *locale)
{
    UNUSED(locale);
    return _isctype(c, mask);
}

static unsigned short wide_type(wint_t c)
{
    WORD type = 0;
    wchar_t wide = c;

    if (c < 128)
        return _ctype[c + 1];
    if (c == WEOF)
        return 0;
    return GetStringTypeW(CT_CTYPE1, &wide, 1, &type) ? type & 0x1FF : 0;
}

int iswctype(wint_t c, wctype_t mask)
{
    return wide_type(c) & mask;
}

int is_wctype(wint_t c, wctype_t mask)
{
    return iswctype(c, mask);
}

int _iswctype_l(wint_t c, wctype_t mask, void *locale)
{
    UNUSED(locale);
    return iswctype(c, mask);
}

#define CLASS(name, mask)                                                                     \
    int is##name(int c) { return _isctype(c, mask); }                                         \
    int _is##name##_l(int c, void *locale) { UNUSED(locale); return _isctype(c, mask); }      \
    int isw##name(wint_t c) { return iswctype(c, mask); }                                     \
    int _isw##name##_l(wint_t c, void *locale) { UNUSED(locale); return iswctype(c, mask); }
CLASS(alpha, LETTER)
CLASS(upper, UPPER)
CLASS(lower, LOWER)
CLASS(digit, DIGIT)
CLASS(xdigit, HEX)
CLASS(space, SPACE)
CLASS(punct, PUNCT)
CLASS(alnum, LETTER | DIGIT)
CLASS(print, BLANK | PUNCT | LETTER | DIGIT)
CLASS(graph, PUNCT | LETTER | DIGIT)
CLASS(cntrl, CONTROL)

int isblank(int c)
{
    return c == '\t' || c == ' ' ? BLANK : 0;
}

int _isblank_l(int c, void *locale)
{
    UNUSED(locale);
    return isblank(c);
}

int iswblank(wint_t c)
{
    return c == '\t' ? BLANK : iswctype(c, BLANK);
}

int _iswblank_l(wint_t c, void *locale)
{
    UNUSED(locale);
    return iswblank(c);
}

int __isascii(int c)
{
    return (unsigned)c < 128;
}

int __toascii(int c)
{
    return c & 127;
}

int iswascii(wint_t c)
{
    return c < 128;
}

int __iscsymf(int c)
{
    return isalpha(c) || c == '_';
}

int __iscsym(int c)
{
    return isalnum(c) || c == '_';
}

int __iswcsymf(wint_t c)
{
    return iswalpha(c) || c == '_';
}

int __iswcsym(wint_t c)
{
    return iswalnum(c) || c == '_';
}

int isleadbyte(int c)
{
    UNUSED(c);
    return 0;
}

int _isleadbyte_l(int c, void *locale)
{
    UNUSED(c), UNUSED(locale);
    return 0;
}

int tolower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

int toupper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

int _tolower(int c)
{
    return c + 32;
}

int _toupper(int c)
{
    return c - 32;
}

int _tolower_l(int c, void *locale)
{
    UNUSED(locale);
    return tolower(c);
}

int _toupper_l(int c, void *locale)
{
    UNUSED(locale);
    return toupper(c);
}

static wint_t mapped(wint_t c, DWORD how)
{
    wchar_t from = c, to = c;

    return LCMapStringW(LOCALE_INVARIANT, how, &from, 1, &to, 1) == 1 ? to : c;
}

wint_t towlower(wint_t c)
{
    if (c < 128)
        return (wint_t)tolower(c);
    return crt_global_locale.code_page && c != WEOF ? mapped(c, LCMAP_LOWERCASE) : c;
}

wint_t towupper(wint_t c)
{
    if (c < 128)
        return (wint_t)toupper(c);
    return crt_global_locale.code_page && c != WEOF ? mapped(c, LCMAP_UPPERCASE) : c;
}

wint_t _towlower_l(wint_t c, void *locale)
{
    UNUSED(locale);
    return towlower(c);
}

wint_t _towupper_l(wint_t c, void *locale)
{
    UNUSED(locale);
    return towupper(c);
}

static const struct { const char *name; unsigned short mask; } classes[] = {
    {"alnum", LETTER | DIGIT}, {"alpha", LETTER}, {"blank", BLANK}, {"cntrl", CONTROL},
    {"digit", DIGIT}, {"graph", PUNCT | LETTER | DIGIT}, {"lower", LOWER},
    {"print", BLANK | PUNCT | LETTER | DIGIT}, {"punct", PUNCT}, {"space", SPACE},
    {"upper", UPPER}, {"xdigit", HEX},
};

wctype_t wctype(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(classes); i++)
        if (!strcmp(name, classes[i].name))
            return classes[i].mask;
    return 0;
}

wctype_t wctrans(const char *name)
{
    if (name && !strcmp(name, "tolower"))
        return 1;
    return name && !strcmp(name, "toupper") ? 2 : 0;
}

wint_t towctrans(wint_t c, wctype_t how)
{
    return how == 1 ? towlower(c) : how == 2 ? towupper(c) : c;
}
