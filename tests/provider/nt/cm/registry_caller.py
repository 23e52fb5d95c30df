"""A machine whose registry calls a test makes, with places for their arguments."""

from __future__ import annotations

import struct

from provider.nt.status import NTSTATUS
from provider.nt.types import encode_utf16
from tests.provider.nt.synthetic import NtMachine, start

MAXIMUM_ALLOWED = 0x2000000
SOFTWARE = "\\Registry\\Machine\\Software"


class RegistryCaller:
    """Calls go through the dispatcher; `out` takes one word, `buffer` an answer."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop", ram_bytes=16 << 20)
        self.out = self.machine.allocate(size=0x10000)
        self.buffer, self._strings = self.out + 0x1000, self.out + 0x8000
        self._attributes = self.out + 0x100

    def __call__(self, name: str, *arguments: int) -> NTSTATUS:
        return NTSTATUS(self.machine.call(name, *arguments))

    @property
    def result(self) -> int:
        """The word at `out`."""
        return self.machine.read(self.out)

    def read(self, size: int, at: int = 0) -> bytes:
        return self.machine.process.space.read(self.buffer + at, size)

    def write(self, data: bytes) -> int:
        self.machine.process.space.write(self.buffer, data)
        return self.buffer

    def string(self, text: str, slot: int = 0) -> int:
        """The address of a UNICODE_STRING."""
        va, data = self._strings + 0x800 * slot, encode_utf16(text)
        header = struct.pack("<2HI", len(data), len(data), va + 8)
        self.machine.process.space.write(va, header + data)
        return va

    def attributes(self, path: str, root: int = 0, flags: int = 0x40, slot: int = 0) -> int:
        """The address of an OBJECT_ATTRIBUTES."""
        va = self._attributes + 0x20 * slot
        self.machine.write(va, 24, root, self.string(path, slot), flags, 0, 0)
        return va

    def open(self, path: str, access: int = MAXIMUM_ALLOWED, **attributes: int) -> NTSTATUS:
        return self("NtOpenKey", self.out, access, self.attributes(path, **attributes))

    def create(self, path: str, options: int = 0, **attributes: int) -> NTSTATUS:
        where = self.attributes(path, **attributes)
        return self("NtCreateKey", self.out, MAXIMUM_ALLOWED, where, 0, 0, options, 0)

    def key(self, path: str, options: int = 0) -> int:
        """A handle of a key below SOFTWARE."""
        assert self.create(f"{SOFTWARE}\\{path}", options) == 0
        return self.result

    def set_value(self, key: int, name: str, data: bytes, kind: int = 3) -> NTSTATUS:
        return self("NtSetValueKey", key, self.string(name), 0, kind, self.write(data), len(data))

    def enable(self, privilege: int) -> None:
        """Enable a privilege of the user's."""
        token = self.machine.context.token
        assert privilege in token.privileges
        token.privileges[privilege] = 2
        token.forget()
