"""Whether a valid image can be started as a process."""

from __future__ import annotations

from typing import Final

from loader.address import page_up
from loader.error import ImageError, ImageErrorKind
from loader.image import Directory, Image

NATIVE: Final = 1
WINDOWS_GUI: Final = 2
WINDOWS_CUI: Final = 3
"""Values of Subsystem ("PE Format", Windows Subsystem)."""

_OTHER_SUBSYSTEMS: Final = {
    0: "an unknown subsystem",
    5: "the OS/2 subsystem",
    7: "the POSIX subsystem",
    8: "a native Windows 9x driver",
    9: "Windows CE",
    10: "EFI (an application)",
    11: "EFI (a boot service driver)",
    12: "EFI (a run-time driver)",
    13: "EFI (a ROM image)",
    14: "the Xbox",
    16: "the Windows boot loader",
}
_WDM_DRIVER: Final = 0x2000
_IL_ONLY: Final = 1
_COR20_FLAGS: Final = 16
"""Offset of IMAGE_COR20_HEADER.Flags, in bytes (ECMA-335, II.25.3.3)."""


_SMALLEST: Final = {
    Directory.EXPORT: ("export", 40),
    Directory.IMPORT: ("import", 20),
    Directory.BASERELOC: ("relocation", 8),
    Directory.TLS: ("TLS", 24),
}
"""Bytes that a directory must have inside the image."""


def check_runnable(image: Image) -> None:
    """Raise ImageError, with one line that says why, where `image` is no program."""
    if image.is_dll:
        raise ImageError(ImageErrorKind.DLL, "a DLL, not a program")
    if image.subsystem == NATIVE or image.dll_characteristics & _WDM_DRIVER:
        raise ImageError(ImageErrorKind.DRIVER, "a driver or a native program, not a Win32 program")
    if image.subsystem not in (WINDOWS_GUI, WINDOWS_CUI):
        made_for = _OTHER_SUBSYSTEMS.get(image.subsystem, f"subsystem {image.subsystem}")
        raise ImageError(ImageErrorKind.SUBSYSTEM, f"made for {made_for}, not for Win32")
    _check_places(image)
    rva, size = image.directory(Directory.COM_DESCRIPTOR)
    if rva and size and image.read(rva + _COR20_FLAGS, 1)[0] & _IL_ONLY:
        text = "a .NET program (IL only): there is no machine code to run"
        raise ImageError(ImageErrorKind.IL_ONLY, text)


def _check_places(image: Image) -> None:
    if image.entry_point >= image.size_of_image:
        text = f"its entry point, rva {image.entry_point:#x}, is outside the image"
        raise ImageError(ImageErrorKind.ENTRY_POINT, text)
    for directory, (name, smallest) in _SMALLEST.items():
        rva, size = image.directory(directory)
        if rva and size and rva + smallest > page_up(image.size_of_image):
            raise ImageError(
                ImageErrorKind.DIRECTORY,
                f"its {name} directory, rva {rva:#x}, is outside the image",
            )
