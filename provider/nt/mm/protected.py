"""Writes to memory that its owner may only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, Protection, Violation, ViolationKind
from provider.kernel.mm.violation import WRITE

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

_ALL = Protection.READ | Protection.WRITE | Protection.EXECUTE


def write_protected(space: AddressSpace, va: int, data: bytes) -> None:
    """Write within one page, whatever its protection.  AccessViolation where nothing is."""
    try:
        space.write(va, data)
    except AccessViolation:
        page = va // PAGE_SIZE * PAGE_SIZE
        try:
            _, _, before = space.protect(page, PAGE_SIZE, _ALL)
        except KernelError:
            raise AccessViolation(Violation(ViolationKind.ACCESS, WRITE, va)) from None
        space.write(va, data)
        space.protect(page, PAGE_SIZE, before)
