"""What a trap is: how the CPU tells the kernel that ring-3 code cannot go on by itself.

A trap is three integers: vector, error code, and for page faults the fault address (CR2).  EIP in
the saved registers is at the instruction for faults, and past it for `int n`, `int3`, SYSENTER
and single steps.
"""

from __future__ import annotations

from enum import IntFlag

from emu.int_enum import IntEnum


class Vector(IntEnum):
    """Exception vectors (Intel SDM volume 3, table 6-1), and one of our own."""

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
    SYSENTER = 0x100
    """The SYSENTER instruction, which has no vector."""


class PageFaultError(IntFlag):
    """Bits of a page fault's error code (Intel SDM volume 3, section 4.7)."""

    PRESENT = 1
    WRITE = 2
    USER = 4
    RESERVED = 8
    FETCH = 16
