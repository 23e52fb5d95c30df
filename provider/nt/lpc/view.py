"""Sections that both sides of a connection see (PORT_VIEW, REMOTE_PORT_VIEW)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import Protection
from provider.nt.handles import reference
from provider.nt.mm.section import SECTION_MAP_READ, SECTION_MAP_WRITE, SectionObject
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.lpc import PORT_VIEW, REMOTE_PORT_VIEW

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread


class SharedView:
    """A part of a section, where the side that brings it sees it, and where the other one does."""

    __slots__ = ("base", "handle", "offset", "remote_base", "section", "size")

    def __init__(self, handle: int, section: SectionObject, offset: int, size: int) -> None:
        self.handle, self.section, self.offset, self.size = handle, section, offset, size
        self.base = self.remote_base = 0

    def map(self, views: Views) -> int:
        """Map it into one side; returns the address.  KernelError."""
        base, self.size = views.map(self.section, self.offset, self.size)
        return base

    def local(self) -> PORT_VIEW:
        """What the side that brings it is told."""
        return PORT_VIEW(
            Length=PORT_VIEW.SIZE,
            SectionHandle=self.handle,
            SectionOffset=self.offset,
            ViewSize=self.size,
            ViewBase=self.base,
            ViewRemoteBase=self.remote_base,
        )

    def remote(self) -> REMOTE_PORT_VIEW:
        """What the other side is told."""
        return REMOTE_PORT_VIEW(
            Length=REMOTE_PORT_VIEW.SIZE, ViewSize=self.size, ViewBase=self.remote_base
        )


class Views:
    """Views in one process that go with a port."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._bases: list[int] = []

    def map(self, section: SectionObject, offset: int, size: int) -> tuple[int, int]:
        """Map a part of a section; returns address and size.  KernelError."""
        protection = Protection.READ | Protection.WRITE
        view = self._process.space.map_view(
            section.section, None, offset=offset, size=size, protection=protection
        )
        self._bases.append(view.start)
        return view.start, view.size

    def unmap(self) -> None:
        """Take all away that the process has left."""
        bases, self._bases = self._bases, []
        for base in bases:
            if self._process.exit_status is None:
                with suppress(KernelError):
                    self._process.space.unmap_view(base)


def bring(thread: Thread, views: Views, wanted: PORT_VIEW) -> SharedView:
    """Map what a PORT_VIEW of the caller offers into the caller; the section is referenced.

    NtError INVALID_PARAMETER and as `reference`; KernelError.
    """
    if wanted.Length != PORT_VIEW.SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    access = SECTION_MAP_READ | SECTION_MAP_WRITE
    section = reference(thread, wanted.SectionHandle, SectionObject, access)
    shared = SharedView(wanted.SectionHandle, section, wanted.SectionOffset, wanted.ViewSize)
    shared.base = shared.map(views)
    section.reference()
    return shared
