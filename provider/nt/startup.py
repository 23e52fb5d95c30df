"""How a process starts: everything NT does before the first user instruction, in NT's order.

    address space, shared user data, image and ntdll mapped, PEB, parameters, api-set map;
    stack, TEB, initial CONTEXT (at RtlUserThreadStart);
    a user APC to ntdll's LdrInitializeThunk, after which NtContinue resumes that CONTEXT.

What binds imports and calls entry points is guest code ("Flow of Process Creation" and "Stage 7",
Windows Internals, 4th edition, chapter 6).
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.start_routine import StartRoutine
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.process import Process
from provider.nt.apc import frame_start, push_frame
from provider.nt.context import apply, capture
from provider.nt.dbg.report import thread_started
from provider.nt.exception import raise_violation
from provider.nt.handles import nt_part
from provider.nt.mm.images import map_image
from provider.nt.mm.labels import labels
from provider.nt.process import Entries, NtProcess, NtThread, UserApc, device_path
from provider.nt.se.subject import token_of_child
from provider.nt.service_calls import ServiceCalls
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT_ALL
from provider.nt.structs.process import (
    PEB,
    RTL_USER_PROC_PARAMS_NORMALIZED,
    RTL_USER_PROCESS_PARAMETERS,
    SHARED_USER_DATA_VA,
    TEB,
)
from provider.nt.types import encode_utf16
from provider.nt.userland import map_gate
from provider.nt.version import PLATFORM_NT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loader.image import Image
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.structs.context import CONTEXT

_READ_WRITE = Protection.READ | Protection.WRITE
_LOCALE_EN_US = 0x409
_ENTRIES = (
    "KiUserApcDispatcher",
    "KiUserExceptionDispatcher",
    "KiUserCallbackDispatcher",
    "KiRaiseUserExceptionDispatcher",
    "LdrInitializeThunk",
    "RtlUserThreadStart",
)
_CONTROL_ROUTINES = ("RtlConsoleControlRoutine", "__wine_ctrl_routine")
"""Our own ntdll's and Wine's; both call kernel32's CtrlRoutine."""
GUARD_PAGES = 1
NTDLL_PATH = "C:\\Windows\\System32\\ntdll.dll"
_STATIC_STRING_BYTES = 522
_START_FRAME = 16
"""RtlUserThreadStart stores its two arguments at [esp+4] and [esp+8] before it pushes anything."""
_LONGEST_TEXT = 0xFFFC
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Parameters:
    """What the creator tells a new process; paths are the guest's, with a drive."""

    image_path: str
    command_line: str
    current_directory: str
    environment: Mapping[str, str]
    dll_path: str
    standard_handles: tuple[int, int, int]


def create_process(
    provider: NtProvider,
    image: Image,
    ntdll: Image,
    api_sets: bytes,
    name: str,
    parent: Process | None = None,
) -> Process:
    """A process with `image` and `ntdll` mapped and an empty PEB.  KernelError, AccessViolation."""
    process = provider.routines.create_process(name=name, parent=parent)
    try:
        _map_process(provider, process, image, ntdll, api_sets, parent)
    except (KernelError, AccessViolation):
        provider.routines.terminate_process(process, NTSTATUS.NO_MEMORY)
        raise
    return process


def _map_process(
    provider: NtProvider,
    process: Process,
    image: Image,
    ntdll: Image,
    api_sets: bytes,
    parent: Process | None,
) -> None:
    space = process.space
    space.map_shared_frame(SHARED_USER_DATA_VA, provider.shared_data.pfn)
    userland = provider.userland_of(ntdll)
    calls = ServiceCalls(userland)
    token = token_of_child(provider, parent)
    process.context = context = NtProcess(provider, image, userland, calls, token)
    process.set_security(token.default_security(Process))
    context.api_sets = api_sets
    space.labels = partial(labels, space, context)
    # Nobody could relocate ntdll, but ntdll relocates an image that wants its place.
    context.ntdll_base = map_image(provider, process, ntdll, "ntdll.dll").start
    context.file_names[context.ntdll_base] = device_path(process, NTDLL_PATH)
    context.image_base = map_image(provider, process, image, process.name).start
    context.entries = _find_entries(ntdll, context.ntdll_base)
    if userland.needs_gate:
        map_gate(space, provider.gate_frame)
    for rva, va in userland.pokes:
        space.write(context.ntdll_base + rva, va.to_bytes(4, "little"))
    size = (1 + userland.pages_after) * PAGE_SIZE
    context.peb_va = SHARED_USER_DATA_VA - size
    _allocate(space, context.peb_va, size)
    _fill_peb(process, image, _store(space, api_sets) if api_sets else 0)


def attach_console(process: Process) -> int:
    """A handle for the machine's console; 0 where it has none.  KernelError."""
    console = process.kernel.io.console_reference()
    return 0 if console is None else process.handles.insert(console, console.access)


def set_parameters(process: Process, parameters: Parameters) -> None:
    """Write the process parameters and the environment into the process.

    KernelError, NAME_TOO_LONG among others: a text has at most 32,766 UTF-16 units.
    """
    space = process.space
    block = environment_block(_with_user_name(process, parameters.environment))
    environment_va = _store(space, block)
    header = RTL_USER_PROCESS_PARAMETERS(
        Flags=RTL_USER_PROC_PARAMS_NORMALIZED,
        Environment=environment_va,
        EnvironmentSize=len(block),
    )
    header.StandardInput, header.StandardOutput, header.StandardError = parameters.standard_handles
    header.ConsoleHandle = attach_console(process)
    directory = parameters.current_directory.rstrip("\\") + "\\"
    rows = (
        (header.CurrentDirectory.DosPath, directory, 520),
        (header.DllPath, parameters.dll_path, 0),
        (header.ImagePathName, parameters.image_path, 0),
        (header.CommandLine, parameters.command_line, 0),
        (header.WindowTitle, parameters.image_path, 0),
        (header.DesktopInfo, "WinSta0\\Default", 0),
    )
    texts = [row for row in rows if row[1] or row[2]]
    size = header.SIZE + sum(max(2 * len(text) + 2, room) for _, text, room in texts)
    va, _ = space.allocate(None, size, reserve=True, commit=True, protection=_READ_WRITE)
    tail = bytearray()
    for field, text, room in texts:
        data = encode_utf16(text)
        if len(data) > _LONGEST_TEXT:
            raise KernelError(
                Reason.NAME_TOO_LONG, f"a process parameter of {len(text)} characters"
            )
        field.Length, field.MaximumLength = len(data), max(len(data) + 2, room)
        field.Buffer = va + header.SIZE + len(tail)
        tail += data.ljust(field.MaximumLength, b"\0")
    header.MaximumLength = header.Length = header.SIZE + len(tail)
    space.write(va, bytes(header) + tail)
    parameters_va = process.context.peb_va + PEB.ProcessParameters.offset
    space.write(parameters_va, va.to_bytes(4, "little"))
    context: NtProcess = process.context
    context.image_path = parameters.image_path
    context.file_names[context.image_base] = context.image_device_path(process)


def _with_user_name(process: Process, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment as the userland wants it."""
    variable = nt_part(process).userland.user_name_variable
    if not variable or "USERNAME" not in environment:
        return environment
    return {variable: environment["USERNAME"], **environment}


def environment_block(environment: Mapping[str, str]) -> bytes:
    """NAME=VALUE strings sorted by upper-case name, each ended by a zero, then another zero.

    A block without variables is two zeros ("GetEnvironmentStrings", Win32 API).
    """
    names = sorted(environment, key=lambda name: (name.upper(), name))
    return encode_utf16(
        "".join(f"{name}={environment[name]}\0" for name in names) + "\0" * (1 if names else 2)
    )


def create_initial_thread(provider: NtProvider, process: Process) -> Thread:
    """The first thread: runs the image's entry point after ntdll has initialised."""
    context: NtProcess = process.context
    image = context.image
    start = context.image_base + image.entry_point
    return create_thread(
        provider,
        process,
        start,
        context.peb_va,
        reserve=image.stack_reserve,
        commit=image.stack_commit,
    )


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
    with ExitStack() as undo:
        rule = context.userland.stack
        stack = _allocate_stack(space, max(reserve, rule.least_reserve), commit, zero_bits, undo)
        if rule.room_to_grow:
            guard_va = max(stack.lowest + rule.room_to_grow, stack.top - rule.most_committed)
            stack = _commit_stack(space, stack, guard_va)
        teb_va = _allocate_teb(process)
        undo.callback(space.release, teb_va)
        space.probe_write(stack.top - PAGE_SIZE, PAGE_SIZE)
        space.probe_write(teb_va, PAGE_SIZE)
        undo.pop_all()
    thread = provider.routines.create_thread(
        process,
        eip=context.entries.thread_start,
        esp=stack.top - _START_FRAME,
        descriptor_base=teb_va,
    )
    thread.context = thread.user_stack = part = NtThread(space, teb_va)
    part.stack_va, part.start_va = stack.lowest, start
    part.create_time = provider.kernel.clock.system_time()
    thread.set_security(context.token.default_security(type(thread)))
    _fill_teb(thread, teb_va, stack, context.peb_va)
    registers = thread.registers
    registers.eax, registers.ebx = start, argument
    if context.ldt is not None:
        context.ldt.load(registers)
    thread.call = StartRoutine(thread, partial(_enter_user_mode, provider, thread))
    return thread


def create_thread_in(
    provider: NtProvider, process: Process, stack: Stack, initial: CONTEXT
) -> Thread:
    """A suspended thread on a stack of its creator's, which goes on at `initial`.

    KernelError, AccessViolation.
    """
    context: NtProcess = process.context
    teb_va = _allocate_teb(process)
    thread = provider.routines.create_thread(
        process, eip=initial.Eip, esp=initial.Esp, descriptor_base=teb_va
    )
    thread.context = thread.user_stack = part = NtThread(process.space, teb_va)
    part.start_va = initial.Eax
    part.create_time = provider.kernel.clock.system_time()
    thread.set_security(context.token.default_security(type(thread)))
    _fill_teb(thread, teb_va, stack, context.peb_va)
    apply(provider.kernel.cpu, thread.registers, initial)
    if context.ldt is not None:
        context.ldt.load(thread.registers)
    thread.call = StartRoutine(thread, partial(_enter_user_mode, provider, thread))
    return thread


def _enter_user_mode(provider: NtProvider, thread: Thread) -> None:
    """Let the thread begin in KiUserApcDispatcher, on its way to LdrInitializeThunk.

    This is when it runs first, so that whoever has set its context before decides where it goes
    after that (KiInitializeUserApc).
    """
    thread_started(thread)
    context: NtProcess = thread.process.context
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
    vads = process.space.vads
    for va in range(process.context.peb_va - size, vads.lowest - 1, -size):
        if vads.is_free(va, va + size):
            _allocate(process.space, va, size)
            return va
    raise KernelError(Reason.NO_MEMORY, "no room for a TEB")


def _fill_teb(thread: Thread, va: int, stack: Stack, peb_va: int) -> None:
    teb = TEB()
    teb.NtTib.ExceptionList = 0xFFFFFFFF
    teb.NtTib.StackBase, teb.NtTib.StackLimit = stack.top, stack.limit
    teb.NtTib.Self = va
    teb.ClientId.UniqueProcess, teb.ClientId.UniqueThread = thread.process.id, thread.id
    teb.RealClientId = teb.ClientId
    teb.ProcessEnvironmentBlock = peb_va
    teb.CurrentLocale = _LOCALE_EN_US
    teb.StaticUnicodeString.MaximumLength = _STATIC_STRING_BYTES
    teb.StaticUnicodeString.Buffer = va + TEB.StaticUnicodeBuffer.offset
    teb.DeallocationStack = stack.lowest
    thread.process.space.write(va, bytes(teb))


def _fill_peb(process: Process, image: Image, api_sets_va: int) -> None:
    version = process.context.userland.version
    peb = PEB(
        ImageBaseAddress=process.context.image_base,
        ApiSetMap=api_sets_va,
        NumberOfProcessors=1,
        CriticalSectionTimeout=0xFFFFE86D079B8000,  # 30 days, relative
        HeapSegmentReserve=0x100000,
        HeapSegmentCommit=0x2000,
        HeapDeCommitTotalFreeThreshold=0x10000,
        HeapDeCommitFreeBlockThreshold=0x1000,
        OSMajorVersion=version.major,
        OSMinorVersion=version.minor,
        OSBuildNumber=version.build,
        OSPlatformId=PLATFORM_NT,
        ImageSubsystem=image.subsystem,
        ImageSubsystemMajorVersion=image.subsystem_version[0],
        ImageSubsystemMinorVersion=image.subsystem_version[1],
        ActiveProcessAffinityMask=1,
        SessionId=1,
    )
    process.space.write(process.context.peb_va, bytes(peb))


def _find_entries(ntdll: Image, base: int) -> Entries:
    exports = ntdll.exports_by_name
    entries = [base + exports[name].rva if name in exports else 0 for name in _ENTRIES]
    control = next((exports[name] for name in _CONTROL_ROUTINES if name in exports), None)
    entries.append(base + control.rva if control is not None else 0)
    return Entries(*entries)


def _allocate(space: AddressSpace, va: int, size: int) -> None:
    space.allocate(va, size, reserve=True, commit=True, protection=_READ_WRITE, alignment=PAGE_SIZE)


def _store(space: AddressSpace, data: bytes) -> int:
    """A region of its own for `data`."""
    va, _ = space.allocate(None, len(data), reserve=True, commit=True, protection=_READ_WRITE)
    space.write(va, data)
    return va
