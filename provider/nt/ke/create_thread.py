"""What the creation of a thread takes: stack sizes, flags, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.handles import nt_part
from provider.nt.ps import attributes
from provider.nt.ps.creation import tell_creators_parameters
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import CLIENT_ID, TEB
from provider.nt.user_thread import Stack, create_thread

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.structs.ke import INITIAL_TEB, PS_ATTRIBUTE

CREATE_SUSPENDED = 0x01
SKIP_THREAD_ATTACH = 0x02
HIDE_FROM_DEBUGGER = 0x04
KNOWN_FLAGS = 0xFF
"""With HAS_SECURITY_DESCRIPTOR, ACCESS_CHECK_IN_TARGET, SKIP_LOADER_INIT, INITIAL_THREAD (phnt)."""
_TEB_SKIP_THREAD_ATTACH = 0x0008
_LARGEST_STACK = 0x7FFF0000


class Request(NamedTuple):
    """Where a thread starts, and the bytes of stack to commit and reserve; 0: as the image says.

    `zero_bits`: how many high bits of the stack's address must be 0.
    """

    start: int
    argument: int
    commit: int
    reserve: int
    zero_bits: int = 0


class Attributes(NamedTuple):
    """Where the caller wants to be told of the new thread."""

    outputs: tuple[PS_ATTRIBUTE, ...]

    def store(self, caller: Thread, new: Thread) -> None:
        """Fill the output attributes.  AccessViolation."""
        space = caller.process.space
        for attribute in self.outputs:
            if attribute.Attribute == attributes.CLIENT_ID:
                data = bytes(CLIENT_ID(UniqueProcess=new.process.id, UniqueThread=new.id))
            else:
                data = new.context.teb_va.to_bytes(4, "little")
            attributes.tell(space, attribute, data)


def read_attributes(caller: Thread, va: int) -> Attributes:
    """The output attributes of a PS_ATTRIBUTE_LIST.  NtError INVALID_PARAMETER, AccessViolation.

    What they point to is probed, so that storing into it fails only if another thread interferes.
    """
    space = caller.process.space
    known = (attributes.CLIENT_ID, attributes.TEB_ADDRESS)
    outputs = tuple(item for item in attributes.read_list(space, va) if item.Attribute in known)
    for attribute in outputs:
        space.probe_write(attribute.Value, min(attribute.Size, CLIENT_ID.SIZE))
    return Attributes(outputs)


def start_thread(process: Process, request: Request) -> Thread:
    """A suspended thread.  NtError NO_MEMORY, and what `create_thread` raises."""
    context = nt_part(process)
    image = context.image
    if max(request.commit, request.reserve) > _LARGEST_STACK:
        raise NtError(NTSTATUS.NO_MEMORY)
    commit = request.commit or image.stack_commit
    reserve = request.reserve or image.stack_reserve
    tell_creators_parameters(process)
    return create_thread(
        context.provider,
        process,
        request.start,
        request.argument,
        reserve=reserve,
        commit=commit,
        zero_bits=request.zero_bits,
    )


def initial_stack(initial: INITIAL_TEB) -> Stack:
    """The stack that NtCreateThread's caller names; an old one has no allocation of its own."""
    if initial.OldStackBase or initial.OldStackLimit:
        return Stack(0, initial.OldStackLimit, initial.OldStackBase)
    return Stack(initial.StackAllocationBase, initial.StackLimit, initial.StackBase)


def apply_flags(new: Thread, flags: int) -> None:
    """Do what the creation flags say beside suspension."""
    new.context.is_hidden_from_debugger = bool(flags & HIDE_FROM_DEBUGGER)
    if flags & SKIP_THREAD_ATTACH:
        va = new.context.teb_va + TEB.SameTebFlags.offset
        new.process.space.write(va, _TEB_SKIP_THREAD_ATTACH.to_bytes(2, "little"))
