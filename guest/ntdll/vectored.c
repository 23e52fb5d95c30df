/* Vectored exception and continue handlers: two ordered lists. */
#include "exception.h"

struct handler {
    LIST_ENTRY links;
    ULONG uses; /* the list's and one for each call that is going on */
    PVECTORED_EXCEPTION_HANDLER routine;
};

static LIST_ENTRY lists[2] = {{&lists[0], &lists[0]}, {&lists[1], &lists[1]}};
static RTL_CRITICAL_SECTION lock = {(PVOID)(LONG_PTR)-1, -1, 0, NULL, NULL, 0};

static PVOID Add(int kind, ULONG first, PVECTORED_EXCEPTION_HANDLER routine)
{
    struct handler *handler = Allocate(sizeof *handler);
    if (!handler)
        return NULL;
    handler->uses = 1;
    handler->routine = RtlEncodePointer(routine);
    RtlEnterCriticalSection(&lock);
    if (first)
        ListPrepend(&lists[kind], &handler->links);
    else
        ListAppend(&lists[kind], &handler->links);
    RtlLeaveCriticalSection(&lock);
    return handler;
}

/* The lock is held. */
static VOID Release(struct handler *handler)
{
    if (--handler->uses)
        return;
    ListRemove(&handler->links);
    Free(handler);
}

static ULONG Remove(int kind, PVOID handle)
{
    ULONG found = FALSE;
    RtlEnterCriticalSection(&lock);
    for (PLIST_ENTRY link = lists[kind].Flink; link != &lists[kind]; link = link->Flink)
        if (link == handle && ((struct handler *)link)->routine) {
            ((struct handler *)link)->routine = NULL;
            Release((struct handler *)link);
            found = TRUE;
            break;
        }
    RtlLeaveCriticalSection(&lock);
    return found;
}

/* TRUE if a handler answered EXCEPTION_CONTINUE_EXECUTION. No lock is held during a call. */
BOOL CallVectored(int kind, PEXCEPTION_RECORD record, PCONTEXT context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    BOOL stop = FALSE;
    if (lists[kind].Flink == &lists[kind])
        return FALSE;
    RtlEnterCriticalSection(&lock);
    for (PLIST_ENTRY link = lists[kind].Flink, next; link != &lists[kind] && !stop; link = next) {
        struct handler *handler = (struct handler *)link;
        PVECTORED_EXCEPTION_HANDLER routine = handler->routine;
        handler->uses++;
        RtlLeaveCriticalSection(&lock);
        if (routine) {
            routine = (PVECTORED_EXCEPTION_HANDLER)RtlDecodePointer((PVOID)routine);
            stop = routine(&pointers) == EXCEPTION_CONTINUE_EXECUTION;
        }
        RtlEnterCriticalSection(&lock);
        next = link->Flink;
        Release(handler);
    }
    RtlLeaveCriticalSection(&lock);
    return stop;
}

PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    return Add(VECTORED_EXCEPTION, First, Handler);
}

ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID Handle)
{
    return Remove(VECTORED_EXCEPTION, Handle);
}

PVOID NTAPI RtlAddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    return Add(VECTORED_CONTINUE, First, Handler);
}

ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID Handle)
{
    return Remove(VECTORED_CONTINUE, Handle);
}
