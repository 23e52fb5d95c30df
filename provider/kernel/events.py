"""The events of the kernel: threads, processes, memory, objects, files, the registry."""

from __future__ import annotations

from typing import Literal

from provider.kernel.event_stream import Event

AccessName = Literal["read", "write", "execute"]
FaultKind = Literal["demand_zero", "transition", "shared", "copy", "guard", "hard", "violation"]
OutcomeName = Literal["superseded", "opened", "created", "overwritten", "refused"]
TransferKind = Literal["read", "write"]
RegistryOperation = Literal[
    "open",
    "create",
    "delete_key",
    "rename_key",
    "query_value",
    "set_value",
    "delete_value",
]
SectionKind = Literal["image", "data"]


class ProcessCreate(Event):
    """A process exists, with nothing in it yet; `parent_id` is 0 where nobody made it."""

    name: str
    parent_id: int


class ProcessExit(Event):
    """A process has ended, with its last thread."""

    status: int


class ThreadCreate(Event):
    """A thread exists; it begins at `entry` once it is resumed."""

    entry: int


class ThreadExit(Event):
    """A thread has ended."""

    status: int


class ThreadStateChange(Event):
    """A thread has entered a scheduling state.

    `state` is its name in NT (KTHREAD_STATE), `reason` what a thread in Waiting waits for, by its
    KWAIT_REASON's name; else it is empty.
    """

    state: str
    priority: int
    reason: str


class ContextSwitch(Event):
    """The processor goes to the thread of the stamp from another; 0 and 0 stand for idleness."""

    from_process_id: int
    from_thread_id: int


class PageFault(Event):
    """A page fault in the memory of the stamp's process, by the program or by a call for it.

    `kinds` are what the memory manager counts it as, and it can be several; a fault that is
    `resolved` is not seen by the program.  `resident` are the pages of the working set after it.
    """

    address: int
    access: AccessName
    kinds: tuple[FaultKind, ...]
    resolved: bool
    resident: int


class SectionMap(Event):
    """A view of a section appears; `name` is that of an image."""

    base: int
    size: int
    kind: SectionKind
    name: str


class SectionUnmap(Event):
    """A view of a section goes away."""

    base: int
    size: int
    kind: SectionKind
    name: str


class HandleOpen(Event):
    """The stamp's process has one handle more."""

    handle: int
    object_type: str
    name: str
    access: int


class HandleClose(Event):
    """The stamp's process has one handle less."""

    handle: int
    object_type: str
    name: str


class ApcDelivery(Event):
    """A thread leaves what it does for an APC; `routine` is 0 where that is the kernel's own."""

    mode: Literal["kernel", "user"]
    routine: int
    location: str


class FileOpen(Event):
    """A file was opened or made, or could not be.

    `path` is the name that was asked for, of a file that is there its full one; `outcome` is what
    became of it, as IO_STATUS_BLOCK has it, or `refused` for the `reason`.
    """

    path: str
    access: int
    outcome: OutcomeName
    reason: str


class FileTransfer(Event):
    """`size` bytes were read or written; `offset` is -1 where the file's position says where."""

    operation: TransferKind
    path: str
    offset: int
    size: int


class FileDelete(Event):
    """A name of a file is gone."""

    path: str


class FileRename(Event):
    """A file has another name."""

    path: str
    new_path: str


class RegistryAccess(Event):
    """Somebody has used a key, or the value `value` of it; without success it was not there.

    For `rename_key` the value is the new name.
    """

    operation: RegistryOperation
    key: str
    value: str
    succeeded: bool


class ConsoleOutput(Event):
    """Text went to the console, or bytes, as UTF-8, to a standard stream that is no console."""

    stream: str
    text: str


class BasicBlock(Event):
    """A basic block of `size` bytes ran in a process for the first time."""

    ON_REQUEST = True
    address: int
    size: int
