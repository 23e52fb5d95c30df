/* The C library's string functions that ntdll exports: wide. */
#include "ntdll.h"

size_t CDECL wcslen(const wchar_t *string)
{
    const wchar_t *at = string;
    while (*at)
        at++;
    return at - string;
}

size_t CDECL wcsnlen(const wchar_t *string, size_t count)
{
    size_t length = 0;
    while (length < count && string[length])
        length++;
    return length;
}

int CDECL wcsncmp(const wchar_t *left, const wchar_t *right, size_t count)
{
    for (; count; count--, left++, right++)
        if (*left != *right || !*left)
            return *left < *right ? -1 : *left > *right;
    return 0;
}

int CDECL wcscmp(const wchar_t *left, const wchar_t *right)
{
    return wcsncmp(left, right, (size_t)-1);
}

int CDECL _wcsnicmp(const wchar_t *left, const wchar_t *right, size_t count)
{
    for (; count; count--, left++, right++) {
        int difference = towlower(*left) - towlower(*right);
        if (difference || !*left)
            return difference;
    }
    return 0;
}

int CDECL _wcsicmp(const wchar_t *left, const wchar_t *right)
{
    return _wcsnicmp(left, right, (size_t)-1);
}

wchar_t *CDECL wcscpy(wchar_t *target, const wchar_t *source)
{
    return memcpy(target, source, (wcslen(source) + 1) * sizeof(wchar_t));
}

wchar_t *CDECL wcscat(wchar_t *target, const wchar_t *source)
{
    wcscpy(target + wcslen(target), source);
    return target;
}

wchar_t *CDECL wcsncpy(wchar_t *target, const wchar_t *source, size_t count)
{
    size_t length = wcsnlen(source, count);
    memcpy(target, source, length * sizeof(wchar_t));
    memset(target + length, 0, (count - length) * sizeof(wchar_t));
    return target;
}

wchar_t *CDECL wcsncat(wchar_t *target, const wchar_t *source, size_t count)
{
    size_t length = wcsnlen(source, count);
    wchar_t *end = target + wcslen(target);
    memcpy(end, source, length * sizeof(wchar_t));
    end[length] = 0;
    return target;
}

wchar_t *CDECL wcschr(const wchar_t *string, wchar_t value)
{
    for (;; string++) {
        if (*string == value)
            return (wchar_t *)string;
        if (!*string)
            return NULL;
    }
}

wchar_t *CDECL wcsrchr(const wchar_t *string, wchar_t value)
{
    const wchar_t *found = NULL;
    do {
        if (*string == value)
            found = string;
    } while (*string++);
    return (wchar_t *)found;
}

size_t CDECL wcsspn(const wchar_t *string, const wchar_t *set)
{
    size_t count = 0;
    while (string[count] && wcschr(set, string[count]))
        count++;
    return count;
}

size_t CDECL wcscspn(const wchar_t *string, const wchar_t *set)
{
    size_t count = 0;
    while (string[count] && !wcschr(set, string[count]))
        count++;
    return count;
}

wchar_t *CDECL wcspbrk(const wchar_t *string, const wchar_t *set)
{
    string += wcscspn(string, set);
    return *string ? (wchar_t *)string : NULL;
}

wchar_t *CDECL wcsstr(const wchar_t *string, const wchar_t *part)
{
    size_t length = wcslen(part);
    for (; *string || !length; string++)
        if (!wcsncmp(string, part, length))
            return (wchar_t *)string;
    return NULL;
}

wchar_t *CDECL _wcslwr(wchar_t *string)
{
    for (wchar_t *at = string; *at; at++)
        *at = towlower(*at);
    return string;
}

wchar_t *CDECL _wcsupr(wchar_t *string)
{
    for (wchar_t *at = string; *at; at++)
        *at = towupper(*at);
    return string;
}

size_t CDECL mbstowcs(wchar_t *target, const char *source, size_t count)
{
    ULONG written;
    if (!target)
        return strlen(source);
    RtlMultiByteToUnicodeN(target, count * sizeof(wchar_t), &written, source, strlen(source) + 1);
    size_t done = written / sizeof(wchar_t);
    return done && !target[done - 1] ? done - 1 : done;
}

size_t CDECL wcstombs(char *target, const wchar_t *source, size_t count)
{
    ULONG written;
    if (!target)
        return wcslen(source);
    RtlUnicodeToMultiByteN(target, count, &written, source,
                           (wcslen(source) + 1) * sizeof(wchar_t));
    return written && !target[written - 1] ? written - 1 : written;
}
