"""The calls with 64-bit addresses, as Wine's tests of wow64 make them in a 32-bit process."""

from __future__ import annotations

import pytest

from tests.provider.nt.synthetic import CODE_VA
from tests.provider.nt.test_mm_calls import BOTH, PAGE, RW, SELF, UNIT, Caller

READ, WRITE = "NtWow64ReadVirtualMemory64", "NtWow64WriteVirtualMemory64"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def allocate(
    caller: Caller, base: tuple[int, int], size: tuple[int, int], bits: tuple[int, int] = (0, 0)
) -> tuple[str, tuple[int, ...]]:
    """The status, then base and size as two words each."""
    at = caller.cell(*base, *size)
    words = (SELF, at[0], *bits, at[2], BOTH, RW)
    return caller.status("NtWow64AllocateVirtualMemory64", *words), caller.words(4)


@pytest.mark.parametrize(
    ("base", "size", "bits", "status"),
    [
        ((0, 0), (0, 0), (0, 0), "INVALID_PARAMETER_4"),
        ((0, 0), (PAGE, 1), (0, 0), "INVALID_PARAMETER_4"),
        ((0, 0), (PAGE, 0), (22, 0), "INVALID_PARAMETER_3"),
        ((0, 0), (PAGE, 0), (0, 1), "INVALID_PARAMETER_3"),
        ((CODE_VA, 0), (PAGE, 0), (0, 0), "CONFLICTING_ADDRESSES"),
        ((0x76543210, 0x98), (PAGE, 0), (0, 0), "CONFLICTING_ADDRESSES"),
    ],
)
def test_allocations_that_are_refused(
    caller: Caller, base: tuple[int, int], size: tuple[int, int], bits: tuple[int, int], status: str
) -> None:
    assert allocate(caller, base, size, bits) == (status, (*base, *size))


def test_an_allocation_is_told_in_64_bits(caller: Caller) -> None:
    status, (base, high, size, size_high) = allocate(caller, (0, 0), (0x2345, 0))
    assert (status, high, size, size_high) == ("SUCCESS", 0, 3 * PAGE, 0)
    assert base % UNIT == 0


def test_copies(caller: Caller) -> None:
    _, (base, *_) = allocate(caller, (0, 0), (PAGE, 0))
    space, at = caller.machine.process.space, caller.buffer
    space.write(at, b"hello wow64")
    for name, expected in ((WRITE, b"hello wow64"), (READ, b"hello wow64")):
        (count, _) = caller.cell(0x55, 0x55)
        assert caller.status(name, SELF, base, 0, at, 11, 0, count) == "SUCCESS"
        assert caller.words(2) == (11, 0)
        assert space.read(base, 11) == expected
    for name in (READ, WRITE):
        assert caller.status(name, SELF, base, 1, at, 11, 0, 0) == "PARTIAL_COPY"
        assert caller.status(name, SELF, base, 0, at, 11, 1, 0) == "PARTIAL_COPY"
        assert caller.status(name, 0x1234, base, 0, at, 11, 0, 0) == "INVALID_HANDLE"
