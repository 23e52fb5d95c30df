/* printf's engine for wchar_t. */
#include "crt.h"

typedef wchar_t CH;
#define ENGINE crt_wformat
#define PUT(file, text, count) put_wide(file, text, count)

static bool put_wide(FILE *f, const wchar_t *text, size_t count)
{
    while (count--)
        if (crt_putwc(*text++, f) == WEOF)
            return false;
    return true;
}

static void emit(struct sink *out, const CH *text, size_t count);

static void emit_narrow(struct sink *out, const char *text, size_t count)
{
    while (count--) {
        wchar_t wide = (uchar)*text++;
        emit(out, &wide, 1);
    }
}

/* Characters that the text takes within `limit`; -1 when one does not convert. */
static size_t text_size(const void *text, size_t limit, bool wide)
{
    size_t size = 0;
    wchar_t c;

    if (wide) {
        for (const wchar_t *at = text; size < limit && at[size]; size++)
            ;
        return size;
    }
    for (const char *at = text; size < limit && *at; size++) {
        int step = crt_mbtowc(&c, at, 4);
        if (step <= 0)
            return (size_t)-1;
        at += step;
    }
    return size;
}

static void emit_text(struct sink *out, const void *text, size_t size, bool wide)
{
    wchar_t c;

    if (wide) {
        emit(out, text, size);
        return;
    }
    for (const char *at = text; size; size--) {
        at += crt_mbtowc(&c, at, 4);
        emit(out, &c, 1);
    }
}

static bool emit_character(struct sink *out, wchar_t c)
{
    emit(out, &c, 1);
    return true;
}

static bool emit_byte(struct sink *out, char c)
{
    wchar_t wide;

    if (!c)
        wide = 0;
    else if (crt_mbtowc(&wide, &c, 1) <= 0)
        return false;
    emit(out, &wide, 1);
    return true;
}

#include "format.inc"
