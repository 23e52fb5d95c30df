"""The sink that writes coverage as DynamoRIO's drcov does, which Lighthouse and others read.

    text    DRCOV VERSION and FLAVOR, the module table, the number of blocks
    binary  for each block: offset in its module (4 bytes), size (2), module's number (2)

Version 2 of the format (DynamoRIO, "drcov"; its table as on Windows).  A file is about one process:
the first one that is created, or the first that the filter wants.  Blocks outside of modules, which
a just-in-time compiler makes, have no place in the format.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.events import BasicBlock, Event, ModuleLoad, ModuleUnload, ProcessCreate
from picorun.trace.writer import Writer
from provider.nt.types import printable

if TYPE_CHECKING:
    from picorun.trace import Settings
    from provider.kernel.event_stream import EventStream

_BLOCK = struct.Struct("<IHH")
_LARGEST_BLOCK = 0xFFFF


class Module(NamedTuple):
    """A line of the module table."""

    number: int
    base: int
    end: int
    name: str


class DrcovSink:
    """Collects blocks; the file is written in the end, however the run ends."""

    def __init__(self, writer: Writer, settings: Settings) -> None:
        self._writer, self._filter = writer, settings.filter
        self._process_id = 0
        self._modules: list[Module] = []
        self._mapped: list[Module] = []
        """Those that are there now, by their addresses."""
        self._blocks: list[bytes] = []

    def attach(self, events: EventStream) -> None:
        """Subscribe to blocks, and to what tells which modules they are in."""
        events.subscribe(ProcessCreate, self._create, last=True)
        events.subscribe(ModuleLoad, self._load, last=True)
        events.subscribe(ModuleUnload, self._unload, last=True)
        events.subscribe(BasicBlock, self._ran, last=True)

    def close(self) -> None:
        """Write the file.  Raises TraceFailed."""
        self._writer.write_text("".join(f"{line}\n" for line in self._header()))
        self._writer.write(b"".join(self._blocks))
        self._writer.close()

    def _header(self) -> list[str]:
        return [
            "DRCOV VERSION: 2",
            "DRCOV FLAVOR: drcov",
            f"Module Table: version 2, count {len(self._modules)}",
            "Columns: id, base, end, entry, checksum, timestamp, path",
            *(
                f"{m.number:3}, {m.base:#010x}, {m.end:#010x}, 0x00000000, 0x00000000, 0x00000000,"
                f" {printable(m.name)}"
                for m in self._modules
            ),
            f"BB Table: {len(self._blocks)} bbs",
        ]

    def _create(self, process: ProcessCreate) -> None:
        wanted = self._filter is None or self._filter.wants(process)
        if not self._process_id and wanted:
            self._process_id = process.process_id

    def _is_ours(self, event: Event) -> bool:
        return event.process_id == self._process_id

    def _load(self, load: ModuleLoad) -> None:
        if self._is_ours(load):
            module = Module(len(self._modules), load.base, load.base + load.size, load.name)
            self._modules.append(module)
            self._mapped = sorted([*self._mapped, module], key=lambda known: known.base)

    def _unload(self, unload: ModuleUnload) -> None:
        if self._is_ours(unload):
            self._mapped = [known for known in self._mapped if known.base != unload.base]

    def _ran(self, block: BasicBlock) -> None:
        if not self._is_ours(block):
            return
        bases = [module.base for module in self._mapped]
        index = bisect_right(bases, block.address) - 1
        if index >= 0 and block.address < self._mapped[index].end:
            module = self._mapped[index]
            size = min(block.size, _LARGEST_BLOCK)
            self._blocks.append(_BLOCK.pack(block.address - module.base, size, module.number))


def open_sink(file: str, settings: Settings) -> DrcovSink:
    """A sink on a file.  Raises TraceFailed."""
    return DrcovSink(Writer(file), settings)
