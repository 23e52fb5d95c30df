/* RtlUnwind: call every handler up to a frame once more, with EXCEPTION_UNWINDING. */
#include "exception.h"

/* The guard around a handler's call: an unwind that runs into another one takes it over. */
static EXCEPTION_DISPOSITION UnwindGuard(PEXCEPTION_RECORD record, struct frame *frame,
                                         PCONTEXT context, struct frame **dispatcher)
{
    (void)context;
    if (!(record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)))
        return ExceptionContinueSearch;
    *dispatcher = ((struct guard_frame *)frame)->guarded;
    return ExceptionCollidedUnwind;
}

static VOID RaiseUnwindError(NTSTATUS status, PEXCEPTION_RECORD about)
{
    EXCEPTION_RECORD record = {.ExceptionCode = status,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionRecord = about};
    RtlRaiseException(&record);
}

static VOID UnwindOne(PEXCEPTION_RECORD record, PCONTEXT context, struct frame *frame,
                      struct frame *target)
{
    struct frame *dispatcher = frame;
    if (target && frame > target)
        RaiseUnwindError(STATUS_INVALID_UNWIND_TARGET, record);
    if (!ValidFrame(frame))
        RaiseUnwindError(STATUS_BAD_STACK, record);
    EXCEPTION_DISPOSITION answer =
        CallHandler(record, frame, context, &dispatcher, frame->handler, UnwindGuard);
    if (answer == ExceptionCollidedUnwind)
        frame = dispatcher;
    else if (answer != ExceptionContinueSearch)
        RaiseUnwindError(STATUS_INVALID_DISPOSITION, record);
    NtTeb()->Tib.ExceptionList = (PVOID)frame->previous;
}

/* RtlUnwind behind its capture of the caller's registers (context.S): without a target it is an
 * exit unwind of the whole chain. It returns through the context, which handlers may change. */
VOID NTAPI UnwindFrames(struct frame *target, PEXCEPTION_RECORD record, PCONTEXT context)
{
    EXCEPTION_RECORD own = {.ExceptionCode = STATUS_UNWIND,
                            .ExceptionAddress = (PVOID)context->Eip};
    if (!record)
        record = &own;
    record->ExceptionFlags |= EXCEPTION_UNWINDING | (target ? 0 : EXCEPTION_EXIT_UNWIND);
    while (FirstFrame() != LAST_FRAME && FirstFrame() != target)
        UnwindOne(record, context, FirstFrame(), target);
    if (target && target != LAST_FRAME && FirstFrame() != target)
        NtRaiseException(record, context, FALSE);
    RtlRaiseStatus(NtContinue(context, FALSE));
}
