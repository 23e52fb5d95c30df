"""What a page fault is that the memory manager does not resolve: the guest's to handle."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from emu.named_tuple import NamedTuple
from provider.kernel.errors import Reason

READ, WRITE, EXECUTE = 0, 1, 8
"""The access, numbered as in the exception record of an access violation."""


class ViolationKind(Enum):
    """What went wrong."""

    ACCESS = "access"
    GUARD_PAGE = "guard page"
    STACK_OVERFLOW = "stack overflow"
    IN_PAGE_ERROR = "in-page error"


class Violation(NamedTuple):
    """A fault that goes to the guest as an exception; `reason` counts for in-page errors."""

    kind: ViolationKind
    access: int
    va: int
    reason: Reason = Reason.ACCESS_VIOLATION


class AccessViolation(Exception):
    """The kernel touched user memory for a guest that could not have touched it itself."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(
            f"{violation.kind.value} at {violation.va:#010x}, access {violation.access}"
        )
        self.violation = violation
        self.va = violation.va
        self.access = violation.access


class UserStack(Protocol):
    """The stack of the running thread, as its provider keeps it (in NT: in the TEB)."""

    def bounds(self) -> tuple[int, int] | None:
        """The lowest reserved address and the address past the top; None: no growing stack."""

    def guarantee(self) -> int:
        """Bytes that must be left for the handler of an overflow."""

    def set_limit(self, va: int) -> None:
        """The lowest committed address is now `va`."""
