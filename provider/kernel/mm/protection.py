"""Page protections: neutral flags for callers, and NT's five-bit codes that fit into a PTE.

    bit  4..3            2..0
         modifier        0 none           4 read, write
         0 none          1 read           5 copy on write
         1 no cache      2 execute        6 execute, read, write
         2 guard         3 execute, read  7 execute, copy on write
         3 write-combine

Two codes with access 0 have a meaning of their own: `DECOMMITTED` and `NO_ACCESS` (Windows
Internals, 4th edition, chapter 7, "Page table entries"; WinDbg's `!pte` shows the same numbers).
"""

from __future__ import annotations

from enum import IntFlag

from provider.kernel.errors import KernelError, Reason


class Protection(IntFlag):
    """What user mode may do with a page; `NONE` is a committed page without access."""

    NONE = 0
    READ = 1
    WRITE = 2
    COPY = 4
    """Writable, and the first write gives the process a copy of its own."""
    EXECUTE = 8
    GUARD = 16
    """The first access faults once and takes the guard away."""
    NO_CACHE = 32
    WRITE_COMBINE = 64


NO_CACHE = 0x08
GUARD = 0x10
MODIFIERS = 0x18
DECOMMITTED = 0x10
NO_ACCESS = 0x18
READ_ONLY = 1
READ_WRITE = 4
WRITE_COPY = 5
EXECUTE_WRITE_COPY = 7

_ACCESS = (
    Protection.NONE,
    Protection.READ,
    Protection.EXECUTE,
    Protection.EXECUTE | Protection.READ,
    Protection.READ | Protection.WRITE,
    Protection.READ | Protection.COPY,
    Protection.EXECUTE | Protection.READ | Protection.WRITE,
    Protection.EXECUTE | Protection.READ | Protection.COPY,
)
_MODIFIER = (Protection.NONE, Protection.NO_CACHE, Protection.GUARD, Protection.WRITE_COMBINE)


def _protection(code: int) -> Protection:
    return Protection.NONE if not code & 7 else _ACCESS[code & 7] | _MODIFIER[code >> 3]


OF_CODE: tuple[Protection, ...] = tuple(_protection(code) for code in range(32))
"""The neutral form of each code."""

_CODES = {int(_protection(code)): code for code in range(32) if code & 7} | {0: NO_ACCESS}
CODE_OF: tuple[int, ...] = tuple(_CODES.get(flags, -1) for flags in range(128))
"""The code of each combination of flags; −1 for those that no page can have (PAGE_GUARD with
PAGE_NOCACHE, PAGE_NOACCESS with a modifier and so on: "Memory Protection Constants", Win32 API)."""


def is_accessible(code: int) -> bool:
    """Whether a valid PTE may carry this code: some access, and no guard."""
    return bool(code & 7) and code & MODIFIERS != GUARD


def is_guard(code: int) -> bool:
    """Whether the next access takes a guard away."""
    return code & MODIFIERS == GUARD and bool(code & 7)


def is_copy(code: int) -> bool:
    """Whether the code is copy-on-write."""
    return code & 5 == 5


def is_writable(code: int) -> bool:
    """Whether a write may succeed, to the page itself or to a copy."""
    return bool(code & 4)


def is_executable(code: int) -> bool:
    """Whether the code grants execution."""
    return code & 7 in (2, 3, 6, 7)


def with_copy(code: int) -> int:
    """The code with which a page is mapped that a write must copy."""
    return code | 1 if is_writable(code) else code


def without_copy(code: int) -> int:
    """The code of a page after its copy was made: writable instead of copy-on-write."""
    return code & ~1 if is_copy(code) else code


_OF_DATA = (0, 1, 1, 1, 4, 5, 4, 5)


def without_execution(code: int) -> int:
    """The code of a page that stays what it is but for execution; what was execute-only is read."""
    return code & MODIFIERS | _OF_DATA[code & 7]


def with_caching_of(code: int, vad_code: int) -> int:
    """`code` with the caching of the range it is for: one page cannot differ from the others.

    Since Windows Vista; Wine's tests of VirtualProtect record it.  What is no access or a guard
    page has no bits for it.
    """
    if not code & 7 or code & MODIFIERS == GUARD:
        return code
    caching = vad_code & MODIFIERS
    return code & 7 | (caching if vad_code & 7 and caching != GUARD else 0)


_GRANTS = (0, 1, 4, 5, 3, 1, 7, 5)
"""Per access code what a data section or a view of it grants: 1 read, 2 write, 4 execute.

Writing to a copy counts as reading; Windows' own rule, as Wine's tests of VirtualProtect on views
and ReactOS' kernel-mode tests of sections record it from Windows."""


def allows(limit: int, code: int) -> bool:
    """Whether `code` is within `limit`: pages of a view, or views of a section."""
    return _GRANTS[code & 7] & ~_GRANTS[limit & 7] == 0


def to_code(wanted: Protection) -> int:
    """The code of a protection; KernelError INVALID_PAGE_PROTECTION if no page can have it."""
    code = CODE_OF[wanted] if 0 <= wanted < len(CODE_OF) else -1
    if code < 0:
        raise KernelError(Reason.INVALID_PAGE_PROTECTION)
    return code
