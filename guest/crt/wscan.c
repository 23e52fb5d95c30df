/* scanf's engine for wchar_t. */
#include "crt.h"

typedef wchar_t CH;
typedef wchar_t UCH;
#define ENGINE crt_wscan
#define READ(f) read_wide(f)
#define UNREAD(c, f) crt_ungetwc((wint_t)(c), f)
#define BLANK(c) (iswspace((wint_t)(c)) != 0)

struct target;
static int read_wide(FILE *f)
{
    wint_t c = crt_getwc(f);

    return c == WEOF ? EOF : c;
}

static bool put_character(struct target *out, int c);
static bool word_goes_on(const char *text, size_t size, int c, bool first);

#include "scan.inc"

static bool put_character(struct target *out, int c)
{
    char bytes[5];
    int size = 1;

    if (!out->room)
        return false;
    if (out->wide) {
        *(wchar_t *)out->at = (wchar_t)c;
        out->at = (wchar_t *)out->at + 1;
    } else {
        size = crt_wctomb(bytes, (wchar_t)c);
        if (size < 0 || (size_t)size > out->room)
            return false;
        memcpy(out->at, bytes, (size_t)size);
        out->at = (char *)out->at + size;
    }
    if (out->room != SIZE_MAX)
        out->room -= (size_t)size;
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
