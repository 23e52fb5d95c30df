/* Image File Execution Options: starting a debugger in the place of an image. */
#include "kernel32.h"

#define KeyValuePartialInformation 2
#define MOST_BYTES 1024

struct partial_value {
    ULONG index, type, length;
    WCHAR text[MOST_BYTES / sizeof(WCHAR) + 1];
};

static BOOL read_debugger(HANDLE key, struct partial_value *value)
{
    UNICODE_STRING name;
    ULONG needed;
    RtlInitUnicodeString(&name, L"Debugger");
    if (!set_status(NtQueryValueKey(key, &name, KeyValuePartialInformation, value,
            FIELD_OFFSET(struct partial_value, text) + MOST_BYTES, &needed)))
        return FALSE;
    value->text[value->length / sizeof(WCHAR)] = 0;
    return TRUE;
}

/* debugger "image", or debugger and the image's own command line. */
WCHAR *debugger_command(HANDLE options, const WCHAR *image, const WCHAR *command)
{
    struct partial_value value;
    BOOL known = read_debugger(options, &value);
    const WCHAR *tail = command ? command : image;
    WCHAR *line, *at;
    NtClose(options);
    if (!known) return NULL;
    line = allocate((wcslen(value.text) + wcslen(tail) + 4) * sizeof(WCHAR));
    if (!line) return NULL;
    wcscpy(line, value.text);
    wcscat(line, command ? L" " : L" \"");
    wcscat(line, tail);
    at = line + wcslen(line);
    if (!command) wcscpy(at, L"\"");
    return line;
}
