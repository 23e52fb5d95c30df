"""The Unix side of crypt32: certificates of the host, of which the guest sees none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


def process_attach(thread: Thread, arguments: int) -> None:
    """Start: there is nothing to prepare."""


def enum_root_certs(thread: Thread, arguments: int) -> int:
    """Tell the next root certificate that the host trusts: there are no more."""
    return NTSTATUS.NO_MORE_ENTRIES


FUNCTIONS = {function.__name__: function for function in (process_attach, enum_root_certs)}
