"""Names of files: what a path's components may be.

The rules are those of NTFS for the Win32 name space ("Naming Files, Paths, and Namespaces").
Beyond them a name must be one that the host can store: UTF-8, at most 255 bytes.  `.` and `..` are
no names below the Win32 layer, which has resolved them before a path gets here.
"""

from __future__ import annotations

from provider.kernel.errors import KernelError, Reason

MAX_NAME_BYTES = 255
_FORBIDDEN = frozenset('"*/:<>?\\|') | set(map(chr, range(0x20)))


def is_valid(name: str) -> bool:
    """Whether a file may have this name."""
    if name in ("", ".", "..") or not _FORBIDDEN.isdisjoint(name):
        return False
    if name.isascii():
        return len(name) <= MAX_NAME_BYTES
    try:
        return len(name.encode()) <= MAX_NAME_BYTES
    except UnicodeEncodeError:
        return False


def split(path: str) -> tuple[list[str], bool]:
    """The components of a path without its first backslash; whether it ends with a backslash.

    KernelError OBJECT_NAME_INVALID.
    """
    names = path.split("\\")
    trailing = len(names) > 1 and not names[-1]
    if trailing:
        names.pop()
    for name in names:
        if not is_valid(name):
            raise KernelError(Reason.OBJECT_NAME_INVALID, repr(name))
    return names, trailing
