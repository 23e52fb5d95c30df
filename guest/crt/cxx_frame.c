/* __CxxFrameHandler: the language handler of functions with try blocks or destructors.

   A function's state is a number that the compiler keeps in its registration. On an exception the
   try blocks around the state are searched; a catch block that fits runs on top of the stack that
   the throwing functions still occupy, behind a registration of its own (struct active), and
   answers where its function goes on. An exception that passes that registration is first offered
   to the try blocks inside the catch block. */
#include "cxx.h"

struct active {
    void *next, *handler;
    struct cxx_frame *frame;
    const struct function_info *info;
    const struct try_block *block;
    EXCEPTION_RECORD *record, *outer_record;
    CONTEXT *outer_context;
    struct active *outer;
    uintptr_t saved_esp;
};
struct search {
    EXCEPTION_RECORD *record;
    CONTEXT *context;
    struct cxx_frame *frame;
    const struct function_info *info;
    struct active *inside;                    /* the catch block that is left, or NULL */
};

bool crt_is_cxx(const EXCEPTION_RECORD *record)
{
    return record->ExceptionCode == CXX_CODE && record->NumberParameters >= 3 &&
           record->ExceptionInformation[0] - CXX_MAGIC <= 2;
}

static void *object_of(const EXCEPTION_RECORD *record)
{
    return (void *)record->ExceptionInformation[1];
}

static const struct throw_info *type_of(const EXCEPTION_RECORD *record)
{
    return (const struct throw_info *)record->ExceptionInformation[2];
}

static EXCEPTION_DISPOSITION forbid(EXCEPTION_RECORD *record)
{
    if (!(record->ExceptionFlags & UNWINDING) && crt_is_cxx(record))
        terminate();
    return ExceptionContinueSearch;
}

void crt_guard(struct guard *guard)
{
    guard->next = chain();
    guard->handler = (void *)forbid;
    set_chain(guard);
}

void crt_unguard(struct guard *guard)
{
    set_chain(guard->next);
}

bool crt_same_type(const struct type_descriptor *a, const struct type_descriptor *b)
{
    return a == b || !strcmp(a->name, b->name);
}

void *__AdjustPointer(void *object, const struct displacement *base)
{
    char *adjusted = (char *)object + base->member;

    if (base->vbtable >= 0) {
        const char *table = *(const char **)((char *)object + base->vbtable);
        adjusted += base->vbtable + *(const int *)(table + base->in_vbtable);
    }
    return adjusted;
}

void __DestructExceptionObject(const EXCEPTION_RECORD *record)
{
    struct guard guard;

    if (!record || !crt_is_cxx(record) || !type_of(record) || !type_of(record)->destructor)
        return;
    crt_guard(&guard);
    type_of(record)->destructor(object_of(record));
    crt_unguard(&guard);
}

/* Runs the destructors of the states above `target`. */
static void unwind_to(struct cxx_frame *frame, const struct function_info *info, int target)
{
    struct thread_data *data = crt_thread();
    struct guard guard;

    crt_guard(&guard);
    data->processing_throw++;
    while (frame->state != target && frame->state != -1) {
        const struct unwind_entry *entry = &info->unwind[frame->state];

        if (frame->state < 0 || frame->state >= info->states)
            terminate();
        frame->state = entry->outer;
        if (entry->action)
            crt_call_in_frame(entry->action, frame + 1);
    }
    data->processing_throw--;
    crt_unguard(&guard);
}

static const struct catchable_type *match(const struct catch_block *block,
                                          const struct throw_info *thrown)
{
    if ((thrown->flags & ~block->flags) & (TYPE_CONST | TYPE_VOLATILE | TYPE_UNALIGNED))
        return NULL;
    for (int i = 0; i < thrown->types->count; i++) {
        const struct catchable_type *type = thrown->types->types[i];

        if (crt_same_type(block->type, type->type) &&
            (block->flags & TYPE_REFERENCE || !(type->flags & CATCHABLE_BY_REFERENCE)))
            return type;
    }
    return NULL;
}

/* Gives the catch block its variable; a copy constructor that throws ends the program. */
static void make_variable(const struct cxx_frame *frame, const struct catch_block *block,
                          const struct catchable_type *type, void *object)
{
    void **variable = (void **)((char *)(frame + 1) + block->variable);
    void *adjusted = __AdjustPointer(object, &type->base);
    struct guard guard;

    if (block->flags & TYPE_REFERENCE) {
        *variable = adjusted;
    } else if (type->flags & CATCHABLE_SIMPLE) {
        __builtin_memmove(variable, object, type->size);
        if (type->size == sizeof(void *) && *variable)
            *variable = __AdjustPointer(*variable, &type->base);
    } else if (!type->copy) {
        __builtin_memmove(variable, adjusted, type->size);
    } else {
        crt_guard(&guard);
        if (type->flags & CATCHABLE_VIRTUAL_BASE)
            ((METHOD void (*)(void *, void *, int))type->copy)(variable, adjusted, 1);
        else
            ((METHOD void (*)(void *, void *))type->copy)(variable, adjusted);
        crt_unguard(&guard);
    }
}

/* The end of a catch block. Its exception object goes unless it is the one in flight, or another
   catch block still handles it. */
static void finish(struct active *active, const void *in_flight)
{
    struct thread_data *data = crt_thread();
    const void *object = object_of(active->record);
    bool last = crt_is_cxx(active->record) && object != in_flight;

    ((uintptr_t *)active->frame)[-1] = active->saved_esp;
    data->catches = active->outer;
    for (struct active *other = active->outer; other; other = other->outer)
        last = last && object_of(other->record) != object;
    if (last)
        __DestructExceptionObject(active->record);
    data->current_exception = active->outer_record;
    data->current_exception_context = active->outer_context;
}

static void find_catch(struct search *search);

static EXCEPTION_DISPOSITION leave_catch(EXCEPTION_RECORD *record, struct active *active,
                                         CONTEXT *context)
{
    struct search search = {record, context, active->frame, active->info, active};

    if (record->ExceptionFlags & UNWINDING)
        finish(active, crt_is_cxx(record) ? object_of(record) : NULL);
    else
        find_catch(&search);
    return ExceptionContinueSearch;
}

static DECLSPEC_NORETURN void run_catch(const struct search *search, const struct try_block *block,
                                        const void *code)
{
    struct thread_data *data = crt_thread();
    uintptr_t saved_esp = ((uintptr_t *)search->frame)[-1];
    struct active active = {chain(), (void *)leave_catch, search->frame, search->info, block,
                            search->record, data->current_exception,
                            data->current_exception_context, data->catches, saved_esp};
    const void *next;

    data->current_exception = search->record;
    data->current_exception_context = search->context;
    data->catches = &active;
    set_chain(&active);
    next = (const void *)crt_call_in_frame(code, search->frame + 1);
    set_chain(active.next);
    finish(&active, NULL);
    crt_continue(next, search->frame);
}

static DECLSPEC_NORETURN void take(const struct search *search, const struct try_block *block,
                                   const struct catch_block *catch,
                                   const struct catchable_type *type)
{
    if (type && catch->variable)
        make_variable(search->frame, catch, type, object_of(search->record));
    crt_unwind(search->inside ? (void *)search->inside : search->frame, search->record);
    search->record->ExceptionFlags &= ~UNWINDING;
    unwind_to(search->frame, search->info, block->low);
    search->frame->state = block->high + 1;
    run_catch(search, block, catch->code);
}

static void try_catches(const struct search *search, const struct try_block *block)
{
    bool ours = crt_is_cxx(search->record);

    for (int i = 0; i < block->count; i++) {
        const struct catch_block *catch = &block->catches[i];
        const struct catchable_type *type = NULL;
        bool everything = !catch->type || !catch->type->name[0];

        if (everything ? ours || !(catch->flags & TYPE_CXX_ONLY)
                       : ours && (type = match(catch, type_of(search->record))))
            take(search, block, catch, type);
    }
}

static void translate(const struct search *search)
{
    EXCEPTION_POINTERS pointers = {search->record, search->context};
    void (*translator)(unsigned, EXCEPTION_POINTERS *) = crt_thread()->translator;

    if (translator && search->record->ExceptionCode != EXCEPTION_BREAKPOINT)
        translator(search->record->ExceptionCode, &pointers);
}

/* Returns when no catch block of the function takes the exception. `throw;` has no type: it
   stands for the exception that is being handled. */
static void find_catch(struct search *search)
{
    int state = search->frame->state;

    if (crt_is_cxx(search->record) && !type_of(search->record)) {
        struct thread_data *data = crt_thread();

        if (!data->current_exception)
            terminate();
        search->record = data->current_exception;
        search->context = data->current_exception_context;
    }
    if (!crt_is_cxx(search->record))
        translate(search);
    for (unsigned i = 0; i < search->info->tries; i++) {
        const struct try_block *block = &search->info->try[i];
        const struct try_block *around = search->inside ? search->inside->block : NULL;

        if (state < block->low || state > block->high)
            continue;
        if (!around || (block->low > around->high && block->high <= around->catch_high))
            try_catches(search, block);
    }
}

static unsigned flags_of(const struct function_info *info)
{
    return (info->magic & 0x1FFFFFFF) >= CXX_MAGIC + 2 ? info->flags : 0;
}

EXCEPTION_DISPOSITION crt_cxx_frame(EXCEPTION_RECORD *record, struct cxx_frame *frame,
                                    CONTEXT *context, const struct function_info *info)
{
    struct search search = {record, context, frame, info, NULL};

    if (record->ExceptionCode != CXX_CODE && record->ExceptionCode != (DWORD)STATUS_LONGJUMP &&
        flags_of(info) & SYNCHRONOUS)
        return ExceptionContinueSearch;
    if (record->ExceptionFlags & UNWINDING) {
        if (info->states)
            unwind_to(frame, info, -1);
        return ExceptionContinueSearch;
    }
    if (info->tries)
        find_catch(&search);
    if (flags_of(info) & NOEXCEPT && crt_is_cxx(record))
        terminate();
    return ExceptionContinueSearch;
}

/* What longjmp calls for a function with destructors that called setjmp: data[0] is its
   function_info, and the state is that of the call. */
void __stdcall __CxxLongjmpUnwind(const unsigned *buffer)
{
    unwind_to((struct cxx_frame *)buffer[6], (const struct function_info *)buffer[10],
              (int)buffer[7]);
}

/* Does the exception have this type, or a base of it? For the filter of a __try. */
int _is_exception_typeof(const struct type_descriptor *type, EXCEPTION_POINTERS *pointers)
{
    EXCEPTION_RECORD *record = pointers ? pointers->ExceptionRecord : NULL;

    if (!record || !crt_is_cxx(record))
        terminate();
    if (!type_of(record) && !(record = crt_thread()->current_exception))
        terminate();
    for (int i = 0; i < type_of(record)->types->count; i++)
        if (crt_same_type(type, type_of(record)->types->types[i]->type))
            return 1;
    return 0;
}
