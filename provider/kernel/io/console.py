"""The console: the host's terminal as a device with an input and screen buffers.

Text goes to the terminal as UTF-8, whatever the guest's code pages are.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import ConsoleOutput
from provider.kernel.io.console_input import ConsoleInput
from provider.kernel.io.console_screen import ScreenBuffer
from provider.kernel.io.console_terminal import Terminal
from provider.kernel.io.file import CHUNK, Device, DeviceType, FileObject
from provider.kernel.io.file_security import check_device
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.request import Access, OpenRequest, Outcome

if TYPE_CHECKING:
    from provider.kernel.event_stream import EventStream
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.stream import HostStream
    from provider.kernel.thread import Thread

DEFAULT_CODE_PAGE = 437
UTF8_CODE_PAGE = 65001
DEFAULT_SIZE = (80, 25)
"""Columns and rows where no terminal says how many it has."""
ROWS = 300
"""Those of a screen buffer, of which the terminal shows the last."""
_BOTH = Access.READ_DATA | Access.WRITE_DATA
_INPUTS = ("CURRENTIN", "INPUT", "CONIN$")
_OUTPUTS = ("CURRENTOUT", "OUTPUT", "CONOUT$")
_EITHER = ("CON", "CONSOLE", "CONDRV", "CONNECTION", "REFERENCE", "SERVER")


class Console:
    """One terminal: keys in, screens out."""

    def __init__(self, source: HostStream, sink: HostStream, events: EventStream) -> None:
        self._events = events
        self._sink = sink
        self.terminal = Terminal(sink)
        self.active = ScreenBuffer()
        """The screen buffer that is shown."""
        self.active = self.new_screen()
        self.input = ConsoleInput(
            source,
            echo=lambda text: self.write_text(self.active, text),
            echoed=lambda text: self.active.write(text),
        )
        self.input_code_page = self.output_code_page = DEFAULT_CODE_PAGE
        self.title = ""
        self._decoder: tuple[int, codecs.IncrementalDecoder] | None = None

    def new_screen(self) -> ScreenBuffer:
        """A screen buffer of the terminal's size, with the colours of the one that is shown."""
        size = self._sink.terminal_size()
        columns, rows = size if size is not None else DEFAULT_SIZE
        screen = ScreenBuffer(columns, max(rows, ROWS), rows)
        screen.attributes = screen.popup_attributes = self.active.attributes
        return screen

    def write_text(self, screen: ScreenBuffer, text: str) -> None:
        """Put text on a screen.  KernelError."""
        outputs = self._events.channel(ConsoleOutput)
        if outputs.listeners:
            outputs.emit(ConsoleOutput(*self._events.stamp_running(), "console", text))
        if screen is self.active:
            self.terminal.text(screen, text)
        else:
            screen.write(text)

    def write_bytes(self, screen: ScreenBuffer, data: bytes) -> None:
        """Put text in the output code page on a screen; a character may come in pieces."""
        if self._decoder is None or self._decoder[0] != self.output_code_page:
            name = code_page_codec(self.output_code_page)
            decoder = codecs.getincrementaldecoder(name)("replace")
            self._decoder = self.output_code_page, decoder
        self.write_text(screen, self._decoder[1].decode(data))

    def activate(self, screen: ScreenBuffer) -> None:
        """Show another screen buffer.  KernelError."""
        if screen is not self.active:
            self.active = screen
            self.terminal.redraw(screen)

    def restore(self) -> None:
        """Leave the terminal as it was found.  KernelError."""
        with host_errors():
            self.input.stream.restore()
        self.terminal.restore()


class ConsoleFile(FileObject):
    """A handle of the console's input, or of a screen buffer."""

    __slots__ = ("_screen", "console", "is_input")

    device_type = DeviceType.CONSOLE
    queues_requests = True

    def __init__(
        self,
        console: Console,
        access: int,
        share: int = 7,
        *,
        is_input: bool,
        screen: ScreenBuffer | None = None,
    ) -> None:
        """`screen`: a buffer of the handle's own; else it is the one that is active."""
        super().__init__(access, share)
        self.console, self.is_input = console, is_input
        self._screen = screen if screen is not None or is_input else console.active
        console.input.files.append(self)

    @property
    def screen(self) -> ScreenBuffer:
        """The screen buffer.  KernelError INVALID_HANDLE for the input."""
        if self._screen is None:
            raise KernelError(Reason.INVALID_HANDLE, "the input has no screen")
        return self._screen

    def is_signaled(self, thread: Thread) -> bool:
        return self.console.input.has_events

    def full_name(self) -> str:
        return "\\Device\\ConDrv"

    def on_close(self) -> None:
        self.console.input.files.remove(self)

    def start_read(self, irp: Irp, size: int) -> None:
        """Bytes in the input code page; none at the end of input."""
        if not self.is_input:
            raise KernelError(Reason.INVALID_HANDLE, "the screen cannot be read")
        codec = code_page_codec(self.console.input_code_page)
        longest = 4 if codec == "utf-8" else 1
        if not size:
            irp.complete()
            return
        count = max(min(size, CHUNK) // longest, 1)
        self.console.input.read_text(irp, count, lambda text: text.encode(codec, "replace")[:size])

    def start_write(self, irp: Irp, data: bytes) -> None:
        self.console.write_bytes(self.screen, data)
        irp.complete(len(data))

    def start_flush(self, irp: Irp) -> None:
        """Drop the input that was not read, as FlushConsoleInputBuffer does."""
        if not self.is_input:
            raise KernelError(Reason.INVALID_HANDLE, "the screen is never behind")
        self.console.input.flush()
        irp.complete()


class ConsoleDevice(Device):
    """Opens the console by one of its names."""

    __slots__ = ("_console", "_name")

    def __init__(self, console: Console, name: str) -> None:
        super().__init__()
        self._console, self._name = console, name

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        console = self._console
        access = check_device(request.opener, self.get_security(), request.access)
        name = (rest[1:] if rest else self._name).upper()
        screen = console.new_screen() if name == "SCREENBUFFER" else None
        if name in _INPUTS:
            is_input = True
        elif name in _OUTPUTS or screen is not None:
            is_input = False
        elif name == "CON" and access & _BOTH == _BOTH:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, "CON is the input or the screen")
        elif name in _EITHER:
            is_input = not access & Access.WRITE_DATA
        else:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, rest)
        file = ConsoleFile(console, access, request.share, is_input=is_input, screen=screen)
        return file, Outcome.OPENED


def code_page_codec(code_page: int) -> str:
    """Python's name of a code page; the default one's for a number that has none."""
    if code_page == UTF8_CODE_PAGE:
        return "utf-8"
    name = _OTHER_CODECS.get(code_page, f"cp{code_page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return f"cp{DEFAULT_CODE_PAGE}"
    return name


def is_code_page(code_page: int) -> bool:
    """Whether there is a code page of that number."""
    return code_page == DEFAULT_CODE_PAGE or code_page_codec(code_page) != f"cp{DEFAULT_CODE_PAGE}"


_OTHER_CODECS = {
    20127: "ascii",
    20866: "koi8-r",
    21866: "koi8-u",
    **{28590 + part: f"iso8859-{part}" for part in (*range(1, 10), 13, 15)},
    54936: "gb18030",
}
"""Code pages that Python knows by another name than their number's."""
