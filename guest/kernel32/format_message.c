/* FormatMessage: message text with inserts `%1`, `%2!printf format!` and escapes. */
#include "kernel32.h"

int _snwprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...);

struct output {
    WCHAR *text;
    SIZE_T length, room;
    SIZE_T line; /* characters since the last line break, for wrapping */
    DWORD width; /* 0: lines as in the message; else breaks in the message are blanks */
};

static BOOL put(struct output *out, WCHAR c)
{
    if (out->length + 1 >= out->room) {
        SIZE_T room = out->room ? out->room * 2 : 256;
        WCHAR *text = allocate(room * sizeof(WCHAR));
        if (!text) return FALSE;
        memcpy(text, out->text, out->length * sizeof(WCHAR));
        if (out->text) release(out->text);
        out->text = text;
        out->room = room;
    }
    out->text[out->length++] = c;
    out->line = c == '\n' ? 0 : out->line + 1;
    return TRUE;
}

static BOOL put_text(struct output *out, const WCHAR *text)
{
    for (; *text; text++)
        if (!put(out, *text)) return FALSE;
    return TRUE;
}

struct inserts {
    DWORD flags;
    BOOL ansi; /* what %1 without a format is: FormatMessageA's are ANSI strings */
    va_list *list;
    ULONG_PTR *array;
    ULONG_PTR values[100];
    int fetched;
};

static ULONG_PTR argument(struct inserts *inserts, int number)
{
    if (inserts->flags & FORMAT_MESSAGE_ARGUMENT_ARRAY) return inserts->array[number - 1];
    while (inserts->fetched < number)
        inserts->values[inserts->fetched++] = va_arg(*inserts->list, ULONG_PTR);
    return inserts->values[number - 1];
}

static BOOL put_string(struct output *out, const void *value, BOOL ansi)
{
    if (!value) return put_text(out, L"(null)");
    if (ansi) {
        WIDE(wide, value);
        return wide && put_text(out, wide);
    }
    return put_text(out, value);
}

/* `!format!` behind a number; a `*` in it takes the width from the next argument. */
static BOOL put_formatted(struct output *out, const WCHAR *format, SIZE_T length, int number,
    struct inserts *inserts)
{
    WCHAR text[512], own[32];
    WCHAR kind = length ? format[length - 1] : 0, before = length > 1 ? format[length - 2] : 0;
    ULONG_PTR value = argument(inserts, number);
    BOOL star = FALSE;
    if (length + 4 > COUNT(own)) return set_error(ERROR_INVALID_PARAMETER);
    own[0] = '%';
    for (SIZE_T i = 0; i < length; i++) {
        own[i + 1] = format[i];
        star |= format[i] == '*';
    }
    own[length + 1] = 0;
    if (kind == 's' || kind == 'S') {
        /* Plain `s` follows the caller's character set, `hs` is narrow, `ls` wide. */
        BOOL wide = before == 'l' || before == 'w';
        BOOL ansi = before == 'h' || (!wide && inserts->ansi != (kind == 'S'));
        SIZE_T prefix = before == 'h' || before == 'l' || before == 'w' ? 2 : 1;
        own[length + 1 - prefix] = ansi ? 'h' : 'l';
        own[length + 2 - prefix] = 's';
        own[length + 3 - prefix] = 0;
    }
    if (star) _snwprintf(text, COUNT(text), own, (int)value, argument(inserts, number + 1));
    else _snwprintf(text, COUNT(text), own, value);
    text[COUNT(text) - 1] = 0;
    return put_text(out, text);
}

/* `%` and what follows; returns the first character behind it, NULL on failure. */
static const WCHAR *insert(struct output *out, const WCHAR *c, struct inserts *inserts, BOOL *stop)
{
    int number;
    const WCHAR *start = c, *end;
    switch (*c) {
    case '0': *stop = TRUE; return c + 1;
    case 'n': return put(out, '\r') && put(out, '\n') ? c + 1 : NULL;
    case 'r': return put(out, '\r') ? c + 1 : NULL;
    case 't': return put(out, '\t') ? c + 1 : NULL;
    case 'b': return put(out, ' ') ? c + 1 : NULL;
    case 0: set_error(ERROR_INVALID_PARAMETER); return NULL;
    default: break;
    }
    if (*c < '1' || *c > '9' || inserts->flags & FORMAT_MESSAGE_IGNORE_INSERTS) {
        if (inserts->flags & FORMAT_MESSAGE_IGNORE_INSERTS && !put(out, '%')) return NULL;
        return put(out, *c) ? c + 1 : NULL;
    }
    number = *c++ - '0';
    if (*c >= '0' && *c <= '9') number = number * 10 + *c++ - '0';
    if (!inserts->list && !inserts->array) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (*c != '!')
        return put_string(out, (void *)argument(inserts, number), inserts->ansi) ? c : NULL;
    start = ++c;
    end = wcschr(start, '!');
    if (!end || !put_formatted(out, start, (SIZE_T)(end - start), number, inserts)) return NULL;
    return end + 1;
}

static BOOL format(struct output *out, const WCHAR *c, struct inserts *inserts)
{
    BOOL stop = FALSE;
    while (*c && !stop) {
        if (*c == '%') {
            c = insert(out, c + 1, inserts, &stop);
            if (!c) return FALSE;
        } else if (*c == '\r' || *c == '\n') {
            c += *c == '\r' && c[1] == '\n' ? 2 : 1;
            if (out->width ? !put(out, ' ') : !put(out, '\r') || !put(out, '\n')) return FALSE;
        } else if (!put(out, *c++)) {
            return FALSE;
        }
    }
    if (!put(out, 0)) return FALSE;
    out->length--;
    return TRUE;
}

/* The message as UTF-16 from the heap, or NULL with the error stored. */
static WCHAR *message_text(DWORD flags, LPCVOID source, DWORD id, DWORD language, BOOL ansi)
{
    const MESSAGE_RESOURCE_ENTRY *entry = NULL;
    const char *text = NULL;
    BOOL wide = FALSE;
    int size;
    WCHAR *copy;
    if (flags & FORMAT_MESSAGE_FROM_STRING) {
        text = source;
        wide = !ansi;
    } else {
        if (flags & FORMAT_MESSAGE_FROM_HMODULE)
            entry = find_message((HMODULE)source, id, language);
        if (entry) {
            text = (const char *)entry->Text;
            wide = (entry->Flags & 1) != 0;
        } else if (flags & FORMAT_MESSAGE_FROM_SYSTEM) {
            text = error_text(id);
        }
    }
    if (!text) {
        set_error(flags & FORMAT_MESSAGE_FROM_STRING ? ERROR_INVALID_PARAMETER
                                                     : ERROR_MR_MID_NOT_FOUND);
        return NULL;
    }
    size = wide ? (int)wcslen((const WCHAR *)text) + 1
                : MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    copy = allocate((SIZE_T)size * sizeof(WCHAR));
    if (copy && wide) memcpy(copy, text, (SIZE_T)size * sizeof(WCHAR));
    else if (copy) MultiByteToWideChar(CP_ACP, 0, text, -1, copy, size);
    return copy;
}

static WCHAR *formatted(DWORD flags, LPCVOID source, DWORD id, DWORD language, va_list *arguments,
    BOOL ansi, SIZE_T *length)
{
    struct inserts inserts = {.flags = flags, .ansi = ansi};
    struct output out = {.width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK};
    WCHAR *text = message_text(flags, source, id, language, ansi);
    if (!text) return NULL;
    if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY) inserts.array = (ULONG_PTR *)arguments;
    else inserts.list = arguments;
    if (!format(&out, text, &inserts)) {
        if (out.text) release(out.text);
        out.text = NULL;
    }
    release(text);
    *length = out.length;
    return out.text;
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPWSTR buffer,
    DWORD size, va_list *arguments)
{
    SIZE_T length;
    WCHAR *text, **allocated = (WCHAR **)buffer;
    if (!buffer) return (DWORD)set_error(ERROR_INVALID_PARAMETER);
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) *allocated = NULL;
    text = formatted(flags, source, id, language, arguments, FALSE, &length);
    if (!text) return 0;
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        *allocated = LocalAlloc(LMEM_ZEROINIT, max(size, length + 1) * sizeof(WCHAR));
        if (*allocated) memcpy(*allocated, text, (length + 1) * sizeof(WCHAR));
        else length = 0;
    } else if (length < size) {
        memcpy(buffer, text, (length + 1) * sizeof(WCHAR));
    } else {
        length = 0;
        set_error(ERROR_INSUFFICIENT_BUFFER);
    }
    release(text);
    return length;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPSTR buffer,
    DWORD size, va_list *arguments)
{
    SIZE_T length;
    DWORD needed;
    WCHAR *text;
    if (!buffer) return (DWORD)set_error(ERROR_INVALID_PARAMETER);
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) *(char **)buffer = NULL;
    text = formatted(flags, source, id, language, arguments, TRUE, &length);
    if (!text) return 0;
    needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        size = max(size, needed);
        buffer = *(char **)buffer = LocalAlloc(LMEM_ZEROINIT, size);
    }
    if (buffer && size >= needed)
        WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, (int)size, NULL, NULL);
    else
        needed = 1 + (DWORD)set_error(ERROR_INSUFFICIENT_BUFFER);
    release(text);
    return needed - 1;
}
