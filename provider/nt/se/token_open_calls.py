"""Calls that open tokens, and that make tokens of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.access import PROCESS_QUERY_LIMITED_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION
from provider.nt.handles import nt_part, reference, userland_of
from provider.nt.legend import OBJ_ATTRIBUTES, TOKEN_ACCESS, TOKEN_FILTER, TOKEN_TYPE
from provider.nt.ob.create import set_new_security
from provider.nt.se.capture import read_groups, read_privileges, read_quality
from provider.nt.se.subject import create_access, open_access
from provider.nt.se.token import Level, Token, TokenType
from provider.nt.se.token_change import Filter, duplicate, filtered
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.process import NtThread
    from provider.nt.structs.ob import ObjectAttributes as Attributes

TOKEN_DUPLICATE = 0x02


@nt.syscall()
def NtOpenProcessToken(
    thread: Thread, ProcessHandle: HANDLE, DesiredAccess: TOKEN_ACCESS, TokenHandle: Out[HANDLE]
) -> None:
    """Open a process's token."""
    TokenHandle.value = _open_of_process(thread, ProcessHandle, DesiredAccess, 0)


@nt.syscall()
def NtOpenProcessTokenEx(
    thread: Thread,
    ProcessHandle: HANDLE,
    DesiredAccess: TOKEN_ACCESS,
    HandleAttributes: OBJ_ATTRIBUTES,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open a process's token."""
    TokenHandle.value = _open_of_process(thread, ProcessHandle, DesiredAccess, HandleAttributes)


@nt.syscall()
def NtOpenThreadToken(
    thread: Thread,
    ThreadHandle: HANDLE,
    DesiredAccess: TOKEN_ACCESS,
    OpenAsSelf: BOOLEAN,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open the token that a thread impersonates."""
    TokenHandle.value = _open_of_thread(thread, ThreadHandle, DesiredAccess, bool(OpenAsSelf), 0)


@nt.syscall()
def NtOpenThreadTokenEx(
    thread: Thread,
    ThreadHandle: HANDLE,
    DesiredAccess: TOKEN_ACCESS,
    OpenAsSelf: BOOLEAN,
    HandleAttributes: OBJ_ATTRIBUTES,
    TokenHandle: Out[HANDLE],
) -> None:
    """Open the token that a thread impersonates."""
    TokenHandle.value = _open_of_thread(
        thread, ThreadHandle, DesiredAccess, bool(OpenAsSelf), HandleAttributes
    )


@nt.syscall()
def NtDuplicateToken(
    thread: Thread,
    ExistingTokenHandle: HANDLE,
    DesiredAccess: TOKEN_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    EffectiveOnly: BOOLEAN,
    Type: TOKEN_TYPE,
    NewTokenHandle: Out[HANDLE],
) -> None:
    """Copy a token, which may become one of the other kind; access 0 is that of the handle."""
    if Type not in (TokenType.PRIMARY, TokenType.IMPERSONATION):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    level, effective_only = _level(thread, ObjectAttributes, EffectiveOnly)
    token = reference(thread, ExistingTokenHandle, Token, TOKEN_DUPLICATE)
    made = duplicate(
        token, _take_luid(thread), TokenType(Type), level, effective_only=effective_only
    )
    access = DesiredAccess or thread.process.handles.entry(ExistingTokenHandle).access
    NewTokenHandle.value = _insert(thread, made, access, ObjectAttributes)


@nt.syscall()
def NtFilterToken(
    thread: Thread,
    ExistingTokenHandle: HANDLE,
    Flags: TOKEN_FILTER,
    SidsToDisable: PVOID,
    PrivilegesToDelete: PVOID,
    RestrictedSids: PVOID,
    NewTokenHandle: Out[HANDLE],
) -> None:
    """Make a token that may do less than another one."""
    if Flags & ~sum(Filter):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = thread.process.space
    disabled = read_groups(space, SidsToDisable) if SidsToDisable else []
    deleted = read_privileges(space, PrivilegesToDelete) if PrivilegesToDelete else []
    restricting = read_groups(space, RestrictedSids) if RestrictedSids else []
    if any(attributes for _, attributes in restricting):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    token = reference(thread, ExistingTokenHandle, Token, TOKEN_DUPLICATE)
    made = filtered(
        token,
        _take_luid(thread),
        Filter(Flags),
        [sid for sid, _ in disabled],
        [luid for luid, _ in deleted],
        [sid for sid, _ in restricting],
    )
    access = thread.process.handles.entry(ExistingTokenHandle).access
    NewTokenHandle.value = _insert(thread, made, access, None)


@nt.syscall()
def NtCreateToken(
    thread: Thread,
    TokenHandle: Out[HANDLE],
    DesiredAccess: TOKEN_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    Type: TOKEN_TYPE,
    AuthenticationId: PVOID,
    ExpirationTime: PVOID,
    User: PVOID,
    Groups: PVOID,
    Privileges: PVOID,
    Owner: PVOID,
    PrimaryGroup: PVOID,
    DefaultDacl: PVOID,
    Source: PVOID,
) -> None:
    """Refused: it takes a privilege that no guest holds."""
    if Type not in (TokenType.PRIMARY, TokenType.IMPERSONATION):
        raise NtError(NTSTATUS.BAD_TOKEN_TYPE)
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def _level(
    thread: Thread, attributes: Attributes | None, effective_only: int
) -> tuple[Level, bool]:
    """The impersonation level of a copy, and whether it lacks what is disabled.

    Without a quality of service the level is that of an anonymous client.  NtError as
    `read_quality`.
    """
    userland = userland_of(thread.process)
    if attributes is not None and attributes.quality:
        quality = read_quality(thread.process.space, attributes.quality)
        return quality.level, bool(effective_only)
    if userland is None or not userland.duplicates_with_level:
        return Level.ANONYMOUS, bool(effective_only)
    if effective_only > Level.DELEGATION:
        raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
    return Level(effective_only), False


def _take_luid(thread: Thread) -> int:
    return nt_part(thread.process).provider.executive.take_luid()


def _insert(thread: Thread, made: Token, access: int, attributes: Attributes | None) -> int:
    """A handle for a new token."""
    set_new_security(thread, made, attributes)
    granted = create_access(thread, made, access)
    inherit = attributes is not None and attributes.inherit
    return thread.process.handles.insert(made, granted, inherit=inherit)


def _open(
    thread: Thread, token: Token, access: int, attributes: int, subject: Token | None = None
) -> int:
    granted = open_access(thread, token, access, subject)
    inherit = bool(attributes & OBJ.OBJ_INHERIT)
    return thread.process.handles.insert(token, granted, inherit=inherit)


def _open_of_process(thread: Thread, handle: int, access: int, attributes: int) -> int:
    target = reference(thread, handle, Process, PROCESS_QUERY_LIMITED_INFORMATION)
    return _open(thread, nt_part(target).token, access, attributes)


def _open_of_thread(
    thread: Thread, handle: int, access: int, as_self: bool, attributes: int
) -> int:
    """`as_self`: the caller's process counts, not whom the caller impersonates.

    NtError NO_TOKEN, CANT_OPEN_ANONYMOUS, and those of `open_access`.
    """
    target = reference(thread, handle, Thread, THREAD_QUERY_LIMITED_INFORMATION)
    nt_part(target.process)
    part: NtThread = target.context
    impersonation = part.impersonation
    if impersonation is None:
        raise NtError(NTSTATUS.NO_TOKEN)
    if impersonation.level == Level.ANONYMOUS:
        raise NtError(NTSTATUS.CANT_OPEN_ANONYMOUS)
    token = impersonation.token
    if impersonation.copy_on_open:
        luid, kind = _take_luid(thread), TokenType.IMPERSONATION
        effective_only = impersonation.effective_only
        token = duplicate(token, luid, kind, impersonation.level, effective_only=effective_only)
        set_new_security(thread, token, None)
    return _open(
        thread, token, access, attributes, nt_part(thread.process).token if as_self else None
    )
