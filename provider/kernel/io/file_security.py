"""What descriptors grant of what is asked for: SeAccessCheck as file systems and pipes use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import granted_access
from provider.kernel.io.request import FILE_ACCESS, Access
from provider.kernel.ob.access import MAXIMUM_ALLOWED, SYSTEM_SECURITY

if TYPE_CHECKING:
    from provider.kernel.io.mount import Located, Place
    from provider.kernel.io.opener import Opener
    from provider.kernel.io.record import FileRecords

_BEYOND: Final = MAXIMUM_ALLOWED | SYSTEM_SECURITY


def new_device_access(opener: Opener, security: bytes | None, access: int) -> int:
    """The rights of a handle for a new pipe or mailslot: all that its creator asks for.

    KernelError as `Opener.rights`.
    """
    audit = access & SYSTEM_SECURITY
    if audit:
        opener.rights(security, audit)
    return FILE_ACCESS.map(access & ~audit) | audit


def check_device(opener: Opener, security: bytes | None, access: int, *, beside: int = 0) -> int:
    """The rights of a handle for an existing pipe, mailslot or device.

    `beside`: what must be granted but is not given.
    KernelError ACCESS_DENIED, and as `Opener.rights`.
    """
    rights = opener.rights(security, access)
    wanted = FILE_ACCESS.map(access & ~_BEYOND)
    if (wanted | beside) & ~rights:
        raise KernelError(Reason.ACCESS_DENIED, f"{(wanted | beside) & ~rights:#x}")
    if access & MAXIMUM_ALLOWED:
        wanted |= FILE_ACCESS.all & rights
    return wanted | access & SYSTEM_SECURITY


def check_file(
    opener: Opener, records: FileRecords, found: Located, access: int, *, beside: int = 0
) -> int:
    """The rights of a handle for an existing file; `beside`: what must be granted but is not given.

    Who may delete in the directory above may delete the file, and who may list it may ask for the
    file's attributes ("File Security and Access Rights", Windows documentation).  KernelError
    ACCESS_DENIED, and as `Opener.rights`.
    """
    audit = access & SYSTEM_SECURITY
    granted = granted_access(access & ~audit, found.writable) if access != audit else 0
    rights = opener.rights(records.security(found), access)
    wanted = granted if not access & MAXIMUM_ALLOWED else FILE_ACCESS.map(access & ~_BEYOND)
    wanted |= beside
    if wanted & ~rights or access & MAXIMUM_ALLOWED:
        rights |= _from_above(opener, records, found.parent)
    if wanted & ~rights:
        raise KernelError(Reason.ACCESS_DENIED, f"{wanted & ~rights:#x}")
    return granted & rights | audit


def check_place(opener: Opener, records: FileRecords, place: Place, access: int) -> None:
    """Raise ACCESS_DENIED unless a directory grants all of `access`."""
    if access & ~opener.rights(records.security_of_directory(place), access):
        raise KernelError(Reason.ACCESS_DENIED, place.name)


def _from_above(opener: Opener, records: FileRecords, parent: Place | None) -> int:
    if parent is None:
        return 0
    above = opener.rights(records.security_of_directory(parent), 0)
    implied = Access.DELETE if above & Access.DELETE_CHILD else 0
    return implied | (Access.READ_ATTRIBUTES if above & Access.READ_DATA else 0)
