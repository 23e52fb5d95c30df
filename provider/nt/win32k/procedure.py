"""Window procedures: an address for windows of one character set, or a handle for either.

A handle is 0xFFFF in the high word and an index in the low one.  The first procedures are user32's
own, which exist for both sets; what the guest adds exists for one.
"""

from __future__ import annotations

from emu.named_tuple import NamedTuple

_HANDLE = 0xFFFF0000
_MOST = 4096


class Procedure(NamedTuple):
    """The addresses for ANSI and Unicode; 0: there is none."""

    ansi: int
    wide: int


class ProcedureTable:
    """The procedures of one process."""

    def __init__(self) -> None:
        self._procedures: list[Procedure] = []
        self._own: tuple[str, ...] = ()
        self._handles: dict[tuple[int, bool], int] = {}

    def set_own(self, names: tuple[str, ...], procedures: list[Procedure]) -> None:
        """User32's own, which come first."""
        if self._own:
            return
        self._own, self._procedures = names, procedures
        for index, procedure in enumerate(procedures):
            for address in procedure:
                for ansi in (False, True):
                    self._handles.setdefault((address, ansi), _HANDLE | index)

    def own(self, name: str) -> int:
        """The handle of one of user32's own; 0 if it has none such."""
        return _HANDLE | self._own.index(name) if name in self._own else 0

    def find(self, handle: int) -> Procedure | None:
        """What a handle stands for; None for an address."""
        index = handle & 0xFFFF
        if handle < _HANDLE or index >= len(self._procedures):
            return None
        return self._procedures[index]

    def handle(self, address: int, *, ansi: bool) -> int:
        """A handle for an address; the address itself where there are too many."""
        if not address or self.find(address) is not None:
            return address
        known = self._handles.get((address, ansi))
        if known is not None:
            return known
        if len(self._procedures) >= _MOST:
            return address
        self._procedures.append(Procedure(address, 0) if ansi else Procedure(0, address))
        made = _HANDLE | len(self._procedures) - 1
        self._handles[address, ansi] = made
        return made

    def address(self, handle: int, *, ansi: bool) -> int:
        """What a program of that character set is told; a handle where that has no address."""
        procedure = self.find(handle)
        if procedure is None:
            return handle
        return (procedure.ansi if ansi else procedure.wide) or handle

    def is_unicode(self, handle: int, default: bool) -> bool:
        """Whether windows with the procedure are Unicode ones."""
        procedure = self.find(handle)
        if procedure is None or (procedure.ansi and procedure.wide):
            return default
        return bool(procedure.wide)
