"""Which call each number means: the stubs of ntdll, and those of win32u when it is mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.error import ImageError
from loader.stubs import discover
from provider.nt import call_index
from provider.nt.dispatch import BoundCall
from provider.nt.status import NTSTATUS
from provider.nt.table import win32k
from provider.nt.userland import UNIX_CALL

if TYPE_CHECKING:
    from loader.image import Image
    from provider.nt.process import NtProcess
    from provider.nt.userland import Userland

WIN32U = "win32u.dll"
UNIX_CALL_NAME = "__wine_unix_call"
_STATUS_RETURNED = "NtGdiDdDDI"
"""The calls of win32u that return a status; the others return 0 when they fail."""


class ServiceCalls(dict[int, "BoundCall | None"]):
    """The calls of a process by their numbers, each bound when it is made first; None: no call."""

    def __init__(self, userland: Userland) -> None:
        """The calls of an ntdll."""
        super().__init__()
        self._stubs = userland.stubs.by_number
        if userland.pokes:
            self[UNIX_CALL] = BoundCall(UNIX_CALL_NAME, call_index.find(UNIX_CALL_NAME), 0)

    def __missing__(self, number: int) -> BoundCall | None:
        stub = self._stubs.get(number)
        if stub is None:
            return None
        bound = BoundCall(stub.name, call_index.find(stub.name), stub.argument_bytes)
        self[number] = bound
        return bound


def bind_library(context: NtProcess, image: Image, name: str) -> None:
    """An image was mapped: if it is win32u, its numbers are calls from now on."""
    if name != WIN32U:
        return
    import provider.nt.win32k.calls  # noqa: F401  declares them

    try:
        stubs = discover(image)
    except ImageError:
        return
    for number, entry in stubs.by_number.items():
        refusal = NTSTATUS.NOT_IMPLEMENTED if entry.name.startswith(_STATUS_RETURNED) else 0
        call = win32k.get(entry.name)
        bound = BoundCall(entry.name, call, entry.argument_bytes, refusal)
        if context.calls[number] is None:
            context.calls[number] = bound
