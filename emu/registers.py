"""The register file: saved CPU states as views of the engine's context blobs.

The engine copies its whole CPU state to and from an opaque blob in about 0.5 us, while reading one
register through its API takes 1–3 us.  So a trap saves one blob, the kernel reads and changes
registers inside it, and leaving the trap restores it.  The blob's layout is not documented:
`discover_layout` finds it at start-up with marker values, and refuses to go on when anything is
not where the markers say.

x87 and SSE registers are not kept at stable places in the blob; `FloatingState` goes through the
engine's batch calls instead.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from emu.breakpoints import NO_DEBUG_REGISTERS, NO_VA, Breakpoint, DebugRegisters
from emu.engine import REGISTERS, Context, Engine, check, uclib
from emu.named_tuple import NamedTuple

GENERAL = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi")
_GENERAL_CODEC = struct.Struct("<" + "I4x" * 8)
_WORD = struct.Struct("<I")
_SEGMENT_BASE, _SEGMENT_ACCESS, _SEGMENT_BYTES = 8, 20, 24
"""A segment register in a blob: selector, base, limit and the descriptor's access bits."""
_SELECTORS = struct.Struct("<" + f"I{_SEGMENT_BYTES - 4}x" * 6)
_MARKER = 0x5A5A0100
_PAGE_ALIGNED_MARKER = 0x5A5A5000


class EngineMismatch(RuntimeError):
    """The engine's state is not laid out as the self-test expects; nothing can be run with it."""


class Layout(NamedTuple):
    """Offsets in bytes inside a context blob."""

    size: int
    general: int
    eip: int
    cr3: int
    dr3: int
    fs_base: int = 0

    @property
    def error_code(self) -> int:
        """Where the engine keeps the last exception's error code."""
        return self.dr3 - 40

    @property
    def software_interrupt(self) -> int:
        """Where the engine says whether `int n` caused the last exception (1) or not (0)."""
        return self.dr3 - 36

    @property
    def cr2(self) -> int:
        """The address of the last page fault."""
        return self.cr3 - 8

    @property
    def segments(self) -> int:
        """Where the six segment registers begin: ES, CS, SS, DS, FS, GS."""
        return self.fs_base - _SEGMENT_BASE - 4 * _SEGMENT_BYTES

    @property
    def old_exception(self) -> int:
        """Where the engine remembers that an exception is being delivered."""
        return self.dr3 + 72

    def with_fs_base(self, view: memoryview, marker: int) -> Layout:
        """The same with the place of FS's base, which is `marker` in the context `view`.

        It can be marked only in protected mode.  EngineMismatch.
        """
        offset = bytes(view).find(marker.to_bytes(4, "little"))
        if offset < 0:
            raise EngineMismatch("the base of FS is not in the context blob")
        return self._replace(fs_base=offset)


class _Word:
    """A 32-bit member of a saved state, at a place that the layout names."""

    __slots__ = ("_index", "_place")

    def __init__(self, place: str, index: int = 0) -> None:
        self._place, self._index = place, index

    def __get__(self, state: Registers, owner: type) -> int:
        at = getattr(state.layout, self._place) + 8 * self._index
        value: int = _WORD.unpack_from(state.view, at)[0]
        return value

    def __set__(self, state: Registers, value: int) -> None:
        at = getattr(state.layout, self._place) + 8 * self._index
        _WORD.pack_into(state.view, at, value & 0xFFFFFFFF)


class Registers:
    """A saved CPU state; the attributes are the registers in the state, not in the CPU.

    It is the CPU's while a trap is handled on the thread that it belongs to, and that thread's
    resting state otherwise.
    """

    __slots__ = (
        "_engine",
        "_fault_at",
        "_general_at",
        "breakpoints",
        "context",
        "debug",
        "handle",
        "layout",
        "resume_va",
        "thread_base",
        "view",
    )
    eax, ecx, edx, ebx = (_Word("general", index) for index in range(4))
    esp, ebp, esi, edi = (_Word("general", index) for index in range(4, 8))
    eip = _Word("eip")
    fs_base = _Word("fs_base")
    cr3 = _Word("cr3")

    def __init__(self, engine: Engine, layout: Layout) -> None:
        self._engine = engine.handle
        self.context = Context(engine)
        self.handle, self.view = self.context.handle, self.context.view
        self.layout, self._general_at = layout, layout.general
        self._fault_at = layout.old_exception, layout.error_code, layout.cr2
        self.thread_base = 0
        """What the descriptor of FS stands for while this state runs."""
        self.debug: DebugRegisters = NO_DEBUG_REGISTERS
        """DR0 to DR7; `Cpu.write_debug` sets them."""
        self.breakpoints: tuple[Breakpoint, ...] = ()
        """Those that `debug` arms."""
        self.resume_va = NO_VA
        """Where EFLAGS.RF holds breakpoints on execution back once."""

    def general(self) -> tuple[int, ...]:
        """eax, ecx, edx, ebx, esp, ebp, esi, edi; faster than eight attributes."""
        return _GENERAL_CODEC.unpack_from(self.view, self._general_at)

    def set_general(self, values: tuple[int, ...]) -> None:
        """Set the eight registers in the order of `general`."""
        _GENERAL_CODEC.pack_into(self.view, self._general_at, *values)

    def load(self) -> None:
        """Put the state into the CPU."""
        uclib.uc_context_restore(self._engine, self.handle)

    def store(self) -> None:
        """Take the CPU's state."""
        uclib.uc_context_save(self._engine, self.handle)

    def selectors(self) -> tuple[int, ...]:
        """ES, CS, SS, DS, FS, GS."""
        return _SELECTORS.unpack_from(self.view, self.layout.segments)

    @property
    def code_va(self) -> int:
        """The address of the next instruction: EIP in its segment."""
        base: int = _WORD.unpack_from(self.view, self._code_segment + _SEGMENT_BASE)[0]
        return base + self.eip & 0xFFFFFFFF

    @property
    def code_access(self) -> int:
        """The high word of the descriptor of CS, without base and limit."""
        access: int = _WORD.unpack_from(self.view, self._code_segment + _SEGMENT_ACCESS)[0]
        return access

    @property
    def _code_segment(self) -> int:
        return self.layout.segments + _SEGMENT_BYTES

    def set_result(self, value: int) -> None:
        """Set eax to a 32-bit unsigned value: what every system call ends with."""
        _WORD.pack_into(self.view, self._general_at, value)

    def take_fault(self) -> tuple[int, int]:
        """The error code and the fault address (CR2) of the exception that this state was saved at.

        The engine is told that the exception was taken; it would make the next fault a double fault
        otherwise (Unicorn issue 1883).
        """
        old_exception, error_code, cr2 = self._fault_at
        view = self.view
        _WORD.pack_into(view, old_exception, 0xFFFFFFFF)
        return _WORD.unpack_from(view, error_code)[0], _WORD.unpack_from(view, cr2)[0]

    def copy_from(self, other: Registers) -> None:
        """Take over the whole state of `other`, x87 and SSE included."""
        self.view[:] = other.view


class FloatingState(NamedTuple):
    """x87 and SSE registers; `st` are the ten-byte values of ST0–ST7, `xmm` sixteen bytes each."""

    control: int
    status: int
    tag: int
    opcode: int
    instruction_offset: int
    instruction_selector: int
    data_offset: int
    data_selector: int
    mxcsr: int
    st: tuple[bytes, ...]
    xmm: tuple[bytes, ...]


class RegisterBatch:
    """A fixed list of registers that the engine reads or writes in one call."""

    def __init__(self, engine: Engine, registers: list[tuple[str, str]]) -> None:
        """`registers` are engine names and the formats of their values (module struct)."""
        self._engine = engine.handle
        self._count = len(registers)
        formats = [f"{code}{_ROOM - struct.calcsize(code)}x" for _, code in registers]
        self._codec = struct.Struct("<" + "".join(formats))
        self._memory = bytearray(self._codec.size)
        ids = [REGISTERS[name] for name, _ in registers]
        self._ids = (ctypes.c_int * self._count)(*ids)
        start = ctypes.addressof((ctypes.c_char * self._codec.size).from_buffer(self._memory))
        places = range(start, start + self._codec.size, _ROOM)
        self._values = (ctypes.c_void_p * self._count)(*places)

    def read(self) -> tuple[Any, ...]:
        """The registers' values, in the order of the list."""
        check(uclib.uc_reg_read_batch(self._engine, self._ids, self._values, self._count))
        return self._codec.unpack(self._memory)

    def write(self, *values: int | bytes) -> None:
        """Set the registers."""
        self._codec.pack_into(self._memory, 0, *values)
        check(uclib.uc_reg_write_batch(self._engine, self._ids, self._values, self._count))


_ROOM = 16
"""Bytes that a register of a batch has."""
_FLOATING_WORDS = [
    ("fpcw", "H"), ("fpsw", "H"), ("fptag", "H"), ("fop", "H"), ("fip", "I"), ("fcs", "H"),
    ("fdp", "I"), ("fds", "H"), ("mxcsr", "I"),
]  # fmt: skip


class FloatingFile:
    """Reads and writes the x87 and SSE registers of the state that is in the CPU."""

    def __init__(self, engine: Engine) -> None:
        stack = [(f"st{index}", "10s") for index in range(8)]
        vectors = [(f"xmm{index}", "16s") for index in range(8)]
        self._batch = RegisterBatch(engine, [*_FLOATING_WORDS, *stack, *vectors])

    def read(self) -> FloatingState:
        """The registers as they are."""
        control, status, tag, opcode, fip, fcs, fdp, fds, mxcsr, *rest = self._batch.read()
        st, xmm = tuple(rest[:8]), tuple(rest[8:])
        return FloatingState(control, status, tag, opcode, fip, fcs, fdp, fds, mxcsr, st, xmm)

    def write(self, state: FloatingState) -> None:
        """Set all of them."""
        self._batch.write(*state[:9], *state.st, *state.xmm)


class PageDirectoryRegister:
    """CR3 of the CPU itself; a write makes the CPU forget its translations.

    A write here costs a quarter of `Engine.write`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.handle
        self._value = ctypes.c_uint64()
        self._address = ctypes.byref(self._value)

    def write(self, value: int) -> None:
        """Load the register."""
        self._value.value = value
        uclib.uc_reg_write(self._engine, REGISTERS["cr3"], self._address)


def discover_layout(engine: Engine) -> Layout:
    """Find the registers in a context blob; the CPU must not be paging yet.

    Raises EngineMismatch when the markers are not where one blob layout would have them.
    """
    context = Context(engine)

    def find(register: str, marker: int) -> int:
        before = engine.read(register)
        engine.write(register, marker)
        check(uclib.uc_context_save(engine.handle, context.handle))
        engine.write(register, before)
        return bytes(context.view).find(_WORD.pack(marker))

    general = [find(name, _MARKER + index) for index, name in enumerate(GENERAL)]
    layout = Layout(
        size=len(context.view),
        general=general[0],
        eip=find("eip", _MARKER + 8),
        cr3=find("cr3", _PAGE_ALIGNED_MARKER),
        dr3=find("dr3", _MARKER + 9),
    )
    if general != [general[0] + 8 * index for index in range(8)]:
        raise EngineMismatch("the general registers do not lie in a row in the context blob")
    if min(layout.general, layout.eip, layout.cr3, layout.dr3) < 0:
        raise EngineMismatch("a register's marker is not in the context blob")
    return layout
