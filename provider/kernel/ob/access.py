"""Access masks: which rights a handle carries.

    31 30 29 28 | 25      | 24     | 20 .. 16        | 15 .. 0
    generic     | maximum | system | standard rights | rights of the object's type

Generic rights are replaced by those of the type when a handle is made (winnt.h, ACCESS_MASK).
"""

from __future__ import annotations

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

DELETE = 0x10000
READ_CONTROL = 0x20000
WRITE_DAC = 0x40000
WRITE_OWNER = 0x80000
SYNCHRONIZE = 0x100000
STANDARD_REQUIRED = DELETE | READ_CONTROL | WRITE_DAC | WRITE_OWNER
SYSTEM_SECURITY = 0x1000000
MAXIMUM_ALLOWED = 0x2000000
GENERIC_ALL = 0x10000000
GENERIC_EXECUTE = 0x20000000
GENERIC_WRITE = 0x40000000
GENERIC_READ = 0x80000000


_GENERIC = (GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, GENERIC_ALL)
GENERIC = GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL


class GenericMapping(NamedTuple):
    """What the four generic rights stand for in one type."""

    read: int
    write: int
    execute: int
    all: int

    def map(self, access: int) -> int:
        """`access` with only rights that the type has; every type can be waited for.

        KernelError PRIVILEGE_NOT_HELD.
        """
        if access & SYSTEM_SECURITY:
            raise KernelError(Reason.PRIVILEGE_NOT_HELD, "access to the audit list")
        granted = access
        if access & (GENERIC_ALL | MAXIMUM_ALLOWED):
            granted |= self.all
        if access & GENERIC_READ:
            granted |= self.read
        if access & GENERIC_WRITE:
            granted |= self.write
        if access & GENERIC_EXECUTE:
            granted |= self.execute
        return granted & (self.all | SYNCHRONIZE)

    def map_ace(self, rights: int) -> int:
        """The rights of an ACE with the type's own in place of the generic ones."""
        mapped = rights & 0x0FFFFFFF
        for generic, own in zip(_GENERIC, self, strict=True):
            if rights & generic:
                mapped |= own
        return mapped
