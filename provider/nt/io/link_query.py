"""Answers of NtQueryInformationFile about the names of a file and the whole of its status."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.disk_file import NodeFile
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import encode_utf16

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel

_STAT = struct.Struct("<7q4I")
_LINKS = struct.Struct("<2I")
_LINK = struct.Struct("<IxxxxqI")
_COMPRESSION = struct.Struct("<qH6x")


def alternate_name(file: NodeFile) -> bytes:
    """FileAlternateNameInformation: the short name.  NtError OBJECT_NAME_NOT_FOUND."""
    name = encode_utf16(file.own_short_name())
    if not name:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    return len(name).to_bytes(4, "little") + name


def hard_links(file: NodeFile) -> bytes:
    """FileHardLinkInformation: the names of the file in its own directory.

    Names in other directories are not known.
    """
    where = file.node.where
    names = [where.name]
    parent = where.parent
    if parent is not None and where.directory is None and file.status().links > 1:
        found = ((name, parent.locate(name)) for name in parent.names())
        names = [name for name, at in found if at is not None and at.key == where.key]
    above = file.node.records.get(parent.key).id if parent is not None else 0
    entries = bytearray()
    for number, name in enumerate(names):
        text = encode_utf16(name)
        entry = _LINK.pack(0, above, len(name)) + text
        if number + 1 < len(names):
            entry = entry.ljust(-(-len(entry) // 8) * 8, b"\0")
            entry = len(entry).to_bytes(4, "little") + entry[4:]
        entries += entry
    return _LINKS.pack(_LINKS.size + len(entries), len(names)) + entries


def stat(file: NodeFile, access: int) -> bytes:
    """FileStatInformation."""
    status, times = file.status(), file.status().times
    return _STAT.pack(
        file.identifier(),
        times.creation,
        times.access,
        times.write,
        times.change,
        status.allocation,
        status.size,
        status.attributes,
        0,
        status.links,
        access,
    )


def compression(file: NodeFile) -> bytes:
    """FileCompressionInformation: nothing is compressed."""
    return _COMPRESSION.pack(file.status().size, 0)


def users(file: NodeFile, kernel: Kernel) -> bytes:
    """FileProcessIdsUsingFileInformation: the processes that have the file open."""
    found = [
        process.id
        for process in kernel.processes.values()
        if any(
            isinstance(entry.object, NodeFile) and entry.object.node is file.node
            for _, entry in process.handles
        )
    ]
    return struct.pack(f"<{1 + len(found)}I", len(found), *found)
