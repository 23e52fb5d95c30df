"""Screen buffers: cells with a character and attributes, a cursor, and the window that is shown.

Characters are UTF-16 units, as a guest writes and reads them.  Rows come into being when something
is written to them.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BLANK = 0x20
DEFAULT_ATTRIBUTES = 7
PROCESSED_OUTPUT, WRAP_AT_EDGE = 0x1, 0x2
OUTPUT_MODE = PROCESSED_OUTPUT | WRAP_AT_EDGE
MAX_CELLS = 1 << 22
"""Cells of one buffer; the guest's size is not to fill the host's memory."""
_TAB_STOPS = 8


class Rect(NamedTuple):
    """Cells from `left`, `top` to `right`, `bottom`, all inside."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, other: Rect) -> Rect:
        """What of it lies in `other`; empty if `right` < `left` or `bottom` < `top`."""
        return Rect(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    @property
    def is_empty(self) -> bool:
        """Whether it has no cell."""
        return self.right < self.left or self.bottom < self.top


class Cell(NamedTuple):
    """A character with its attributes."""

    char: int
    attributes: int


class _Row(NamedTuple):
    chars: array[int]
    attributes: array[int]


class ScreenBuffer:
    """What is on a screen; sizes and places in characters."""

    def __init__(self, width: int = 80, height: int = 300, rows_shown: int = 25) -> None:
        self.mode = OUTPUT_MODE
        self.cursor_size = 25
        self.cursor_visible = True
        self.cursor_x = self.cursor_y = 0
        self.width, self.height = width, height
        self.attributes, self.popup_attributes = DEFAULT_ATTRIBUTES, 0xF5
        self.window = Rect(0, 0, width - 1, min(rows_shown, height) - 1)
        self._rows: dict[int, _Row] = {}
        self._begun = 0
        """Where in its row the text under way was begun."""
        self._at_edge = False
        """The last character has filled its row: a terminal waits with the next one."""

    @property
    def area(self) -> Rect:
        """All cells."""
        return Rect(0, 0, self.width - 1, self.height - 1)

    def write(self, text: str) -> None:
        """Put text at the cursor.

        Rows wrap as on a terminal.  Without WRAP_AT_EDGE what does not fit goes on where the row
        was begun; without PROCESSED_OUTPUT control characters are characters like others.
        """
        self._begun = self.cursor_x
        is_processed = self.mode & PROCESSED_OUTPUT
        for char in text:
            if char >= " " or not is_processed:
                for unit in _units(char):
                    self._put(unit)
            elif char == "\n":
                if not self._at_edge:
                    self._next_row()
                self.cursor_x, self._at_edge, self._begun = 0, False, 0
            elif char == "\r":
                if self._at_edge:
                    self.cursor_y -= 1
                self.cursor_x, self._at_edge, self._begun = 0, False, 0
            elif char == "\b":
                self.cursor_x = max(0, self.cursor_x - 1)
            elif char == "\t":
                for _ in range(_TAB_STOPS - self.cursor_x % _TAB_STOPS):
                    if self.cursor_x < self.width - 1:
                        self._put(BLANK)

    def move(self, x: int, y: int) -> None:
        """Put the cursor somewhere; the window follows.  KernelError INVALID_PARAMETER."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise KernelError(Reason.INVALID_PARAMETER, "a place outside of the screen buffer")
        self.cursor_x, self.cursor_y, self._at_edge = x, y, False
        self._follow_cursor()

    def resize(self, width: int, height: int) -> None:
        """Change the size; cells that no longer fit are lost.  KernelError INVALID_PARAMETER."""
        if not (width > 0 and height > 0 and width * height <= MAX_CELLS):
            raise KernelError(Reason.INVALID_PARAMETER, "the size of a screen buffer")
        rows = {y: row for y, row in self._rows.items() if y < height}
        self._rows = {}
        self.width, self.height = width, height
        for y, row in rows.items():
            kept = min(len(row.chars), width)
            fresh = self._row(y)
            fresh.chars[:kept] = row.chars[:kept]
            fresh.attributes[:kept] = row.attributes[:kept]
        self.cursor_x, self.cursor_y = min(self.cursor_x, width - 1), min(self.cursor_y, height - 1)
        shown = self.window
        self.window = Rect(
            min(shown.left, width - 1),
            min(shown.top, height - 1),
            min(shown.right, width - 1),
            min(shown.bottom, height - 1),
        )

    def show(self, window: Rect) -> None:
        """Choose the window.  KernelError INVALID_PARAMETER for one that lies outside."""
        if window.is_empty or window.within(self.area) != window:
            raise KernelError(Reason.INVALID_PARAMETER, "a window outside of the screen buffer")
        self.window = window

    def cells(self, area: Rect) -> Iterator[list[Cell]]:
        """The cells of an area inside the buffer, row by row."""
        for y in range(area.top, area.bottom + 1):
            row = self._rows.get(y)
            columns = range(area.left, area.right + 1)
            if row is None:
                yield [Cell(BLANK, DEFAULT_ATTRIBUTES) for _ in columns]
            else:
                yield [Cell(row.chars[x], row.attributes[x]) for x in columns]

    def run(self, x: int, y: int, count: int) -> list[Cell]:
        """Up to `count` cells from a place on, row after row."""
        found: list[Cell] = []
        while count > 0 and 0 <= x < self.width and 0 <= y < self.height:
            taken = min(count, self.width - x)
            found += next(self.cells(Rect(x, y, x + taken - 1, y)))
            count -= taken
            x, y = 0, y + 1
        return found

    def set_run(
        self, x: int, y: int, cells: Iterable[tuple[int | None, int | None]], *, wrap: bool = True
    ) -> int:
        """Store characters, attributes or both from a place on; returns how many cells."""
        done = 0
        row = None
        for char, attributes in cells:
            if x >= self.width:
                if not wrap:
                    break
                x, y, row = 0, y + 1, None
            if not (x >= 0 and 0 <= y < self.height):
                break
            if row is None:
                row = self._row(y)
            if char is not None:
                row.chars[x] = char
            if attributes is not None:
                row.attributes[x] = attributes
            x += 1
            done += 1
        return done

    def scroll(self, source: Rect, x: int, y: int, clip: Rect, fill: Cell) -> None:
        """Move an area to a place; what it leaves, and only what lies in `clip`, is changed."""
        clip = clip.within(self.area)
        source = source.within(self.area)
        if source.is_empty or clip.is_empty:
            return
        moved = list(self.cells(source))
        self._fill(source.within(clip), fill)
        for row, cells in enumerate(moved):
            for column, cell in enumerate(cells):
                at_x, at_y = x + column, y + row
                if clip.left <= at_x <= clip.right and clip.top <= at_y <= clip.bottom:
                    self.set_run(at_x, at_y, [cell])

    def _fill(self, area: Rect, fill: Cell) -> None:
        for y in range(area.top, area.bottom + 1):
            self.set_run(area.left, y, [fill] * (area.right - area.left + 1), wrap=False)

    def _put(self, unit: int) -> None:
        row = self._row(self.cursor_y)
        row.chars[self.cursor_x] = unit
        row.attributes[self.cursor_x] = self.attributes
        self.cursor_x += 1
        if self.cursor_x < self.width:
            self._at_edge = False
        elif self.mode & WRAP_AT_EDGE:
            self.cursor_x, self._at_edge = 0, True
            self._next_row()
        else:
            self.cursor_x = self._begun

    def _next_row(self) -> None:
        """The cursor goes down; at the last row all others go up."""
        if self.cursor_y < self.height - 1:
            self.cursor_y += 1
        else:
            self._rows = {y - 1: row for y, row in self._rows.items() if y}
        self._follow_cursor()

    def _follow_cursor(self) -> None:
        window = self.window
        down = max(self.cursor_y - window.bottom, 0) - max(window.top - self.cursor_y, 0)
        if down:
            self.window = window._replace(top=window.top + down, bottom=window.bottom + down)

    def _row(self, y: int) -> _Row:
        row = self._rows.get(y)
        if row is None:
            row = _Row(
                array("H", [BLANK]) * self.width, array("H", [DEFAULT_ATTRIBUTES]) * self.width
            )
            self._rows[y] = row
        return row


def _units(char: str) -> tuple[int, ...]:
    """A character as UTF-16 units."""
    code = ord(char)
    if code < 0x10000:
        return (code,)
    code -= 0x10000
    return 0xD800 | code >> 10, 0xDC00 | code & 0x3FF
