"""From reset to protected mode with paging: the control registers, the descriptors, the FPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.descriptors import KERNEL_CODE, KERNEL_DATA, USER_DATA, USER_THREAD

if TYPE_CHECKING:
    from emu.descriptors import DescriptorTable
    from emu.engine import Engine
    from emu.paging import PageTables

FS_MARKER = 0x5A5A7000
"""The base that FS is given at first, so that it can be found in a context blob."""

_CR0 = 0x80010031  # PG, WP, NE, ET, PE
_CR4 = 0x604  # OSXMMEXCPT, OSFXSR, TSD
_CR4_PAE = 0x20
_EFER, _EFER_NXE = 0xC0000080, 0x800
_FPCW, _FPTAG_EMPTY, _MXCSR = 0x27F, 0xFFFF, 0x1F80


def enter_protected_mode(
    engine: Engine, tables: PageTables, descriptors: DescriptorTable, esp: int
) -> None:
    """Ring 0 on `tables`, with the selectors and the FPU state that ring 3 will begin with."""
    pae = tables.format.entry_size == 8
    engine.write("cr3", tables.cr3)
    engine.write("cr4", _CR4 | (_CR4_PAE if pae else 0))
    if pae:
        engine.write("msr", (_EFER, _EFER_NXE))
    engine.write("gdtr", (0, descriptors.va, descriptors.limit, 0))
    engine.write("cr0", _CR0)
    descriptors.set_thread_base(FS_MARKER)
    for register, selector in (
        ("cs", KERNEL_CODE),
        ("ss", KERNEL_DATA),
        ("ds", USER_DATA),
        ("es", USER_DATA),
        ("fs", USER_THREAD),
    ):
        engine.write(register, selector)
    for register, value in (
        ("esp", esp),
        ("fpcw", _FPCW),
        ("fptag", _FPTAG_EMPTY),
        ("mxcsr", _MXCSR),
    ):
        engine.write(register, value)
