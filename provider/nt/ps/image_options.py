r"""Image File Execution Options: what the registry says of images, by their file names.

The subkey of that name below HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution
Options.  `Debugger` names a program that is started in the image's place, `GlobalFlag` becomes
PEB.NtGlobalFlag ("Image File Execution Options", Windows driver documentation; Windows Internals,
6th edition, part 1, chapter 5).  All other values are for ntdll, which reads them itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from provider.kernel.cm.key import Key, Value
    from provider.kernel.cm.registry import Registry

OPTIONS_PATH = (
    "MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options"
)
_TEXT_KINDS = (1, 2)  # REG_SZ, REG_EXPAND_SZ
_DWORD = 4


class ImageOptions(NamedTuple):
    """The options of one image."""

    key: Key
    debugger: str
    """A command line to put before the image's; empty: none."""
    global_flag: int


def image_options(registry: Registry, path: str) -> ImageOptions | None:
    """The options of the image at `path`, if there are any."""
    name = path.rpartition("\\")[2]
    try:
        key = registry.find(registry.root, f"{OPTIONS_PATH}\\{name}")
    except KernelError:
        return None
    return ImageOptions(key, _text(key.value("Debugger")), _number(key.value("GlobalFlag")))


def _text(value: Value | None) -> str:
    if value is None or value.kind not in _TEXT_KINDS:
        return ""
    return decode_utf16(value.data[: len(value.data) & ~1]).partition("\0")[0].strip()


def _number(value: Value | None) -> int:
    """A REG_DWORD, or the number that a text begins with, as RtlUnicodeStringToInteger reads it."""
    if value is not None and value.kind == _DWORD and len(value.data) == 4:
        return int.from_bytes(value.data, "little")
    text = _text(value)
    try:
        return int(text, 0) & 0xFFFFFFFF
    except ValueError:
        return 0
