/* printf's engine for char. */
#include "crt.h"

typedef char CH;
#define ENGINE crt_format
#define PUT(file, text, count) (crt_put(file, text, count) == (count))

static void emit(struct sink *out, const CH *text, size_t count);

static void emit_narrow(struct sink *out, const char *text, size_t count)
{
    emit(out, text, count);
}

/* Bytes that the text takes within `limit`; -1 when a character does not convert. */
static size_t text_size(const void *text, size_t limit, bool wide)
{
    const char *end;
    size_t size = 0;
    char bytes[5];

    if (!wide) {
        end = memchr(text, 0, limit > INT_MAX ? INT_MAX : limit);
        return end ? (size_t)(end - (const char *)text) : limit;
    }
    for (const wchar_t *at = text; *at; at++) {
        int step = crt_wctomb(bytes, *at);
        if (step < 0)
            return (size_t)-1;
        if (size + (size_t)step > limit)
            break;
        size += (size_t)step;
    }
    return size;
}

static void emit_text(struct sink *out, const void *text, size_t size, bool wide)
{
    char bytes[5];

    if (!wide) {
        emit(out, text, size);
        return;
    }
    for (const wchar_t *at = text; size; at++) {
        int step = crt_wctomb(bytes, *at);
        emit(out, bytes, (size_t)step);
        size -= (size_t)step;
    }
}

static bool emit_character(struct sink *out, wchar_t c)
{
    char bytes[5];
    int size = crt_wctomb(bytes, c);

    if (size > 0)
        emit(out, bytes, (size_t)size);
    return size > 0;
}

static bool emit_byte(struct sink *out, char c)
{
    emit(out, &c, 1);
    return true;
}

#include "format.inc"
