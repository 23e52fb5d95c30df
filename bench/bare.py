"""`python -m bench.bare KIND IMAGE SCALE`: a load on the engine alone; prints its result.

`paged` is the machine of `emu` without a kernel: page tables, data that is NX, the block countdown.
`paged-code` is the same with a room that code may be written into.
`flat` is the engine as most tools use it: no page tables, every page executable, no hook.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from unicorn.unicorn_const import UC_ARCH_X86, UC_MODE_32, UC_PROT_ALL
from unicorn.unicorn_py3.unicorn import Uc
from unicorn.x86_const import UC_X86_REG_EAX, UC_X86_REG_ESP

from emu.paging import USER, VALID, WRITE
from emu.ram import PAGE_SIZE
from loader.pe import read_pe
from tests.emu.bare import BareMachine

if TYPE_CHECKING:
    from loader.image import Image

ROOM_VA, ROOM_BYTES = 0x1000000, 16 << 20
STACK_VA, STACK_BYTES = 0x2000000, 1 << 16
RETURN_VA = 0x3000000
"""Nothing is there: the load is over when it returns to it."""
_ESP = STACK_VA + STACK_BYTES - 64


def main(kind: str, image: str, scale: str) -> None:
    """Run and print."""
    parsed, rounds = read_pe(Path(image).read_bytes(), image), int(scale)
    if kind == "flat":
        result = run_flat(parsed, rounds)
    else:
        result = run_paged(parsed, rounds, executable_room=kind == "paged-code")
    print(f"{result:08x}")


def run_paged(image: Image, scale: int, *, executable_room: bool) -> int:
    """EAX at the end of the load, which is the image's entry point."""
    machine = BareMachine(megabytes=64)
    data = VALID | WRITE | USER | machine.paging.no_execute
    for section in image.sections:
        bits = VALID | USER if section.protection.executable else data
        _fill(machine, image.image_base + section.rva, image.read(section.rva, section.size), bits)
    room = VALID | WRITE | USER if executable_room else data
    _fill(machine, ROOM_VA, bytes(ROOM_BYTES), room)
    _fill(machine, STACK_VA, _stack(scale), data)
    registers = machine.cpu.create_registers(image.image_base + image.entry_point, _ESP)
    machine.cpu.on_trap = lambda *_: machine.cpu.stop()
    machine.cpu.switch(registers, machine.tables)
    machine.cpu.run()
    assert registers.eip == RETURN_VA, hex(registers.eip)
    return registers.eax


def run_flat(image: Image, scale: int) -> int:
    """Likewise."""
    engine = Uc(UC_ARCH_X86, UC_MODE_32)
    parts = [(image.image_base + s.rva, image.read(s.rva, s.size)) for s in image.sections]
    for va, data in [*parts, (ROOM_VA, bytes(ROOM_BYTES)), (STACK_VA, _stack(scale))]:
        engine.mem_map(va, _whole_pages(len(data)), UC_PROT_ALL)
        engine.mem_write(va, data)
    engine.reg_write(UC_X86_REG_ESP, _ESP)
    engine.emu_start(image.image_base + image.entry_point, RETURN_VA)
    return int(engine.reg_read(UC_X86_REG_EAX))


def _stack(scale: int) -> bytes:
    frame = struct.pack("<III", RETURN_VA, scale, ROOM_VA)
    return bytes(_ESP - STACK_VA) + frame.ljust(64, b"\0")


def _fill(machine: BareMachine, start: int, data: bytes, bits: int) -> None:
    for offset in range(0, _whole_pages(len(data)), PAGE_SIZE):
        frame = machine.frame()
        machine.ram.write(frame * PAGE_SIZE, data[offset : offset + PAGE_SIZE])
        machine.map(machine.tables, start + offset, frame, bits)


def _whole_pages(size: int) -> int:
    return -(-size // PAGE_SIZE) * PAGE_SIZE


if __name__ == "__main__":
    main(*sys.argv[1:])
