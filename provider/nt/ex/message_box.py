"""Message boxes, which nobody sees: words for the user, and a button for the guest.

STATUS_SERVICE_NOTIFICATION is the hard error of a service's message box; its parameters are the
text, the title and the MB_ bits (MessageBox, MB_SERVICE_NOTIFICATION).
"""

from __future__ import annotations

from emu.int_enum import IntEnum


class Response(IntEnum):
    """HARDERROR_RESPONSE."""

    RETURN_TO_CALLER = 0
    NOT_HANDLED = 1
    ABORT = 2
    CANCEL = 3
    IGNORE = 4
    NO = 5
    OK = 6
    RETRY = 7
    YES = 8
    TRY_AGAIN = 9
    CONTINUE = 10


BUTTONS: tuple[tuple[Response, ...], ...] = (
    (Response.ABORT, Response.RETRY, Response.IGNORE),
    (Response.OK,),
    (Response.OK, Response.CANCEL),
    (Response.RETRY, Response.CANCEL),
    (Response.YES, Response.NO),
    (Response.YES, Response.NO, Response.CANCEL),
    (),
    (Response.OK,),
    (Response.CANCEL, Response.TRY_AGAIN, Response.CONTINUE),
)
"""By HARDERROR_RESPONSE_OPTION."""
_DEFAULT_BUTTON = 0xF00
"""MB_DEFBUTTON1 to MB_DEFBUTTON4."""
_LONGEST = 2000


def default_button(options: int, style: int) -> Response:
    """The button that the Return key would press.

    RETRY is not: what has failed fails again, for ever, and there is nobody to mend it.
    """
    buttons = BUTTONS[options]
    number = (style & _DEFAULT_BUTTON) >> 8
    button = buttons[number] if number < len(buttons) else buttons[0]
    return Response.CANCEL if button is Response.RETRY and Response.CANCEL in buttons else button


def words(title: str, text: str) -> str:
    """A box as the user is told of it, on as many lines as its text has."""
    return _printable(f'message box "{title}": {text}')


def window_words(title: str, texts: list[str]) -> str:
    """A window as the user is told of it: its title, and the texts in it on a line each."""
    inside = ": " + "\n".join(texts) if texts else ""
    return _printable(f'window "{title}"{inside}')


def _printable(told: str) -> str:
    lines = told[:_LONGEST].splitlines()
    shown = ("".join(c if c.isprintable() else "?" for c in line) for line in lines)
    return "\n  ".join(shown).encode("utf-8", "replace").decode()
