"""Everything that a run tells whoever listens: the types of its events.

    machine.on(SystemCall, lambda call: print(call.name, call.status_name))

`Event` stands for all of them.  The classes are declared where the events happen.
"""

from __future__ import annotations

from picorun.notes import RunNote
from provider.kernel.event_stream import Event
from provider.kernel.events import (
    ApcDelivery,
    BasicBlock,
    ConsoleOutput,
    ContextSwitch,
    FileDelete,
    FileOpen,
    FileRename,
    FileTransfer,
    HandleClose,
    HandleOpen,
    PageFault,
    ProcessCreate,
    ProcessExit,
    RegistryAccess,
    SectionMap,
    SectionUnmap,
    ThreadCreate,
    ThreadExit,
    ThreadStateChange,
)
from provider.nt.event import (
    DebugPrint,
    GuestException,
    ModuleLoad,
    ModuleUnload,
    ProcessCreation,
    SystemCall,
    SystemCallEntry,
    SystemCallWait,
)

EVENT_TYPES: tuple[type[Event], ...] = (
    SystemCallEntry,
    SystemCallWait,
    SystemCall,
    GuestException,
    ApcDelivery,
    ThreadStateChange,
    ContextSwitch,
    PageFault,
    SectionMap,
    SectionUnmap,
    ModuleLoad,
    ModuleUnload,
    ProcessCreate,
    ProcessCreation,
    ProcessExit,
    ThreadCreate,
    ThreadExit,
    HandleOpen,
    HandleClose,
    FileOpen,
    FileTransfer,
    FileDelete,
    FileRename,
    RegistryAccess,
    ConsoleOutput,
    DebugPrint,
    RunNote,
    BasicBlock,
)
"""Every type, in the order of the published schema."""

__all__ = [
    "EVENT_TYPES",
    "ApcDelivery",
    "BasicBlock",
    "ConsoleOutput",
    "ContextSwitch",
    "DebugPrint",
    "Event",
    "FileDelete",
    "FileOpen",
    "FileRename",
    "FileTransfer",
    "GuestException",
    "HandleClose",
    "HandleOpen",
    "ModuleLoad",
    "ModuleUnload",
    "PageFault",
    "ProcessCreate",
    "ProcessCreation",
    "ProcessExit",
    "RegistryAccess",
    "RunNote",
    "SectionMap",
    "SectionUnmap",
    "SystemCall",
    "SystemCallEntry",
    "SystemCallWait",
    "ThreadCreate",
    "ThreadExit",
    "ThreadStateChange",
]
