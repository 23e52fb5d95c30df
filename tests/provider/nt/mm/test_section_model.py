"""Random views of sections in two processes, read and written by the CPU, against their bytes.

The model is what MapViewOfFile, VirtualProtect, FlushViewOfFile, ReadFile and WriteFile are
documented to do (Win32 API), and NtExtendSection (ZwExtendSection, Windows driver documentation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from provider.nt.handles import reference
from provider.nt.mm.section import SectionObject
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import IO_VA
from tests.provider.nt.mm.world import (
    ARENA,
    BYTE,
    COMMIT,
    EXECUTE_READ,
    EXECUTE_READ_WRITE,
    GUARD,
    NO_ACCESS,
    PAGE,
    READ_ONLY,
    READ_WRITE,
    UNIT,
    UNITS,
    WRITE_COPY,
    Area,
    Contents,
    Target,
    World,
)
from tests.provider.nt.synthetic import pe_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from provider.kernel.mm.segment import Segment

PAGES, MOST_PAGES = 20, 40
SEC_COMMIT, SEC_RESERVE, SEC_IMAGE = 0x8000000, 0x4000000, 0x1000000
END_OF_FILE_INFORMATION = 20
_READ, _WRITE, _EXECUTE = 0x40000000, 0x80000000, 0x20000000
_IMAGE_SECTIONS = [
    (b".text", 0x1000, b"\xcc" * 0x2000, _READ | _EXECUTE | 0x20),
    (b".data", 0x3000, bytes(range(1, 9)) * 0x400, _READ | _WRITE | 0x40),
    (b".rdata", 0x5000, b"\x77" * 0x1000, _READ | 0x40),
]
_IMAGE_PROTECTIONS = [
    READ_ONLY, EXECUTE_READ, EXECUTE_READ, WRITE_COPY, WRITE_COPY, READ_ONLY,
]  # fmt: skip
_SHARED = (NO_ACCESS, READ_ONLY, READ_WRITE, READ_WRITE, WRITE_COPY, READ_WRITE | GUARD)
_COPIED = (NO_ACCESS, READ_ONLY, WRITE_COPY, WRITE_COPY)
_OF_IMAGES = (NO_ACCESS, READ_ONLY, READ_WRITE, EXECUTE_READ, EXECUTE_READ_WRITE)


@dataclass
class Known:
    """A section handle and what the section holds."""

    handle: int
    contents: Contents


class Sections(World):
    """A committed, a reserved, a file's and an image's section, and views of them."""

    def __init__(self, seed: int, paging: str, frames: int, path: Path, *, compress: bool) -> None:
        super().__init__(seed, paging, frames, path, compress=compress)
        self.host_file = path / "data"
        self.host_file.write_bytes(bytes(PAGES * PAGE))
        (path / "image.dll").write_bytes(pe_bytes(0x20000000, _IMAGE_SECTIONS))
        self.file_handle = self.must_create("\\??\\C:\\work\\data")
        self.image_handle = self.must_create("\\??\\C:\\work\\image.dll", 0xA0000000)
        size = PAGES * PAGE
        committed, reserved = (
            self.create_section(size, READ_WRITE, kind) for kind in (SEC_COMMIT, SEC_RESERVE)
        )
        self.committed = Known(committed, Contents([0] * PAGES, [True] * PAGES))
        self.reserved = Known(reserved, Contents([0] * PAGES, [False] * PAGES))
        self.file = Known(self._file_section(), Contents([0] * PAGES, [True] * PAGES))
        image = self.create_section(0, READ_ONLY, SEC_IMAGE, self.image_handle)
        self.image = Known(image, Contents(_image_bytes(), [True] * len(_IMAGE_PROTECTIONS)))

    def _file_section(self) -> int:
        return self.create_section(0, READ_WRITE, SEC_COMMIT, self.file_handle)

    def act(self, target: Target) -> None:
        self.choose(
            target,
            {
                self.map: 4,
                self.unmap: 2,
                self.protect: 6,
                self.commit: 3,
                self.copy: 6,
                self.query_run: 4,
                self.flush: 1,
                self.read_file: 3,
                self.write_file: 3,
                self.extend: 1,
                self.truncate: 1,
                self.trim: 1,
                self.balance: 1,
                self.reopen: 1,
                self.hold_writes: 1,
                self.allow_writes: 1,
            },
        )

    def map(self, target: Target) -> None:
        known = self.random.choice((self.committed, self.reserved, self.file, self.image))
        start = ARENA + self.random.randrange(UNITS) * UNIT
        contents = known.contents
        copies = self.random.random() < 0.4
        wanted = WRITE_COPY if copies else READ_WRITE
        if known is self.image:
            wanted = READ_ONLY
        status = self.map_view(target, known.handle, start, wanted)
        pages = len(contents.data)
        if not target.is_free(start, start + pages * PAGE):
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        if known is self.image:
            assert status == NTSTATUS.IMAGE_NOT_AT_BASE
            area = Area(start, list(_IMAGE_PROTECTIONS), contents, allowed=_OF_IMAGES)
            area.is_image = True
        else:
            assert status == 0
            area = Area(start, [wanted] * pages, contents, allowed=_COPIED if copies else _SHARED)
        assert (self.cell(0), self.cell(1)) == (start, pages * PAGE)
        target.areas.append(area)

    def unmap(self, target: Target) -> None:
        part = self.part(target)
        if part is not None:
            self._unmap(target, part[0], part[1])

    def _unmap(self, target: Target, area: Area, page: int = 0) -> None:
        assert not self("NtUnmapViewOfSection", target.handle, area.start + page * PAGE)
        target.areas.remove(area)

    def commit(self, target: Target) -> None:
        """Page-file memory is committed if it was not, and protected in any case."""
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        self.cells(area.start + first * PAGE, count * PAGE)
        status = self(
            "NtAllocateVirtualMemory", target.handle, IO_VA, 0, IO_VA + 4, COMMIT, READ_ONLY
        )
        if area.is_image or area.contents is self.file.contents:
            assert status == NTSTATUS.ALREADY_COMMITTED
            return
        assert status == 0
        if area.contents is self.reserved.contents:
            self.reserved.contents.committed[first : first + count] = [True] * count
        for page in range(first, first + count):
            area.protect(page, READ_ONLY)

    def flush(self, target: Target) -> None:
        """After all views were flushed the host's file has what they show."""
        seen = 0
        for each in self.targets:
            for area in each.areas:
                self.cells(area.start, 0)
                status = self("NtFlushVirtualMemory", each.handle, IO_VA, IO_VA + 4, IO_VA + 8)
                expected = NTSTATUS.NOT_MAPPED_DATA if area.is_image else NTSTATUS.SUCCESS
                assert status == expected
                if area.contents is self.file.contents:
                    seen = max(seen, len(area.protections))
        self._compare_file(seen)

    def _compare_file(self, pages: int) -> None:
        """The first `pages` pages of the host's file are the section's."""
        data = self.host_file.read_bytes()
        assert list(data[BYTE::PAGE])[:pages] == self.file.contents.data[:pages]
        assert len(data) == PAGE * len(self.file.contents.data)

    def read_file(self, target: Target) -> None:
        page = self.random.randrange(len(self.file.contents.data))
        status, data = self.read(self.file_handle, 1, page * PAGE + BYTE)
        assert (status, data) == (0, bytes([self.file.contents.data[page]]))

    def write_file(self, target: Target) -> None:
        page, value = (
            self.random.randrange(len(self.file.contents.data)),
            self.random.randrange(256),
        )
        assert not self.write(self.file_handle, bytes([value]), page * PAGE + BYTE)
        self.file.contents.data[page] = value

    def extend(self, target: Target) -> None:
        contents = self.file.contents
        pages = min(self.random.randint(1, len(contents.data) + 3), MOST_PAGES)
        self.cells(pages * PAGE, 0)
        assert not self("NtExtendSection", self.file.handle, IO_VA)
        more = max(pages - len(contents.data), 0)
        contents.data += [0] * more
        contents.committed += [True] * more
        assert self.cell(0) == PAGE * len(contents.data)

    def truncate(self, target: Target) -> None:
        size = self.random.randrange(PAGE * len(self.file.contents.data))
        status = self.set(self.file_handle, END_OF_FILE_INFORMATION, size.to_bytes(8, "little"))
        assert status == NTSTATUS.USER_MAPPED_FILE

    def hold_writes(self, target: Target) -> None:
        """Changed pages of the file become modified-no-write."""
        self.kernel.memory.pager.hold_writes(self._segment(self.file))

    def allow_writes(self, target: Target) -> None:
        self.kernel.memory.pager.allow_writes(self._segment(self.file))

    def _segment(self, known: Known) -> Segment:
        return reference(self.thread, known.handle, SectionObject).section.segment

    def reopen(self, target: Target) -> None:
        """Views and section go, so that everything is in the file; then a new section."""
        for each in self.targets:
            for area in [area for area in each.areas if area.contents is self.file.contents]:
                self._unmap(each, area)
        self.close(self.file.handle)
        self._compare_file(len(self.file.contents.data))
        self.file.handle = self._file_section()

    def check_all(self) -> None:
        handles = (self.committed, self.reserved, self.file, self.image)
        self.check(*(self._segment(known) for known in handles))

    def finish(self) -> None:
        """Everything ends: the file has its bytes, and no frame or commit is left behind."""
        for known in (self.committed, self.reserved, self.file, self.image):
            self.close(known.handle)
        for target in self.targets:
            target.process.space.delete()
        self._compare_file(len(self.file.contents.data))
        self.kernel.memory.balance()


def _image_bytes() -> list[int]:
    data = pe_bytes(0x20000000, _IMAGE_SECTIONS)
    pages = [
        data[:PAGE],
        *(d[n : n + PAGE] for _, _, d, _ in _IMAGE_SECTIONS for n in range(0, len(d), PAGE)),
    ]
    return [page[BYTE] for page in pages]


@pytest.mark.slow
@pytest.mark.parametrize("compress", [False, True], ids=["page file", "compressed"])
@pytest.mark.parametrize("frames", [70, 600])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_views_agree_with_the_model(
    paging: str, seed: int, frames: int, compress: bool, tmp_path: Path
) -> None:
    world = Sections(seed, paging, frames, tmp_path, compress=compress)
    world.run(1000)
    world.check_all()
    world.finish()
