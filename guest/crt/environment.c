/* The environment: one wide and one narrow table, made when they are first wanted. */
#include "crt.h"

wchar_t **_wenviron;
char **_environ;

/* The names that start with '=' (cmd's current directories) are left out. */
static wchar_t **copy_of_block(void)
{
    wchar_t *block = GetEnvironmentStringsW(), *at;
    size_t count = 0;
    wchar_t **table;

    if (!block)
        return calloc(1, sizeof *table);
    for (at = block; *at; at += wcslen(at) + 1)
        count += *at != '=';
    table = calloc(count + 1, sizeof *table);
    count = 0;
    for (at = block; table && *at; at += wcslen(at) + 1)
        if (*at != '=')
            table[count++] = _wcsdup(at);
    FreeEnvironmentStringsW(block);
    return table;
}

wchar_t **crt_wide_environment(void)
{
    _lock(LOCK_ENV);
    if (!_wenviron)
        _wenviron = copy_of_block();
    _unlock(LOCK_ENV);
    return _wenviron;
}

static char **narrow_copy(wchar_t **wide)
{
    size_t count = 0;
    char **table;

    while (wide && wide[count])
        count++;
    table = calloc(count + 1, sizeof *table);
    for (size_t i = 0; table && i < count; i++)
        if (!(table[i] = crt_narrow(wide[i])))
            table[i] = _strdup("=");
    return table;
}

char **crt_narrow_environment(void)
{
    _lock(LOCK_ENV);
    if (!_environ)
        _environ = narrow_copy(crt_wide_environment());
    _unlock(LOCK_ENV);
    return _environ;
}

static size_t name_size(const wchar_t *entry)
{
    const wchar_t *equals = wcschr(entry, '=');

    return equals ? (size_t)(equals - entry) : wcslen(entry);
}

/* Index of the variable in the table, or of the table's end. */
static size_t find(wchar_t **table, const wchar_t *name, size_t size)
{
    size_t i = 0;

    while (table[i] && (name_size(table[i]) != size || _wcsnicmp(table[i], name, size)))
        i++;
    return i;
}

static size_t find_narrow(char **table, const char *name, size_t size)
{
    size_t i = 0;

    while (table[i] && (_strnicmp(table[i], name, size) || table[i][size] != '='))
        i++;
    return i;
}

wchar_t *_wgetenv(const wchar_t *name)
{
    wchar_t **table = crt_wide_environment();
    size_t i;

    if (!name || !table)
        return NULL;
    i = find(table, name, wcslen(name));
    return table[i] ? table[i] + name_size(table[i]) + 1 : NULL;
}

char *getenv(const char *name)
{
    char **table = crt_narrow_environment();
    size_t i, size;

    if (!name || !table)
        return NULL;
    size = strlen(name);
    i = find_narrow(table, name, size);
    return table[i] ? table[i] + size + 1 : NULL;
}

/* Puts, replaces or (entry NULL) removes an entry in a table of strings; takes the entry over. */
static bool change(void ***table, size_t at, void *entry)
{
    size_t count = at;
    void **grown;

    while ((*table)[count])
        count++;
    if ((*table)[at]) {
        free((*table)[at]);
        if (entry)
            (*table)[at] = entry;
        else
            memmove(*table + at, *table + at + 1, (count - at) * sizeof(void *));
        return true;
    }
    if (!entry)
        return true;
    grown = realloc(*table, (count + 2) * sizeof(void *));
    if (!grown)
        return false;
    grown[count] = entry;
    grown[count + 1] = NULL;
    *table = grown;
    return true;
}

/* The entry "NAME=value" for all three: both tables and the process's block. */
static int set(const wchar_t *name, const wchar_t *value)
{
    size_t size = wcslen(name), room = size + wcslen(value) + 2;
    wchar_t *entry = NULL;
    bool ok = crt_wide_environment() != NULL;

    if (!size || wcschr(name, '='))
        return crt_invalid(EINVAL);
    if (*value) {
        entry = malloc(room * sizeof *entry);
        if (!entry)
            return ENOMEM;
        wcscpy(entry, name);
        wcscat(entry, L"=");
        wcscat(entry, value);
    }
    _lock(LOCK_ENV);
    if (_environ) {
        char *narrow_name = crt_narrow(name), *narrow = entry ? crt_narrow(entry) : NULL;
        if (narrow_name)
            change((void ***)&_environ,
                   find_narrow(_environ, narrow_name, strlen(narrow_name)), narrow);
        free(narrow_name);
    }
    ok = ok && change((void ***)&_wenviron, find(_wenviron, name, size), entry);
    _unlock(LOCK_ENV);
    SetEnvironmentVariableW(name, *value ? value : NULL);
    return ok ? 0 : ENOMEM;
}

int _wputenv_s(const wchar_t *name, const wchar_t *value)
{
    return name && value ? set(name, value) : crt_invalid(EINVAL);
}

int _wputenv(const wchar_t *entry)
{
    wchar_t *name, *equals;
    int result;

    if (!entry || !(equals = wcschr(entry, '=')) || equals == entry)
        return crt_invalid(EINVAL), -1;
    name = _wcsdup(entry);
    if (!name)
        return -1;
    name[equals - entry] = 0;
    result = set(name, equals + 1);
    free(name);
    return result ? -1 : 0;
}

int _putenv(const char *entry)
{
    wchar_t *wide = entry ? crt_widen(entry) : NULL;
    int result = _wputenv(wide);

    free(wide);
    return result;
}

int _putenv_s(const char *name, const char *value)
{
    wchar_t *wide_name = name ? crt_widen(name) : NULL, *wide = value ? crt_widen(value) : NULL;
    int result = _wputenv_s(wide_name, wide);

    free(wide_name);
    free(wide);
    return result;
}

#define CHECKED(CH, getenv_s, dupenv_s, getenv, len, dup)                                     \
    int getenv_s(size_t *size, CH *out, size_t room, const CH *name)                          \
    {                                                                                         \
        CH *value;                                                                            \
        if (!size || (!out && room) || (out && !room) || !name)                               \
            return crt_invalid(EINVAL);                                                       \
        if (out)                                                                              \
            *out = 0;                                                                         \
        value = getenv(name);                                                                 \
        *size = value ? len(value) + 1 : 0;                                                   \
        if (!value || !out)                                                                   \
            return 0;                                                                         \
        if (*size > room)                                                                     \
            return errno = ERANGE;                                                            \
        memcpy(out, value, *size * sizeof *out);                                              \
        return 0;                                                                             \
    }                                                                                         \
    int dupenv_s(CH **out, size_t *size, const CH *name)                                      \
    {                                                                                         \
        CH *value;                                                                            \
        if (!out || !name)                                                                    \
            return crt_invalid(EINVAL);                                                       \
        value = getenv(name);                                                                 \
        *out = value ? dup(value) : NULL;                                                     \
        if (size)                                                                             \
            *size = *out ? len(*out) + 1 : 0;                                                 \
        return value && !*out ? ENOMEM : 0;                                                   \
    }
CHECKED(char, getenv_s, _dupenv_s, getenv, strlen, _strdup)
CHECKED(wchar_t, _wgetenv_s, _wdupenv_s, _wgetenv, wcslen, _wcsdup)

char ***__p__environ(void)
{
    crt_narrow_environment();
    return &_environ;
}

wchar_t ***__p__wenviron(void)
{
    crt_wide_environment();
    return &_wenviron;
}

char **_get_initial_narrow_environment(void)
{
    return crt_narrow_environment();
}

wchar_t **_get_initial_wide_environment(void)
{
    return crt_wide_environment();
}

int _initialize_narrow_environment(void)
{
    return crt_narrow_environment() ? 0 : -1;
}

int _initialize_wide_environment(void)
{
    return crt_wide_environment() ? 0 : -1;
}

int _get_environ(char ***out)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = crt_narrow_environment();
    return 0;
}

int _get_wenviron(wchar_t ***out)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = crt_wide_environment();
    return 0;
}
