r"""Descriptors of what the system makes itself: files, devices, directories of objects.

Those of directories are what Windows 10 gives them (WinObj); there are no administrators among the
guests, so that `\Device` and its like can only be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from provider.kernel.io.default_security import DefaultSecurity
from provider.kernel.io.request import FILE_ACCESS
from provider.kernel.ob.access import (
    GENERIC_ALL,
    GENERIC_EXECUTE,
    GENERIC_READ,
    GENERIC_WRITE,
    READ_CONTROL,
)
from provider.kernel.ob.namespace import Directory, SymbolicLink
from provider.nt.se.access_check import NO_WRITE_UP
from provider.nt.se.acl import CONTAINER_INHERIT, INHERITED, OBJECT_INHERIT, acl, label, map_generic
from provider.nt.se.descriptor import SE_DACL_AUTO_INHERITED, Descriptor
from provider.nt.se.identity import (
    ADMINISTRATORS_SID,
    EVERYONE_SID,
    LOW_LEVEL,
    PRIMARY_GROUP_SID,
    SYSTEM_SID,
    USER_SID,
    USERS_SID,
    level_sid,
    sid,
)

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.kernel.ob.access import GenericMapping
    from provider.kernel.ob.object import KernelObject

_TRUSTED_INSTALLER = sid("S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464")
_ALL: Final = GENERIC_ALL
_EXECUTE: Final = GENERIC_READ | GENERIC_EXECUTE
_CREATE: Final = READ_CONTROL | 0xF
"""DIRECTORY_QUERY, DIRECTORY_TRAVERSE, DIRECTORY_CREATE_OBJECT and -_SUBDIRECTORY."""
_SHARED: Final = frozenset(
    (
        "",
        "\\??",
        "\\BaseNamedObjects",
        "\\BaseNamedObjects\\Restricted",
        "\\RPC Control",
        "\\Sessions\\1\\BaseNamedObjects",
        "\\Sessions\\1\\BaseNamedObjects\\Restricted",
        "\\Sessions\\1\\AppContainerNamedObjects",
    )
)
"""Directories in which everybody may make objects.

The root is one of them, as many a program that runs as an administrator puts its ports there.
"""


def default_security() -> DefaultSecurity:
    """Descriptors of files as in a user's own directory and in a system's, and of devices."""
    return DefaultSecurity(
        file=_file(_OWN, USER_SID, PRIMARY_GROUP_SID, INHERITED),
        directory=_file(_OWN, USER_SID, PRIMARY_GROUP_SID, INHERITED | _ONWARD),
        read_only_file=_file(_SYSTEM, _TRUSTED_INSTALLER, _TRUSTED_INSTALLER, INHERITED),
        read_only_directory=_file(
            _SYSTEM, _TRUSTED_INSTALLER, _TRUSTED_INSTALLER, INHERITED | _ONWARD
        ),
        device=_security(FILE_ACCESS, (EVERYONE_SID, _EXECUTE | GENERIC_WRITE)),
    )


def secure_namespace(kernel: Kernel) -> None:
    """Give the directories, links and devices that are there descriptors."""
    shared = _security(Directory.generic, (EVERYONE_SID, _CREATE), (USER_SID, _ALL))
    readable = _security(Directory.generic, (EVERYONE_SID, _EXECUTE))
    link = _security(SymbolicLink.generic, (EVERYONE_SID, _EXECUTE))
    device = default_security().device
    stack: list[tuple[str, KernelObject]] = [("", kernel.namespace.root)]
    while stack:
        path, target = stack.pop()
        if isinstance(target, Directory):
            target.set_security(shared if path in _SHARED else readable)
            stack += [(f"{path}\\{entry.name}", entry) for entry in target]
        elif isinstance(target, SymbolicLink):
            target.set_security(link)
        elif target.get_security() is None and device is not None:
            target.set_security(device)


_LOW: Final = label(level_sid(LOW_LEVEL), NO_WRITE_UP)
"""Processes of low integrity may use what everybody may."""
_ONWARD: Final = OBJECT_INHERIT | CONTAINER_INHERIT
_OWN: Final = ((SYSTEM_SID, _ALL), (ADMINISTRATORS_SID, _ALL), (USER_SID, _ALL))
_SYSTEM: Final = (
    (_TRUSTED_INSTALLER, _ALL),
    (SYSTEM_SID, _EXECUTE),
    (ADMINISTRATORS_SID, _EXECUTE),
    (USERS_SID, _EXECUTE),
)


def _file(entries: tuple[tuple[bytes, int], ...], owner: bytes, group: bytes, flags: int) -> bytes:
    dacl = acl(*((flags, rights, who) for who, rights in entries))
    control = SE_DACL_AUTO_INHERITED
    return bytes(Descriptor(control, owner, group, None, map_generic(dacl, FILE_ACCESS, {})))


def _security(mapping: GenericMapping, *entries: tuple[bytes, int]) -> bytes:
    system = ((SYSTEM_SID, _ALL), (ADMINISTRATORS_SID, _ALL))
    dacl = map_generic(acl(*((0, rights, who) for who, rights in (*entries, *system))), mapping, {})
    return bytes(Descriptor(0, ADMINISTRATORS_SID, SYSTEM_SID, _LOW, dacl))
