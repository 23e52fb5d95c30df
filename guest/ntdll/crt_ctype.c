/* Character classes of the "C" locale. */
#include "ntdll.h"
#undef isupper
#undef isdigit
#undef __isascii
#undef __toascii
#undef __iscsymf
#undef __iscsym
#undef iswalpha
#undef iswdigit
#undef iswlower
#undef iswspace
#undef iswxdigit

enum { UPPER = 1, LOWER = 2, DIGIT = 4, SPACE = 8, PUNCTUATION = 16, CONTROL = 32, HEX = 128 };

static int ClassOf(int c)
{
    if (c < 0 || c > 0x7F)
        return 0;
    if (c < 0x20 || c == 0x7F)
        return CONTROL | (c >= 9 && c <= 13 ? SPACE : 0);
    if (c == ' ')
        return SPACE;
    if (c >= '0' && c <= '9')
        return DIGIT | HEX;
    if (c >= 'A' && c <= 'Z')
        return UPPER | (c <= 'F' ? HEX : 0);
    if (c >= 'a' && c <= 'z')
        return LOWER | (c <= 'f' ? HEX : 0);
    return PUNCTUATION;
}

#define CLASSIFY(name, classes) \
    int CDECL name(int c) \
    { \
        return ClassOf(c) & (classes); \
    }
CLASSIFY(isalnum, UPPER | LOWER | DIGIT)
CLASSIFY(isalpha, UPPER | LOWER)
CLASSIFY(iscntrl, CONTROL)
CLASSIFY(isdigit, DIGIT)
CLASSIFY(isgraph, UPPER | LOWER | DIGIT | PUNCTUATION)
CLASSIFY(islower, LOWER)
CLASSIFY(ispunct, PUNCTUATION)
CLASSIFY(isspace, SPACE)
CLASSIFY(isupper, UPPER)
CLASSIFY(isxdigit, HEX)

int CDECL isprint(int c)
{
    return c >= 0x20 && c < 0x7F;
}

int CDECL __isascii(int c)
{
    return (unsigned)c < 0x80;
}

int CDECL __toascii(int c)
{
    return c & 0x7F;
}

int CDECL __iscsymf(int c)
{
    return isalpha(c) || c == '_';
}

int CDECL __iscsym(int c)
{
    return isalnum(c) || c == '_';
}

int CDECL iswctype(wint_t c, wctype_t type)
{
    return ClassOf(c) & (type & 0xFF);
}

int CDECL iswalpha(wint_t c)
{
    return isalpha(c);
}

int CDECL iswdigit(wint_t c)
{
    return isdigit(c);
}

int CDECL iswlower(wint_t c)
{
    return islower(c);
}

int CDECL iswspace(wint_t c)
{
    return isspace(c);
}

int CDECL iswxdigit(wint_t c)
{
    return isxdigit(c);
}

int CDECL tolower(int value)
{
    return value >= 'A' && value <= 'Z' ? value + 32 : value;
}

int CDECL toupper(int value)
{
    return value >= 'a' && value <= 'z' ? value - 32 : value;
}

wchar_t CDECL towlower(wchar_t value)
{
    return RtlDowncaseUnicodeChar(value);
}

wchar_t CDECL towupper(wchar_t value)
{
    return RtlUpcaseUnicodeChar(value);
}
