"""The file and the section of a program while its process is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from loader.error import ImageError
from loader.runnable import check_runnable
from provider.kernel.errors import KernelError
from provider.kernel.io.request import Access, OpenOptions, OpenRequest, Share
from provider.nt.handles import nt_part
from provider.nt.mm.section import SEC_IMAGE, SectionObject
from provider.nt.mm.section_calls import image_section
from provider.nt.ps.create_info import PS_CREATE_STATE
from provider.nt.ps.creation import Step, tell
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.ps.create_info import CreateInfo

SECTION_ALL_ACCESS = 0xF001F
_OPENING = Access.READ_DATA | Access.EXECUTE | Access.SYNCHRONIZE


class OpenedImage:
    """An image that can be started; the body of a `with` statement ends its opening."""

    def __init__(self, thread: Thread, name: str, info: CreateInfo) -> None:
        """Open the file `name` and make a section of it; `info` learns what fails.

        KernelError; NtError for what is no program.
        """
        share = Share.READ | Share.DELETE
        request = OpenRequest(name, _OPENING, share, options=OpenOptions.NOT_DIRECTORY)
        provider = nt_part(thread.process).provider
        try:
            self._file, _ = thread.process.kernel.io.open(request)
        except KernelError:
            info.store(PS_CREATE_STATE.FAIL_ON_FILE_OPEN)
            raise
        self.path = self._file.full_name()
        tell(provider, Step.IMAGE_OPENED, detail=self.path)
        try:
            section = image_section(thread, self._file.backing(), self.path)
        except NtError:
            info.store(PS_CREATE_STATE.FAIL_ON_SECTION_CREATE)
            self._file.close()
            raise
        self._section = SectionObject(section, SEC_IMAGE, self.path)
        self._section.reference()
        self.image = self._section.image
        tell(provider, Step.SECTION_CREATED)
        try:
            check_runnable(self.image)
        except ImageError as error:
            info.store(PS_CREATE_STATE.FAIL_EXE_FORMAT, self.image.dll_characteristics)
            self.close()
            raise NtError(NTSTATUS.INVALID_IMAGE_FORMAT) from error

    def give_to(self, thread: Thread) -> tuple[int, int]:
        """Handles of a thread's process for the file and the section.  KernelError."""
        handles = thread.process.handles
        section = handles.insert(self._section, SECTION_ALL_ACCESS)
        return handles.insert(self._file, _OPENING), section

    def close(self) -> None:
        """Let file and section go, as far as nobody was given them."""
        if not self._file.handle_count:
            self._file.close()
        self._section.dereference()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
