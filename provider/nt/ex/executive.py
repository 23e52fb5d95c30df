"""What the executive keeps for the whole machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.key import KeyObject
from provider.kernel.cm.registry import Registry
from provider.nt.cm.hives import Hives
from provider.nt.cm.seed import seed_registry
from provider.nt.ex.atom import AtomTable
from provider.nt.ps.job_time import TimedJobs
from provider.nt.ps.shims import ShimTable
from provider.nt.se.default_security import default_security, secure_namespace
from provider.nt.se.identity import LOGON_LUID
from provider.nt.se.token import Token, anonymous_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.kernel import Kernel
    from provider.nt.ob.private_namespace import Boundary, PrivateNamespace

_FIRST_LUID = LOGON_LUID + 1
_EN_US = 0x409


class Executive:
    """Counters, tables and settings."""

    def __init__(self, kernel: Kernel) -> None:
        self.atoms = AtomTable()
        self.timed_jobs = TimedJobs()
        self.shims = ShimTable()
        self.registry = Registry(kernel.events)
        seed_registry(self.registry)
        self.private_namespaces: dict[Boundary, PrivateNamespace] = {}
        self.hives = Hives(self.registry, kernel)
        kernel.io.set_default_security(default_security())
        secure_namespace(kernel)
        kernel.namespace.make_permanent("\\REGISTRY", KeyObject(self.registry.root, self.registry))
        self.system_locale = self.user_locale = _EN_US
        self.install_language = self.user_language = _EN_US
        self.on_hard_error: Callable[[str], None] = lambda text: None
        """Called with a line of text for each hard error that is no failure of the loader."""
        self.on_window: Callable[[], None] = lambda: None
        """Called when a window comes up that somebody at a display would see."""
        self._next_luid = _FIRST_LUID
        self._anonymous: Token | None = None
        self._next_uuid = 0
        self._next_message_id = 1

    def logon_token(self) -> Token:
        """A primary token of the one user, for a process that has no parent."""
        return Token(self.take_luid(), self.take_luid())

    def anonymous_token(self) -> Token:
        """The token of callers who say nothing of themselves."""
        if self._anonymous is None:
            self._anonymous = anonymous_token(self.take_luid)
            self._anonymous.set_security(self._anonymous.default_security(Token))
        return self._anonymous

    def take_luid(self) -> int:
        """A number that was not given out before."""
        self._next_luid += 1
        return self._next_luid - 1

    def take_message_id(self) -> int:
        """The id of a new message of a port."""
        self._next_message_id += 1
        return self._next_message_id - 1

    def take_uuids(self, count: int) -> int:
        """The first of `count` such numbers of another series."""
        self._next_uuid += count
        return self._next_uuid - count
