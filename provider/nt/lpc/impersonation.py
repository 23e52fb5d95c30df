"""How far the server of a port may act for its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.se.impersonation import client_token, impersonate, impersonate_client

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.se.capture import Quality


class ClientSecurity:
    """What a client allows, and who it was when it connected.

    With dynamic tracking it is who it is at each message that counts (SeCreateClientSecurity).
    """

    __slots__ = ("_quality", "_token")

    def __init__(self, client: Thread, quality: Quality) -> None:
        """NtError BAD_IMPERSONATION_LEVEL."""
        self._quality = quality
        self._token = None if quality.is_dynamic else client_token(client, quality)

    def lend(self, server: Thread, client: Thread) -> None:
        """Let `server` act for the client, one of whose threads is `client`.  NtError."""
        if self._token is None:
            impersonate_client(server, client, self._quality)
        else:
            only = self._quality.effective_only
            impersonate(server, self._token, self._quality.level, effective_only=only)
