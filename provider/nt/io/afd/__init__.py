r"""The controls of `\Device\Afd`: what Winsock's DLLs ask of sockets.

Windows' and our own mswsock and ws2_32 speak one protocol (ntafd.h of the phnt headers), Wine's
ws2_32 another that shares seven codes with it; both end in the same kernel's sockets.  It must not
know how packets travel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.net.endpoint import Endpoint
from provider.nt.io.afd import accept, connect, information, names, select, transfer, transmit, wine
from provider.nt.io.afd.work import Work
from provider.nt.io.perform import perform
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.file import FileObject
    from provider.nt.io.asked import Asked

_CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work | int]] = {
    **names.CONTROLS,
    **connect.CONTROLS,
    **accept.CONTROLS,
    **transfer.CONTROLS,
    **transmit.CONTROLS,
    **select.CONTROLS,
    **information.CONTROLS,
    **wine.CONTROLS,
}


async def socket_control(file: FileObject, asked: Asked) -> int:
    """Do what a control says.  NtError and KernelError, NOT_SUPPORTED for one that is unknown."""
    control = _CONTROLS.get(asked.code)
    if control is None or not isinstance(file, Endpoint):
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    work = control(file, asked)
    if not isinstance(work, Work):
        return work
    return await perform(
        asked.thread, file, asked.operation, work.start, work.store, pends=work.pends
    )
