"""Which call each number means: the stubs of ntdll, and those of win32u when it is mapped."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from loader.error import ImageError
from loader.stubs import discover
from provider.kernel.mm import AccessViolation
from provider.nt import call_index
from provider.nt.dispatch import BoundCall
from provider.nt.handles import nt_part
from provider.nt.mm.protected import write_protected
from provider.nt.table import win32k
from provider.nt.userland import MESSAGE_BOX, UNIX_CALL

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from provider.nt.process import NtProcess
    from provider.nt.userland import Userland

WIN32U = "win32u.dll"
UNIX_CALL_NAME = "__wine_unix_call"
MESSAGE_BOX_NAME = "MessageBoxIndirectW"
_JUMP = b"\xe9"
_STATUS_RETURNED = (
    "NtGdiDdDDI",
    "NtUserBuildHwndList",
    "NtUserEnumDisplayDevices",
    "NtUserInitializeClientPfnArrays",
    "NtUserSetClipboardData",
)
"""The calls of win32u that return a status; the others return 0 when they fail."""


class ServiceCalls(dict[int, "BoundCall | None"]):
    """The calls of a process by their numbers, each bound when it is made first; None: no call."""

    def __init__(self, userland: Userland) -> None:
        """The calls of an ntdll."""
        super().__init__()
        self._stubs = userland.stubs.by_number
        if userland.pokes:
            self[UNIX_CALL] = BoundCall(UNIX_CALL_NAME, call_index.find(UNIX_CALL_NAME), 0)
        if userland.replaced:
            self[MESSAGE_BOX] = BoundCall(MESSAGE_BOX_NAME, call_index.find(MESSAGE_BOX_NAME), 0)

    def __missing__(self, number: int) -> BoundCall | None:
        stub = self._stubs.get(number)
        if stub is None:
            return None
        bound = BoundCall(stub.name, call_index.find(stub.name), stub.argument_bytes)
        self[number] = bound
        return bound


def bind_library(process: Process, image: Image, base: int, name: str) -> None:
    """An image was mapped: the numbers of win32u are calls from now on."""
    context = nt_part(process)
    for (library, export), va in context.userland.replaced.items():
        if name == library:
            _replace(process.space, image, base, export, va)
    if name == WIN32U:
        _bind_win32u(context, image)


def _replace(space: AddressSpace, image: Image, base: int, export: str, va: int) -> None:
    """Let an exported routine jump to `va`."""
    with suppress(ImageError, AccessViolation):
        found = image.exports_by_name.get(export)
        if found is not None and found.forwarder is None:
            start = base + found.rva
            distance = va - (start + len(_JUMP) + 4) & 0xFFFFFFFF
            code = _JUMP + distance.to_bytes(4, "little")
            first = PAGE_SIZE - start % PAGE_SIZE
            for at, part in ((start, code[:first]), (start + first, code[first:])):
                if part:
                    write_protected(space, at, part)


def _bind_win32u(context: NtProcess, image: Image) -> None:
    import provider.nt.win32k.calls  # noqa: F401  declares them

    try:
        stubs = discover(image)
    except ImageError:
        return
    for number, entry in stubs.by_number.items():
        bind_user_call(context, number, entry.name, entry.argument_bytes)


def bind_user_call(context: NtProcess, number: int, name: str, argument_bytes: int) -> None:
    """Let a number that means nothing yet be a call of win32u, which is mapped."""
    from provider.nt.win32k.last_error import BoundUserCall

    if context.calls[number] is not None:
        return
    call, tells_status = win32k.get(name), name.startswith(_STATUS_RETURNED)
    context.calls[number] = (
        BoundCall(name, call, argument_bytes)
        if tells_status
        else BoundUserCall(name, call, argument_bytes, 0)
    )
