"""How a thread of NT starts: its user stack, TEB and initial CONTEXT, and the loader's APC.

What it runs first is a user APC to ntdll's LdrInitializeThunk, after which NtContinue resumes the
CONTEXT at RtlUserThreadStart ("Stage 7", Windows Internals, 4th edition, chapter 6).
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.start_routine import StartRoutine
from provider.kernel.mm import AccessViolation, Protection
from provider.nt.apc import frame_start, push_frame
from provider.nt.context import apply, capture
from provider.nt.dbg.report import thread_started
from provider.nt.exception import raise_violation
from provider.nt.process import NtProcess, NtThread, UserApc
from provider.nt.ps.creation import Step, is_initial, tell
from provider.nt.structs.context import CONTEXT_ALL
from provider.nt.structs.process import ACTIVATION_CONTEXT_STACK, TEB
from provider.nt.userland import GATE_VA

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.structs.context import CONTEXT
    from provider.nt.userland import Userland

_READ_WRITE = Protection.READ | Protection.WRITE
_LOCALE_EN_US = 0x409
GUARD_PAGES = 1
_STATIC_STRING_BYTES = 522
_START_FRAME = 16
"""RtlUserThreadStart stores its two arguments at [esp+4] and [esp+8] before it pushes anything."""
_MEGABYTE = 1 << 20


def create_thread(
    provider: NtProvider,
    process: Process,
    start: int,
    argument: int,
    *,
    reserve: int,
    commit: int,
    zero_bits: int = 0,
) -> Thread:
    """A suspended thread at `start(argument)`; stack sizes in bytes, rounded up.

    KernelError, AccessViolation; nothing is left behind then.
    """
    context: NtProcess = process.context
    space = process.space
    thread = _allocate(provider, process)
    with ExitStack() as undo:
        rule = context.userland.stack
        stack = _allocate_stack(space, max(reserve, rule.least_reserve), commit, zero_bits, undo)
        if rule.room_to_grow:
            guard_va = max(stack.lowest + rule.room_to_grow, stack.top - rule.most_committed)
            stack = _commit_stack(space, stack, guard_va)
        space.probe_write(stack.top - PAGE_SIZE, PAGE_SIZE)
        _tell(thread, Step.USER_STACK, f"{stack.lowest:#x}-{stack.top:#x}")
        teb_va = _allocate_teb(process)
        undo.callback(space.release, teb_va)
        space.probe_write(teb_va, PAGE_SIZE)
        undo.pop_all()
    part = _insert(thread, stack, teb_va, context.entries.thread_start, stack.top - _START_FRAME)
    part.stack_va, part.start_va = stack.lowest, start
    registers = thread.registers
    registers.eax, registers.ebx = start, argument
    _make_startable(thread)
    return thread


def create_thread_in(
    provider: NtProvider, process: Process, stack: Stack, initial: CONTEXT
) -> Thread:
    """A suspended thread on a stack of its creator's, which goes on at `initial`.

    KernelError, AccessViolation.
    """
    thread = _allocate(provider, process)
    _tell(thread, Step.USER_STACK, f"{stack.lowest:#x}-{stack.top:#x}, the creator's")
    part = _insert(thread, stack, _allocate_teb(process), initial.Eip, initial.Esp)
    part.start_va = initial.Eax
    apply(provider.kernel.cpu, thread.registers, initial)
    _make_startable(thread)
    return thread


def _allocate(provider: NtProvider, process: Process) -> Thread:
    """The thread object and its id."""
    thread = provider.routines.allocate_thread(process)
    thread.set_security(process.context.token.default_security(type(thread)))
    _tell(thread, Step.CLIENT_IDS, f"{process.id}.{thread.id}")
    _tell(thread, Step.THREAD_OBJECT)
    return thread


def _insert(thread: Thread, stack: Stack, teb_va: int, eip: int, esp: int) -> NtThread:
    """Give the thread its TEB, and its process the thread."""
    process = thread.process
    context: NtProcess = process.context
    provider = context.provider
    _fill_teb(thread, teb_va, stack, context.peb_va)
    _tell(thread, Step.TEB, f"{teb_va:#x}")
    thread.context = thread.user_stack = part = NtThread(process.space, teb_va)
    part.create_time = provider.kernel.clock.system_time()
    provider.routines.insert_thread(thread, eip=eip, esp=esp, descriptor_base=teb_va)
    return part


def _make_startable(thread: Thread) -> None:
    """Its registers are what it begins with, once it has been resumed."""
    context: NtProcess = thread.process.context
    if context.ldt is not None:
        context.ldt.load(thread.registers)
    thread.call = StartRoutine(thread, partial(_enter_user_mode, context.provider, thread))
    if is_initial(thread):
        start = thread.registers.eax
        tell(context.provider, Step.CONTEXT, thread.process, thread, f"at {start:#x}")


def _tell(thread: Thread, step: Step, detail: str = "") -> None:
    """Tell of a step if the thread is to be the first one."""
    context: NtProcess = thread.process.context
    if not thread.process.threads:
        tell(context.provider, step, thread.process, thread, detail)


def _enter_user_mode(provider: NtProvider, thread: Thread) -> None:
    """Let the thread begin in KiUserApcDispatcher, on its way to LdrInitializeThunk.

    This is when it runs first, so that whoever has set its context before decides where it goes
    after that (KiInitializeUserApc).
    """
    thread_started(thread)
    context: NtProcess = thread.process.context
    if is_initial(thread):
        loader_va = context.entries.loader_thunk
        tell(provider, Step.LOADER_APC, thread.process, thread, f"at {loader_va:#x}")
    context.token_is_fixed = True
    registers = thread.registers
    initial = capture(provider.kernel.cpu, registers, CONTEXT_ALL)
    frame = context.userland.apc_frame
    record_va = frame_start(registers.esp, frame) + frame.context_offset
    loader = UserApc(context.entries.loader_thunk, record_va, context.ntdll_base, 0)
    try:
        esp = push_frame(thread.process.space, registers.esp, frame, loader, initial)
    except AccessViolation as error:
        raise_violation(provider, thread, error.violation)
        return
    registers.esp = esp
    registers.eip = context.entries.apc_dispatcher
    provider.emit_apc(thread, loader.routine)


def _commit_stack(space: AddressSpace, stack: Stack, guard_va: int) -> Stack:
    """The same stack with its guard page at `guard_va` and all above it committed."""
    limit = guard_va + GUARD_PAGES * PAGE_SIZE
    if limit >= stack.limit:
        return stack
    guarded = _READ_WRITE | Protection.GUARD
    space.allocate(guard_va, limit - guard_va, reserve=False, commit=True, protection=guarded)
    space.allocate(limit, stack.top - limit, reserve=False, commit=True, protection=_READ_WRITE)
    return stack._replace(limit=limit)


class Stack(NamedTuple):
    """A user stack: the lowest reserved address, the lowest committed one, the end."""

    lowest: int
    limit: int
    top: int


def _allocate_stack(
    space: AddressSpace, reserve: int, commit: int, zero_bits: int, undo: ExitStack
) -> Stack:
    """A new stack; `undo` learns how to free it.

    As much as is to be committed decides the reserve where it is not less ("Thread Stack Size",
    Win32 documentation).
    """
    if commit >= reserve:
        reserve = -(-commit // _MEGABYTE) * _MEGABYTE
    commit = max(-(-commit // PAGE_SIZE) * PAGE_SIZE, PAGE_SIZE)
    reserve = max(-(-reserve // 0x10000) * 0x10000, 0x10000)
    lowest, size = space.allocate(
        None,
        reserve,
        reserve=True,
        commit=False,
        protection=_READ_WRITE,
        zero_bits=zero_bits,
    )
    undo.callback(space.release, lowest)
    top = lowest + size
    guard = GUARD_PAGES * PAGE_SIZE
    commit = min(commit, size - guard - PAGE_SIZE)
    space.allocate(top - commit, commit, reserve=False, commit=True, protection=_READ_WRITE)
    guarded = _READ_WRITE | Protection.GUARD
    space.allocate(top - commit - guard, guard, reserve=False, commit=True, protection=guarded)
    return Stack(lowest, top - commit, top)


def _allocate_teb(process: Process) -> int:
    """Pages for a TEB, at the first free place below the PEB.  KernelError NO_MEMORY."""
    size = (1 + process.context.userland.pages_after) * PAGE_SIZE
    va = process.space.vads.find_below(process.context.peb_va, size)
    if va is None:
        raise KernelError(Reason.NO_MEMORY, "no room for a TEB")
    process.space.allocate(
        va, size, reserve=True, commit=True, protection=_READ_WRITE, alignment=PAGE_SIZE
    )
    return va


def _fill_teb(thread: Thread, va: int, stack: Stack, peb_va: int) -> None:
    teb = TEB()
    teb.NtTib.ExceptionList = 0xFFFFFFFF
    teb.NtTib.StackBase, teb.NtTib.StackLimit = stack.top, stack.limit
    teb.NtTib.Self = va
    teb.ClientId.UniqueProcess, teb.ClientId.UniqueThread = thread.process.id, thread.id
    teb.RealClientId = teb.ClientId
    teb.ProcessEnvironmentBlock = peb_va
    teb.CurrentLocale = _LOCALE_EN_US
    userland: Userland = thread.process.context.userland
    if userland.stubs.uses_teb:
        teb.WOW32Reserved = GATE_VA
    if userland.activation_stack_in_teb:
        teb.ActivationContextStackPointer = va + TEB.ActivationContextStack.offset
        frames = teb.ActivationContextStackPointer + ACTIVATION_CONTEXT_STACK.FrameListHead.offset
        teb.ActivationContextStack.FrameListHead = frames
        teb.ActivationContextStack.FrameListTail = frames
    teb.StaticUnicodeString.MaximumLength = _STATIC_STRING_BYTES
    teb.StaticUnicodeString.Buffer = va + TEB.StaticUnicodeBuffer.offset
    teb.DeallocationStack = stack.lowest
    thread.process.space.write(va, bytes(teb))
