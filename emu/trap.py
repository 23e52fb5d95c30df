"""What a trap is: how the CPU tells the kernel that ring-3 code cannot go on by itself."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple


class Vector(IntEnum):
    """Exception vectors (Intel SDM volume 3, table 6-1)."""

    DIVIDE_ERROR = 0
    DEBUG = 1
    NMI = 2
    BREAKPOINT = 3
    OVERFLOW = 4
    BOUND = 5
    INVALID_OPCODE = 6
    DEVICE_NOT_AVAILABLE = 7
    DOUBLE_FAULT = 8
    INVALID_TSS = 10
    SEGMENT_NOT_PRESENT = 11
    STACK_FAULT = 12
    GENERAL_PROTECTION = 13
    PAGE_FAULT = 14
    X87_ERROR = 16
    ALIGNMENT_CHECK = 17
    SIMD_ERROR = 19


class PageFaultError(IntFlag):
    """Bits of a page fault's error code (Intel SDM volume 3, section 4.7)."""

    PRESENT = 1
    WRITE = 2
    USER = 4
    RESERVED = 8
    FETCH = 16


class TrapKind(IntEnum):
    """How control reached the kernel."""

    INTERRUPT = 0
    """A vector: a fault with EIP at the instruction, or `int n` with EIP past it."""
    SYSENTER = 1
    """The SYSENTER instruction, with EIP past it."""
    PRIVILEGED = 2
    """An I/O instruction in ring 3, with EIP at it; hardware raises #GP."""


class Trap(NamedTuple):
    """One trap; `error_code` and `fault_va` count for the vectors that have them."""

    vector: int
    error_code: int = 0
    fault_va: int = 0
    kind: TrapKind = TrapKind.INTERRUPT
