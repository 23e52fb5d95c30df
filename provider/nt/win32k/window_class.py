"""Window classes: a process's own, and those that every process has from the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from provider.nt.win32k.procedure import ProcedureTable

CS_DBLCLKS, CS_VREDRAW, CS_HREDRAW, CS_PARENTDC = 0x8, 0x1, 0x2, 0x80
CS_SAVEBITS, CS_GLOBALCLASS, CS_DROPSHADOW = 0x800, 0x4000, 0x20000
DESKTOP_ATOM, DIALOG_ATOM = 32769, 32770
_CONTROL = CS_DBLCLKS | CS_VREDRAW | CS_HREDRAW | CS_PARENTDC
_SAME_MODULE = 0xFFFF0000


@dataclass(slots=True)
class WindowClass:
    """What windows have in common (WNDCLASSEXW)."""

    atom: int
    name: str
    """With the version of its DLL in front of it, where that has several."""
    base_name: str
    procedure: int
    style: int = 0
    instance: int = 0
    is_local: bool = False
    """Whether only its own module finds it."""
    extra: bytes = b""
    """Bytes of its own."""
    window_extra: int = 0
    """Bytes that each of its windows has."""
    icon: int = 0
    small_icon: int = 0
    cursor: int = 0
    brush: int = 0
    menu_name: bytes = bytes(12)
    """Three pointers of user32's (struct client_menu_name)."""
    windows: int = 0

    def is_seen_from(self, instance: int) -> bool:
        """Whether a module finds the class; 0 stands for any."""
        return not instance or not self.is_local or not (self.instance ^ instance) & _SAME_MODULE


class _Builtin(NamedTuple):
    name: str
    style: int = 0
    window_extra: int = 0
    brush: int = 0


BUILTIN = (
    _Builtin("#32769", CS_DBLCLKS, brush=2),
    _Builtin("Message"),
    _Builtin("Button", _CONTROL, 12),
    _Builtin("ComboBox", _CONTROL, 4),
    _Builtin("ComboLBox", CS_DBLCLKS | CS_SAVEBITS, 4),
    _Builtin("#32770", CS_DBLCLKS | CS_SAVEBITS, 30),
    _Builtin("Edit", CS_DBLCLKS | CS_PARENTDC, 8),
    _Builtin("#32772"),
    _Builtin("IME", 0, 8),
    _Builtin("ListBox", CS_DBLCLKS, 4),
    _Builtin("#32768", CS_DROPSHADOW | CS_SAVEBITS | CS_DBLCLKS, 4, brush=5),
    _Builtin("MDIClient", 0, 8, brush=13),
    _Builtin("ScrollBar", _CONTROL, 16),
    _Builtin("Static", CS_DBLCLKS | CS_PARENTDC, 8),
)
"""Winuser's predefined classes ("About Window Classes", Windows documentation); the bytes behind
their windows are those that the DLLs use."""
_PROCEDURE_OF = {"ComboLBox": "ListBox"}
"""Where a class has no procedure of its own."""


def builtin_classes(procedures: ProcedureTable, atom_of: dict[str, int]) -> list[WindowClass]:
    """The classes that user32 has procedures for."""
    made = []
    for each in BUILTIN:
        procedure = procedures.own(each.name) or procedures.own(_PROCEDURE_OF.get(each.name, ""))
        if procedure:
            made.append(
                WindowClass(
                    atom_of[each.name],
                    each.name,
                    each.name,
                    procedure,
                    each.style,
                    window_extra=each.window_extra,
                    brush=each.brush,
                )
            )
    return made
