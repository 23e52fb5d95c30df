"""The message box of user32's that have no desktop to draw one on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.struct import Struct, pointer, u32
from provider.kernel.thread import Thread
from provider.nt.ex import message_box
from provider.nt.ex.message_box import Response
from provider.nt.handles import nt_part
from provider.nt.ob.strings import text_until_zero
from provider.nt.table import wine

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

_HIGHEST_RESOURCE = 0xFFFF
_TYPE = 0xF
_OPTIONS = (1, 2, 0, 5, 4, 3, 8)
"""HARDERROR_RESPONSE_OPTION by MB_OK, MB_OKCANCEL, MB_ABORTRETRYIGNORE …"""
_BUTTONS = {
    Response.OK: 1,
    Response.CANCEL: 2,
    Response.ABORT: 3,
    Response.RETRY: 4,
    Response.IGNORE: 5,
    Response.YES: 6,
    Response.NO: 7,
    Response.TRY_AGAIN: 10,
    Response.CONTINUE: 11,
}
"""IDOK, IDCANCEL … (winuser.h)."""
_DEFAULT_TITLE = "Error"
_LONGEST = 2000


class MSGBOXPARAMS(Struct):
    """What a message box is made of."""

    cbSize = u32()
    hwndOwner = pointer()
    hInstance = pointer()
    lpszText = pointer()
    lpszCaption = pointer()
    dwStyle = u32()


@wine.syscall(partial="Nobody sees it: the user is told its text, the default button is pressed.")
def MessageBoxIndirectW(thread: Thread, Parameters: MSGBOXPARAMS) -> int:
    """Show a message box; the result is the button's number, 0 for an unknown type of box."""
    style = Parameters.dwStyle
    if style & _TYPE >= len(_OPTIONS):
        return 0
    space = thread.process.space
    title = _text(space, Parameters.lpszCaption) or _DEFAULT_TITLE
    text = _text(space, Parameters.lpszText)
    executive = nt_part(thread.process).provider.executive
    executive.on_hard_error(message_box.words(title, text))
    return _BUTTONS[message_box.default_button(_OPTIONS[style & _TYPE], style)]


def _text(space: AddressSpace, va: int) -> str:
    """The text at `va`, or the number of a string resource.  AccessViolation."""
    if not va:
        return ""
    return (
        text_until_zero(space, va, _LONGEST)
        if va > _HIGHEST_RESOURCE
        else f"(string {va} of a DLL)"
    )
