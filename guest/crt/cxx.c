/* What C++ code of Microsoft's compilers asks for: throwing, std::exception's text. */
#include "crt.h"

struct exception_text {
    const char *what;
    bool allocated;
};

/* The exception's parameters: a magic number, the object, its type's description. */
DECLSPEC_NORETURN void __stdcall _CxxThrowException(void *object, const void *type)
{
    ULONG_PTR parameters[3] = {0x19930520, (ULONG_PTR)object, (ULONG_PTR)type};

    RaiseException(0xE06D7363, EXCEPTION_NONCONTINUABLE, 3, parameters);
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
