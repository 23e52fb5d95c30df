/* Fibers: a stack, the exception chain, the callee-saved registers, and the control words of the
 * FPU for those that ask for them. */
#include "kernel32.h"

struct fiber {
    PVOID parameter; /* GetFiberData reads the first field */
    PVOID stack_base, stack_limit, stack_allocation;
    PVOID exception_list;
    PVOID stack_pointer;
    LPFIBER_START_ROUTINE start;
    PVOID fls;
    PVOID activation_contexts;
    ULONG guaranteed;
    DWORD flags;
    WORD control; /* of the x87, and MXCSR: with FIBER_FLAG_FLOAT_SWITCH */
    DWORD mxcsr;
};
_Static_assert(offsetof(struct fiber, stack_pointer) == 20, "fiber_switch.S knows it");

void fiber_switch(struct fiber *from, struct fiber *to); /* fiber_switch.S */
void fiber_begin(void);

enum { FLS_CALLBACKS = 1, FLS_FREE = 2 }; /* of RtlProcessFlsData */
enum { NEW_THREAD_CONTROL = 0x27F, NEW_THREAD_MXCSR = 0x1F80 };

static struct fiber *current(void)
{
    return NtTeb()->Tib.FiberData;
}

BOOL WINAPI IsThreadAFiber(void)
{
    return (NtTeb()->SameTebFlags & TEB_HAS_FIBER_DATA) != 0;
}

static struct fiber *new_fiber(LPVOID parameter, DWORD flags)
{
    struct fiber *fiber;
    if (flags & ~FIBER_FLAG_FLOAT_SWITCH) {
        set_error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    fiber = allocate(sizeof *fiber);
    if (!fiber) return NULL;
    memset(fiber, 0, sizeof *fiber);
    fiber->parameter = parameter;
    fiber->flags = flags;
    return fiber;
}

LPVOID WINAPI ConvertThreadToFiberEx(LPVOID parameter, DWORD flags)
{
    struct fiber *fiber;
    if (IsThreadAFiber()) {
        set_error(ERROR_ALREADY_FIBER);
        return NULL;
    }
    fiber = new_fiber(parameter, flags);
    if (!fiber) return NULL;
    NtTeb()->Tib.FiberData = fiber;
    NtTeb()->SameTebFlags |= TEB_HAS_FIBER_DATA;
    return fiber;
}

LPVOID WINAPI ConvertThreadToFiber(LPVOID parameter)
{
    return ConvertThreadToFiberEx(parameter, 0);
}

BOOL WINAPI ConvertFiberToThread(void)
{
    struct fiber *fiber = current();
    if (!IsThreadAFiber()) return set_error(ERROR_ALREADY_THREAD);
    NtTeb()->SameTebFlags &= (USHORT)~TEB_HAS_FIBER_DATA;
    NtTeb()->Tib.FiberData = NULL;
    release(fiber);
    return TRUE;
}

/* The start address of the fiber's RtlUserThreadStart. */
static VOID WINAPI fiber_start(LPVOID data)
{
    struct fiber *fiber = data;
    fiber->start(fiber->parameter);
    RtlExitUserThread(1);
}

/* Reserves the stack, commits `commit` bytes of its top and a guard page below them. */
static BOOL make_stack(struct fiber *fiber, SIZE_T commit, SIZE_T reserve)
{
    char *base, *low;
    DWORD ignored;
    commit = (commit + 2 * PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    base = VirtualAlloc(NULL, reserve, MEM_RESERVE, PAGE_READWRITE);
    if (!base) return FALSE;
    if (commit + PAGE_SIZE > reserve) commit = reserve - PAGE_SIZE;
    low = base + reserve - commit;
    if (!VirtualAlloc(low - PAGE_SIZE, commit + PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE) ||
        !VirtualProtect(low - PAGE_SIZE, PAGE_SIZE, PAGE_READWRITE | PAGE_GUARD, &ignored)) {
        VirtualFree(base, 0, MEM_RELEASE);
        return FALSE;
    }
    fiber->stack_allocation = base;
    fiber->stack_base = base + reserve;
    fiber->stack_limit = low;
    return TRUE;
}

LPVOID WINAPI CreateFiberEx(SIZE_T commit, SIZE_T reserve, DWORD flags,
    LPFIBER_START_ROUTINE start, LPVOID parameter)
{
    struct fiber *fiber = new_fiber(parameter, flags);
    PVOID *top;
    if (!fiber) return NULL;
    if (!reserve) reserve = RtlImageNtHeader(NtPeb()->ImageBaseAddress)
                                ->OptionalHeader.SizeOfStackReserve;
    reserve = (max(reserve, commit + 2 * PAGE_SIZE) + 0xFFFF) & ~(SIZE_T)0xFFFF;
    if (!make_stack(fiber, commit, reserve)) {
        release(fiber);
        return NULL;
    }
    fiber->start = start;
    fiber->exception_list = (PVOID)-1;
    fiber->control = NEW_THREAD_CONTROL;
    fiber->mxcsr = NEW_THREAD_MXCSR;
    top = (PVOID *)fiber->stack_base - 8;
    memset(top, 0, 8 * sizeof *top);
    top[0] = fiber; /* ebx, then esi, edi, ebp, and where to go on */
    top[1] = (PVOID)fiber_start;
    top[4] = (PVOID)fiber_begin;
    fiber->stack_pointer = top;
    return fiber;
}

LPVOID WINAPI CreateFiber(SIZE_T stack, LPFIBER_START_ROUTINE start, LPVOID parameter)
{
    return CreateFiberEx(stack, 0, 0, start, parameter);
}

VOID WINAPI DeleteFiber(LPVOID data)
{
    struct fiber *fiber = data;
    if (!fiber) return;
    if (fiber == current()) {
        RtlExitUserThread(1);
        return;
    }
    RtlProcessFlsData(fiber->fls, FLS_CALLBACKS | FLS_FREE);
    if (fiber->stack_allocation) VirtualFree(fiber->stack_allocation, 0, MEM_RELEASE);
    release(fiber);
}

static void switch_float(struct fiber *from, const struct fiber *to)
{
    if (from->flags & FIBER_FLAG_FLOAT_SWITCH)
        __asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(from->control), "=m"(from->mxcsr));
    if (to->flags & FIBER_FLAG_FLOAT_SWITCH)
        __asm__ volatile("fldcw %0; ldmxcsr %1" : : "m"(to->control), "m"(to->mxcsr));
}

VOID WINAPI SwitchToFiber(LPVOID data)
{
    struct fiber *to = data, *from = current();
    PTEB teb = NtTeb();
    switch_float(from, to);
    from->stack_base = teb->Tib.StackBase;
    from->stack_limit = teb->Tib.StackLimit;
    from->stack_allocation = teb->DeallocationStack;
    from->exception_list = teb->Tib.ExceptionList;
    from->fls = teb->FlsData;
    from->activation_contexts = teb->ActivationContextStackPointer;
    from->guaranteed = teb->GuaranteedStackBytes;
    teb->Tib.FiberData = to;
    teb->Tib.StackBase = to->stack_base;
    teb->Tib.StackLimit = to->stack_limit;
    teb->DeallocationStack = to->stack_allocation;
    teb->Tib.ExceptionList = to->exception_list;
    teb->FlsData = to->fls;
    teb->ActivationContextStackPointer = to->activation_contexts;
    teb->GuaranteedStackBytes = to->guaranteed;
    fiber_switch(from, to);
}
