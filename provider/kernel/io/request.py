"""What somebody asks for who opens a file.  The values are those of NT's calls (wdm.h).

Flags are plain integers: combining members of an IntFlag takes half a microsecond, and opening a
file does that thirty times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from provider.kernel.io.opener import ANYBODY, Opener
from provider.kernel.ob.access import STANDARD_REQUIRED, SYNCHRONIZE, GenericMapping

if TYPE_CHECKING:
    from provider.kernel.io.extended_attributes import ExtendedAttribute
    from provider.kernel.ob.object import KernelObject


class Access:
    """Rights to a file or directory."""

    READ_DATA = 0x1
    WRITE_DATA = 0x2
    APPEND_DATA = 0x4
    READ_EA = 0x8
    WRITE_EA = 0x10
    EXECUTE = 0x20
    DELETE_CHILD = 0x40
    READ_ATTRIBUTES = 0x80
    WRITE_ATTRIBUTES = 0x100
    DELETE = 0x10000
    SYNCHRONIZE = SYNCHRONIZE


FILE_ACCESS = GenericMapping(
    read=0x120089, write=0x120116, execute=0x1200A0, all=STANDARD_REQUIRED | SYNCHRONIZE | 0x1FF
)
CHANGING = (
    Access.WRITE_DATA
    | Access.APPEND_DATA
    | Access.WRITE_EA
    | Access.DELETE_CHILD
    | Access.WRITE_ATTRIBUTES
    | Access.DELETE
)
"""The rights that let a file be changed."""


APPEND = -1
"""An offset: the end of the file."""


class Share:
    """What other handles of the same file may do."""

    READ = 1
    WRITE = 2
    DELETE = 4


class Disposition(IntEnum):
    """What to do where the file exists, and where it does not."""

    SUPERSEDE = 0
    OPEN = 1
    CREATE = 2
    OPEN_IF = 3
    OVERWRITE = 4
    OVERWRITE_IF = 5

    @property
    def creates(self) -> bool:
        """Whether a missing file is made."""
        return self not in (Disposition.OPEN, Disposition.OVERWRITE)

    @property
    def empties(self) -> bool:
        """Whether an existing file loses its contents."""
        return self in (Disposition.SUPERSEDE, Disposition.OVERWRITE, Disposition.OVERWRITE_IF)


class Outcome(IntEnum):
    """What opening did."""

    SUPERSEDED = 0
    OPENED = 1
    CREATED = 2
    OVERWRITTEN = 3
    EXISTS = 4
    DOES_NOT_EXIST = 5


class OpenOptions:
    """How the file will be used."""

    DIRECTORY = 0x1
    WRITE_THROUGH = 0x2
    SEQUENTIAL_ONLY = 0x4
    NO_BUFFERING = 0x8
    SYNCHRONOUS_ALERT = 0x10
    SYNCHRONOUS = 0x20
    NOT_DIRECTORY = 0x40
    TREE_CONNECTION = 0x80
    COMPLETE_IF_OPLOCKED = 0x100
    NO_EA_KNOWLEDGE = 0x200
    RANDOM_ACCESS = 0x800
    DELETE_ON_CLOSE = 0x1000
    BY_ID = 0x2000
    FOR_BACKUP = 0x4000
    NO_COMPRESSION = 0x8000
    OPEN_REQUIRING_OPLOCK = 0x10000
    DISALLOW_EXCLUSIVE = 0x20000
    RESERVE_FILTER = 0x100000
    REPARSE_POINT = 0x200000
    NO_RECALL = 0x400000
    FREE_SPACE_QUERY = 0x800000


SYNCHRONOUS = OpenOptions.SYNCHRONOUS | OpenOptions.SYNCHRONOUS_ALERT
MODE_OPTIONS = (
    OpenOptions.WRITE_THROUGH | OpenOptions.SEQUENTIAL_ONLY | OpenOptions.NO_BUFFERING | SYNCHRONOUS
)
"""The options that a file remembers as its mode."""


class Attribute:
    """File attributes."""

    READONLY = 0x1
    HIDDEN = 0x2
    SYSTEM = 0x4
    DIRECTORY = 0x10
    ARCHIVE = 0x20
    NORMAL = 0x80
    TEMPORARY = 0x100
    OFFLINE = 0x1000
    NOT_CONTENT_INDEXED = 0x2000


SETTABLE = (
    Attribute.READONLY
    | Attribute.HIDDEN
    | Attribute.SYSTEM
    | Attribute.ARCHIVE
    | Attribute.TEMPORARY
    | Attribute.OFFLINE
    | Attribute.NOT_CONTENT_INDEXED
)


class OpenRequest:
    """Everything about one open; `path` is relative to `root` or begins with a backslash."""

    __slots__ = (
        *("access", "attributes", "disposition", "extended_attributes", "ignore_case", "opener"),
        *("options", "path", "process_id", "root", "share"),
    )

    def __init__(
        self,
        path: str,
        access: int = Access.READ_DATA | Access.READ_ATTRIBUTES | Access.SYNCHRONIZE,
        share: int = Share.READ | Share.WRITE | Share.DELETE,
        disposition: Disposition = Disposition.OPEN,
        options: int = OpenOptions.SYNCHRONOUS,
        *,
        root: KernelObject | None = None,
        process_id: int = 0,
        opener: Opener = ANYBODY,
    ) -> None:
        """`opener` is who opens."""
        self.path, self.root, self.ignore_case = path, root, True
        self.access, self.share = access, share
        self.disposition, self.options = disposition, options
        self.process_id, self.opener = process_id, opener
        self.attributes = 0
        self.extended_attributes: Sequence[ExtendedAttribute] = ()
        """Those that a new file gets."""

    @property
    def wants_directory(self) -> bool:
        """Whether only a directory will do."""
        return bool(self.options & OpenOptions.DIRECTORY)
