"""Userlands: what a kernel has to know about the ntdll.dll that it starts programs with.

Every difference between the DLLs of Windows, ReactOS, Wine and our own is a value of `Userland`,
found in the ntdll's exports and stubs; no other module asks whose DLLs they are.

A userland whose stubs call through a pointer finds this code at GATE_VA, in every process:

    +0     lea edx,[esp+8]   int 2Eh                       ret        system calls
    +0x10  lea edx,[esp+4]   mov eax,UNIX_CALL   int 2Eh   ret 10h    calls of Wine's Unix side
    +0x20  lea edx,[esp+4]   mov eax,MESSAGE_BOX int 2Eh   ret 4      MessageBoxIndirectW
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from emu.named_tuple import NamedTuple
from emu.ram import PAGE_SIZE
from loader.stubs import Gate, StubTable, discover
from provider.kernel.io.request import Access
from provider.kernel.ke.priority import SATURATION
from provider.kernel.mm import Protection
from provider.kernel.mm.protection import to_code
from provider.nt.cm.seed import NT_VERSION
from provider.nt.ticks import TICK_UNITS, UNITS_PER_MILLISECOND
from provider.nt.unix.libraries import EARLY_FUNCTIONS, LATE_FUNCTIONS
from provider.nt.version import DEFAULT_VERSION, LAST_BUILDS, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loader.image import Image
    from provider.kernel.kernel import Kernel
    from provider.kernel.mm import AddressSpace
    from provider.nt.cm.seed import Keys

GATE_VA = 0x7FFE1000
UNIX_GATE_VA = GATE_VA + 0x10
UNIX_CALL = 0xFFFF0000
"""The number that stands for a call of Wine's Unix side; no system call has it."""
MESSAGE_BOX_VA = GATE_VA + 0x20
MESSAGE_BOX = 0xFFFF0001
"""As `UNIX_CALL`, for the routine of user32 that shows a message box."""
_SYSTEM_GATE = bytes.fromhex("8d542408 cd2e c3")
_UNIX_GATE = bytes.fromhex("8d542404 b8") + UNIX_CALL.to_bytes(4, "little") + b"\xcd\x2e\xc2\x10\0"
MOST_UNIX_OBJECTS = 10000
"""Of one process."""
_BOX_GATE = bytes.fromhex("8d542404 b8") + MESSAGE_BOX.to_bytes(4, "little") + b"\xcd\x2e\xc2\4\0"
_WINE_DISPATCHER = "__wine_syscall_dispatcher"
_WINE_UNIX_DISPATCHER = "__wine_unix_call_dispatcher"
_WINE_UNIX_HANDLE = "__wine_unixlib_handle"


_WINE_REPLACED = MappingProxyType({("user32.dll", "MessageBoxIndirectW"): MESSAGE_BOX_VA})
"""All message boxes end there; it would make a dialog."""
_WINE_LATE_REGISTRY: Keys = MappingProxyType({f"{NT_VERSION}\\AeDebug": {"Debugger": ""}})
"""Without that value the handler of last resort starts winedbg."""
_WINE_EARLY_REGISTRY = MappingProxyType(
    {
        NT_VERSION: {"CurrentVersion": f"{DEFAULT_VERSION.major}.{DEFAULT_VERSION.minor}"},
        **_WINE_LATE_REGISTRY,
    }
)
"""RtlGetVersion looks there, not at CurrentMajorVersionNumber."""


class ApcFrame(NamedTuple):
    """The words that KiUserApcDispatcher finds at ESP; the CONTEXT follows them.

    The words are fields of `UserApc`, `record` (the CONTEXT's address), `zero` and `alertable`.
    """

    words: tuple[str, ...]

    @property
    def context_offset(self) -> int:
        """From ESP to the CONTEXT."""
        return 4 * len(self.words)


NT_APC_FRAME = ApcFrame(("routine", "context", "argument1", "argument2"))
ALERTABLE_APC_FRAME = ApcFrame((*NT_APC_FRAME.words, "alertable"))
"""Says whether NtContinue looks for further APCs."""
WINE_APC_FRAME = ApcFrame(("zero", "record", "context", "argument1", "argument2", "routine"))
"""Of a C function with the CONTEXT as its first argument and the routine as its last."""
_ALERTABLE_DISPATCHER = bytes.fromhex("8d5c2414 58 ffd0")
"""lea ebx,[esp+14h]   pop eax   call eax"""


class StackRule(NamedTuple):
    """What the stack of a new thread must be beside what its creator asks for."""

    least_reserve: int = 0
    """Bytes."""
    room_to_grow: int = 0
    """Bytes; where not 0, all but these at the bottom is committed from the beginning…"""
    most_committed: int = 0
    """…as far as it is not more than so many bytes."""


NT_STACK = StackRule()
WINE_STACK = StackRule(least_reserve=1 << 20, room_to_grow=0x8000, most_committed=1 << 20)
"""A new thread clears 0xF0000 bytes below its stack pointer from the lowest address up."""


class PriorityRule(NamedTuple):
    """How user mode writes priorities of threads."""

    saturation: int = SATURATION
    """The number that stands for the highest priority of the class; negated, for the lowest."""
    is_relative: bool = False
    """GetThreadPriority takes its answer from THREAD_BASIC_INFORMATION.Priority."""
    tells_class: bool = False
    """GetPriorityClass takes its answer from PROCESS_BASIC_INFORMATION.BasePriority."""


NT_PRIORITY = PriorityRule()
WINE_PRIORITY = PriorityRule(saturation=15, is_relative=True, tells_class=True)


_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Userland(NamedTuple):
    """One ntdll and its habits."""

    ntdll: Image
    stubs: StubTable
    apc_frame: ApcFrame = NT_APC_FRAME
    pages_after: int = 0
    """Zeroed pages that follow every PEB and TEB."""
    stack: StackRule = NT_STACK
    priority: PriorityRule = NT_PRIORITY
    waived_file_access: int = 0
    """Rights that sections, queries and changes do not ask of a file's handle as NT does."""
    overwrites_pipes: bool = False
    """Server ends of pipes are asked for with FILE_OVERWRITE_IF, which NT refuses."""
    redirects_images: bool = True
    """CreateProcess starts the debugger that an image's options name."""
    sleeps_without_time: bool = False
    """Sleep(INFINITE) gives no interval, which NT takes for a bad pointer."""
    writes_protected: bool = False
    """WriteProcessMemory leaves it to the kernel to write where the target may only read."""
    notifications_pend: bool = False
    """Who asks a synchronous directory for changes does not want to wait, as NT lets it."""
    locks_without_status: bool = False
    """Calls on byte-range locks may come without an I/O status block."""
    user_name_variable: str = ""
    """The variable of the environment that GetUserName takes the name from."""
    flags_among_attributes: bool = False
    """NtCreateFile gets CreateFile's flags among the attributes, where NT takes none."""
    dos_patterns: bool = False
    """Directories are listed with patterns as FindFirstFile takes them, not as NT does."""
    dos_file_names: bool = False
    """The names of files begin with their drives, not their devices."""
    opens_sections_to_execute: bool = False
    """FILE_MAP_EXECUTE comes as it is; NT's kernel32 asks for SECTION_MAP_EXECUTE instead."""
    duplicates_with_level: bool = False
    """NtDuplicateToken gets the impersonation level where NT gets EffectiveOnly."""
    interrupts_are_noise: bool = False
    """User mode takes random bytes from SystemInterruptInformation."""
    activation_stack_in_teb: bool = False
    """The kernel makes the stack of a thread's activation contexts, in the TEB."""
    unix_functions: Mapping[str, tuple[str, ...]] = _NOTHING
    """The functions of the Unix sides of DLLs, by their numbers."""
    unix_key_data: int = 0
    """Bytes that a key of bcrypt's has for its Unix side."""
    window_calls: str = ""
    """The dialect of its win32u, in `provider.nt.win32k.dialect`."""
    replaced: Mapping[tuple[str, str], int] = _NOTHING
    """Routines that only a desktop could serve, by DLL and export; addresses in their place."""
    loader_va: int = 0
    """PEB.CloudFileFlags, where Wine's dbghelp looks for the Unix loader of a process; it does not
    touch one that says 0."""
    pokes: tuple[tuple[int, int], ...] = ()
    """RVAs of the ntdll's cells that the kernel fills, and the addresses that it puts there."""
    tick_units: int = TICK_UNITS
    """100 ns units in a tick of the shared data's TickCount."""
    version: Version = DEFAULT_VERSION
    """What the guest is told."""
    registry: Keys = _NOTHING
    """What a new registry has beside the common values, or in their place."""

    @property
    def needs_gate(self) -> bool:
        """Whether processes have the code at GATE_VA."""
        return bool(self.pokes) or self.stubs.gate is Gate.SHARED


def recognise(ntdll: Image) -> Userland:
    """The userland of an ntdll.  ImageError for malformed exports."""
    stubs = discover(ntdll)
    exports = ntdll.exports_by_name
    pokes = []
    if stubs.pointer_rva is not None:
        pokes.append((int(stubs.pointer_rva), GATE_VA))
    if _WINE_DISPATCHER not in exports:
        return Userland(ntdll, stubs, pokes=tuple(pokes), version=_version(ntdll, stubs.gate))
    if _WINE_UNIX_DISPATCHER in exports:
        pokes.append((int(exports[_WINE_UNIX_DISPATCHER].rva), UNIX_GATE_VA))
    is_late = _WINE_UNIX_HANDLE in exports
    if is_late:
        pokes.append((int(exports[_WINE_UNIX_HANDLE].rva), ntdll.image_base))
    return Userland(
        ntdll,
        stubs,
        apc_frame=_wine_apc_frame(ntdll),
        unix_key_data=24 if is_late else 16,
        unix_functions=LATE_FUNCTIONS if is_late else EARLY_FUNCTIONS,
        window_calls="LATE" if is_late else "EARLY",
        pages_after=1,
        interrupts_are_noise=True,
        activation_stack_in_teb=True,
        stack=WINE_STACK,
        redirects_images=False,
        sleeps_without_time=True,
        writes_protected=True,
        priority=WINE_PRIORITY,
        overwrites_pipes=True,
        notifications_pend=True,
        user_name_variable="WINEUSERNAME",
        flags_among_attributes=True,
        dos_patterns=True,
        dos_file_names=True,
        tick_units=UNITS_PER_MILLISECOND,
        locks_without_status=True,
        opens_sections_to_execute=True,
        duplicates_with_level=True,
        loader_va=GATE_VA,
        waived_file_access=Access.EXECUTE | Access.READ_ATTRIBUTES | Access.WRITE_ATTRIBUTES,
        pokes=tuple(pokes),
        replaced=_WINE_REPLACED,
        registry=_WINE_LATE_REGISTRY if is_late else _WINE_EARLY_REGISTRY,
    )


def _wine_apc_frame(ntdll: Image) -> ApcFrame:
    """What the code of its dispatcher takes off the stack.  ImageError."""
    entry = ntdll.exports_by_name.get("KiUserApcDispatcher")
    code = _ALERTABLE_DISPATCHER
    takes_alertable = entry is not None and ntdll.peek(entry.rva, len(code)) == code
    return ALERTABLE_APC_FRAME if takes_alertable else WINE_APC_FRAME


def make_gate(kernel: Kernel) -> int:
    """The frame with the code at GATE_VA, for `map_gate`.  KernelError."""
    pfn = kernel.memory.take_kernel_frame()
    code = _SYSTEM_GATE.ljust(UNIX_GATE_VA - GATE_VA, b"\xcc")
    code += _UNIX_GATE.ljust(MESSAGE_BOX_VA - UNIX_GATE_VA, b"\xcc") + _BOX_GATE
    kernel.ram.write(pfn * PAGE_SIZE, code)
    return pfn


def map_gate(space: AddressSpace, pfn: int) -> None:
    """Put the code at GATE_VA into a process."""
    space.map_shared_frame(GATE_VA, pfn, to_code(Protection.READ | Protection.EXECUTE))


def _version(ntdll: Image, gate: Gate | None) -> Version:
    """The version that Windows' own DLLs are of; ours, and 10, are told the default."""
    build = LAST_BUILDS.get(ntdll.os_version)
    if gate is Gate.INT_2E or build is None:
        return DEFAULT_VERSION
    return Version(*ntdll.os_version, build)
