/* The C library's string functions that ntdll exports: narrow. */
#include "ntdll.h"

size_t CDECL strlen(const char *string)
{
    const char *at = string;
    while (*at)
        at++;
    return at - string;
}

size_t CDECL strnlen(const char *string, size_t count)
{
    size_t length = 0;
    while (length < count && string[length])
        length++;
    return length;
}

/* The bit PAGE_SIZE is set if four characters from there on lie in two pages. */
static ULONG_PTR WordEnd(const char *text)
{
    return ((ULONG_PTR)text & (PAGE_SIZE - 1)) + sizeof(ULONG) - 1;
}

/* Four characters at a time: the loader compares names with it, mostly to find them equal. */
int CDECL strcmp(const char *left, const char *right)
{
    while (!((WordEnd(left) | WordEnd(right)) & PAGE_SIZE)) {
        ULONG a = *(const ULONG UNALIGNED *)left, b = *(const ULONG UNALIGNED *)right;
        ULONG end = (a - 0x01010101) & ~a & 0x80808080; /* its lowest bit is in the first zero */
        ULONG stop = (a ^ b) | end;
        if (stop) {
            ULONG shift = __builtin_ctz(stop) & ~7u;
            a = a >> shift & 0xFF, b = b >> shift & 0xFF;
            return (a > b) - (a < b);
        }
        left += sizeof(ULONG), right += sizeof(ULONG);
    }
    while (*left && *left == *right)
        left++, right++;
    return (UCHAR)*left < (UCHAR)*right ? -1 : (UCHAR)*left > (UCHAR)*right;
}

int CDECL strncmp(const char *left, const char *right, size_t count)
{
    for (; count; count--, left++, right++)
        if (*left != *right || !*left)
            return (UCHAR)*left < (UCHAR)*right ? -1 : (UCHAR)*left > (UCHAR)*right;
    return 0;
}

int CDECL _strnicmp(const char *left, const char *right, size_t count)
{
    for (; count; count--, left++, right++) {
        int difference = tolower((UCHAR)*left) - tolower((UCHAR)*right);
        if (difference || !*left)
            return difference;
    }
    return 0;
}

int CDECL _stricmp(const char *left, const char *right)
{
    return _strnicmp(left, right, (size_t)-1);
}

char *CDECL strcpy(char *target, const char *source)
{
    memcpy(target, source, strlen(source) + 1);
    return target;
}

char *CDECL strcat(char *target, const char *source)
{
    strcpy(target + strlen(target), source);
    return target;
}

char *CDECL strncpy(char *target, const char *source, size_t count)
{
    size_t length = strnlen(source, count);
    memcpy(target, source, length);
    memset(target + length, 0, count - length);
    return target;
}

char *CDECL strncat(char *target, const char *source, size_t count)
{
    size_t length = strnlen(source, count);
    char *end = target + strlen(target);
    memcpy(end, source, length);
    end[length] = 0;
    return target;
}

char *CDECL strchr(const char *string, int value)
{
    for (;; string++) {
        if (*string == (char)value)
            return (char *)string;
        if (!*string)
            return NULL;
    }
}

char *CDECL strrchr(const char *string, int value)
{
    const char *found = NULL;
    do {
        if (*string == (char)value)
            found = string;
    } while (*string++);
    return (char *)found;
}

size_t CDECL strspn(const char *string, const char *set)
{
    size_t count = 0;
    while (string[count] && strchr(set, string[count]))
        count++;
    return count;
}

size_t CDECL strcspn(const char *string, const char *set)
{
    size_t count = 0;
    while (string[count] && !strchr(set, string[count]))
        count++;
    return count;
}

char *CDECL strpbrk(const char *string, const char *set)
{
    string += strcspn(string, set);
    return *string ? (char *)string : NULL;
}

char *CDECL strstr(const char *string, const char *part)
{
    size_t length = strlen(part);
    for (; *string || !length; string++)
        if (!strncmp(string, part, length))
            return (char *)string;
    return NULL;
}

char *CDECL _strlwr(char *string)
{
    for (char *at = string; *at; at++)
        *at = (char)tolower((UCHAR)*at);
    return string;
}

char *CDECL _strupr(char *string)
{
    for (char *at = string; *at; at++)
        *at = (char)toupper((UCHAR)*at);
    return string;
}

/* Parts that the caller does not want may be NULL. */
void CDECL _splitpath(const char *path, char *drive, char *directory, char *name, char *extension)
{
    const char *dot = NULL, *start;
    size_t length = path[0] && path[1] == ':' ? 2 : 0;
    if (drive)
        strncpy(drive, path, length), drive[length] = 0;
    path += length;
    start = path;
    for (const char *at = path; *at; at++) {
        if (*at == '\\' || *at == '/')
            start = at + 1, dot = NULL;
        else if (*at == '.')
            dot = at;
    }
    if (!dot)
        dot = start + strlen(start);
    if (directory)
        strncpy(directory, path, start - path), directory[start - path] = 0;
    if (name)
        strncpy(name, start, dot - start), name[dot - start] = 0;
    if (extension)
        strcpy(extension, dot);
}
