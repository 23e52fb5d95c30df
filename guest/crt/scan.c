/* scanf's engine for char. */
#include "crt.h"

typedef char CH;
typedef uchar UCH;
#define ENGINE crt_scan
#define READ(f) crt_getc(f)
#define UNREAD(c, f) crt_ungetc(c, f)
#define BLANK(c) (isspace(c) != 0)

struct target;
static bool put_character(struct target *out, int c);
static bool word_goes_on(const char *text, size_t size, int c, bool first);

#include "scan.inc"

static bool put_character(struct target *out, int c)
{
    char byte = (char)c;
    wchar_t wide;

    if (!out->room)
        return false;
    if (out->wide) {
        if (crt_mbtowc(&wide, &byte, 1) != 1)
            wide = (uchar)byte;
        *(wchar_t *)out->at = wide;
        out->at = (wchar_t *)out->at + 1;
    } else {
        *(char *)out->at = byte;
        out->at = (char *)out->at + 1;
    }
    if (out->room != SIZE_MAX)
        out->room--;
    return true;
}

/* Whether c carries on "inf", "infinity" or "nan" after the sign. */
static bool word_goes_on(const char *text, size_t size, int c, bool first)
{
    static const char *const words[] = {"infinity", "nan"};
    size_t sign = size && (text[0] == '-' || text[0] == '+'), at = size - sign;

    UNUSED(first);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (at < strlen(words[i]) && !_strnicmp(words[i], text + sign, at) &&
            words[i][at] == (c | 32))
            return true;
    return false;
}
