/* Exceptions: vectored handlers, then the chain of frames at FS:[0]. */
#include "ntdll.h"
#include "exception.h"

/* Raise `status`, not continuable, on account of another exception; does not return. */
DECLSPEC_NORETURN static VOID RaiseAbout(NTSTATUS status, PEXCEPTION_RECORD about)
{
    EXCEPTION_RECORD record = {.ExceptionCode = status,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionRecord = about};
    for (;;)
        RtlRaiseException(&record);
}

/* KiUserExceptionDispatcher's last resort: continuing or the second chance failed. */
VOID NTAPI RaiseFromDispatcher(PEXCEPTION_RECORD record, NTSTATUS status)
{
    RaiseAbout(status, record);
}

/* TRUE if the frame may be used: on this stack, aligned, its handler code and not on the stack. */
BOOL ValidFrame(const struct frame *frame)
{
    ULONG_PTR address = (ULONG_PTR)frame;
    const NT_TIB *tib = &NtTeb()->Tib;
    if (address & 3 || address < (ULONG_PTR)tib->StackLimit ||
        address + sizeof *frame > (ULONG_PTR)tib->StackBase)
        return FALSE;
    ULONG_PTR handler = (ULONG_PTR)frame->handler;
    if (handler >= (ULONG_PTR)tib->StackLimit && handler < (ULONG_PTR)tib->StackBase)
        return FALSE;
    return RtlIsValidHandler(frame->handler);
}

/* The guard around a handler's call: an exception inside it is a nested one. */
static EXCEPTION_DISPOSITION NestedGuard(PEXCEPTION_RECORD record, struct frame *frame,
                                         PCONTEXT context, struct frame **dispatcher)
{
    (void)context;
    if (record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))
        return ExceptionContinueSearch;
    *dispatcher = ((struct guard_frame *)frame)->guarded;
    return ExceptionNestedException;
}

static BOOL WalkFrames(PEXCEPTION_RECORD record, PCONTEXT context)
{
    struct frame *nested = NULL, *dispatcher = NULL;
    for (struct frame *frame = FirstFrame(); frame != LAST_FRAME; frame = frame->previous) {
        if (!ValidFrame(frame)) {
            record->ExceptionFlags |= EXCEPTION_STACK_INVALID;
            return FALSE;
        }
        EXCEPTION_DISPOSITION answer =
            CallHandler(record, frame, context, &dispatcher, frame->handler, NestedGuard);
        if (frame == nested) {
            record->ExceptionFlags &= ~EXCEPTION_NESTED_CALL;
            nested = NULL;
        }
        if (answer == ExceptionContinueExecution) {
            if (record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)
                RaiseAbout(STATUS_NONCONTINUABLE_EXCEPTION, record);
            return TRUE;
        }
        if (answer == ExceptionNestedException) {
            record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
            if (dispatcher > nested)
                nested = dispatcher;
        } else if (answer != ExceptionContinueSearch) {
            RaiseAbout(STATUS_INVALID_DISPOSITION, record);
        }
    }
    return FALSE;
}

/* TRUE: go on with the context; FALSE: nobody handled it. */
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    if (!CallVectored(VECTORED_EXCEPTION, Record, Context) && !WalkFrames(Record, Context))
        return FALSE;
    CallVectored(VECTORED_CONTINUE, Record, Context);
    return TRUE;
}

/* RtlRaiseException with its caller's registers captured (context.S): the kernel sends the thread
 * to KiUserExceptionDispatcher, after a debugger if there is one. */
VOID NTAPI RaiseWithContext(PEXCEPTION_RECORD record, PCONTEXT context)
{
    record->ExceptionAddress = (PVOID)context->Eip;
    RtlRaiseStatus(NtRaiseException(record, context, TRUE));
}

VOID NTAPI RtlRaiseStatus(NTSTATUS Status)
{
    EXCEPTION_RECORD record = {.ExceptionCode = Status,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE};
    RtlRaiseException(&record);
}

static PTOP_LEVEL_EXCEPTION_FILTER unhandled_filter;

/* kernel32 registers its UnhandledExceptionFilter here. */
VOID NTAPI RtlSetUnhandledExceptionFilter(PVOID Filter)
{
    unhandled_filter = (PTOP_LEVEL_EXCEPTION_FILTER)Filter;
}

/* The handler of RtlUserThreadStart's frame, the last of every chain. */
EXCEPTION_DISPOSITION CDECL OutermostHandler(PEXCEPTION_RECORD record, struct frame *frame,
                                             PCONTEXT context, struct frame **dispatcher)
{
    EXCEPTION_POINTERS pointers = {record, context};
    (void)dispatcher;
    if (record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND) ||
        !unhandled_filter)
        return ExceptionContinueSearch;
    LONG answer = unhandled_filter(&pointers);
    if (answer == EXCEPTION_CONTINUE_EXECUTION)
        return ExceptionContinueExecution;
    if (answer != EXCEPTION_EXECUTE_HANDLER)
        return ExceptionContinueSearch;
    RtlUnwind(frame, NULL, record, NULL);
    NtTerminateProcess(NtCurrentProcess(), record->ExceptionCode);
    return ExceptionContinueSearch;
}

/* The handler of CallEntryPoint's frame: the exception is the module's failure. */
EXCEPTION_DISPOSITION CDECL EntryPointHandler(PEXCEPTION_RECORD record, struct frame *frame,
                                              PCONTEXT context, struct frame **dispatcher)
{
    NTSTATUS *raised = ((struct entry_frame *)frame)->raised;
    (void)context;
    (void)dispatcher;
    if (!raised || record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))
        return ExceptionContinueSearch;
    *raised = record->ExceptionCode;
    RtlUnwind(frame, NULL, record, NULL);
    LeaveEntryPoint(frame);
}
