"""Who opens a file, for the I/O manager: the caller's token, and what it says of new files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emu.named_tuple import NamedTuple
from provider.kernel.io.file import FileObject
from provider.kernel.io.opener import Opener
from provider.kernel.io.request import FILE_ACCESS, Access, OpenOptions
from provider.kernel.ob.access import (
    READ_CONTROL,
    SYSTEM_SECURITY,
    WRITE_DAC,
    WRITE_OWNER,
)
from provider.nt.se.capture import Quality, read_quality
from provider.nt.se.descriptor import capture, parse
from provider.nt.se.impersonation import client_token, impersonate, lent_token
from provider.nt.se.privilege import (
    SE_BACKUP,
    SE_CHANGE_NOTIFY,
    SE_RESTORE,
    SE_SECURITY,
    SE_TAKE_OWNERSHIP,
)
from provider.nt.se.subject import checked_token, new_security, possible_access
from provider.nt.se.token import Level, Token
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.structs.ob import ObjectAttributes

_BACKUP: Final = READ_CONTROL | FILE_ACCESS.read | Access.EXECUTE
_RESTORE: Final = WRITE_DAC | WRITE_OWNER | FILE_ACCESS.write | Access.DELETE
"""What the privileges give who opens for backup (IopCheckBackupRestorePrivilege)."""
_DEFAULT_QUALITY: Final = Quality(Level.IMPERSONATION, is_dynamic=True, effective_only=True)
"""What a client of a pipe allows who does not say (NpInitializeSecurity)."""


class Identity(NamedTuple):
    """Who wrote into a pipe, and how far its server may act for it."""

    token: Token
    quality: Quality

    def lend(self, server: Thread) -> None:
        """Let a thread act for whoever this is.

        With dynamic tracking the token itself is lent: who opens it gets a copy.
        """
        impersonate(
            server,
            self.token,
            self.quality.level,
            copy_on_open=self.quality.is_dynamic,
            effective_only=self.quality.effective_only,
        )


class NtOpener(Opener):
    """A thread that opens, with what its OBJECT_ATTRIBUTES say."""

    __slots__ = (
        "_explicit",
        "_is_for_backup",
        "_quality",
        "_quality_va",
        "_static",
        "_thread",
        "_token",
    )

    def __init__(self, thread: Thread, attributes: ObjectAttributes, options: int = 0) -> None:
        """NtError of a bad security descriptor, BAD_IMPERSONATION_LEVEL."""
        self._thread = thread
        self._token = checked_token(thread)
        security = attributes.security
        self._explicit = capture(thread.process.space, security) if security else None
        self._is_for_backup = bool(options & OpenOptions.FOR_BACKUP)
        self._quality_va, self._quality = attributes.quality, _DEFAULT_QUALITY
        self._static: Identity | None = None

    @property
    def traverses_freely(self) -> bool:
        return self._token is None or self._token.has(SE_CHANGE_NOTIFY)

    def rights(self, security: bytes | None, access: int) -> int:
        token = self._token
        if token is None:
            return super().rights(security, access)
        if access & SYSTEM_SECURITY and not token.has(SE_SECURITY):
            raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
        if security is None:
            return -1
        rights = possible_access(token, FileObject, security) | access & SYSTEM_SECURITY
        if access & WRITE_OWNER and token.has(SE_TAKE_OWNERSHIP):
            rights |= WRITE_OWNER
        if self._is_for_backup:
            rights |= _BACKUP if token.has(SE_BACKUP) else 0
            rights |= _RESTORE if token.has(SE_RESTORE) else 0
        return rights

    def assign(self, above: bytes | None, *, is_directory: bool) -> bytes | None:
        token = self._token
        if token is None:
            return None
        if self._explicit is None and above is not None:
            return token.inherited_security(above, is_container=is_directory)
        return new_security(
            self._thread,
            FileObject,
            self._explicit,
            parse(above) if above is not None else None,
            is_container=is_directory,
            marks_inherited=above is not None,
        )

    def identity(self, *, is_opening: bool) -> Identity | None:
        """See `Opener`.  NtError of a bad quality, BAD_IMPERSONATION_LEVEL."""
        if is_opening:
            if self._quality_va:
                self._quality = read_quality(self._thread.process.space, self._quality_va)
            if not self._quality.is_dynamic and self._token is not None:
                self._static = Identity(client_token(self._thread, self._quality), self._quality)
            return self._static
        if self._static is not None:
            return self._static
        writer = self._thread.process.kernel.scheduler.running or self._thread
        token = lent_token(writer, self._quality)
        return Identity(token, self._quality) if token is not None else None
