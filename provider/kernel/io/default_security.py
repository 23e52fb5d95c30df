"""Descriptors of files and devices to which nobody has given one."""

from __future__ import annotations

from emu.named_tuple import NamedTuple


class DefaultSecurity(NamedTuple):
    """Descriptors of what nobody gave one."""

    file: bytes | None = None
    directory: bytes | None = None
    read_only_file: bytes | None = None
    read_only_directory: bytes | None = None
    device: bytes | None = None

    def of(self, *, is_directory: bool, writable: bool) -> bytes | None:
        """That of a file or directory on a mount that the guest may change, or may not."""
        if writable:
            return self.directory if is_directory else self.file
        return self.read_only_directory if is_directory else self.read_only_file
