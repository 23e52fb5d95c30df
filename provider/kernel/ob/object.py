"""What every kernel object has: a type, perhaps a name, and two counts that decide its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from provider.kernel.errors import KernelError
from provider.kernel.ob.access import (
    READ_CONTROL,
    STANDARD_REQUIRED,
    SYNCHRONIZE,
    WRITE_DAC,
    GenericMapping,
)

if TYPE_CHECKING:
    from provider.kernel.ob.namespace import Directory


class KernelObject:
    """An object of the kernel; subclasses say what it is.

    A handle counts as a reference too, and so does the name.  When the last handle goes, a
    temporary object loses its name; when the last reference goes, it is deleted.  An object that
    nobody ever referenced is simply forgotten.
    """

    __slots__ = ("_security", "directory", "handle_count", "name", "permanent", "reference_count")

    type_name: ClassVar[str] = "Object"
    generic: ClassVar[GenericMapping] = GenericMapping(
        read=READ_CONTROL,
        write=WRITE_DAC,
        execute=READ_CONTROL,
        all=STANDARD_REQUIRED | SYNCHRONIZE | 0xFFFF,
    )

    parses: ClassVar[bool] = False
    """Whether such objects read the rest of a path themselves."""
    security_required: ClassVar[bool] = False
    """Whether objects without a name have a security descriptor too."""

    keeps_security: ClassVar[bool] = False
    """Whether the type itself knows where descriptors are: more rights take another open."""

    def __init__(self) -> None:
        self.name = ""
        self.directory: Directory | None = None
        """Where the name is; None for an object without one."""
        self.permanent = False
        self.handle_count = 0
        self.reference_count = 0
        self._security: bytes | None = None

    def on_last_handle(self) -> None:
        """The last handle was closed; references may remain."""

    def on_delete(self) -> None:
        """The last reference is gone."""

    def get_security(self) -> bytes | None:
        """The security descriptor, which means nothing here; None if nobody gave the object one."""
        return self._security

    def set_security(self, descriptor: bytes) -> None:
        """Keep a security descriptor."""
        self._security = descriptor

    def grant(self, access: int) -> int:
        """The rights that a handle gets who asks for `access`. KernelError."""
        return self.generic.map(access)

    def full_name(self) -> str:
        """The path in the namespace; empty without a name."""
        if self.directory is None:
            return self.name
        above = self.directory.full_name()
        return f"{above}{self.name}" if above == "\\" else f"{above}\\{self.name}"

    def description(self) -> str:
        """The object as people are told of it, in reports and events; empty without a name."""
        try:
            return self.full_name()
        except KernelError:  # such as a key that was deleted
            return ""

    def reference(self) -> None:
        """Keep the object until `dereference`."""
        self.reference_count += 1

    def dereference(self) -> None:
        """Undo one `reference`."""
        self.reference_count -= 1
        if not self.reference_count:
            self.on_delete()

    def open_handle(self) -> None:
        """One more handle."""
        self.handle_count += 1
        self.reference_count += 1

    def close_handle(self) -> None:
        """One handle less."""
        self.handle_count -= 1
        if not self.handle_count:
            self.on_last_handle()
            self.drop_name()
        self.dereference()

    def drop_name(self) -> None:
        """Take the name from a temporary object that no handle keeps."""
        if self.directory is not None and not self.permanent and not self.handle_count:
            self.directory.remove(self)
