"""Hard errors: what a system shows in a message box, here a line of text.

The parameters of a status are the strings and numbers that its text in ntdll's message table
speaks of; a bit mask tells which are pointers to UNICODE_STRING.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.ex import message_box
from provider.nt.handles import nt_part
from provider.nt.legend import HARD_ERROR_OPTION, HARD_ERROR_RESPONSE
from provider.nt.status import NTSTATUS, NtError, status_name
from provider.nt.table import nt
from provider.nt.types import NTSTATUS_VALUE, PVOID, ULONG, UnicodeString
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.provider import NtProvider

MAXIMUM_PARAMETERS = 5
OVERRIDE_ERROR_MODE = 0x10000000
OPTION_SHUTDOWN_SYSTEM = 6
MOST_OPTIONS = 9
_OPTION_OK, _OPTION_OK_CANCEL, _OPTION_OK_NO_WAIT = 1, 2, 7
_LOADER_TEXTS = {
    NTSTATUS.DLL_NOT_FOUND: "{0}: this DLL was not found",
    NTSTATUS.ENTRYPOINT_NOT_FOUND: "{1} has no function {0}",
    NTSTATUS.ORDINAL_NOT_FOUND: "{1} has no function with ordinal {0}",
    NTSTATUS.DLL_INIT_FAILED: "{0} failed to initialize",
    NTSTATUS.INVALID_IMAGE_FORMAT: "{0} is not a valid image",
    NTSTATUS.INVALID_IMAGE_NOT_MZ: "{0} is not a valid image",
    NTSTATUS.ILLEGAL_DLL_RELOCATION: "{0} cannot be relocated",
    NTSTATUS.CONFLICTING_ADDRESSES: "{0} has no relocations, and its addresses are taken",
    NTSTATUS.APP_INIT_FAILURE: "the program failed to initialize ({0})",
}
"""What went wrong before a program could start, by status."""
_LONGEST = 200
_BOX_PARAMETERS = 3
_RESPONSES = message_box.Response


@nt.syscall(partial="Nobody is asked: the answer is always OK, or left to the caller.")
def NtRaiseHardError(
    thread: Thread,
    ErrorStatus: NTSTATUS_VALUE,
    NumberOfParameters: ULONG,
    UnicodeStringParameterMask: ULONG,
    Parameters: PVOID,
    ValidResponseOptions: HARD_ERROR_OPTION,
    Response: Out[HARD_ERROR_RESPONSE],
) -> None:
    """Report an error that the user should see."""
    if NumberOfParameters > MAXIMUM_PARAMETERS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    if ValidResponseOptions >= MOST_OPTIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if ValidResponseOptions == OPTION_SHUTDOWN_SYSTEM:
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
    space = thread.process.space
    count = NumberOfParameters if Parameters else 0
    mask = UnicodeStringParameterMask
    words = _parameters(space, count, mask, Parameters)
    status = ErrorStatus & ~OVERRIDE_ERROR_MODE
    provider = nt_part(thread.process).provider
    if status == NTSTATUS.SERVICE_NOTIFICATION and count >= _BOX_PARAMETERS:
        text, title, style = words[:_BOX_PARAMETERS]
        provider.executive.on_hard_error(message_box.words(title, text))
        default = 0 if mask >> 2 & 1 else int(style)
        Response.value = message_box.default_button(ValidResponseOptions, default)
        return
    _tell(provider, status, words)
    ok = ValidResponseOptions in (_OPTION_OK, _OPTION_OK_CANCEL, _OPTION_OK_NO_WAIT)
    Response.value = _RESPONSES.OK if ok else _RESPONSES.RETURN_TO_CALLER


def _tell(provider: NtProvider, status: int, words: list[str]) -> None:
    text = _loader_text(status, words)
    if text is None:
        shown = ", ".join(map(_printable, words))
        detail = f": {shown}" if shown else ""
        provider.executive.on_hard_error(f"hard error {status_name(status)}{detail}")
    elif provider.load_failure is None:
        provider.load_failure = text


def _parameters(space: AddressSpace, count: int, mask: int, va: int) -> list[str]:
    """The parameters as text.  AccessViolation."""
    words = struct.unpack(f"<{count}I", space.read(va, 4 * count))
    codec = UnicodeString()
    return [
        codec.load(space, word) if mask >> index & 1 else str(word)
        for index, word in enumerate(words)
    ]


def _printable(text: str) -> str:
    shown = text[:_LONGEST].encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() else "?" for char in shown)


def _loader_text(status: int, words: list[str]) -> str | None:
    if status not in _LOADER_TEXTS:
        return None
    try:
        return _LOADER_TEXTS[NTSTATUS(status)].format(*map(_printable, words))
    except IndexError:
        return f"{status_name(status)} {' '.join(map(_printable, words))}".rstrip()
