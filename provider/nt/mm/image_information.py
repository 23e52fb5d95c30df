"""SECTION_IMAGE_INFORMATION: what an image's headers say, as the kernel tells it.

Sources: NtQuerySection and the flags of the structure in phnt; IMAGE_COR20_HEADER in ECMA-335,
II.25.3.3.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from loader.error import ImageError
from loader.image import Directory
from provider.nt.structs.mm import SECTION_IMAGE_INFORMATION

if TYPE_CHECKING:
    from loader.image import Image

COM_PLUS_NATIVE_READY, COM_PLUS_IL_ONLY, DYNAMICALLY_RELOCATED = 1, 2, 4
MAPPED_FLAT, COM_PLUS_PREFER_32_BIT = 8, 0x20

IL_ONLY, REQUIRES_32_BIT, PREFERS_32_BIT = 1, 2, 0x20000
_COR20_HEADER = struct.Struct("<I2H8xI")
_FIRST_NATIVE_READY = (2, 5)


def image_information(image: Image) -> SECTION_IMAGE_INFORMATION:
    """What queries of sections and processes tell of an image."""
    has_clr = all(image.directory(Directory.COM_DESCRIPTOR))
    contains_code = _contains_code(image)
    flags = _clr_flags(image) if has_clr else 0
    if _is_flat(image):
        flags |= MAPPED_FLAT
    if image.dynamic_base and contains_code and not has_clr:
        flags |= DYNAMICALLY_RELOCATED
    return SECTION_IMAGE_INFORMATION(
        TransferAddress=image.image_base + image.entry_point & 0xFFFFFFFF,
        MaximumStackSize=image.stack_reserve,
        CommittedStackSize=image.stack_commit,
        SubSystemType=image.subsystem,
        SubSystemMajorVersion=image.subsystem_version[0],
        SubSystemMinorVersion=image.subsystem_version[1],
        OperatingSystemVersion=image.os_version[1] << 16 | image.os_version[0],
        ImageCharacteristics=image.characteristics,
        DllCharacteristics=image.dll_characteristics,
        Machine=image.machine,
        ImageContainsCode=contains_code,
        ImageFlags=flags,
        LoaderFlags=has_clr,
        ImageFileSize=len(image.data),
        CheckSum=image.checksum,
    )


def _is_flat(image: Image) -> bool:
    return image.section_alignment % PAGE_SIZE != 0


def _contains_code(image: Image) -> bool:
    if image.size_of_code or image.entry_point or _is_flat(image):
        return True
    return any(section.protection.executable for section in image.sections)


def _clr_flags(image: Image) -> int:
    """The flags of an image of IL alone; a header outside the image says nothing."""
    rva, _ = image.directory(Directory.COM_DESCRIPTOR)
    try:
        _, major, minor, flags = _COR20_HEADER.unpack(image.read(rva, _COR20_HEADER.size))
    except ImageError:
        return 0
    if not flags & IL_ONLY or (major, minor) < _FIRST_NATIVE_READY:
        return 0
    found = COM_PLUS_IL_ONLY
    if not flags & REQUIRES_32_BIT:
        found |= COM_PLUS_NATIVE_READY
    if flags & PREFERS_32_BIT:
        found |= COM_PLUS_PREFER_32_BIT
    return found
