/* Private profiles: changing a key or a section. The file is written anew as a whole. */
#include "profile.h"

static BOOL save(const WCHAR *path, const WCHAR *text, SIZE_T length, BOOL unicode)
{
    static const WCHAR mark = 0xFEFF;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
        FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD done;
    BOOL saved;
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    if (unicode) {
        saved = WriteFile(file, &mark, sizeof mark, &done, NULL)
            && WriteFile(file, text, (DWORD)length * sizeof(WCHAR), &done, NULL);
    } else {
        int size = WideCharToMultiByte(CP_ACP, 0, text, (int)length, NULL, 0, NULL, NULL);
        char *bytes = allocate((SIZE_T)size + 1);
        WideCharToMultiByte(CP_ACP, 0, text, (int)length, bytes, bytes ? size : 0, NULL, NULL);
        saved = bytes && WriteFile(file, bytes, (DWORD)size, &done, NULL);
        release(bytes);
    }
    CloseHandle(file);
    return saved;
}

/* [start, end) of the text becomes `lines`; the file is written. */
static BOOL replace(const struct profile *profile, const WCHAR *path, SIZE_T start, SIZE_T end,
    const WCHAR *lines)
{
    SIZE_T count = wcslen(lines), tail = profile->length - end;
    WCHAR *text = allocate((start + count + tail + 1) * sizeof(WCHAR));
    BOOL saved;
    if (!text) return FALSE;
    memcpy(text, profile->text, start * sizeof(WCHAR));
    memcpy(text + start, lines, count * sizeof(WCHAR));
    memcpy(text + start + count, profile->text + end, tail * sizeof(WCHAR));
    saved = save(path, text, start + count + tail, profile->unicode);
    release(text);
    return saved;
}

/* Where the section's lines begin and end, empty ones at the end left out; whole: with its heading.
 * Without such a section both are the end of the text. */
static BOOL extent(const struct profile *profile, const WCHAR *section, BOOL whole, SIZE_T *start,
    SIZE_T *end)
{
    struct line line;
    SIZE_T at = 0, heading = 0;
    BOOL found = FALSE;
    while (!found && profile_line(profile, &at, &line)) {
        found = line.kind == LINE_SECTION && span_is(line.name, section);
        heading = line.start;
    }
    *start = found && whole ? heading : at;
    *end = at;
    while (found && profile_line(profile, &at, &line) && line.kind != LINE_SECTION)
        if (line.kind != LINE_EMPTY || whole) *end = at;
    return found;
}

static BOOL open_for_change(struct profile *profile, const WCHAR *name, WCHAR *path)
{
    if (!profile_path(name, path, MAX_PATH)) return FALSE;
    if (!profile_load(profile, path)) {
        if (RtlGetLastWin32Error() != ERROR_FILE_NOT_FOUND) return FALSE;
        profile->text = allocate(sizeof(WCHAR));
        if (!profile->text) return FALSE;
        *profile->text = 0;
    }
    return TRUE;
}

/* A heading that starts on a line of its own, then `lines`. */
static BOOL append_section(const struct profile *profile, const WCHAR *path, const WCHAR *section,
    const WCHAR *lines)
{
    BOOL open = profile->length && profile->text[profile->length - 1] != '\n';
    WCHAR *text = allocate((wcslen(section) + wcslen(lines) + 8) * sizeof(WCHAR));
    BOOL saved;
    if (!text) return FALSE;
    wcscpy(text, open ? L"\r\n[" : L"[");
    wcscat(wcscat(wcscat(text, section), L"]\r\n"), lines);
    saved = replace(profile, path, profile->length, profile->length, text);
    release(text);
    return saved;
}

static BOOL set_key(const struct profile *profile, const WCHAR *path, const WCHAR *section,
    const WCHAR *key, const WCHAR *value)
{
    struct line line;
    SIZE_T start, end;
    WCHAR *text = allocate((wcslen(key) + wcslen(value) + 6) * sizeof(WCHAR));
    BOOL saved;
    if (!text) return FALSE;
    *text = 0;
    if (profile_key(profile, section, key, &line)) {
        memcpy(text, line.name.start, line.name.length * sizeof(WCHAR));
        text[line.name.length] = 0;
        wcscat(wcscat(wcscat(text, L"="), value), L"\r\n");
        saved = replace(profile, path, line.start, line.end, text);
    } else {
        BOOL found = extent(profile, section, FALSE, &start, &end);
        BOOL open = found && end && profile->text[end - 1] != '\n';
        wcscat(wcscat(wcscat(wcscat(wcscat(text, open ? L"\r\n" : L""), key), L"="), value),
            L"\r\n");
        saved = found ? replace(profile, path, end, end, text)
                      : append_section(profile, path, section, text);
    }
    release(text);
    return saved;
}

/* key NULL removes the section, value NULL the key; all NULL only flushes, which nothing needs. */
BOOL WINAPI WritePrivateProfileStringW(LPCWSTR section, LPCWSTR key, LPCWSTR value, LPCWSTR name)
{
    struct profile profile;
    struct line line;
    WCHAR path[MAX_PATH];
    SIZE_T start, end;
    BOOL done = TRUE;
    if (!section) return !key && !value ? FALSE : set_error(ERROR_FILE_NOT_FOUND);
    if (!open_for_change(&profile, name, path)) return FALSE;
    if (!key) {
        if (extent(&profile, section, TRUE, &start, &end))
            done = replace(&profile, path, start, end, L"");
    } else if (!value) {
        if (profile_key(&profile, section, key, &line))
            done = replace(&profile, path, line.start, line.end, L"");
    } else {
        while (*value == ' ' || *value == '\t') value++;
        done = set_key(&profile, path, section, key, value);
    }
    release(profile.text);
    return done;
}

/* The strings of a list as lines. */
static WCHAR *joined(const WCHAR *list)
{
    SIZE_T size = 1;
    for (const WCHAR *at = list; *at; at += wcslen(at) + 1) size += wcslen(at) + 2;
    WCHAR *lines = allocate(size * sizeof(WCHAR));
    if (!lines) return NULL;
    *lines = 0;
    for (; *list; list += wcslen(list) + 1) wcscat(wcscat(lines, list), L"\r\n");
    return lines;
}

/* list NULL removes the section. */
BOOL WINAPI WritePrivateProfileSectionW(LPCWSTR section, LPCWSTR list, LPCWSTR name)
{
    struct profile profile;
    WCHAR path[MAX_PATH], *lines = NULL;
    SIZE_T start, end;
    BOOL done = TRUE;
    if (!section) return FALSE;
    if (!list) return WritePrivateProfileStringW(section, NULL, NULL, name);
    if (!open_for_change(&profile, name, path)) return FALSE;
    lines = joined(list);
    if (!lines) done = FALSE;
    else if (extent(&profile, section, FALSE, &start, &end))
        done = replace(&profile, path, start, end, lines);
    else done = append_section(&profile, path, section, lines);
    release(lines);
    release(profile.text);
    return done;
}

/* Structures are hexadecimal digits and a sum of the bytes. */
BOOL WINAPI WritePrivateProfileStructW(LPCWSTR section, LPCWSTR key, LPVOID data, UINT size,
    LPCWSTR name)
{
    static const WCHAR digits[] = L"0123456789ABCDEF";
    BYTE *bytes = data, sum = 0;
    WCHAR *text;
    BOOL done;
    if (!section && !key && !data) return WritePrivateProfileStringW(NULL, NULL, NULL, name);
    if (!data) return WritePrivateProfileStringW(section, key, NULL, name);
    text = allocate(((SIZE_T)size * 2 + 3) * sizeof(WCHAR));
    if (!text) return FALSE;
    for (UINT i = 0; i <= size; i++) {
        BYTE byte = i < size ? bytes[i] : sum;
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
        sum = (BYTE)(sum + byte);
    }
    text[2 * size + 2] = 0;
    done = WritePrivateProfileStringW(section, key, text, name);
    release(text);
    return done;
}

static UINT hex(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

BOOL WINAPI GetPrivateProfileStructW(LPCWSTR section, LPCWSTR key, LPVOID data, UINT size,
    LPCWSTR name)
{
    DWORD room = size * 2 + 4;
    WCHAR *text = allocate(room * sizeof(WCHAR));
    BYTE sum = 0, *bytes = data;
    BOOL good;
    if (!text) return FALSE;
    good = GetPrivateProfileStringW(section, key, NULL, text, room, name) == size * 2 + 2;
    for (UINT i = 0; good && i <= size; i++) {
        UINT high = hex(text[2 * i]), low = hex(text[2 * i + 1]);
        BYTE byte = (BYTE)(high << 4 | low);
        good = high < 16 && low < 16 && (i < size || byte == sum);
        sum = (BYTE)(sum + byte);
    }
    for (UINT i = 0; good && i < size; i++)
        bytes[i] = (BYTE)(hex(text[2 * i]) << 4 | hex(text[2 * i + 1]));
    release(text);
    return good || set_error(ERROR_BAD_LENGTH);
}
