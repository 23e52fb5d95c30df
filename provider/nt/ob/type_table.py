"""Object types: their names in the order of their indices, rights, and how many objects there are.

A type's index counts from 2, since 0 and 1 are never given (Windows 8.1 on; OBJECT_TYPE_INFORMATION
in phnt's ntobapi.h).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.cm.key import KeyObject
from provider.kernel.io.completion import IoCompletion
from provider.kernel.io.request import FILE_ACCESS
from provider.kernel.io.wait_packet import WaitCompletionPacket
from provider.kernel.ke.event import Event
from provider.kernel.ke.keyed_event import KeyedEvent
from provider.kernel.ke.mutant import Mutant
from provider.kernel.ke.semaphore import Semaphore
from provider.kernel.ke.timer_object import TimerObject
from provider.kernel.ob.access import SYNCHRONIZE, GenericMapping
from provider.kernel.ob.namespace import Directory, SymbolicLink
from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.dbg.debug_object import DebugObject
from provider.nt.lpc.port import Port
from provider.nt.mm.section import SectionObject
from provider.nt.ps.job import Job
from provider.nt.se.token import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.kernel import Kernel
    from provider.kernel.ob.object import KernelObject

FIRST_INDEX = 2


class ObjectType(NamedTuple):
    """What is told of a type."""

    name: str
    generic: GenericMapping
    extra_access: int = 0
    """Rights that may be asked for besides those of the generic ones."""
    security_required: bool = False

    @property
    def valid_access(self) -> int:
        """All rights that may be asked for."""
        return self.generic.all | self.extra_access


def _of(kind: type[KernelObject], extra: int = 0) -> ObjectType:
    return ObjectType(kind.type_name, kind.generic, extra, kind.security_required)


TYPES = (
    ObjectType("Type", GenericMapping(0x20000, 0x20000, 0x20000, 0xF0001), SYNCHRONIZE),
    _of(Directory),
    _of(SymbolicLink),
    _of(Token, SYNCHRONIZE),
    _of(Job),
    _of(Process),
    _of(Thread),
    _of(DebugObject),
    _of(Event),
    _of(Mutant),
    _of(Semaphore),
    _of(TimerObject),
    _of(KeyedEvent, SYNCHRONIZE),
    ObjectType("WindowStation", GenericMapping(0x20303, 0x2001C, 0x20060, 0xF037F)),
    ObjectType("Desktop", GenericMapping(0x20041, 0x200BE, 0x20100, 0xF01FF)),
    ObjectType("Device", FILE_ACCESS),
    ObjectType("Driver", FILE_ACCESS),
    _of(IoCompletion),
    _of(WaitCompletionPacket),
    ObjectType("File", FILE_ACCESS),
    _of(SectionObject, SYNCHRONIZE),
    _of(Port),
    _of(KeyObject, SYNCHRONIZE),
)
"""In the order of the indices."""
INDEX = {kind.name: index for index, kind in enumerate(TYPES, FIRST_INDEX)}


class Totals:
    """How many handles and objects of each type there are."""

    def __init__(self, kernel: Kernel) -> None:
        self.handles: Counter[str] = Counter()
        found: dict[int, KernelObject] = {}
        for process in kernel.processes.values():
            found[id(process)] = process
            found.update((id(thread), thread) for thread in process.threads)
            for _, entry in process.handles:
                self.handles[entry.object.type_name] += 1
                found[id(entry.object)] = entry.object
        found.update((id(named), named) for named in _named(kernel.namespace.root))
        self.objects = Counter(target.type_name for target in found.values())
        self.objects["Type"] = len(TYPES)


def _named(directory: Directory) -> Iterator[KernelObject]:
    yield directory
    for entry in directory:
        if isinstance(entry, Directory):
            yield from _named(entry)
        else:
            yield entry
