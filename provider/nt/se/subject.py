"""Who a thread acts for, and what objects grant it: ObCheckObjectAccess.

A thread acts for the token that it impersonates, else for its process's.  Threads of other
personalities have no token, and objects that the system itself made have no descriptor: there
nothing is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.key import KeyObject
from provider.kernel.ob.access import MAXIMUM_ALLOWED, SYSTEM_SECURITY
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.process import NtProcess, NtThread
from provider.nt.se.access_check import check
from provider.nt.se.acl import only
from provider.nt.se.descriptor import Descriptor, assign, parse
from provider.nt.se.privilege import SE_DEBUG, SE_RESTORE, SE_SECURITY
from provider.nt.se.token import LABEL_POLICIES, Level, Token, TokenType
from provider.nt.se.token_change import duplicate
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.ob.object import KernelObject
    from provider.nt.provider import NtProvider


def token_of_child(provider: NtProvider, parent: Process | None) -> Token:
    """The primary token of a new process: a copy of its parent's (SeSubProcessToken)."""
    executive = provider.executive
    if parent is None or not isinstance(parent.context, NtProcess):
        token = executive.logon_token()
    else:
        own = parent.context.token
        token = duplicate(own, executive.take_luid(), TokenType.PRIMARY, Level.ANONYMOUS)
    token.set_security(token.default_security(Token))
    return token


def primary_token(process: Process) -> Token | None:
    """The process's token; None for another personality."""
    return process.context.token if isinstance(process.context, NtProcess) else None


def effective_token(thread: Thread) -> Token | None:
    """The token that a thread acts for, at whatever level; None for another personality."""
    part = thread.context
    if isinstance(part, NtThread) and part.impersonation is not None:
        return part.impersonation.token
    return primary_token(thread.process)


def checked_token(thread: Thread) -> Token | None:
    """Like `effective_token`, for access checks.

    NtError BAD_IMPERSONATION_LEVEL for a thread that may only tell who its client is.
    """
    part = thread.context
    if isinstance(part, NtThread) and part.impersonation is not None:
        if part.impersonation.level < Level.IMPERSONATION:
            raise NtError(NTSTATUS.BAD_IMPERSONATION_LEVEL)
        return part.impersonation.token
    return primary_token(thread.process)


def has_privilege(thread: Thread, luid: int) -> bool:
    """Whether a caller's token has that privilege enabled."""
    token = effective_token(thread)
    return token is not None and token.has(luid)


def require_privilege(thread: Thread, luid: int) -> None:
    """NtError PRIVILEGE_NOT_HELD unless the caller has that privilege enabled."""
    if not has_privilege(thread, luid):
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


def open_access(
    thread: Thread, target: KernelObject, access: int, token: Token | None = None
) -> int:
    """The rights of a handle for an existing object, for a caller who asks for `access`.

    `token` is whom to check instead of the caller.  NtError ACCESS_DENIED, PRIVILEGE_NOT_HELD,
    BAD_IMPERSONATION_LEVEL.
    """
    token = token or checked_token(thread)
    security = target.get_security()
    if token is None or security is None:
        return target.grant(access)
    granted = token.decisions.get((security, type(target), access))
    if granted is None:
        granted = _decide(token, target, security, access)
        token.remember(security, type(target), access, granted)
    return granted


def possible_access(token: Token, kind: type[KernelObject], security: bytes) -> int:
    """All rights that a descriptor grants to a token without further privileges."""
    granted = token.decisions.get((security, kind, MAXIMUM_ALLOWED))
    if granted is None:
        decision = check(token.subject, parse(security), MAXIMUM_ALLOWED, kind.generic)
        granted = decision.granted
        token.remember(security, kind, MAXIMUM_ALLOWED, granted)
    return granted


def _decide(token: Token, target: KernelObject, security: bytes, access: int) -> int:
    if isinstance(target, Process | Thread) and token.has(SE_DEBUG):
        return target.grant(access)
    desired = target.generic.map_ace(access)
    if isinstance(target, KeyObject):  # other bits choose the view of a 64-bit system
        desired &= target.generic.all | SYSTEM_SECURITY | MAXIMUM_ALLOWED
    decision = check(token.subject, parse(security), desired, target.generic)
    if decision.status is not NTSTATUS.SUCCESS:
        raise NtError(decision.status)
    return _implied(target, decision.granted)


def create_access(thread: Thread, target: KernelObject, access: int) -> int:
    """The rights of a handle for a new object: all that its creator asks for.

    NtError PRIVILEGE_NOT_HELD.
    """
    if access & SYSTEM_SECURITY:
        require_privilege(thread, SE_SECURITY)
    return _implied(target, access)


def _implied(target: KernelObject, access: int) -> int:
    """`access` with what the type says it implies."""
    return target.grant(access & ~SYSTEM_SECURITY) | access & SYSTEM_SECURITY


def new_security(
    thread: Thread,
    kind: type[KernelObject],
    explicit: Descriptor | None,
    parent: Descriptor | None = None,
    *,
    is_container: bool = True,
    marks_inherited: bool = False,
) -> bytes | None:
    """The descriptor of a new object; None for one that another personality makes.

    `is_container`, `marks_inherited`: see `assign`.  NtError INVALID_OWNER, PRIVILEGE_NOT_HELD for
    an audit list, BAD_IMPERSONATION_LEVEL.
    """
    token = checked_token(thread)
    if token is None:
        return None
    if explicit is None and parent is None:
        return token.default_security(kind)
    if explicit is not None:
        check_owner(token, explicit.owner or token.owner)
        if explicit.sacl and has_audit_entries(explicit.sacl):
            require_privilege(thread, SE_SECURITY)
    return assign(
        explicit,
        parent,
        kind.generic,
        token.creator,
        LABEL_POLICIES.get(kind),
        is_container=is_container,
        marks_inherited=marks_inherited,
    )


def check_owner(token: Token, owner: bytes) -> None:
    """NtError INVALID_OWNER for a SID that a token may not make the owner of anything."""
    if not token.may_own(owner) and not token.has(SE_RESTORE):
        raise NtError(NTSTATUS.INVALID_OWNER)


def has_audit_entries(sacl: bytes) -> bool:
    """Whether anything but labels is in a SACL."""
    return bool(int.from_bytes(only(sacl, labels=False)[4:6], "little"))
