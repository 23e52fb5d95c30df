/* Private profiles: their text and its lines. */
#pragma once
#include "kernel32.h"

struct profile {
    WCHAR *text; /* allocated */
    SIZE_T length;
    BOOL unicode; /* the file is UTF-16 */
};

struct span {
    const WCHAR *start;
    SIZE_T length;
};

enum line_kind { LINE_EMPTY, LINE_SECTION, LINE_KEY, LINE_OTHER };
struct line {
    enum line_kind kind;
    SIZE_T start, end; /* in the text, with the line's end */
    struct span name, value, whole;
    BOOL has_value;
};

BOOL span_is(struct span span, const WCHAR *text);
BOOL profile_path(const WCHAR *name, WCHAR *path, DWORD size);
BOOL profile_load(struct profile *profile, const WCHAR *path); /* FALSE: the error is stored */
BOOL profile_line(const struct profile *profile, SIZE_T *at, struct line *line);
BOOL profile_section(const struct profile *profile, const WCHAR *section, SIZE_T *at);
BOOL profile_key(const struct profile *profile, const WCHAR *section, const WCHAR *key,
    struct line *line);
