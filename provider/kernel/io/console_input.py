"""The console's input: keys from the host's terminal, and what reads them.

A guest that reads lines leaves their editing to the terminal.  One that looks at keys has the
terminal send each of them at once; from then on time passes as on the host while it sleeps.
"""

from __future__ import annotations

import codecs
import select
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, TypeGuard

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.console_keys import BACKSPACE, RETURN, Key, decode
from provider.kernel.io.file import CHUNK
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.stream import has_input
from provider.kernel.ke.wait import signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from provider.kernel.io.console import ConsoleFile
    from provider.kernel.io.irp import Irp
    from provider.kernel.io.stream import HostStream

INPUT_MODE = 0x1F7
PROCESSED_INPUT, LINE_INPUT, ECHO_INPUT, WINDOW_INPUT = 0x1, 0x2, 0x4, 0x8
MOST_EVENTS = 1 << 14
"""Events that are kept; further ones are lost."""
END_OF_INPUT = "\x1a"


class OtherEvent(NamedTuple):
    """An event that is no key: of the mouse, the window, a menu, the focus."""

    kind: int
    data: bytes


Event = Key | OtherEvent
WINDOW_BUFFER_SIZE_EVENT = 4


class _Waiting(NamedTuple):
    """A read that waits; `attempt` says whether it could be served."""

    irp: Irp
    wants_line: bool
    attempt: Callable[[], bool]


class ConsoleInput:
    """Events in their order, and the text of lines that were begun to be read."""

    def __init__(
        self, stream: HostStream, echo: Callable[[str], None], echoed: Callable[[str], None]
    ) -> None:
        """`echo` shows text on the screen; `echoed` is told what the terminal has shown itself."""
        self.stream, self._echo, self._echoed = stream, echo, echoed
        self.mode = INPUT_MODE
        self._polled = False
        """The guest looks for keys without waiting for them."""
        self.files: list[ConsoleFile] = []
        """Open handles of the console: whoever waits for one of them waits for input."""
        self._events: deque[Event] = deque()
        self._text = ""
        """What is left of a line."""
        self._edited: list[str] = []
        """A line of injected keys that has no end yet."""
        self._ended = False
        self._waiting: deque[_Waiting] = deque()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    interest = select.POLLIN

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for input."""
        if self._ended:
            return False
        return bool(self._waiting) or any(file.waiters for file in self.files)

    @property
    def paces(self) -> bool:
        """Whether time is to pass as outside, because the guest looks for keys now and then."""
        return self._polled and not self._ended

    @property
    def has_events(self) -> bool:
        """Whether the input's handles are signalled."""
        return bool(self._events or self._text)

    def prepare(self) -> None:
        """Let the terminal send lines or keys, as they are waited for."""
        self._set_raw(raw=not (self._waiting and self._waiting[0].wants_line))

    def take(self) -> None:
        """The terminal has something."""
        data = self._read()
        text = self._decoder.decode(data)
        if not data:
            self._ended = True
        elif self._waiting and self._waiting[0].wants_line:
            self._text += text.replace("\r\n", "\n").replace("\n", "\r\n")
            self._echoed(text)
        else:
            self.add(decode(text))
        self._serve()

    def add(self, events: Iterable[Event]) -> None:
        """Events come, from the host or from a guest."""
        self._events.extend(events)
        while len(self._events) > MOST_EVENTS:
            self._events.pop()
        self._serve()

    def events(self) -> list[Event]:
        """All events that can be seen without waiting."""
        self._look()
        return list(self._events)

    def flush(self) -> None:
        """Drop what was typed and not yet read."""
        self._events.clear()
        self._edited.clear()
        self._text = ""

    def read_events(self, irp: Irp, most: int, encode: Callable[[Event], bytes]) -> None:
        """Take up to `most` events; wait for the first."""

        def attempt() -> bool:
            if self._events:
                taken = [self._events.popleft() for _ in range(min(most, len(self._events)))]
                data = b"".join(map(encode, taken))
                irp.complete(len(data), data)
            elif self._ended:
                irp.fail(Reason.END_OF_FILE)
            return irp.is_done

        self._begin(_Waiting(irp, False, attempt))

    def read_text(self, irp: Irp, size: int, encode: Callable[[str], bytes]) -> None:
        """Take up to `size` characters, of a line where lines are read; none at the end of input.

        A line ends with CR LF; one that begins with ^Z is the end.
        """

        def attempt() -> bool:
            text = self._take_text(size)
            if text is not None:
                data = encode(text)
                irp.complete(len(data), data)
            return irp.is_done

        self._begin(_Waiting(irp, bool(self.mode & LINE_INPUT), attempt))

    def _begin(self, read: _Waiting) -> None:
        if not self._waiting and read.attempt():
            return
        self._waiting.append(read)
        read.irp.pend(self._forget)
        if len(self._waiting) == 1:
            self.prepare()
            if has_input(self.stream):
                self.take()

    def _serve(self) -> None:
        while self._waiting and self._waiting[0].attempt():
            self._waiting.popleft()
        if self.has_events:
            for file in tuple(self.files):
                if file.waiters:
                    signal(file)

    def _take_text(self, size: int) -> str | None:
        """Text for a read; None while it has to wait."""
        if not self._text:
            complete = self._edit_line if self.mode & LINE_INPUT else self._take_chars
            self._text = complete()
        if not self._text and not self._ended:
            return None
        if self._text.startswith(END_OF_INPUT) and self.mode & LINE_INPUT:
            self._text = ""
        text, self._text = self._text[:size], self._text[size:]
        return text

    def _take_chars(self) -> str:
        """The characters of all keys that are there."""
        chars = [chr(event.char) for event in self._events if _is_char(event)]
        self._events.clear()
        return "".join(chars)

    def _edit_line(self) -> str:
        """The line that keys in the buffer make; empty while it has no end."""
        edited = self._edited
        while self._events:
            event = self._events.popleft()
            if not _is_char(event):
                continue
            char = chr(event.char)
            if char == chr(RETURN):
                line = "".join(edited) + "\r\n"
                edited.clear()
                self._show("\r\n")
                return line
            if char == chr(BACKSPACE):
                if edited:
                    edited.pop()
                    self._show("\b \b")
                continue
            edited.append(char)
            self._show(char)
        return ""

    def _show(self, text: str) -> None:
        if self.mode & ECHO_INPUT:
            with suppress(KernelError):  # the read goes on, whatever the terminal says
                self._echo(text)

    def _look(self) -> None:
        """Take what the terminal has; nothing is waited for."""
        self._polled = True
        self._set_raw(raw=True)
        if not self._ended and has_input(self.stream):
            self.take()

    def _read(self) -> bytes:
        """What the terminal has; nothing at its end, and when it has gone."""
        try:
            with host_errors():
                return self.stream.read(CHUNK)
        except KernelError:
            return b""

    def _set_raw(self, *, raw: bool) -> None:
        """Let the terminal send keys or lines; one that has gone sends nothing any more."""
        try:
            with host_errors():
                self.stream.set_raw(raw=raw, signals=bool(self.mode & PROCESSED_INPUT))
        except KernelError:
            self._ended = True

    def _forget(self, irp: Irp) -> None:
        self._waiting = deque(read for read in self._waiting if read.irp is not irp)


def _is_char(event: Event) -> TypeGuard[Key]:
    """Whether an event is a key that types a character."""
    return isinstance(event, Key) and event.down and event.char != 0
