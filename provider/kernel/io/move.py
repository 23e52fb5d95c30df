"""Renaming and linking open files.

The rules are those of NTFS as the documentation of FILE_RENAME_INFORMATION has them: within one
volume, an open file is replaced with POSIX semantics only, a directory or a read-only file never; a
directory stays while something in it is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import FileRename
from provider.kernel.io.file_security import check_file
from provider.kernel.io.host_error import host_errors
from provider.kernel.io.mount import Located, Place
from provider.kernel.io.opener import ANYBODY, Opener
from provider.kernel.io.request import Access, Attribute

if TYPE_CHECKING:
    from provider.kernel.io.directory import Directory
    from provider.kernel.io.disk_file import NodeFile
    from provider.kernel.io.node import Node
    from provider.kernel.io.volume import Volume


class Target(NamedTuple):
    """A new name in a directory."""

    volume: Volume
    parent: Place
    name: str
    opener: Opener = ANYBODY
    """Who gives the name."""


def rename(file: NodeFile, target: Target, *, replace: bool, posix: bool = False) -> None:
    """Give an open file or directory another name or another directory.

    KernelError NOT_SAME_DEVICE, OBJECT_NAME_COLLISION, ACCESS_DENIED and the host's.
    """
    node = file.node
    where = node.where
    if where.entry is None or where.parent is None or where.parent.host is None:
        raise KernelError(Reason.ACCESS_DENIED, "a mount point")
    host = _host_of(target, where.parent)
    if where.directory is not None and file.volume.is_open_inside(where.key):
        raise KernelError(Reason.ACCESS_DENIED, "something in the directory is open")
    old_host, old_name = where.entry
    stored = _make_room(file.volume, node, target, replace=replace, posix=posix)
    with host_errors():
        for directory in (old_host, host):
            node.records.about_to_change(directory.key, directory.own_status)
    if stored is not None and node.is_directory and (host, stored) != where.entry:
        host.remove(stored, directory=False)  # the host lets no directory replace a file
        stored = None
    old_host.rename(old_name, host, stored or target.name)
    if stored is not None and stored != target.name:
        host.rename(stored, host, target.name)
    for key in {old_host.key: None, host.key: None}:
        node.records.written(key)
    node.records.changed(where.key)
    old_path = file.description()
    node.where = _moved(where, target, host)
    events = file.volume.events
    renames = events.channel(FileRename)
    if renames.listeners:
        renames.emit(FileRename(*events.stamp_running(), old_path, file.description()))
    file.volume.watches.renamed(
        where.parent, where.name, target.parent, target.name, directory=node.is_directory
    )


def link(file: NodeFile, target: Target, *, replace: bool, posix: bool = False) -> None:
    """Give an open file one more name.  KernelError as `rename`, FILE_IS_A_DIRECTORY."""
    node = file.node
    where = node.where
    if where.entry is None or where.parent is None or where.directory is not None:
        raise KernelError(Reason.FILE_IS_A_DIRECTORY)
    host = _host_of(target, where.parent)
    found = target.parent.locate(target.name)
    if found is not None and found.key == where.key:
        _spell(node, found, target, host, replace=replace)
        return
    stored = _make_room(file.volume, node, target, replace=replace, posix=posix)
    with host_errors():
        node.records.about_to_change(host.key, host.own_status)
    if stored is not None:
        host.remove(stored, directory=False)
    old_host, old_name = where.entry
    old_host.link(old_name, host, target.name)
    node.records.written(host.key)
    node.records.changed(where.key)
    file.volume.watches.added(target.parent, target.name, directory=False)


def _spell(node: Node, found: Located, target: Target, host: Directory, *, replace: bool) -> None:
    """A link that is there gets the spelling of the new one."""
    if not replace:
        raise KernelError(Reason.OBJECT_NAME_COLLISION, found.name)
    if found.name != target.name:
        with host_errors():
            node.records.about_to_change(host.key, host.own_status)
        node.records.written(host.key)
        host.rename(found.name, host, target.name)
        if found.entry == node.where.entry:
            node.where = _moved(node.where, target, host)


def _host_of(target: Target, old_parent: Place) -> Directory:
    """The host's directory that the new name is for, if names there may change."""
    host = target.parent.host
    if host is None or not target.parent.writable or not old_parent.writable:
        raise KernelError(Reason.ACCESS_DENIED, "the directory cannot be changed")
    return host


def _make_room(
    volume: Volume, node: Node, target: Target, *, replace: bool, posix: bool
) -> str | None:
    """The stored name that the new one takes the place of; None: nothing has that name."""
    found = target.parent.locate(target.name)
    if found is None:
        return None
    is_itself = found.key == node.where.key and found.entry == node.where.entry
    if not replace and not is_itself:
        raise KernelError(Reason.OBJECT_NAME_COLLISION, target.name)
    if found.key == node.where.key:
        return found.name
    other = volume.node(found)
    read_only = other.status().attributes & Attribute.READONLY
    if found.directory is not None or read_only or (other.opens and not posix):
        raise KernelError(Reason.ACCESS_DENIED, "the file cannot be replaced")
    check_file(target.opener, node.records, found, Access.DELETE)
    volume.forget(other)
    volume.watches.removed(target.parent, found.name, directory=False)
    return found.name


def _moved(where: Located, target: Target, host: Directory) -> Located:
    """Where the file is after it was renamed."""
    entry = (host, target.name)
    source = entry if where.source == where.entry else where.source
    directory = None
    if where.directory is not None:
        old = where.directory
        directory = Place(target.name, target.parent, old.point, old.host, old.writable)
        if old.host is not None and where.source == where.entry:
            old.host.parent = host
    return Located(target.parent, target.name, where.key, directory, entry, source)
