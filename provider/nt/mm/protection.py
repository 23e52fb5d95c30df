"""PAGE_… constants (winnt.h) to the memory manager's protections and back."""

from __future__ import annotations

from provider.kernel.mm import Protection
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import PAGE_PROTECTION as P

_ACCESS = {
    P.PAGE_NOACCESS: Protection.NONE,
    P.PAGE_READONLY: Protection.READ,
    P.PAGE_READWRITE: Protection.READ | Protection.WRITE,
    P.PAGE_WRITECOPY: Protection.READ | Protection.COPY,
    P.PAGE_EXECUTE: Protection.EXECUTE,
    P.PAGE_EXECUTE_READ: Protection.EXECUTE | Protection.READ,
    P.PAGE_EXECUTE_READWRITE: Protection.EXECUTE | Protection.READ | Protection.WRITE,
    P.PAGE_EXECUTE_WRITECOPY: Protection.EXECUTE | Protection.READ | Protection.COPY,
}
_MODIFIERS = (
    (P.PAGE_GUARD, Protection.GUARD),
    (P.PAGE_NOCACHE, Protection.NO_CACHE),
    (P.PAGE_WRITECOMBINE, Protection.WRITE_COMBINE),
)
_ACCESS_BITS = 0xFF
_EXECUTABLE = 0xF0
_MODIFIER_BITS = 0x700
_PAGE_OF = {int(protection): int(page) for page, protection in _ACCESS.items()}
_FROM_PAGE = {int(page): protection for page, protection in _ACCESS.items()}


def from_page(page: int) -> Protection:
    """The protection of PAGE_… bits.  NtError INVALID_PAGE_PROTECTION."""
    access = _FROM_PAGE.get(page & _ACCESS_BITS)
    modifiers = page & _MODIFIER_BITS
    if access is None or page & ~(_ACCESS_BITS | _MODIFIER_BITS):
        raise NtError(NTSTATUS.INVALID_PAGE_PROTECTION)
    if access is Protection.NONE and modifiers:
        raise NtError(NTSTATUS.INVALID_PAGE_PROTECTION)
    if modifiers:
        for bit, modifier in _MODIFIERS:
            if modifiers & bit:
                access |= modifier
    return access


def from_private_page(page: int) -> Protection:
    """As `from_page`; executable pages may say which indirect calls Control Flow Guard lets in.

    PAGE_TARGETS_INVALID ("Memory Protection Constants", Windows documentation); nothing is guarded.
    """
    if page & P.PAGE_TARGETS_INVALID and page & _EXECUTABLE:
        page &= ~P.PAGE_TARGETS_INVALID
    return from_page(page)


def to_page(protection: Protection) -> int:
    """The PAGE_… bits of a protection."""
    access = int(protection) & 0xF
    page = _PAGE_OF[access]
    for bit, modifier in _MODIFIERS:
        if protection & modifier:
            page |= bit
    return page
