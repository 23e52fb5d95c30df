/* What Microsoft's C++ compilers emit for exceptions on x86, and what the runtime does with it.
   The structures are those of the compilers' own ehdata.h, by other names. */
#pragma once
#include "crt.h"

#define CXX_CODE 0xE06D7363                   /* the code of every C++ exception */
#define CXX_MAGIC 0x19930520
#define UNWINDING 6                           /* EXCEPTION_UNWINDING, EXCEPTION_EXIT_UNWIND */
#define METHOD __attribute__((thiscall))

struct type_descriptor {                      /* a std::type_info */
    const void *vtable;
    char *readable;                           /* made when name() is first asked for */
    char name[];                              /* ".?AVname@@" */
};
struct displacement {                         /* from an object to one of its bases */
    int member, vbtable, in_vbtable;          /* vbtable is -1 for a base that is not virtual */
};
enum { TYPE_CONST = 1, TYPE_VOLATILE = 2, TYPE_UNALIGNED = 4, TYPE_REFERENCE = 8,
       TYPE_CXX_ONLY = 0x40 };
enum { CATCHABLE_SIMPLE = 1, CATCHABLE_BY_REFERENCE = 2, CATCHABLE_VIRTUAL_BASE = 4 };
struct catchable_type {
    unsigned flags;
    const struct type_descriptor *type;
    struct displacement base;
    unsigned size;
    void *copy;                               /* copy constructor; NULL: copy the bytes */
};
struct catchable_types {
    int count;
    const struct catchable_type *types[];
};
struct throw_info {
    unsigned flags;
    METHOD void (*destructor)(void *object);
    void *forward;
    const struct catchable_types *types;
};

struct unwind_entry {
    int outer;
    void *action;
};
struct catch_block {
    unsigned flags;
    const struct type_descriptor *type;       /* NULL or without a name: catch (...) */
    int variable;                             /* offset from EBP; 0: not named */
    void *code;
};
struct try_block {                            /* states [low, high] are in the try, and up to */
    int low, high, catch_high;                /* catch_high in its catch blocks */
    int count;
    const struct catch_block *catches;
};
enum { SYNCHRONOUS = 1, NOEXCEPT = 4 };
struct function_info {
    unsigned magic;                           /* in the low 29 bits */
    int states;
    const struct unwind_entry *unwind;
    unsigned tries;
    const struct try_block *try;
    unsigned not_x86[2];
    void *specification;                      /* from magic 21 on */
    unsigned flags;                           /* from magic 22 on */
};
struct cxx_frame {                            /* the saved ESP lies below, EBP points behind */
    void *next, *handler;
    int state;
};
struct guard {                                /* a registration of the runtime's own */
    void *next, *handler;
};

void crt_unwind(void *frame, EXCEPTION_RECORD *record);
int crt_call_in_frame(const void *function, void *ebp);
DECLSPEC_NORETURN void crt_continue(const void *code, struct cxx_frame *frame);
DECLSPEC_NORETURN void terminate(void);
DECLSPEC_NORETURN void __stdcall _CxxThrowException(void *object, const struct throw_info *type);
DECLSPEC_NORETURN void crt_throw_bad_cast(const char *text);
DECLSPEC_NORETURN void crt_throw_bad_typeid(const char *text);
DECLSPEC_NORETURN void crt_throw_no_rtti(const char *text);
void crt_guard(struct guard *guard);          /* until crt_unguard, an exception that leaves the */
void crt_unguard(struct guard *guard);        /* calls made here terminates the program */
bool crt_is_cxx(const EXCEPTION_RECORD *record);
bool crt_same_type(const struct type_descriptor *a, const struct type_descriptor *b);
void *__AdjustPointer(void *object, const struct displacement *base);
void __DestructExceptionObject(const EXCEPTION_RECORD *record);

static inline void *chain(void)
{
    return (void *)__readfsdword(0);
}

static inline void set_chain(void *frame)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame) : "memory");
}
