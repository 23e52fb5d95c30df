r"""The format of hive files, regf, in numbers that its reader and its writer share.

    0       base block: "regf", sequence numbers, version, root cell, checksum
    0x1000  bins: "hbin" and cells; a cell begins with its size, negative while it is in use

Cells are named by their offset from the first bin.  A key is an nk cell, with a list of subkeys
(lf, lh, li, or ri of those), a list of values (vk), a security descriptor (sk).  Data of up to 4
bytes lies in the vk cell itself, data of more than a cell's worth in db segments (M. Suhanov,
"Windows registry file format specification").
"""

from __future__ import annotations

import struct
from typing import Final

BASE_BLOCK: Final = 0x1000
MAGIC = b"regf"
BIN_HEADER = struct.Struct("<4s2I8xQ4x")
KEY_CELL = struct.Struct("<2sHQ4x4I2IIII4I4xHH")
"""Signature, flags, written, parent, subkeys, volatile subkeys, lists of both, values, their list,
security, class, longest subkey name and class, longest value name and data, name and class size."""
VALUE_CELL = struct.Struct("<2sHIIIH2x")
SECURITY_CELL = struct.Struct("<2s2x4I")
LIST_HEADER = struct.Struct("<2sH")
NOTHING: Final = 0xFFFFFFFF
INLINE: Final = 0x80000000
"""In a value's size: the data is where its offset would be."""
SEGMENT: Final = 16344
"""Most data of one cell; more than that is in segments."""
KEY_HIVE_EXIT, KEY_HIVE_ENTRY, KEY_NO_DELETE, KEY_LINK, KEY_NARROW_NAME = 2, 4, 8, 0x10, 0x20
VALUE_NARROW_NAME = 1


def checksum(block: bytes) -> int:
    """Of the first 508 bytes of a base block."""
    total = 0
    for (word,) in struct.iter_unpack("<I", block[:508]):
        total ^= word
    return {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(total, total)
