/* Throwing, and what a program asks about the exceptions in flight. */
#include "cxx.h"

struct exception_text {
    const char *what;
    bool allocated;
};

/* The exception's parameters: a magic number, the object, its type's description. */
DECLSPEC_NORETURN void __stdcall _CxxThrowException(void *object, const struct throw_info *type)
{
    ULONG_PTR parameters[3] = {CXX_MAGIC, (ULONG_PTR)object, (ULONG_PTR)type};

    RaiseException(CXX_CODE, EXCEPTION_NONCONTINUABLE, 3, parameters);
    __builtin_unreachable();
}

void __std_exception_copy(const struct exception_text *from, struct exception_text *to)
{
    if (from->allocated && from->what && (to->what = _strdup(from->what)))
        to->allocated = true;
    else
        *to = (struct exception_text){from->allocated ? NULL : from->what, false};
}

void __std_exception_destroy(struct exception_text *text)
{
    if (text->allocated)
        free((void *)text->what);
    *text = (struct exception_text){NULL, false};
}

void **__current_exception(void)
{
    return &crt_thread()->current_exception;
}

void **__current_exception_context(void)
{
    return &crt_thread()->current_exception_context;
}

int *__processing_throw(void)
{
    return &crt_thread()->processing_throw;
}

bool __uncaught_exception(void)
{
    return crt_thread()->processing_throw != 0;
}

int __uncaught_exceptions(void)
{
    return crt_thread()->processing_throw;
}

static void *exchange(void **where, void *new)
{
    void *old = *where;

    *where = new;
    return old;
}

void *set_terminate(void *handler)
{
    return exchange(&crt_thread()->terminate_handler, handler);
}

void *_get_terminate(void)
{
    return crt_thread()->terminate_handler;
}

DECLSPEC_NORETURN void terminate(void)
{
    void(__cdecl *call)(void) = crt_thread()->terminate_handler;

    if (call)
        call();
    abort();
}

void *set_unexpected(void *handler)
{
    return exchange(&crt_thread()->unexpected_handler, handler);
}

void *_get_unexpected(void)
{
    return crt_thread()->unexpected_handler;
}

DECLSPEC_NORETURN void unexpected(void)
{
    void(__cdecl *call)(void) = crt_thread()->unexpected_handler;

    if (call)
        call();
    terminate();
}

void *_set_se_translator(void *translator)
{
    return exchange(&crt_thread()->translator, translator);
}

/* Managed code's way to catch: the copy of a rethrown exception's record is the caller's. */
int __CxxQueryExceptionSize(void)
{
    return sizeof(EXCEPTION_RECORD *) * 4;
}

int __CxxDetectRethrow(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers ? pointers->ExceptionRecord : NULL;

    return record && crt_is_cxx(record) && !record->ExceptionInformation[2] &&
           crt_thread()->current_exception;
}

/* The "eh vector" iterators that the compilers call for arrays of objects. An exception in a
   constructor destroys what was made, in reverse, and goes on; one in a destructor the rest. */
struct array_guard {
    void *next, *handler;
    char *first;
    size_t size;
    int made;
    METHOD void (*destructor)(void *);
};

static void destroy(struct array_guard *array)
{
    while (array->made > 0)
        array->destructor(array->first + --array->made * array->size);
}

static EXCEPTION_DISPOSITION leave_array(EXCEPTION_RECORD *record, struct array_guard *array)
{
    struct guard guard;

    if (record->ExceptionFlags & UNWINDING) {
        crt_guard(&guard);
        destroy(array);
        crt_unguard(&guard);
    }
    return ExceptionContinueSearch;
}

void __stdcall crt_construct_array(void *first, size_t size, int count,
                                   METHOD void (*constructor)(void *),
                                   METHOD void (*destructor)(void *))
{
    struct array_guard array = {chain(), (void *)leave_array, first, size, 0, destructor};

    set_chain(&array);
    for (; array.made < count; *(volatile int *)&array.made += 1)
        constructor((char *)first + array.made * size);
    set_chain(array.next);
}

void __stdcall crt_destroy_array(void *first, size_t size, int count,
                                 METHOD void (*destructor)(void *))
{
    struct array_guard array = {chain(), (void *)leave_array, first, size, count, destructor};

    set_chain(&array);
    destroy(&array);
    set_chain(array.next);
}
