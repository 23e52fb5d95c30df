"""The console: the host's terminal as a device with an input and a screen buffer.

Text goes to the terminal as UTF-8.  Lines are edited and echoed by the terminal itself, which
stays in the mode that it has; the modes that a guest sets are remembered and shown.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import CHUNK, Device, DeviceType, FileObject
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.record import FileStatus, FileTimes
from provider.kernel.io.request import FILE_ACCESS, Access, Attribute, OpenRequest, Outcome

if TYPE_CHECKING:
    from provider.kernel.io.stream import HostStream

DEFAULT_CODE_PAGE = 437
UTF8_CODE_PAGE = 65001
INPUT_MODE = 0x1F7
OUTPUT_MODE = 0x3
PROCESSED_INPUT = 0x1
LINE_INPUT = 0x2
MAX_TITLE = 1024
END_OF_INPUT = "\x1a"


@dataclass(slots=True)
class ScreenBuffer:
    """What a guest can ask about the screen; sizes and places in characters."""

    cursor_size: int = 25
    cursor_visible: bool = True
    cursor_x: int = 0
    cursor_y: int = 0
    width: int = 80
    height: int = 300
    attributes: int = 7
    popup_attributes: int = 0xF5
    window: tuple[int, int, int, int] = (0, 0, 79, 24)
    """Left, top, right and bottom, all inside."""


class Console:
    """One terminal: lines in, text out."""

    def __init__(self, source: HostStream, sink: HostStream) -> None:
        self._source, self._sink = source, sink
        self.input_mode, self.output_mode = INPUT_MODE, OUTPUT_MODE
        self.input_code_page = self.output_code_page = DEFAULT_CODE_PAGE
        self.title = ""
        self.screen = ScreenBuffer()
        self._pending = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._out_decoder: tuple[int, codecs.IncrementalDecoder] | None = None

    def read_text(self, size: int) -> str:
        """Up to `size` characters of a line, which ends with CR LF; empty at the end of input.

        Waits for a line.  KernelError.
        """
        if not self._pending:
            self._pending = self._read_line()
        text, self._pending = self._pending[:size], self._pending[size:]
        return text

    def write_text(self, text: str) -> None:
        """Show text.  KernelError."""
        self._advance_cursor(text)
        with host_errors():
            self._sink.write(text.encode("utf-8", "replace"))

    def write_bytes(self, data: bytes) -> None:
        """Show text in the output code page; a character may come in pieces.  KernelError."""
        if self._out_decoder is None or self._out_decoder[0] != self.output_code_page:
            name = code_page_codec(self.output_code_page)
            decoder = codecs.getincrementaldecoder(name)("replace")
            self._out_decoder = self.output_code_page, decoder
        self.write_text(self._out_decoder[1].decode(data))

    def forget_input(self) -> None:
        """Drop what was typed and not yet read."""
        self._pending = ""

    def _read_line(self) -> str:
        """The next line of the terminal; ^Z at its start is the end of input."""
        text = ""
        while not text:
            with host_errors():
                data = self._source.read(CHUNK)
            if not data:
                return ""
            text = self._decoder.decode(data)
        if text.startswith(END_OF_INPUT):
            return ""
        return text.replace("\r\n", "\n").replace("\n", "\r\n")

    def _advance_cursor(self, text: str) -> None:
        """Keep the cursor's place, roughly: one cell a character, lines wrap."""
        screen = self.screen
        for char in text:
            if char == "\n":
                screen.cursor_x, screen.cursor_y = 0, screen.cursor_y + 1
            elif char == "\r":
                screen.cursor_x = 0
            elif char == "\b":
                screen.cursor_x = max(0, screen.cursor_x - 1)
            elif char == "\t":
                screen.cursor_x = (screen.cursor_x | 7) + 1
            elif char >= " ":
                screen.cursor_x += 1
            if screen.cursor_x >= screen.width:
                screen.cursor_x, screen.cursor_y = 0, screen.cursor_y + 1
        screen.cursor_y = min(screen.cursor_y, screen.height - 1)


class ConsoleFile(FileObject):
    """A handle of the console's input or of its screen buffer."""

    __slots__ = ("console", "is_input")

    device_type = DeviceType.CONSOLE

    def __init__(self, console: Console, access: int, share: int = 7, *, is_input: bool) -> None:
        super().__init__(access, share)
        self.console, self.is_input = console, is_input

    def full_name(self) -> str:
        return "\\Device\\ConDrv"

    def read(self, size: int, offset: int | None = None, *, key: int = 0) -> bytes:
        """Bytes in the input code page; none at the end of input."""
        if not self.is_input:
            raise KernelError(Reason.INVALID_HANDLE, "the screen cannot be read")
        codec = code_page_codec(self.console.input_code_page)
        longest = 4 if codec == "utf-8" else 1
        text = self.console.read_text(max(min(size, CHUNK) // longest, 1)) if size else ""
        return text.encode(codec, "replace")[:size]

    def write(self, data: bytes, offset: int | None = None, *, key: int = 0) -> int:
        if self.is_input:
            raise KernelError(Reason.INVALID_HANDLE, "the input cannot be written")
        self.console.write_bytes(data)
        return len(data)

    def status(self) -> FileStatus:
        return FileStatus(FileTimes(0, 0, 0, 0), 0, 0, Attribute.NORMAL, 1, 0)


class ConsoleDevice(Device):
    """Opens the console by one of its names."""

    __slots__ = ("_console", "_name")

    def __init__(self, console: Console, name: str) -> None:
        super().__init__()
        self._console, self._name = console, name

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        access = FILE_ACCESS.map(request.access)
        name = (rest[1:] if rest else self._name).upper()
        if name in ("CURRENTIN", "INPUT", "CONIN$"):
            is_input = True
        elif name in ("CURRENTOUT", "OUTPUT", "CONOUT$", "SCREENBUFFER"):
            is_input = False
        elif name in ("CON", "CONSOLE", "CONDRV", "CONNECTION", "REFERENCE", "SERVER"):
            is_input = not access & Access.WRITE_DATA
        else:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, rest)
        return ConsoleFile(self._console, access, request.share, is_input=is_input), Outcome.OPENED


def code_page_codec(code_page: int) -> str:
    """Python's name of a code page; the default one's for a number that has none."""
    if code_page == UTF8_CODE_PAGE:
        return "utf-8"
    name = f"cp{code_page}"
    try:
        codecs.lookup(name)
    except LookupError:
        return f"cp{DEFAULT_CODE_PAGE}"
    return name
