"""Process parameters as hostile creators write them."""

from __future__ import annotations

import pytest

from provider.nt.ps.parameters import MOST_BYTES, Block
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import (
    RTL_USER_PROC_PARAMS_NORMALIZED,
    RTL_USER_PROCESS_PARAMETERS,
)
from tests.provider.nt.synthetic import start

SIZE = RTL_USER_PROCESS_PARAMETERS.SIZE


def block(header: RTL_USER_PROCESS_PARAMETERS, tail: bytes = b"") -> Block:
    machine = start("nop", ram_bytes=16 << 20)
    va = machine.allocate(size=0x2000)
    machine.process.space.write(va, bytes(header) + tail)
    return Block(machine.process.space, va)


@pytest.mark.parametrize("length", [0, SIZE - 1, MOST_BYTES + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be(length: int) -> None:
    with pytest.raises(NtError) as caught:
        block(RTL_USER_PROCESS_PARAMETERS(Length=length))
    assert caught.value.status == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("buffer", [SIZE, SIZE - 2, 0xFFFFFFFF, 0])
@pytest.mark.parametrize("length", [2, 3, 0xFFFF])
def test_a_path_that_leaves_the_block_is_cut(buffer: int, length: int) -> None:
    header = RTL_USER_PROCESS_PARAMETERS(Length=SIZE + 1)
    header.ImagePathName.Buffer, header.ImagePathName.Length = buffer, length
    assert len(block(header, b"A").image_path) <= length // 2


def test_the_path() -> None:
    text = "C:\\app\\x.exe".encode("utf-16-le")
    header = RTL_USER_PROCESS_PARAMETERS(Length=SIZE + len(text))
    header.ImagePathName.Buffer, header.ImagePathName.Length = SIZE, len(text)
    assert block(header, text).image_path == "C:\\app\\x.exe"


def elsewhere(buffer: int, length: int, flags: int = RTL_USER_PROC_PARAMS_NORMALIZED) -> Block:
    machine = start("nop", ram_bytes=16 << 20)
    va = machine.allocate(size=0x2000)
    header = RTL_USER_PROCESS_PARAMETERS(Length=SIZE, Flags=flags)
    header.ImagePathName.Buffer = va + buffer if buffer < 0x10000 else buffer
    header.ImagePathName.Length = length
    machine.process.space.write(va, bytes(header))
    machine.process.space.write(va + 0x1000, "cmd".encode("utf-16-le"))
    return Block(machine.process.space, va)


@pytest.mark.parametrize("buffer", [0x80000000, 0xFFFFFFFE, 0x7FFEFFFF])
@pytest.mark.parametrize("length", [0, 2, 0xFFFF])
def test_a_string_that_cannot_be_read_is_none(buffer: int, length: int) -> None:
    assert elsewhere(buffer, length).image_path == ""


def test_a_string_outside_of_the_block() -> None:
    assert elsewhere(0x1000, 6).image_path == "cmd"
    assert elsewhere(0x1000, 7).image_path == "cmd"
    assert elsewhere(0x1000, 6, 0).image_path == ""
