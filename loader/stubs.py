"""System-call numbers, read from the stubs of a DLL (ntdll, win32u).

Numbers differ between all versions of every userland, so none is written down here: an exported
function that begins like one of these is a system call, and says its own number.

    gate      code of the stub                                                  arguments
    INT_2E    mov eax,N   lea edx,[esp+4]   int 2Eh          ret n              edx
    SHARED    mov eax,N   mov edx,7FFE0300h call [edx]       ret n              esp+8
    SYSENTER  mov eax,N   call +3                            ret n              edx+8
              +3: mov edx,esp   sysenter   ret
    POINTER   mov eax,N   mov edx,thunk     call edx         ret n              esp+8
              thunk: jmp [pointer]

INT_2E is the built-in userland (and Windows NT 4 and 2000), SHARED Windows XP to 7 and ReactOS
(which uses ecx), SYSENTER Windows 8 to 10, POINTER Wine and the 32-bit ntdll of 64-bit Windows,
which call through TEB.WOW32Reserved too (Wine 10 one call of all).
The last column is where the arguments begin when the gate is entered; `n` is their size.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from loader.address import Rva
from loader.error import ImageError

if TYPE_CHECKING:
    from loader.image import Export, Image

SHARED_SYSTEM_CALL_VA: Final = 0x7FFE0300
"""KUSER_SHARED_DATA.SystemCall."""

MOST_ARGUMENT_BYTES: Final = 0x80
"""More than any system call of any version takes; a larger `ret` is no stub's."""

_STUB_SIZE: Final = 24
_SHARED_CELL: Final = re.escape(SHARED_SYSTEM_CALL_VA.to_bytes(4, "little"))
_RETURN: Final = rb"(?:\xc2(?P<size>..)|\xc3)"
_SHAPES: Final = re.compile(
    rb"\xb8(?P<number>....)(?:"
    rb"(?P<int2e>\x8d\x54\x24\x04\xcd\x2e)"
    rb"|(?P<sysenter>\xe8(?P<tail>....))"
    rb"|(?P<shared>\xba" + _SHARED_CELL + rb"\xff\x12|\xb9" + _SHARED_CELL + rb"\xff\x11)"
    rb"|(?P<pointer>\xba(?P<thunk>....)\xff\xd2)"
    rb"|(?P<teb>\x64\xff\x15\xc0\0\0\0)"
    rb")" + _RETURN,
    re.DOTALL,
)
_SYSENTER_TAIL: Final = b"\x8b\xd4\x0f\x34"
_JUMP_THROUGH: Final = b"\xff\x25"


class Gate(Enum):
    """How a stub enters the kernel."""

    INT_2E = auto()
    SHARED = auto()
    SYSENTER = auto()
    POINTER = auto()


class StubEntry(NamedTuple):
    """One system call: its name (Nt… rather than Zw…), its stub, the size of its arguments."""

    name: str
    rva: Rva
    argument_bytes: int


class StubTable(NamedTuple):
    """The system calls of one DLL; `gate` is None where it has none.

    `pointer_rva` is the cell that Gate.POINTER jumps through, which the kernel fills after mapping;
    `uses_teb` where some stub calls through TEB.WOW32Reserved.
    """

    gate: Gate | None
    pointer_rva: Rva | None
    by_number: dict[int, StubEntry]
    uses_teb: bool = False

    def names(self) -> dict[str, int]:
        """The numbers by name."""
        return {entry.name: number for number, entry in self.by_number.items()}


def discover(image: Image) -> StubTable:
    """The system calls behind the exports of `image`; all of them use the first one's gate.

    Raises ImageError (DIRECTORY) where the export directory is malformed.
    """
    gate: Gate | None = None
    pointer_rva: Rva | None = None
    uses_teb = False
    by_number: dict[int, StubEntry] = {}
    start, code = 0, memoryview(b"")
    seen: set[Rva] = set()
    for export in _candidates(image):
        if export.rva in seen:
            continue
        seen.add(export.rva)
        if not 0 <= export.rva - start < len(code):
            start, code = image.file_bytes(export.rva)
        at = export.rva - start
        match = _SHAPES.match(code, at, at + _STUB_SIZE)
        found = _gate(image, export.rva, match) if match else None
        if match is None or found is None:
            continue
        gate = gate or found[0]
        pointer_rva = found[1] if pointer_rva is None else pointer_rva
        uses_teb = uses_teb or bool(match["teb"])
        size = int.from_bytes(match["size"] or b"", "little")
        if gate is found[0] and size % 4 == 0 and size <= MOST_ARGUMENT_BYTES:
            number = int.from_bytes(match["number"], "little")
            by_number.setdefault(number, StubEntry(export.name or "", export.rva, size))
    if pointer_rva is not None:
        _add_cdecl_sizes(image, pointer_rva, by_number)
    return StubTable(gate, pointer_rva, dict(sorted(by_number.items())), uses_teb)


def _candidates(image: Image) -> list[Export]:
    """The named exports: Nt… first, then Zw…, then others, each in the order of names.

    Others count because Wine's own calls (wine_server_call …) have the same stubs.
    """
    named = (item for item in image.exports_by_name.items() if item[1].forwarder is None)
    order = {"Nt": 0, "Zw": 1}
    ranked = sorted(named, key=lambda item: (order.get(item[0][:2], 2), item[0]))
    return [export for _, export in ranked]


def _add_cdecl_sizes(image: Image, pointer_rva: Rva, by_number: dict[int, StubEntry]) -> None:
    """Take the sizes that a `ret` without operand hides from the table behind Wine's pointer.

    Wine puts a 16-bit count and one byte for each call there (the low 12 bits of a number are
    its index).  Whether the bytes are that table, the stubs that say their size tell.
    """
    count = int.from_bytes(image.peek(pointer_rva + 4, 2), "little")
    sizes = image.peek(pointer_rva + 6, count)
    for number, entry in by_number.items():
        index = number & 0xFFF
        if index >= len(sizes) or entry.argument_bytes not in (0, sizes[index]):
            return
    for number, entry in by_number.items():
        by_number[number] = entry._replace(argument_bytes=sizes[number & 0xFFF])


def _gate(image: Image, rva: Rva, match: re.Match[bytes]) -> tuple[Gate, Rva | None] | None:
    """The gate of one stub and its pointer cell, None where what it calls is no gate."""
    if match["int2e"]:
        return Gate.INT_2E, None
    if match["shared"]:
        return Gate.SHARED, None
    if match["teb"]:
        return Gate.POINTER, None
    try:
        if match["sysenter"]:
            past = match.end("tail") - match.start()
            target = rva + past + int.from_bytes(match["tail"], "little", signed=True)
            return (Gate.SYSENTER, None) if image.read(target, 4) == _SYSENTER_TAIL else None
        thunk = int.from_bytes(match["thunk"], "little") - image.image_base
        code = image.read(thunk, 6)
    except ImageError:
        return None
    cell = int.from_bytes(code[2:], "little") - image.image_base
    if code[:2] != _JUMP_THROUGH or not 0 <= cell <= image.size_of_image - 4:
        return None
    return Gate.POINTER, Rva(cell)
