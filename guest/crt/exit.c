/* The end of the process and what runs before it. */
#include "crt.h"

typedef int(__cdecl *exit_function)(void);
struct onexit_table {                         /* _onexit_table_t */
    exit_function *first, *last, *end;
};
static struct onexit_table at_exit, at_quick_exit;
static void(__stdcall *thread_exit_callback)(void *, DWORD, void *);

/* A table of the program's own modules may be zeroed or hold encoded pointers; ours are plain. */
static bool add(struct onexit_table *table, exit_function function)
{
    size_t count = (size_t)(table->last - table->first);
    size_t room = (size_t)(table->end - table->first);

    if (count == room) {
        exit_function *grown = realloc(table->first, (room ? room * 2 : 32) * sizeof *grown);
        if (!grown)
            return false;
        table->first = grown;
        table->last = grown + count;
        table->end = grown + (room ? room * 2 : 32);
    }
    *table->last++ = function;
    return true;
}

int _initialize_onexit_table(struct onexit_table *table)
{
    if (!table)
        return -1;
    if (table->first == table->end)
        table->first = table->last = table->end = NULL;
    return 0;
}

int _register_onexit_function(struct onexit_table *table, exit_function function)
{
    bool ok;

    if (!table)
        return -1;
    _lock(LOCK_EXIT);
    ok = add(table, function);
    _unlock(LOCK_EXIT);
    return ok ? 0 : -1;
}

/* Last registered first; what a function registers runs next. */
int _execute_onexit_table(struct onexit_table *table)
{
    if (!table)
        return -1;
    for (;;) {
        exit_function function = NULL;

        _lock(LOCK_EXIT);
        if (table->last > table->first)
            function = *--table->last;
        else {
            free(table->first);
            table->first = table->last = table->end = NULL;
            _unlock(LOCK_EXIT);
            return 0;
        }
        _unlock(LOCK_EXIT);
        if (function)
            function();
    }
}

int _crt_atexit(exit_function function)
{
    return _register_onexit_function(&at_exit, function);
}

int _crt_at_quick_exit(exit_function function)
{
    return _register_onexit_function(&at_quick_exit, function);
}

exit_function _onexit(exit_function function)
{
    return function && !_crt_atexit(function) ? function : NULL;
}

int atexit(exit_function function)
{
    return _onexit(function) ? 0 : -1;
}

/* Old DLLs keep their own tables: first and end pointers. */
exit_function __dllonexit(exit_function function, exit_function **first, exit_function **end)
{
    size_t count = (size_t)(*end - *first);
    exit_function *grown = realloc(*first, (count + 1) * sizeof *grown);

    if (!grown)
        return NULL;
    grown[count] = function;
    *first = grown;
    *end = grown + count + 1;
    return function;
}

void _register_thread_local_exe_atexit_callback(void *callback)
{
    thread_exit_callback = callback;
}

static void finish(bool quick, bool run)
{
    if (run && !quick && thread_exit_callback)
        thread_exit_callback(NULL, DLL_PROCESS_DETACH, NULL);
    if (run)
        _execute_onexit_table(quick ? &at_quick_exit : &at_exit);
    if (!quick)
        crt_streams_flush();
}

void _cexit(void)
{
    finish(false, true);
}

void _c_exit(void)
{
}

DECLSPEC_NORETURN void _exit(int code)
{
    ExitProcess((UINT)code);
}

DECLSPEC_NORETURN void exit(int code)
{
    finish(false, true);
    _exit(code);
}

DECLSPEC_NORETURN void quick_exit(int code)
{
    finish(true, true);
    _exit(code);
}

DECLSPEC_NORETURN void _Exit(int code)
{
    _exit(code);
}

void _initterm(exit_function *first, exit_function *end)
{
    for (; first < end; first++)
        if (*first)
            (*first)();
}

int _initterm_e(exit_function *first, exit_function *end)
{
    int result = 0;

    for (; first < end && !result; first++)
        if (*first)
            result = (*first)();
    return result;
}
