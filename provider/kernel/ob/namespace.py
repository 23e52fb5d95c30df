r"""The tree of names: directories, symbolic links, and devices that read the rest of a path.

\                      the root
\??                    DOS names: C:, NUL, PIPE …, links to devices; \DosDevices and \GLOBAL??
\BaseNamedObjects      named events, mutexes and the like of session 0, and global ones
\Device                devices
\KnownDlls             sections of the system's DLLs
\Sessions\1            the session of all guests, with BaseNamedObjects of its own
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.casing import upcase
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PATH_CHARS = 0x7FFF
MAX_LINKS = 32
DIRECTORIES = (
    "\\??",
    "\\ArcName",
    "\\BaseNamedObjects",
    "\\BaseNamedObjects\\Restricted",
    "\\Callback",
    "\\Device",
    "\\Driver",
    "\\FileSystem",
    "\\KernelObjects",
    "\\KnownDlls",
    "\\Nls",
    "\\ObjectTypes",
    "\\RPC Control",
    "\\Security",
    "\\Sessions",
    "\\Sessions\\0",
    "\\Sessions\\1",
    "\\Sessions\\1\\AppContainerNamedObjects",
    "\\Sessions\\1\\BaseNamedObjects",
    "\\Sessions\\1\\BaseNamedObjects\\Restricted",
    "\\Sessions\\1\\Windows",
    "\\Sessions\\1\\Windows\\WindowStations",
    "\\Sessions\\BNOLINKS",
    "\\Windows",
    "\\Windows\\WindowStations",
)
LINKS = (
    ("\\DosDevices", "\\??"),
    ("\\GLOBAL??", "\\??"),
    ("\\??\\Global", "\\??"),
    ("\\??\\GLOBALROOT", ""),
    ("\\BaseNamedObjects\\Global", "\\BaseNamedObjects"),
    ("\\BaseNamedObjects\\Local", "\\BaseNamedObjects"),
    ("\\BaseNamedObjects\\Session", "\\Sessions\\BNOLINKS"),
    ("\\KnownDlls\\KnownDllPath", "C:\\Windows\\System32"),
    ("\\Sessions\\0\\BaseNamedObjects", "\\BaseNamedObjects"),
    ("\\Sessions\\1\\BaseNamedObjects\\Global", "\\BaseNamedObjects"),
    ("\\Sessions\\1\\BaseNamedObjects\\Local", "\\Sessions\\1\\BaseNamedObjects"),
    ("\\Sessions\\1\\BaseNamedObjects\\Session", "\\Sessions\\BNOLINKS"),
    ("\\Sessions\\BNOLINKS\\0", "\\BaseNamedObjects"),
    ("\\Sessions\\BNOLINKS\\1", "\\Sessions\\1\\BaseNamedObjects"),
    ("\\SystemRoot", "\\??\\C:\\Windows"),
    ("\\Sessions\\0\\DosDevices", "\\??"),
    ("\\Sessions\\1\\DosDevices", "\\??"),
)


class Directory(KernelObject):
    """A directory of objects.  Names differ by case; a look-up may ignore it."""

    __slots__ = ("_entries",)

    type_name = "Directory"
    security_required = True
    generic = GenericMapping(
        read=READ_CONTROL | 3,
        write=READ_CONTROL | 12,
        execute=READ_CONTROL | 3,
        all=STANDARD_REQUIRED | 15,
    )

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, list[KernelObject]] = {}

    def __iter__(self) -> Iterator[KernelObject]:
        """The objects, sorted by name without case, then in the order of their insertion."""
        return (entry for key in sorted(self._entries) for entry in self._entries[key])

    def get(self, name: str, ignore_case: bool) -> KernelObject | None:
        """The object of that name; without case, the last that was inserted."""
        for entry in reversed(self._entries.get(upcase(name), ())):
            if ignore_case or entry.name == name:
                return entry
        return None

    def insert(self, name: str, entry: KernelObject) -> None:
        """Name `entry`, which has no name yet."""
        self._entries.setdefault(upcase(name), []).append(entry)
        entry.name, entry.directory = name, self
        entry.reference()

    def remove(self, entry: KernelObject) -> None:
        """Take the name from `entry`."""
        key = upcase(entry.name)
        same = self._entries[key]
        same.remove(entry)
        if not same:
            del self._entries[key]
        entry.name, entry.directory = "", None
        entry.dereference()


class SymbolicLink(KernelObject):
    """A name that stands for another path."""

    __slots__ = ("target",)

    type_name = "SymbolicLink"
    parses = True
    security_required = True
    generic = GenericMapping(
        read=READ_CONTROL | 1,
        write=READ_CONTROL,
        execute=READ_CONTROL | 1,
        all=STANDARD_REQUIRED | 1,
    )

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target


class Found(NamedTuple):
    """Where a path ends."""

    object: KernelObject | None
    """None: there is no such name yet, but `directory` may take it."""
    rest: str
    """What the object has to read itself: empty, or beginning with a backslash."""
    directory: Directory | None = None
    name: str = ""


class Namespace:
    """All names of a machine."""

    def __init__(self) -> None:
        self.root = Directory()
        self.root.permanent = True
        self.root.reference()
        for path in DIRECTORIES:
            self.make_permanent(path, Directory())
        for path, target in LINKS:
            self.make_permanent(path, SymbolicLink(target))

    def make_permanent(self, path: str, entry: KernelObject) -> None:
        """Name an object of the kernel's own, which stays until the machine ends."""
        found = self.find(path)
        if found.directory is None:
            raise ValueError(f"{path} is taken")
        entry.permanent = True
        found.directory.insert(found.name, entry)

    def lookup(
        self,
        path: str,
        root: KernelObject | None = None,
        *,
        ignore_case: bool = True,
        open_link: bool = False,
    ) -> Found:
        """The object that `path` names, with the rest of the path that it has to read.

        KernelError OBJECT_NAME_NOT_FOUND, and all that `find` raises.
        """
        found = self.find(path, root, ignore_case=ignore_case, open_link=open_link)
        if found.object is None:
            raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, path)
        return found

    def find(
        self,
        path: str,
        root: KernelObject | None = None,
        *,
        ignore_case: bool = True,
        open_link: bool = False,
    ) -> Found:
        """Like `lookup`, but the last name may be new.

        A path is relative to `root` or begins with a backslash.  `open_link`: a link at the very
        end is not followed.  KernelError OBJECT_PATH_SYNTAX_BAD, OBJECT_NAME_INVALID,
        OBJECT_PATH_NOT_FOUND, OBJECT_TYPE_MISMATCH for a root that has no names below it.
        """
        if root is not None and not isinstance(root, Directory):
            if not root.parses:
                raise KernelError(Reason.OBJECT_TYPE_MISMATCH, f"a {root.type_name} has no names")
            return Found(root, path)
        for _ in range(MAX_LINKS):
            if len(path) > MAX_PATH_CHARS:
                raise KernelError(Reason.OBJECT_NAME_INVALID, "the path is too long")
            found = self._walk(path, root, ignore_case)
            if not isinstance(found.object, SymbolicLink) or (open_link and not found.rest):
                return found
            path, root = found.object.target + found.rest or "\\", None
        raise KernelError(Reason.OBJECT_NAME_NOT_FOUND, "too many symbolic links")

    def _walk(self, path: str, root: Directory | None, ignore_case: bool) -> Found:
        """Follow `path` through directories only."""
        if root is None:
            if not path.startswith("\\"):
                raise KernelError(Reason.OBJECT_PATH_SYNTAX_BAD, path)
            root, path = self.root, path[1:]
            if not path:
                return Found(root, "")
        elif path.startswith("\\"):
            raise KernelError(Reason.OBJECT_PATH_SYNTAX_BAD, path)
        elif not path:
            return Found(root, "")
        directory = root
        while True:
            name, separator, path = path.partition("\\")
            if not name:
                raise KernelError(Reason.OBJECT_NAME_INVALID, "an empty name")
            entry = directory.get(name, ignore_case)
            if entry is None:
                if separator:
                    raise KernelError(Reason.OBJECT_PATH_NOT_FOUND, name)
                return Found(None, "", directory, name)
            if not isinstance(entry, Directory) or not separator:
                return Found(entry, separator + path)
            directory = entry
