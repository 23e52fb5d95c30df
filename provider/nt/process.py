"""What NT adds to a process and a thread: `Process.context` and `Thread.context`."""

from __future__ import annotations

import copy
from bisect import bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.mm import AccessViolation
from provider.nt.structs.process import NT_TIB, TEB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader.image import Image
    from provider.kernel.ke.ldt import Ldt
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from provider.nt.dbg.debug_object import DebugObject
    from provider.nt.dispatch import BoundCall
    from provider.nt.ke.callback import CallbackFrame
    from provider.nt.lpc.port import Port, Request
    from provider.nt.provider import NtProvider
    from provider.nt.ps.job import Job
    from provider.nt.se.token import Level, Token
    from provider.nt.structs.context import CONTEXT, EXCEPTION_RECORD
    from provider.nt.userland import Userland


NORMAL_PRIORITY_CLASS = 2
_MOST_PLACES = 4096
NORMAL_IO_PRIORITY, NORMAL_PAGE_PRIORITY = 2, 5
TEB_STACK_BASE = NT_TIB.StackBase.offset
TEB_STACK_LIMIT = NT_TIB.StackLimit.offset
TEB_DEALLOCATION_STACK = TEB.DeallocationStack.offset


class Entries(NamedTuple):
    """Addresses in the mapped ntdll where the kernel enters user mode; 0: not exported."""

    apc_dispatcher: int
    exception_dispatcher: int
    callback_dispatcher: int
    raise_dispatcher: int
    loader_thunk: int
    thread_start: int
    control_routine: int = 0


class Module(NamedTuple):
    """An image that is mapped in a process."""

    base: int
    end: int
    name: str


class UserApc(NamedTuple):
    """A user APC: `routine(context, argument1, argument2)` runs in KiUserApcDispatcher."""

    routine: int
    context: int
    argument1: int
    argument2: int


class Impersonation(NamedTuple):
    """Whom a thread acts for in place of its process (PS_IMPERSONATION_INFORMATION)."""

    token: Token
    level: Level
    copy_on_open: bool = False
    """Whether who opens the token gets a copy."""
    effective_only: bool = False
    """Whether that copy lacks what is disabled."""


class NtProcess:
    """NT's part of a process."""

    def __init__(
        self,
        provider: NtProvider,
        image: Image,
        userland: Userland,
        calls: dict[int, BoundCall | None],
        token: Token,
    ) -> None:
        self.token = token
        """The primary token, which is the process's own."""
        self.token_is_fixed = False
        """Whether a thread has begun to act for the token, so that it cannot be replaced."""
        self.provider = provider
        self.image = image
        self.userland = userland
        self.entries = Entries(0, 0, 0, 0, 0, 0)
        self.calls = calls
        self.execution_is_permanent = False
        """Whether what data may be executed is not to change any more."""
        self.ldt: Ldt | None = None
        """The process's own segments, once it has asked for some."""
        self.peb_va = 0
        self.image_base = self.ntdll_base = 0
        self.api_sets = b""
        """The API set map that children get too."""
        self.image_path = ""
        self.unix_objects: dict[int, object] = {}
        """What Unix sides of Wine's DLLs keep for the process."""
        self.loader_complaint = ""
        """What the guest's loader said last about something that is missing."""
        self.modules: list[Module] = []
        self._module_bases: list[int] = []
        self._known_places: dict[int, str] = {}
        """What `module_at` has said; calls of the system come from a few places."""
        self.file_names: dict[int, str] = {}
        """NT paths of the files behind views, by the views' first addresses."""
        self.priority_class = NORMAL_PRIORITY_CLASS
        self.hard_error_mode = 0
        self.timer_resolution = 0
        """The interval of the clock that the process has asked for; 0: it has not."""
        self.debug_object: DebugObject | None = None
        """Whom events are reported to."""
        self.exception_port: Port | None = None
        """Where the end of each thread is told that has registered no port for that."""
        self.is_reported = False
        """Whether a debugger has been told of the process itself."""
        self.may_create_children = True
        self.is_ending = False
        """Whether its own last thread is about to end the process: no more threads come."""
        self.is_end_reported = False
        """Whether a debugger has not yet continued the event of the process's end."""
        self.io_priority, self.page_priority = NORMAL_IO_PRIORITY, NORMAL_PAGE_PRIORITY
        """Told again, and else without effect."""
        self.no_debug_inherit = False
        """Whether children are no debuggees."""
        self.job: Job | None = None
        """The innermost job."""

    def clone(self, token: Token) -> NtProcess:
        """NT's part of a process with the same memory."""
        made = copy.copy(self)
        made.token, made.token_is_fixed = token, False
        made.modules, made.file_names = list(self.modules), dict(self.file_names)
        made.unix_objects, made._known_places = dict(self.unix_objects), {}
        made.job = made.debug_object = made.exception_port = None
        made.is_ending = made.is_end_reported = False
        return made

    def set_exception_port(self, port: Port | None) -> None:
        """Let another port know of the process's threads."""
        if port is not None:
            port.reference()
        before, self.exception_port = self.exception_port, port
        if before is not None:
            before.dereference()

    def jobs(self) -> Iterator[Job]:
        """All jobs that the process is in, the innermost first."""
        return self.job.chain() if self.job is not None else iter(())

    def image_device_path(self, process: Process) -> str:
        """The path of the image below its device."""
        return device_path(process, self.image_path)

    def add_module(self, module: Module) -> None:
        """An image view appeared."""
        self._set_modules(sorted([*self.modules, module]))

    def forget_view(self, base: int) -> Module | None:
        """A view went away, which was perhaps an image; returns that."""
        self.file_names.pop(base, None)
        gone = next((module for module in self.modules if module.base == base), None)
        if gone is not None:
            self._set_modules([module for module in self.modules if module is not gone])
        return gone

    def _set_modules(self, modules: list[Module]) -> None:
        self.modules, self._module_bases = modules, [module.base for module in modules]
        self._known_places.clear()

    def module_at(self, va: int) -> str:
        """`name+0xoffset` of an address, or "" outside every image."""
        known = self._known_places.get(va)
        if known is None:
            if len(self._known_places) == _MOST_PLACES:
                self._known_places.clear()
            known = self._known_places[va] = self._module_at(va)
        return known

    def _module_at(self, va: int) -> str:
        index = bisect_right(self._module_bases, va) - 1
        if index < 0 or va >= self.modules[index].end:
            return ""
        return f"{self.modules[index].name}+{va - self.modules[index].base:#x}"


def device_path(process: Process, path: str) -> str:
    """A path with a drive, as it is below the drive's device."""
    drive, _, rest = path.partition(":")
    volume = process.kernel.io.volumes.get(drive)
    root = f"\\??\\{drive}:" if volume is None else volume.full_name()
    return root + rest


class NtThread:
    """NT's part of a thread."""

    def __init__(self, space: AddressSpace, teb_va: int) -> None:
        self.teb_va = teb_va
        self.stack_va = 0
        """The lowest address of the stack that came with the thread, and goes with it."""
        self.start_va = 0
        self.create_time = self.exit_time = 0
        self.name = ""
        self.io_priority, self.page_priority = NORMAL_IO_PRIORITY, NORMAL_PAGE_PRIORITY
        """Told again, and else without effect."""
        self.is_hidden_from_debugger = False
        self.breaks_on_termination = False
        self.callbacks: list[CallbackFrame] = []
        """The callbacks that are under way, the latest one last."""
        self.impersonation: Impersonation | None = None
        self.latest_exception: tuple[EXCEPTION_RECORD, CONTEXT] | None = None
        """What the kernel has sent to the thread's own handlers last."""
        self.requests: list[Request] = []
        """Messages whose answers the thread waits for, the latest last."""
        self.terminate_ports: list[Port] = []
        """Ports whose servers want to know when the thread ends."""
        self._space = space

    def bounds(self) -> tuple[int, int] | None:
        """See `mm.UserStack`: from the TEB, where the guest itself may move or spoil them."""
        try:
            top, lowest = self._teb_word(TEB_STACK_BASE), self._teb_word(TEB_DEALLOCATION_STACK)
        except AccessViolation:
            return None
        return (lowest, top) if lowest else None

    def guarantee(self) -> int:
        """See `mm.UserStack`: what SetThreadStackGuarantee stored in the TEB."""
        try:
            return self._teb_word(TEB.GuaranteedStackBytes.offset)
        except AccessViolation:
            return 0

    def set_limit(self, va: int) -> None:
        """See `mm.UserStack`; a TEB that the guest has spoilt stays as it is."""
        with suppress(AccessViolation):
            self._space.write(self.teb_va + TEB_STACK_LIMIT, va.to_bytes(4, "little"))

    def _teb_word(self, offset: int) -> int:
        return int.from_bytes(self._space.read(self.teb_va + offset, 4), "little")
