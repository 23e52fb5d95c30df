"""Requests that Wine 8.0's user32 makes of Wine's server: windows in lists, the end of a queue.

A request and its answer share 64 bytes (struct __server_request_info, include/wine/server.h):

    +0   number of the request, bytes of its data, room for the answer's; what it is about
    +0   status, bytes of the answer's data; the answer itself
    +64  how many pieces of data, where the answer's go; address and bytes of each piece
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import wine
from provider.nt.types import PVOID, decode_utf16
from provider.nt.win32k.desktop import desktop_of, find_window
from provider.nt.win32k.metrics import DOTS_PER_INCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.nt.win32k.window import Window

    Handler = Callable[[Thread, "_Request"], bytes]

_WORDS = struct.Struct("<16I")
_PIECES = 64
_ANSWER = 8
_REPLY_DATA = 4
_LONGEST_NAME = 512


class _Request:
    """What user32 asks."""

    def __init__(self, thread: Thread, va: int) -> None:
        """AccessViolation."""
        space = thread.process.space
        self.words = _WORDS.unpack(space.read(va, _WORDS.size))
        count, self._target, self._data_va, self._data_size = struct.unpack(
            "<4I", space.read(va + _PIECES, 16)
        )
        self._va, self._space, self._has_data = va, space, bool(count)
        self.room = self.words[2]

    def text(self) -> str:
        """The first piece of data, if there is one."""
        if not self._has_data:
            return ""
        return decode_utf16(
            self._space.read(self._data_va, min(self._data_size, _LONGEST_NAME) & ~1)
        )

    def put(self, data: bytes) -> None:
        """Store data of the answer."""
        self._space.write(self._target, data)
        self._space.write(self._va + _REPLY_DATA, len(data).to_bytes(4, "little"))


def _post_quit_message(thread: Thread, request: _Request) -> bytes:
    desktop_of(thread).queue(thread).quit(request.words[3])
    return b""


def _get_window_children(thread: Thread, request: _Request) -> bytes:
    _, _, _, _, parent, atom, owner, *_ = request.words
    above = find_window(thread, parent) if parent else desktop_of(thread).root
    if above is None:
        raise NtError(NTSTATUS.INVALID_HANDLE)
    name = request.text().lower()
    found = [window for window in above.children if _is_wanted(window, owner, atom, name)]
    data = b"".join(window.handle.to_bytes(4, "little") for window in found)
    request.put(data[: request.room & ~3])
    return len(found).to_bytes(4, "little")


def _is_wanted(window: Window, owner: int, atom: int, name: str) -> bool:
    if owner and (window.thread is None or window.thread.id != owner):
        return False
    if atom:
        return window.kind.atom == atom
    return not name or window.kind.base_name.lower() == name


def _get_window_info(thread: Thread, request: _Request) -> bytes:
    window = find_window(thread, request.words[3])
    if window is None:
        raise NtError(NTSTATUS.INVALID_HANDLE)
    owner = window.thread
    process_id, thread_id = (owner.process.id, owner.id) if owner is not None else (0, 0)
    return struct.pack(
        "<8I",
        window.handle,
        window.handle,
        process_id,
        thread_id,
        window.kind.atom,
        window.is_unicode,
        DOTS_PER_INCH,
        0,
    )


def _get_window_properties(thread: Thread, request: _Request) -> bytes:
    window = find_window(thread, request.words[3])
    if window is None:
        raise NtError(NTSTATUS.INVALID_HANDLE)
    atoms = desktop_of(thread).atoms
    entries = [
        struct.pack(
            "<2IQ", name if isinstance(name, int) else atoms.add(name), isinstance(name, str), data
        )
        for name, data in window.properties.items()
    ]
    data = b"".join(entries)
    request.put(data[: request.room // 16 * 16])
    return len(entries).to_bytes(4, "little")


def _zero(thread: Thread, request: _Request) -> bytes:
    return bytes(4)


_HANDLERS: dict[int, Handler] = {
    112: _post_quit_message,
    120: _zero,  # is_window_hung
    138: _get_window_info,
    142: _get_window_children,
    160: _get_window_properties,
    179: _zero,  # get_last_input_time
}
"""By the numbers of protocol 758, that of Wine 8.0."""


@wine.syscall(partial="What user32 asks about windows.")
def wine_server_call(thread: Thread, Request: PVOID) -> int:
    """Ask Wine's server, which here is nobody but the kernel."""
    request = _Request(thread, Request)
    handler = _HANDLERS.get(request.words[0])
    if handler is None:
        name = f"wine_server_call ({request.words[0]})"
        nt_part(thread.process).provider.report_unknown(name)
        return NTSTATUS.NOT_IMPLEMENTED
    status: int = NTSTATUS.SUCCESS
    space = thread.process.space
    space.write(Request, bytes(_ANSWER))
    try:
        space.write(Request + _ANSWER, handler(thread, request))
    except NtError as error:
        status = error.status
    space.write(Request, status.to_bytes(4, "little"))
    return status
