"""A machine whose commit is used up: what was promised can be had all the same."""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AddressSpace, MemoryManager, Protection

R, W = Protection.READ, Protection.WRITE
FILE_PAGES = 200


class ReadOnlyFile:
    """A file whose pages are their numbers."""

    size = FILE_PAGES * PAGE_SIZE

    def read(self, offset: int, size: int) -> bytes:
        return (offset // PAGE_SIZE).to_bytes(4, "little") * (size // 4)

    def write(self, offset: int, data: bytes) -> None:
        raise AssertionError("nobody wrote to the view")

    def extend(self, size: int) -> None:
        raise AssertionError("nobody extends the file")


def commit_all(space: AddressSpace) -> list[int]:
    """The units that could be committed before the limit was reached."""
    size = 16 * PAGE_SIZE
    room = (space.mm.commit_limit - space.mm.committed) * PAGE_SIZE // size
    found = [
        space.allocate(None, size, reserve=True, commit=True, protection=R | W)[0]
        for _ in range(room)
    ]
    with pytest.raises(KernelError) as caught:
        space.allocate(None, size, reserve=True, commit=True, protection=R | W)
    assert caught.value.reason is Reason.COMMITMENT_LIMIT
    return found


@pytest.mark.parametrize("compress", [False, True])
def test_pages_of_files_come_and_go_beside_pages_that_cannot(compress: bool) -> None:
    memory = MemoryManager(Ram(2 << 20))
    if compress:
        memory.compress_into(memory.create_space(), 64)
    space = memory.create_space()
    section = memory.create_section(backing=ReadOnlyFile(), protection=R)
    view = space.map_view(section, None, protection=R).start
    units = commit_all(space)
    for round_ in range(2):
        for index, unit in enumerate(units):
            for page in range(16):
                space.write(unit + page * PAGE_SIZE, bytes([index & 0xFF, page, round_]) * 100)
            number = (index * 37 + round_) % FILE_PAGES
            data = space.read(view + number * PAGE_SIZE, 4)
            assert int.from_bytes(data, "little") == number
    for index, unit in enumerate(units):
        for page in range(16):
            assert space.read(unit + page * PAGE_SIZE, 3) == bytes([index & 0xFF, page, 1])


def test_tables_for_promised_pages_can_always_be_had() -> None:
    memory = MemoryManager(Ram(2 << 20))
    space = memory.create_space()
    far, _ = space.allocate(0x40000000, PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    while memory.committed < memory.commit_limit:
        space.allocate(None, PAGE_SIZE, reserve=True, commit=True, protection=R | W)
    space.write(far, b"x")
    assert space.read(far, 1) == b"x"
