"""Why a file is no image, or no program that can be started."""

from __future__ import annotations

from enum import Enum


class ImageErrorKind(Enum):
    """One kind of refusal; the text of the error names the particulars."""

    NOT_PE = "not a PE file"
    DOS = "a DOS program"
    TRUNCATED_STUB = "a file that ends before its PE header"
    NE = "a 16-bit NE program"
    NE_WINDOWS = "a 16-bit Windows program"
    NE_BOSS = "an NE program for a DOS extender"
    LE = "an LE or LX program"
    TRUNCATED = "a truncated file"
    HEADER = "a malformed header"
    PE64 = "a 64-bit program"
    MACHINE = "made for another machine"
    NOT_EXECUTABLE = "not marked as executable"
    IL_ONLY = "a .NET program"
    DLL = "a DLL"
    DRIVER = "a driver"
    SUBSYSTEM = "made for another subsystem"
    SECTION_OUTSIDE_FILE = "a section outside the file"
    SECTION_ORDER = "sections overlap or leave a gap"
    ALIGNMENT = "a bad alignment"
    SIZE = "an impossible size"
    ENTRY_POINT = "an entry point outside the image"
    DIRECTORY = "a directory outside the image"


class ImageError(ValueError):
    """The file cannot be used as an image; the text is one line for people."""

    def __init__(self, kind: ImageErrorKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind
