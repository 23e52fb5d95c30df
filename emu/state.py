"""Parts of saved states that lie at no known place of the engine's blob.

Each is read or changed by putting the state into the CPU for a moment, so the caller restores
afterwards what is to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.descriptors import USER_CODE, USER_DATA, USER_THREAD
from emu.engine import EngineError
from emu.named_tuple import NamedTuple
from emu.registers import FloatingFile, FloatingState, RegisterBatch

if TYPE_CHECKING:
    from emu.descriptors import DescriptorTable
    from emu.engine import Engine
    from emu.registers import Registers

_USER_EFLAGS = 0x240DD5  # ID, AC, OF, DF, TF, SF, ZF, AF, PF, CF: what ring 3 may choose
_FIXED_EFLAGS = 0x202  # IF and the bit that is always one
_CODE, _SEGMENT, _PRESENT, _DPL = 0x800, 0x1000, 0x8000, 0x6000


class Selectors(NamedTuple):
    """The segment registers, in the CPU's order."""

    es: int = USER_DATA
    cs: int = USER_CODE
    ss: int = USER_DATA
    ds: int = USER_DATA
    fs: int = USER_THREAD
    gs: int = 0


FLAT = Selectors()
"""Those that ring 3 begins with."""


class StateAccess:
    """Reads and changes saved states; a CPU is one."""

    def __init__(self, engine: Engine, descriptors: DescriptorTable) -> None:
        self._descriptors = descriptors
        self._state_engine = engine
        self._floating = FloatingFile(engine)
        self._flags = RegisterBatch(engine, [("eflags", "I")])

    def read_flags(self, registers: Registers) -> int:
        """EFLAGS of `registers`."""
        registers.load()
        flags: int = self._flags.read()[0]
        return flags

    def write_flags(self, registers: Registers, value: int) -> None:
        """Set the EFLAGS bits that ring 3 may choose; the others are as the system wants them."""
        registers.load()
        self._flags.write(value & _USER_EFLAGS | _FIXED_EFLAGS)
        registers.store()

    def read_floating(self, registers: Registers) -> FloatingState:
        """The x87 and SSE registers of `registers`."""
        registers.load()
        return self._floating.read()

    def write_floating(self, registers: Registers, state: FloatingState) -> None:
        """Set the x87 and SSE registers of `registers`."""
        registers.load()
        self._floating.write(state)
        registers.store()

    def read_selectors(self, registers: Registers) -> Selectors:
        """The segment registers of `registers`."""
        return Selectors(*registers.selectors())

    def write_selectors(self, registers: Registers, wanted: Selectors) -> None:
        """Load the segment registers of `registers`.

        A selector that ring 3 could not load is null instead; CS and SS are flat then.
        """
        running = self._descriptors.thread_base
        self._descriptors.set_thread_base(registers.thread_base)
        registers.load()
        for name, selector in wanted._asdict().items():
            if not self._load_selector(name, selector):
                self._load_selector(name, FLAT.ss if name == "ss" else 0)
        registers.store()
        if not _is_user_code(registers.code_access):
            self._load_selector("cs", USER_CODE)
            registers.store()
        self._descriptors.set_thread_base(running)

    def read_descriptor(self, registers: Registers, selector: int) -> bytes | None:
        """The descriptor in the GDT that a selector stands for; None beyond its end."""
        return self._descriptors.read(selector, registers.thread_base)

    def set_local_table(self, registers: Registers, va: int, limit: int) -> None:
        """Let the LDT of `registers` be the descriptors from system address `va` on."""
        registers.load()
        self._state_engine.write("ldtr", (0, va, limit, 0))
        registers.store()

    def _load_selector(self, name: str, selector: int) -> bool:
        """Load a segment register as the CPU in its present state may; False if it may not."""
        try:
            self._state_engine.write(name, selector)
        except EngineError:
            return False
        return True


def _is_user_code(access: int) -> bool:
    """Whether a segment, by the high word of its descriptor, is code of ring 3."""
    needed = _CODE | _SEGMENT | _PRESENT | _DPL
    return access & needed == needed
