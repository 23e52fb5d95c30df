"""Executable images: from file contents to a mapped view and a module of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from loader.pe import read_pe
from provider.kernel.mm import Protection, View
from provider.nt.event import ModuleLoad, ModuleUnload
from provider.nt.handles import nt_part
from provider.nt.process import Module

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.mm import Backing
    from provider.kernel.mm.segment import FileSegment
    from provider.kernel.process import Process
    from provider.nt.provider import NtProvider

MOST_BYTES = 1 << 30
"""A larger file cannot be mapped as an image."""
IMAGE_PROTECTION = Protection.EXECUTE | Protection.READ | Protection.COPY


class ImageCache:
    """Parsed images by the files that they come from, so that all their views share pages."""

    def __init__(self) -> None:
        self._images: WeakKeyDictionary[Backing, tuple[bytes, Image]] = WeakKeyDictionary()

    def get(self, backing: Backing, segment: FileSegment | None, name: str) -> Image:
        """The image in a file, parsed again if the file has changed.  ImageError, OSError.

        `segment`: the file's, whose views may have changes that are not in the file yet.
        """
        data = backing.read(0, min(backing.size, MOST_BYTES))
        if segment is not None:
            data = segment.overlay(0, data)
        known = self._images.get(backing)
        if known is not None and known[0] == data:
            return known[1]
        image = read_pe(data, name.rpartition("\\")[2])
        self._images[backing] = data, image
        return image

    def remember(self, backing: Backing, image: Image) -> None:
        """Say that `image` was parsed from the present contents of a file."""
        self._images[backing] = image.data, image

    def backing_of(self, image: Image) -> Backing | None:
        """The file that an image was parsed from, as far as it is one of the guest's."""
        found = (backing for backing, (_, known) in self._images.items() if known is image)
        return next(found, None)


def map_image(provider: NtProvider, process: Process, image: Image, name: str) -> View:
    """Map an image at its base, or elsewhere if that is taken.  KernelError."""
    section = provider.kernel.memory.create_section(
        image=image, backing=provider.images.backing_of(image), protection=IMAGE_PROTECTION
    )
    try:
        view = process.space.map_view(section, None, protection=IMAGE_PROTECTION)
    finally:
        section.close()
    note_module(provider, process, view, name)
    return view


def note_module(provider: NtProvider, process: Process, view: View, name: str) -> None:
    """Remember a mapped image for reports, and tell whoever listens."""
    process.context.add_module(Module(view.start, view.start + view.size, name))
    events = provider.kernel.events
    loads = events.channel(ModuleLoad)
    if loads.listeners:
        loads.emit(ModuleLoad(*events.stamp_in(process.id), view.start, view.size, name))


def forget_view(process: Process, base: int) -> None:
    """A view went away; if it was an image, tell whoever listens."""
    module = nt_part(process).forget_view(base)
    events = process.kernel.events
    unloads = events.channel(ModuleUnload)
    if module is not None and unloads.listeners:
        stamp = events.stamp_in(process.id)
        unloads.emit(ModuleUnload(*stamp, base, module.end - base, module.name))
