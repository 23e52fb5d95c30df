/* Frames of the exception chain, and the parts that dispatching and unwinding share. */
#pragma once
#include "ntdll.h"

#define EXCEPTION_NESTED_CALL 0x10

enum { VECTORED_EXCEPTION, VECTORED_CONTINUE };

struct frame;
typedef EXCEPTION_DISPOSITION CDECL handler_routine(PEXCEPTION_RECORD, struct frame *, PCONTEXT,
                                                    struct frame **);

struct frame {
    struct frame *previous;
    handler_routine *handler;
};

/* What CallHandler puts on the stack around a handler's call. */
struct guard_frame {
    struct frame frame;
    struct frame *guarded;
};

/* What CallEntryPoint puts on the stack. */
struct entry_frame {
    struct frame frame;
    NTSTATUS *raised;
};

#define LAST_FRAME ((struct frame *)(LONG_PTR)-1)

static inline struct frame *FirstFrame(void)
{
    return (struct frame *)NtTeb()->Tib.ExceptionList;
}

EXCEPTION_DISPOSITION CDECL CallHandler(PEXCEPTION_RECORD record, struct frame *frame,
                                        PCONTEXT context, struct frame **dispatcher,
                                        handler_routine *handler, handler_routine *guard);
DECLSPEC_NORETURN VOID CDECL LeaveEntryPoint(struct frame *frame);
BOOL ValidFrame(const struct frame *frame);
BOOL CallVectored(int kind, PEXCEPTION_RECORD record, PCONTEXT context);
