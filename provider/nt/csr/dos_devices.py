r"""Names of DOS devices, which are defined over each other: permanent links in \??.

"DefineDosDevice" (Win32 API): a definition hides the earlier ones of a name until it is removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ob.casing import upcase
from provider.kernel.ob.namespace import SymbolicLink
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.ob.namespace import Namespace

DIRECTORY = "\\??\\"


class DosDevices:
    """The definitions that are hidden, by name."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace
        self._hidden: dict[str, list[str]] = {}

    def define(self, name: str, target: str, *, check: Callable[[SymbolicLink], None]) -> None:
        """Let `name` mean `target`.

        `check` is called with a link that changes.  NtError OBJECT_TYPE_MISMATCH,
        INVALID_PARAMETER; KernelError.
        """
        if not target:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        link = self._link(name)
        if link is None:
            made = SymbolicLink(target)
            self._namespace.make_permanent(DIRECTORY + name, made)
        else:
            check(link)
            self._hidden.setdefault(upcase(name), []).append(link.target)
            link.target = target

    def remove(
        self, name: str, target: str, *, exactly: bool, check: Callable[[SymbolicLink], None]
    ) -> None:
        """Remove the latest definition of `name`, or the latest that begins with `target`.

        `check` is called with a link that changes.  Without a target a name that is not
        there is no error.  NtError OBJECT_NAME_NOT_FOUND, OBJECT_TYPE_MISMATCH; KernelError.
        """
        link = self._link(name)
        if link is None and not target:
            return
        if link is None:
            raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
        check(link)
        hidden = self._hidden.setdefault(upcase(name), [])
        definitions = [*hidden, link.target]
        definitions.pop(_latest(definitions, target, exactly=exactly))
        if definitions:
            *hidden[:], link.target = definitions
            return
        del self._hidden[upcase(name)]
        link.permanent = False
        assert link.directory is not None, "it was found by its name"
        link.directory.remove(link)

    def _link(self, name: str) -> SymbolicLink | None:
        """NtError OBJECT_TYPE_MISMATCH; KernelError for a name that cannot be one."""
        found = self._namespace.find(DIRECTORY + name, None, ignore_case=True, open_link=True)
        if found.object is None:
            return None
        if found.rest or not isinstance(found.object, SymbolicLink):
            raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
        return found.object


def _latest(definitions: list[str], target: str, *, exactly: bool) -> int:
    """The index of what `target` means: the last one if it is empty.  NtError."""
    wanted = upcase(target)
    for index in reversed(range(len(definitions))):
        text = upcase(definitions[index])
        if not target or text == wanted or (not exactly and text.startswith(wanted)):
            return index
    raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
