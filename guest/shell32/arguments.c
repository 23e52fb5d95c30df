/* CommandLineToArgvW: the first word is the program and knows no backslash; in the others 2n
 * backslashes before a quotation mark are n, 2n + 1 are n and a plain quotation mark. */
#include "rtl.h"
#include <string.h>

static const WCHAR *program(const WCHAR *c, WCHAR **out)
{
    BOOL quoted = *c == '"';
    if (quoted) c++;
    while (*c && (quoted ? *c != '"' : *c > ' ')) *(*out)++ = *c++;
    if (quoted && *c) c++;
    *(*out)++ = 0;
    return c;
}

static const WCHAR *argument(const WCHAR *c, WCHAR **out)
{
    BOOL quoted = FALSE;
    for (; *c && (quoted || (*c != ' ' && *c != '\t')); c++) {
        SIZE_T slashes = 0;
        while (*c == '\\') slashes++, c++;
        if (*c != '"') {
            while (slashes--) *(*out)++ = '\\';
            if (!*c || (!quoted && (*c == ' ' || *c == '\t'))) break;
            *(*out)++ = *c;
            continue;
        }
        for (SIZE_T i = slashes / 2; i; i--) *(*out)++ = '\\';
        if (slashes & 1) {
            *(*out)++ = '"';
        } else if (quoted && c[1] == '"') { /* two in a quoted part are one */
            *(*out)++ = '"';
            c++;
        } else {
            quoted = !quoted;
        }
    }
    *(*out)++ = 0;
    return c;
}

LPWSTR *WINAPI CommandLineToArgvW(LPCWSTR line, int *count)
{
    WCHAR own[MAX_PATH], **words, *out;
    SIZE_T length, room;
    if (!count) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!*line) { /* an empty line is the program's own path */
        GetModuleFileNameW(NULL, own, MAX_PATH);
        line = own;
    }
    length = wcslen(line);
    room = length / 2 + 3;
    words = LocalAlloc(0, room * sizeof *words + (length + 2) * 2 * sizeof(WCHAR));
    if (!words) return NULL;
    out = (WCHAR *)(words + room);
    words[0] = out;
    line = program(line, &out);
    for (*count = 1;; ++*count) {
        while (*line == ' ' || *line == '\t') line++;
        if (!*line) break;
        words[*count] = out;
        line = argument(line, &out);
    }
    words[*count] = NULL;
    return words;
}
