"""PS_CREATE_INFO: what NtCreateUserProcess is told, and how far it came (phnt, ntpsapi.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from emu.struct import Struct, u32, u64

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

WRITE_OUTPUT_ON_EXIT = 0x1
IFEO_SKIP_DEBUGGER = 0x4
"""The image's own Debugger option does not count: the creator debugs it, or is that debugger."""


class PS_CREATE_STATE(IntEnum):
    """PS_CREATE_STATE."""

    INITIAL = 0
    FAIL_ON_FILE_OPEN = 1
    FAIL_ON_SECTION_CREATE = 2
    FAIL_EXE_FORMAT = 3
    FAIL_MACHINE_MISMATCH = 4
    FAIL_EXE_NAME = 5
    SUCCESS = 6


class PS_CREATE_INFO(Struct, size=0x48):
    """The structure; `Detail` is InitFlags on the way in, and a handle for some failures.

    The rest is of PsCreateSuccess: `Detail` is OutputFlags then.
    """

    Size = u32()
    State = u32()
    Detail = u32()
    FileHandle = u32()
    SectionHandle = u32()
    UserProcessParametersNative = u64(at=0x18)
    CurrentParameterFlags = u32(at=0x24)
    PebAddressNative = u64()


class Made(NamedTuple):
    """What a creator is told on request: handles of its own, addresses in the child."""

    file_handle: int
    section_handle: int
    parameters_va: int
    parameter_flags: int
    peb_va: int


class CreateInfo:
    """The creator's PS_CREATE_INFO, if it has one."""

    def __init__(self, space: AddressSpace, va: int) -> None:
        """`va` may be 0.  AccessViolation."""
        self._space, self._va = space, va
        self._given = PS_CREATE_INFO()
        if va:
            space.probe_write(va, PS_CREATE_INFO.SIZE)
            self._given = PS_CREATE_INFO.from_bytes(space.read(va, PS_CREATE_INFO.SIZE))

    @property
    def takes_redirection(self) -> bool:
        """Whether the creator wants to know of a debugger that is to be started instead."""
        return bool(self._va) and not self._given.Detail & IFEO_SKIP_DEBUGGER

    @property
    def wants_output(self) -> bool:
        """Whether the creator wants to have all that `succeed` tells."""
        return bool(self._va) and bool(self._given.Detail & WRITE_OUTPUT_ON_EXIT)

    def store(self, state: PS_CREATE_STATE, detail: int = 0) -> None:
        """Tell how far creation came.  AccessViolation."""
        if self._va:
            data = state.to_bytes(4, "little") + detail.to_bytes(4, "little")
            self._space.write(self._va + PS_CREATE_INFO.State.offset, data)

    def succeed(self, made: Made | None) -> None:
        """Tell that there is the process.  AccessViolation."""
        self.store(PS_CREATE_STATE.SUCCESS)
        if made is None:
            return
        told = PS_CREATE_INFO(
            Size=self._given.Size,
            State=PS_CREATE_STATE.SUCCESS,
            FileHandle=made.file_handle,
            SectionHandle=made.section_handle,
            UserProcessParametersNative=made.parameters_va,
            CurrentParameterFlags=made.parameter_flags,
            PebAddressNative=made.peb_va,
        )
        self._space.write(self._va, bytes(told))
