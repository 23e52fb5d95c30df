r"""The host's terminal as the place where a screen buffer's window is shown.

Text goes through as it is.  Colours and what else a guest does to its screen become control
sequences of ECMA-48.  Where on the terminal the window is, nobody knows before a guest moves the
cursor to another row or draws somewhere: then the terminal's contents are scrolled away, and the
window is drawn from the terminal's top left.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from provider.kernel.io.console_screen import (
    BLANK,
    DEFAULT_ATTRIBUTES,
    OUTPUT_MODE,
    Cell,
    Rect,
)
from provider.kernel.io.host_error import host_errors

if TYPE_CHECKING:
    from provider.kernel.io.console_screen import ScreenBuffer
    from provider.kernel.io.stream import HostStream

_COLOURS = (0, 4, 2, 6, 1, 5, 3, 7)
"""Windows' colours (bit 0 blue, 2 red) as those of ECMA-48 (bit 0 red, 2 blue)."""
_EMPTY = Cell(BLANK, DEFAULT_ATTRIBUTES)
_INTENSE, _REVERSE, _UNDERSCORE = 8, 0x4000, 0x8000
_SEQUENCE = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"


class Terminal:
    """Shows one screen buffer at a time; every method raises KernelError of the host."""

    def __init__(self, sink: HostStream) -> None:
        self._sink = sink
        self._placed = False
        """The window's top left is the terminal's."""
        self._attributes = DEFAULT_ATTRIBUTES
        self._cursor_visible = True

    def text(self, screen: ScreenBuffer, text: str) -> None:
        """Show text at the cursor."""
        if screen.mode & OUTPUT_MODE != OUTPUT_MODE:
            self._rare_text(screen, text)
            return
        self._send(self._colour(screen.attributes) + text if text else "")
        screen.write(re.sub(_SEQUENCE, "", text))

    def _rare_text(self, screen: ScreenBuffer, text: str) -> None:
        """Text in a mode that no terminal has: the rows that it changes are drawn."""
        first, window = screen.cursor_y, screen.window
        screen.write(text)
        if screen.window != window:
            self.redraw(screen)
        else:
            self.draw(screen, window._replace(top=first, bottom=max(first, screen.cursor_y)))

    def move(self, screen: ScreenBuffer, x: int, y: int) -> None:
        """Move the cursor.  KernelError INVALID_PARAMETER for a place outside of the buffer."""
        before, window = (screen.cursor_x, screen.cursor_y), screen.window
        screen.move(x, y)
        if screen.window != window:
            self.redraw(screen)
        elif (x, y) == before:
            return
        elif y == before[1]:
            self._send(f"\x1b[{x - screen.window.left + 1}G")
        elif self._placed:
            self._send(_place(screen))
        else:
            self.redraw(screen)

    def redraw(self, screen: ScreenBuffer) -> None:
        """Draw the window anew."""
        if not self._placed:
            rows = screen.window.bottom - screen.window.top + 1
            self._send("\n" * rows)
            self._placed = True
        self._send(f"{self._colour(DEFAULT_ATTRIBUTES)}\x1b[2J")
        self._draw_rows(screen, screen.window, skip_blank=True)

    def draw(self, screen: ScreenBuffer, area: Rect) -> None:
        """Some cells have changed."""
        area = area.within(screen.window)
        if area.is_empty:
            return
        if area == screen.window and (blank := _blank(list(screen.cells(area)))) is not None:
            self._placed = True
            self._send(f"{self._colour(blank)}\x1b[2J{_place(screen)}")
        elif not self._placed:
            self.redraw(screen)
        else:
            self._draw_rows(screen, area)

    def title(self, title: str) -> None:
        """Show a title, without the control characters that it may have."""
        shown = "".join(char for char in title if char >= " " and char != "\x7f")
        self._send(f"\x1b]0;{shown}\x07")

    def cursor(self, *, visible: bool) -> None:
        """Show or hide the cursor."""
        if visible != self._cursor_visible:
            self._cursor_visible = visible
            self._send("\x1b[?25h" if visible else "\x1b[?25l")

    def beep(self) -> None:
        """Ring the bell."""
        self._send("\a")

    def restore(self) -> None:
        """Leave the terminal as others expect it."""
        self._send(self._colour(DEFAULT_ATTRIBUTES))
        self.cursor(visible=True)

    def _draw_rows(self, screen: ScreenBuffer, area: Rect, *, skip_blank: bool = False) -> None:
        """Draw rows; `skip_blank`: the terminal has been cleared."""
        top, left = area.top - screen.window.top, area.left - screen.window.left
        reaches_edge = area.right == screen.window.right
        shown = []
        for number, cells in enumerate(screen.cells(area)):
            end = len(cells)
            while reaches_edge and end and cells[end - 1] == _EMPTY:
                end -= 1
            if end or not skip_blank:
                shown.append(f"\x1b[{top + number + 1};{left + 1}H{self._row(cells[:end])}")
            if end < len(cells) and not skip_blank:
                shown.append(f"{self._colour(DEFAULT_ATTRIBUTES)}\x1b[K")
        self._send("".join(shown) + _place(screen))

    def _row(self, cells: list[Cell]) -> str:
        shown = []
        for attributes, run in groupby(cells, key=lambda cell: cell.attributes):
            units = b"".join(max(cell.char, BLANK).to_bytes(2, "little") for cell in run)
            shown.append(self._colour(attributes) + units.decode("utf-16-le", "replace"))
        return "".join(shown)

    def _colour(self, attributes: int) -> str:
        """What makes the text that follows look so; nothing if it does already."""
        if attributes == self._attributes:
            return ""
        self._attributes = attributes
        if attributes == DEFAULT_ATTRIBUTES:
            return "\x1b[0m"
        front, back = attributes & 0xF, attributes >> 4 & 0xF
        codes = ["0"]
        if attributes & _REVERSE:
            codes.append("7")
        if attributes & _UNDERSCORE:
            codes.append("4")
        codes.append(str(_COLOURS[front & 7] + (90 if front & _INTENSE else 30)))
        if back:
            codes.append(str(_COLOURS[back & 7] + (100 if back & _INTENSE else 40)))
        return f"\x1b[{';'.join(codes)}m"

    def _send(self, text: str) -> None:
        if text:
            with host_errors():
                self._sink.write(text.encode("utf-8", "replace"))


def _place(screen: ScreenBuffer) -> str:
    """What puts the terminal's cursor where the screen's is."""
    y, x = screen.cursor_y - screen.window.top, screen.cursor_x - screen.window.left
    return f"\x1b[{max(y, 0) + 1};{max(x, 0) + 1}H"


def _blank(rows: list[list[Cell]]) -> int | None:
    """The attributes of cells that are all blank and alike."""
    first = rows[0][0]
    alike = first.char == BLANK and all(cell == first for cells in rows for cell in cells)
    return first.attributes if alike else None
