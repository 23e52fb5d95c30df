"""Who else, beside the machine's commit limit, may say no when an address space commits pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace


class CommitQuota(Protocol):
    """A limit that a personality puts on processes of its own."""

    def admit(self, space: AddressSpace, pages: int) -> None:
        """Whether `space` may commit `pages` more.  KernelError COMMITMENT_LIMIT: it may not."""
