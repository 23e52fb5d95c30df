"""Parameters that are addresses of buffers: what traces show of them; see `provider.nt.buffer`."""

from __future__ import annotations

from typing import Annotated

from provider.codec import STRANGER, Record, Viewer, Word, show_field
from provider.nt.legend import Named
from provider.nt.structs.io import IO_STATUS_BLOCK


class Contents(Word):
    """The address of a buffer, shown with what is in it."""

    def __init__(self, *, fills: bool = False, holds: str = "", size: str = "") -> None:
        """A buffer that the call fills, or reads.

        `holds` says what, where no other parameter does; `size` names the parameter that has its
        bytes, or with `holds` how many of those there are.
        """
        super().__init__()
        self.fills, self.holds, self.size_name = fills, holds, size


class OpenStatus(Record[IO_STATUS_BLOCK]):
    """The IO_STATUS_BLOCK of a call that opens a file: what it did to it."""

    def show(self, value: IO_STATUS_BLOCK, viewer: Viewer = STRANGER) -> str:
        status = show_field(value, IO_STATUS_BLOCK.Status, viewer)
        return f"{{{status}, Information={_OPENED.show(value.Information)}}}"


_OPENED = Named("FILE_INFORMATION")
OPEN_STATUS_BLOCK = Annotated[IO_STATUS_BLOCK, OpenStatus(IO_STATUS_BLOCK)]
GIVEN = Annotated[int, Contents()]
FILLED = Annotated[int, Contents(fills=True)]
HANDLES = Annotated[int, Contents(holds="HANDLE", size="Count")]
TEXT_GIVEN = Annotated[int, Contents(holds="TEXT", size="Length")]
TEXT_FILLED = Annotated[int, Contents(fills=True, holds="UNICODE_STRING")]
MESSAGE = Annotated[int, Contents(holds="PORT_MESSAGE")]
MESSAGE_FILLED = Annotated[int, Contents(fills=True, holds="PORT_MESSAGE")]
PROCESS_PARAMETERS = Annotated[int, Contents(holds="RTL_USER_PROCESS_PARAMETERS")]
STATE_CHANGE = Annotated[int, Contents(fills=True, holds="DBGUI_HEADER")]
