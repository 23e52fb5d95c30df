"""Which call each number means: the stubs of ntdll, and those of win32u when it is mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.error import ImageError
from loader.stubs import discover
from provider.nt.dispatch import BoundCall
from provider.nt.status import NTSTATUS
from provider.nt.table import nt, win32k, wine
from provider.nt.userland import UNIX_CALL

if TYPE_CHECKING:
    from loader.image import Image
    from provider.nt.process import NtProcess
    from provider.nt.userland import Userland
    from provider.syscall import Syscall

WIN32U = "win32u.dll"
UNIX_CALL_NAME = "__wine_unix_call"
_STATUS_RETURNED = "NtGdiDdDDI"
"""The calls of win32u that return a status; the others return 0 when they fail."""


def bind_ntdll(userland: Userland) -> dict[int, BoundCall]:
    """The calls of an ntdll by their numbers."""
    calls = {
        number: BoundCall(entry.name, _find(entry.name), entry.argument_bytes)
        for number, entry in userland.stubs.by_number.items()
    }
    if userland.pokes:
        calls[UNIX_CALL] = BoundCall(UNIX_CALL_NAME, wine.get(UNIX_CALL_NAME), 0)
    return calls


def _find(name: str) -> Syscall | None:
    return nt.get(name) or wine.get(name)


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
        context.calls.setdefault(number, bound)
