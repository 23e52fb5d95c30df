/* The names of _spawn and _exec: arguments as a list or a vector, with PATH, with environment. */
#include "crt.h"

#define LIST_LIMIT 1024
enum { P_OVERLAY = 2 };

/* Arguments of the call up to NULL, then for the e forms the environment. */
static void list(const void **out, const void *first, va_list *rest)
{
    size_t count = 0;

    out[count++] = first;
    while (count < LIST_LIMIT && out[count - 1])
        out[count++] = va_arg(*rest, const void *);
    out[LIST_LIMIT] = NULL;
}

static wchar_t **widened(const char *const *from)
{
    size_t count = 0;
    wchar_t **wide;

    while (from && from[count])
        count++;
    wide = from ? calloc(count + 1, sizeof *wide) : NULL;
    for (size_t i = 0; wide && i < count; i++)
        wide[i] = crt_widen(from[i]);
    return wide;
}

static void release(wchar_t **table)
{
    for (size_t i = 0; table && table[i]; i++)
        free(table[i]);
    free(table);
}

static intptr_t narrow_spawn(int mode, const char *path, const char *const *arguments,
                             const char *const *environment, bool search)
{
    wchar_t *wide = path ? crt_widen(path) : NULL, **words = widened(arguments);
    wchar_t **variables = widened(environment);
    intptr_t result = crt_spawn(mode, wide, (const wchar_t *const *)words,
                                (const wchar_t *const *)variables, search);

    free(wide);
    release(words);
    release(variables);
    return result;
}

static intptr_t wide_spawn(int mode, const wchar_t *path, const wchar_t *const *arguments,
                           const wchar_t *const *environment, bool search)
{
    return crt_spawn(mode, path, arguments, environment, search);
}

#define VECTOR(spawn, exec, CH, call, search)                                                 \
    intptr_t spawn(int mode, const CH *path, const CH *const *arguments)                      \
    {                                                                                         \
        return call(mode, path, arguments, NULL, search);                                     \
    }                                                                                         \
    intptr_t spawn##e(int mode, const CH *path, const CH *const *arguments,                   \
                      const CH *const *environment)                                           \
    {                                                                                         \
        return call(mode, path, arguments, environment, search);                              \
    }                                                                                         \
    intptr_t exec(const CH *path, const CH *const *arguments)                                 \
    {                                                                                         \
        return call(P_OVERLAY, path, arguments, NULL, search);                                \
    }                                                                                         \
    intptr_t exec##e(const CH *path, const CH *const *arguments,                              \
                     const CH *const *environment)                                            \
    {                                                                                         \
        return call(P_OVERLAY, path, arguments, environment, search);                         \
    }
VECTOR(_spawnv, _execv, char, narrow_spawn, false)
VECTOR(_spawnvp, _execvp, char, narrow_spawn, true)
VECTOR(_wspawnv, _wexecv, wchar_t, wide_spawn, false)
VECTOR(_wspawnvp, _wexecvp, wchar_t, wide_spawn, true)

#define LISTED(spawn, exec, CH, call, search)                                                 \
    intptr_t spawn(int mode, const CH *path, const CH *first, ...)                            \
    {                                                                                         \
        const void *words[LIST_LIMIT + 1];                                                    \
        va_list rest;                                                                         \
        va_start(rest, first);                                                                \
        list(words, first, &rest);                                                            \
        va_end(rest);                                                                         \
        return call(mode, path, (const CH *const *)words, NULL, search);                      \
    }                                                                                         \
    intptr_t spawn##e(int mode, const CH *path, const CH *first, ...)                         \
    {                                                                                         \
        const void *words[LIST_LIMIT + 1];                                                    \
        const CH *const *environment;                                                         \
        va_list rest;                                                                         \
        va_start(rest, first);                                                                \
        list(words, first, &rest);                                                            \
        environment = va_arg(rest, const CH *const *);                                        \
        va_end(rest);                                                                         \
        return call(mode, path, (const CH *const *)words, environment, search);               \
    }                                                                                         \
    intptr_t exec(const CH *path, const CH *first, ...)                                       \
    {                                                                                         \
        const void *words[LIST_LIMIT + 1];                                                    \
        va_list rest;                                                                         \
        va_start(rest, first);                                                                \
        list(words, first, &rest);                                                            \
        va_end(rest);                                                                         \
        return call(P_OVERLAY, path, (const CH *const *)words, NULL, search);                 \
    }                                                                                         \
    intptr_t exec##e(const CH *path, const CH *first, ...)                                    \
    {                                                                                         \
        const void *words[LIST_LIMIT + 1];                                                    \
        const CH *const *environment;                                                         \
        va_list rest;                                                                         \
        va_start(rest, first);                                                                \
        list(words, first, &rest);                                                            \
        environment = va_arg(rest, const CH *const *);                                        \
        va_end(rest);                                                                         \
        return call(P_OVERLAY, path, (const CH *const *)words, environment, search);          \
    }
LISTED(_spawnl, _execl, char, narrow_spawn, false)
LISTED(_spawnlp, _execlp, char, narrow_spawn, true)
LISTED(_wspawnl, _wexecl, wchar_t, wide_spawn, false)
LISTED(_wspawnlp, _wexeclp, wchar_t, wide_spawn, true)
