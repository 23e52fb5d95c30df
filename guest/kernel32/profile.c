/* Private profiles: the text of INI files, whole in memory as UTF-16.
 *
 * A file without a path is in the Windows directory. Lines are "[section]", "key=value" and
 * ";comment"; they end in CR, LF or both; spaces around names and values do not count (docs: GetPrivateProfileString). */
#include "profile.h"

static BOOL space(WCHAR c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span trimmed(const WCHAR *start, const WCHAR *end)
{
    while (start < end && space(*start)) start++;
    while (end > start && space(end[-1])) end--;
    return (struct span){start, (SIZE_T)(end - start)};
}

BOOL span_is(struct span span, const WCHAR *text)
{
    return span.length == wcslen(text) && !_wcsnicmp(span.start, text, span.length);
}

/* The file's name with its directory. */
BOOL profile_path(const WCHAR *name, WCHAR *path, DWORD size)
{
    if (!name) name = L"win.ini";
    if (wcspbrk(name, L"\\/:")) {
        DWORD length = GetFullPathNameW(name, size, path, NULL);
        return (length && length < size) || set_error(ERROR_FILE_NOT_FOUND);
    }
    UINT length = GetWindowsDirectoryW(path, size);
    if (length + wcslen(name) + 2 > size) return set_error(ERROR_FILENAME_EXCED_RANGE);
    wcscat(wcscat(path, L"\\"), name);
    return TRUE;
}

/* A UTF-16 file has a byte-order mark; any other is ANSI. */
static BOOL decode(struct profile *profile, const char *bytes, DWORD count)
{
    int length;
    if (count >= 2 && *(const WCHAR *)bytes == 0xFEFF) {
        profile->unicode = TRUE;
        profile->length = count / sizeof(WCHAR) - 1;
        profile->text = allocate((profile->length + 1) * sizeof(WCHAR));
        if (!profile->text) return FALSE;
        memcpy(profile->text, bytes + 2, profile->length * sizeof(WCHAR));
    } else {
        length = MultiByteToWideChar(CP_ACP, 0, bytes, (int)count, NULL, 0);
        profile->length = (SIZE_T)length;
        profile->text = allocate((profile->length + 1) * sizeof(WCHAR));
        if (!profile->text) return FALSE;
        MultiByteToWideChar(CP_ACP, 0, bytes, (int)count, profile->text, length);
    }
    profile->text[profile->length] = 0;
    return TRUE;
}

BOOL profile_load(struct profile *profile, const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size, done = 0;
    char *bytes;
    BOOL loaded = FALSE;
    *profile = (struct profile){0};
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    size = GetFileSize(file, NULL);
    bytes = size < 0x4000000 ? allocate(size + 1) : NULL;
    if (bytes && ReadFile(file, bytes, size, &done, NULL)) loaded = decode(profile, bytes, done);
    release(bytes);
    CloseHandle(file);
    return loaded;
}

/* The line at *at, which goes on to the next one; FALSE at the end. */
BOOL profile_line(const struct profile *profile, SIZE_T *at, struct line *line)
{
    const WCHAR *start = profile->text + *at, *end = start;
    const WCHAR *last = profile->text + profile->length, *equals;
    if (start >= last) return FALSE;
    while (end < last && *end != '\n' && *end != '\r') end++;
    *at = (SIZE_T)(end - profile->text) + (end < last);
    if (end + 1 < last && end[0] == '\r' && end[1] == '\n') ++*at;
    *line = (struct line){.kind = LINE_OTHER, .start = (SIZE_T)(start - profile->text), .end = *at};
    line->name = trimmed(start, end);
    if (!line->name.length) {
        line->kind = LINE_EMPTY;
    } else if (*line->name.start == '[') {
        const WCHAR *close = line->name.start + line->name.length;
        while (close > line->name.start && close[-1] != ']') close--;
        if (close > line->name.start) {
            line->kind = LINE_SECTION;
            line->name = trimmed(line->name.start + 1, close - 1);
        }
    } else if (*line->name.start != ';') {
        for (equals = start; equals < end && *equals != '=';) equals++;
        line->kind = LINE_KEY;
        line->whole = line->name;
        line->name = trimmed(start, equals);
        line->has_value = equals < end;
        line->value = line->has_value ? trimmed(equals + 1, end) : (struct span){end, 0};
    }
    return TRUE;
}

/* *at goes behind the section's heading. */
BOOL profile_section(const struct profile *profile, const WCHAR *section, SIZE_T *at)
{
    struct line line;
    *at = 0;
    while (profile_line(profile, at, &line))
        if (line.kind == LINE_SECTION && span_is(line.name, section)) return TRUE;
    return FALSE;
}

BOOL profile_key(const struct profile *profile, const WCHAR *section, const WCHAR *key,
    struct line *line)
{
    SIZE_T at;
    if (!profile_section(profile, section, &at)) return FALSE;
    while (profile_line(profile, &at, line) && line->kind != LINE_SECTION)
        if (line->kind == LINE_KEY && span_is(line->name, key)) return TRUE;
    return FALSE;
}

static struct span unquoted(struct span span)
{
    if (span.length > 1 && (*span.start == '"' || *span.start == '\'')
        && span.start[span.length - 1] == *span.start) {
        span.start++;
        span.length -= 2;
    }
    return span;
}

/* Lists of strings end in an empty one; a short buffer cuts the list and has both zeros still. */
struct list {
    WCHAR *buffer;
    DWORD size, used;
    BOOL full;
};

static void list_add(struct list *list, struct span span)
{
    if (list->full || list->size < 2) return;
    SIZE_T room = list->size - 2 - list->used;
    if (span.length > room) {
        span.length = room;
        list->full = TRUE;
    }
    memcpy(list->buffer + list->used, span.start, span.length * sizeof(WCHAR));
    list->used += (DWORD)span.length;
    if (!list->full) {
        list->buffer[list->used++] = 0;
        list->full = list->used + 1 >= list->size;
    }
}

static DWORD list_end(struct list *list)
{
    if (!list->size) return 0;
    if (list->size == 1) {
        *list->buffer = 0;
        return 0;
    }
    if (!list->used) list->buffer[1] = 0;
    list->buffer[list->used] = 0;
    if (!list->full) return list->used;
    list->buffer[list->size - 2] = list->buffer[list->size - 1] = 0;
    return list->size - 2;
}

static DWORD list_sections(const struct profile *profile, WCHAR *buffer, DWORD size)
{
    struct list list = {buffer, size, 0, FALSE};
    struct line line;
    for (SIZE_T at = 0; profile_line(profile, &at, &line);)
        if (line.kind == LINE_SECTION) list_add(&list, line.name);
    return list_end(&list);
}

/* Names alone, or whole lines. */
static DWORD list_keys(const struct profile *profile, const WCHAR *section, WCHAR *buffer,
    DWORD size, BOOL whole)
{
    struct list list = {buffer, size, 0, FALSE};
    struct line line;
    SIZE_T at;
    if (profile_section(profile, section, &at))
        while (profile_line(profile, &at, &line) && line.kind != LINE_SECTION)
            if (line.kind == LINE_KEY && (whole || line.has_value))
                list_add(&list, whole ? line.whole : line.name);
    return list_end(&list);
}

static DWORD store(struct span span, WCHAR *buffer, DWORD size)
{
    DWORD length = (DWORD)min(span.length, size - 1);
    memcpy(buffer, span.start, length * sizeof(WCHAR));
    buffer[length] = 0;
    return length;
}

DWORD WINAPI GetPrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR fallback,
    LPWSTR buffer, DWORD size, LPCWSTR name)
{
    struct profile profile;
    struct line line;
    WCHAR path[MAX_PATH];
    BOOL loaded, found = FALSE;
    DWORD length = 0;
    if (!buffer || !size) return 0;
    loaded = profile_path(name, path, COUNT(path)) && profile_load(&profile, path);
    if (loaded && !section) length = list_sections(&profile, buffer, size), found = TRUE;
    else if (loaded && !key) length = list_keys(&profile, section, buffer, size, FALSE), found = TRUE;
    else if (loaded && profile_key(&profile, section, key, &line)) {
        length = store(unquoted(line.value), buffer, size);
        found = TRUE;
    }
    if (!found) {
        const WCHAR *text = fallback ? fallback : L"";
        struct span whole = {text, wcslen(text)};
        while (whole.length && whole.start[whole.length - 1] == ' ') whole.length--;
        if (!section || !key) {
            struct list list = {buffer, size, 0, FALSE};
            if (whole.length) list_add(&list, whole);
            length = list_end(&list);
        } else {
            length = store(unquoted(whole), buffer, size);
        }
        if (loaded) set_error(ERROR_FILE_NOT_FOUND);
    }
    if (loaded) release(profile.text);
    return length;
}

DWORD WINAPI GetPrivateProfileSectionNamesW(LPWSTR buffer, DWORD size, LPCWSTR name)
{
    return GetPrivateProfileStringW(NULL, NULL, NULL, buffer, size, name);
}

DWORD WINAPI GetPrivateProfileSectionW(LPCWSTR section, LPWSTR buffer, DWORD size, LPCWSTR name)
{
    struct profile profile;
    WCHAR path[MAX_PATH];
    DWORD length;
    if (!section || !buffer) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (size) *buffer = 0;
    if (!profile_path(name, path, COUNT(path)) || !profile_load(&profile, path)) return 0;
    length = list_keys(&profile, section, buffer, size, TRUE);
    release(profile.text);
    return length;
}

/* Decimal with a sign, or 0x…; what follows the digits does not count. */
UINT WINAPI GetPrivateProfileIntW(LPCWSTR section, LPCWSTR key, INT fallback, LPCWSTR name)
{
    WCHAR text[32];
    UINT value = 0, base = 10;
    const WCHAR *at = text;
    if (!section || !key) return 0;
    if (!GetPrivateProfileStringW(section, key, L"", text, COUNT(text), name))
        return (UINT)fallback;
    BOOL negative = *at == '-';
    at += *at == '-' || *at == '+';
    if (at[0] == '0' && (at[1] | 0x20) == 'x') {
        base = 16;
        at += 2;
    }
    for (; *at; at++) {
        UINT digit = *at >= '0' && *at <= '9' ? *at - '0' : (UINT)(*at | 0x20) - 'a' + 10;
        if (digit >= base) break;
        value = value * base + digit;
    }
    return negative ? 0 - value : value;
}
