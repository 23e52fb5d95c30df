/* The command line as main gets it, by the rules documented under "Parsing C command-line
   arguments"; wildcards are expanded when the start-up code asks for it. */
#include "crt.h"

int __argc;
char **__argv;
wchar_t **__wargv;
char *_acmdln;
wchar_t *_wcmdln;
char *_pgmptr;
wchar_t *_wpgmptr;
char **__initenv;
wchar_t **__winitenv;

bool crt_arguments_start(void)
{
    static wchar_t path[MAX_PATH];

    GetModuleFileNameW(NULL, path, MAX_PATH);
    _wpgmptr = path;
    _pgmptr = crt_narrow(path);
    _wcmdln = GetCommandLineW();
    _acmdln = GetCommandLineA();
    return true;
}

/* The program's name: up to a blank outside quotes, no backslash rules. */
static const wchar_t *program(const wchar_t *at, wchar_t **out)
{
    bool quoted = false;

    for (; *at && (quoted || (*at != ' ' && *at != '\t')); at++)
        if (*at == '"')
            quoted = !quoted;
        else
            *(*out)++ = *at;
    *(*out)++ = 0;
    return at;
}

/* 2n backslashes and a quote: n backslashes, the quote delimits; 2n+1: n backslashes and a quote;
   two quotes inside quotes are one. */
static const wchar_t *argument(const wchar_t *at, wchar_t **out)
{
    bool quoted = false;

    for (;;) {
        size_t slashes = 0;

        for (; *at == '\\'; at++)
            slashes++;
        if (*at == '"') {
            for (size_t i = 0; i < slashes / 2; i++)
                *(*out)++ = '\\';
            if (slashes & 1)
                *(*out)++ = '"';
            else if (quoted && at[1] == '"')
                *(*out)++ = *at++;
            else
                quoted = !quoted;
            at++;
            continue;
        }
        while (slashes--)
            *(*out)++ = '\\';
        if (!*at || (!quoted && (*at == ' ' || *at == '\t')))
            break;
        *(*out)++ = *at++;
    }
    *(*out)++ = 0;
    return at;
}

struct list {
    wchar_t **items;
    int count;
};

static bool append(struct list *to, wchar_t *item)
{
    wchar_t **grown = realloc(to->items, ((size_t)to->count + 2) * sizeof *grown);

    if (!grown || !item)
        return false;
    to->items = grown;
    grown[to->count++] = item;
    grown[to->count] = NULL;
    return true;
}

/* The files that match, in the order the file system gives them; the pattern itself when none. */
static bool expand(struct list *to, wchar_t *pattern)
{
    WIN32_FIND_DATAW found;
    HANDLE search;
    size_t folder = wcslen(pattern);
    int before = to->count;

    if (!wcspbrk(pattern, L"*?") ||
        (search = FindFirstFileW(pattern, &found)) == INVALID_HANDLE_VALUE)
        return append(to, pattern);
    while (folder && !wcschr(L"\\/:", pattern[folder - 1]))
        folder--;
    do {
        wchar_t *path;
        if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L".."))
            continue;
        path = malloc((folder + wcslen(found.cFileName) + 1) * sizeof *path);
        if (!path)
            break;
        memcpy(path, pattern, folder * sizeof *path);
        wcscpy(path + folder, found.cFileName);
        append(to, path);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return to->count > before || append(to, pattern);
}

static bool parse(bool wildcards)
{
    const wchar_t *at = _wcmdln && *_wcmdln ? _wcmdln : _wpgmptr;
    wchar_t *text = malloc((wcslen(at) + 2) * 2 * sizeof *text), *out = text;
    struct list all = {0};

    if (!text)
        return false;
    at = program(at, &out);
    if (!append(&all, text))
        return false;
    for (;;) {
        wchar_t *start = out;

        while (*at == ' ' || *at == '\t')
            at++;
        if (!*at)
            break;
        at = argument(at, &out);
        if (!(wildcards ? expand(&all, start) : append(&all, start)))
            return false;
    }
    __wargv = all.items;
    __argc = all.count;
    return true;
}

static bool narrow_arguments(void)
{
    __argv = calloc((size_t)__argc + 1, sizeof *__argv);
    for (int i = 0; __argv && i < __argc; i++)
        if (!(__argv[i] = crt_narrow(__wargv[i])))
            return false;
    return __argv != NULL;
}

int _configure_wide_argv(int mode)
{
    return __wargv || mode == 0 || parse(mode == 2) ? 0 : ENOMEM;
}

int _configure_narrow_argv(int mode)
{
    if (_configure_wide_argv(mode))
        return ENOMEM;
    return mode == 0 || __argv || narrow_arguments() ? 0 : ENOMEM;
}

int __getmainargs(int *count, char ***arguments, char ***environment, int wildcards,
                  int *new_mode)
{
    if (new_mode)
        _set_new_mode(*new_mode);
    if (_configure_narrow_argv(wildcards ? 2 : 1))
        return -1;
    __initenv = crt_narrow_environment();
    *count = __argc;
    *arguments = __argv;
    *environment = __initenv;
    return 0;
}

int __wgetmainargs(int *count, wchar_t ***arguments, wchar_t ***environment, int wildcards,
                   int *new_mode)
{
    if (new_mode)
        _set_new_mode(*new_mode);
    if (_configure_wide_argv(wildcards ? 2 : 1))
        return -1;
    __winitenv = crt_wide_environment();
    *count = __argc;
    *arguments = __wargv;
    *environment = __winitenv;
    return 0;
}

#define POINTER(TYPE, function, variable) TYPE *function(void) { return &variable; }
POINTER(int, __p___argc, __argc)
POINTER(char **, __p___argv, __argv)
POINTER(wchar_t **, __p___wargv, __wargv)
POINTER(char *, __p__acmdln, _acmdln)
POINTER(wchar_t *, __p__wcmdln, _wcmdln)
POINTER(char *, __p__pgmptr, _pgmptr)
POINTER(wchar_t *, __p__wpgmptr, _wpgmptr)
POINTER(char **, __p___initenv, __initenv)
POINTER(wchar_t **, __p___winitenv, __winitenv)

/* What follows the program's name, for WinMain. */
static const wchar_t *tail(const wchar_t *at)
{
    bool quoted = false;

    for (; *at && (quoted || *at > ' '); at++)
        if (*at == '"')
            quoted = !quoted;
    while (*at && *at <= ' ')
        at++;
    return at;
}

wchar_t *_get_wide_winmain_command_line(void)
{
    return (wchar_t *)tail(_wcmdln);
}

char *_get_narrow_winmain_command_line(void)
{
    static char *line;

    if (!line)
        line = crt_narrow(tail(_wcmdln));
    return line;
}

int _get_pgmptr(char **out)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = _pgmptr;
    return 0;
}

int _get_wpgmptr(wchar_t **out)
{
    if (!out)
        return crt_invalid(EINVAL);
    *out = _wpgmptr;
    return 0;
}
