"""System calls, declared once: a handler's signature marshals, traces and documents.

    @table.syscall(partial="Large pages are refused.")
    def NtAllocateVirtualMemory(thread: Thread, ProcessHandle: HANDLE, BaseAddress: Ref[PVOID]) …

Each parameter but the first stands for one 32-bit argument word; its annotation names a codec:

    T            the codec's value, captured when the call begins
    T | None     the same, where a NULL pointer gives None
    Ref[T]       a pointer to a T that is read and written
    Out[T]       a pointer to a T that is written

Codecs are looked up when the handler is declared, never per call.  A handler that can wait is
`async def`.  What the handler returns is the status; None is success.
"""

from __future__ import annotations

import struct
import types
import typing
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from emu.named_tuple import NamedTuple
from emu.struct import Struct
from provider.codec import STRANGER, Codec, Record, UserMemory, Viewer

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_CO_COROUTINE = 0x80
"""`_CO_COROUTINE`; to import that module takes 5 ms of every start."""


class Ref(Generic[T]):
    """A pointer that the guest passed: `value` reads what was captured, and writes to the guest."""

    __slots__ = ("_codec", "_memory", "_stored", "_value", "address")

    def __init__(self, codec: Codec[T], memory: UserMemory, address: int, value: T | None) -> None:
        self._codec, self._memory, self.address, self._value = codec, memory, address, value
        self._stored: bytes | None = None

    @property
    def has_value(self) -> bool:
        """Whether there is one."""
        return self._value is not None or self._stored is not None

    @property
    def value(self) -> T:
        """The captured value, or what was stored last."""
        if self._stored is not None:
            self._value, self._stored = self._codec.from_bytes(self._stored), None
        if self._value is None:
            raise LookupError("an output parameter was read before it was set")
        return self._value

    @value.setter
    def value(self, value: T) -> None:
        self._memory.write(self.address, self._codec.store(value))
        self._value = value

    def put(self, data: bytes) -> None:
        """Set `value` by its bytes, which are decoded only if somebody asks."""
        self._memory.write(self.address, data)
        self._stored = data

    def show(self, viewer: Viewer = STRANGER) -> str:
        """The value in a trace line; the address alone while there is none."""
        if not self.has_value:
            return f"{self.address:#x}"
        return f"{self.address:#x} [{self._codec.show(self.value, viewer)}]"


class Out(Ref[T]):
    """A pointer that is only written."""

    __slots__ = ()


class Parameter:
    """One parameter of a system call: `decode` makes its value, None if the word is the value."""

    __slots__ = ("codec", "decode", "direction", "name", "optional")

    def __init__(self, name: str, annotation: Any) -> None:
        self.name = name
        self.optional, inner = _without_none(annotation)
        self.direction = get_origin(inner) if get_origin(inner) in (Ref, Out) else None
        if self.direction:
            (inner,) = get_args(inner)
        self.codec: Codec[Any] = _codec_of(name, inner)
        self.decode: Callable[[UserMemory, int], Any] | None = self._decoder()

    def show(self, value: Any, viewer: Viewer = STRANGER) -> str:
        """The value in a trace line."""
        if value is None:
            return "NULL"
        if isinstance(value, Ref):
            return value.show(viewer)
        return self.codec.show(value, viewer)

    @property
    def shower(self) -> Callable[[Any, Viewer], str]:
        """The same as `show`, as directly as the parameter's kind allows."""
        return self.show if self.direction or self.optional else self.codec.show

    def show_result(self, value: Ref[Any], before: str, viewer: Viewer) -> str:
        """The same after the call, which may have stored another value; `before` is as `show`."""
        after = value.show(viewer)
        if self.direction is Out or after == before:
            return after
        return f"{before[:-1]} => {after.partition('[')[2]}"

    def _decoder(self) -> Callable[[UserMemory, int], Any] | None:
        codec = self.codec
        decode: Callable[[UserMemory, int], Any]
        if self.direction is Out:
            decode = _out_decoder(codec)
        elif self.direction is Ref:
            decode = _ref_decoder(codec)
        elif codec.by_pointer:
            decode = codec.load
        elif codec.is_plain_word and not self.optional:
            return None
        else:
            decode = _word_decoder(codec)
        if not self.optional:
            return decode
        return lambda memory, word: decode(memory, word) if word else None


def _word_decoder(codec: Codec[T]) -> Callable[[UserMemory, int], T]:
    from_word = codec.from_word
    return lambda memory, word: from_word(word)


def _out_decoder(codec: Codec[T]) -> Callable[[UserMemory, int], Out[T]]:
    size = codec.size
    if codec.clears_output:
        zeros = bytes(size)

        def clear(memory: UserMemory, word: int) -> Out[T]:
            memory.write(word, zeros)
            return Out(codec, memory, word, None)

        return clear

    def decode(memory: UserMemory, word: int) -> Out[T]:
        memory.probe_write(word, size)
        return Out(codec, memory, word, None)

    return decode


def _ref_decoder(codec: Codec[T]) -> Callable[[UserMemory, int], Ref[T]]:
    size, load = codec.size, codec.load

    def decode(memory: UserMemory, word: int) -> Ref[T]:
        memory.probe_write(word, size)
        return Ref(codec, memory, word, load(memory, word))

    return decode


class Syscall:
    """One declared system call."""

    def __init__(self, handler: Callable[..., Any], partial: str | None) -> None:
        self.handler, self.name, self.partial = handler, handler.__name__, partial
        code = handler.__code__
        self.is_async = bool(code.co_flags & _CO_COROUTINE)
        self.names = code.co_varnames[1 : code.co_argcount]
        """The parameters' names."""

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, resolved once: two hundred calls at start-up would cost 10 ms."""
        hints, names = self.handler.__annotations__, self.handler.__globals__
        return tuple(Parameter(name, _evaluated(hints[name], names)) for name in self.names)

    @cached_property
    def decoders(self) -> tuple[tuple[int, Callable[[UserMemory, int], Any]], ...]:
        """The places of the words that are not their own values, and what makes those."""
        decoders = enumerate(parameter.decode for parameter in self.parameters)
        return tuple((index, decode) for index, decode in decoders if decode is not None)

    @cached_property
    def viewers(
        self,
    ) -> tuple[tuple[Callable[[UserMemory, int], Any] | None, Callable[[Any, Viewer], str]], ...]:
        """For each parameter what makes its value, and what shows it in a trace."""
        return tuple((parameter.decode, parameter.shower) for parameter in self.parameters)

    @cached_property
    def references(self) -> tuple[tuple[int, Parameter], ...]:
        """The parameters through which the call may store something, and their places."""
        parameters = enumerate(self.parameters)
        return tuple((index, each) for index, each in parameters if each.direction is not None)

    @cached_property
    def words(self) -> struct.Struct:
        """Unpacks the arguments from the caller's stack."""
        return struct.Struct(f"<{len(self.names)}I")

    @cached_property
    def component(self) -> str:
        """The folder that declares the call, below `provider`: `nt/mm`."""
        return "/".join(self.handler.__module__.split(".")[1:-1])

    @property
    def argument_bytes(self) -> int:
        """Bytes of arguments on the caller's stack."""
        return 4 * len(self.names)

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]


class MissingSyscall(NamedTuple):
    """A call that user mode may make and that is not implemented."""

    name: str
    argument_bytes: int


class SyscallTable:
    """The system calls of one personality, in the order of their names."""

    def __init__(self) -> None:
        self._calls: dict[str, Syscall] = {}
        self._missing: dict[str, MissingSyscall] = {}

    def syscall(self, *, partial: str | None = None) -> Callable[[T], T]:
        """Declare the decorated function as a system call; `partial` says what is missing."""

        def declare(handler: T) -> T:
            call = Syscall(typing.cast("Callable[..., Any]", handler), partial)
            if call.name in self._calls:
                raise ValueError(f"{call.name} is declared twice")
            self._calls[call.name] = call
            return handler

        return declare

    def get(self, name: str) -> Syscall | None:
        """The call of that name."""
        return self._calls.get(name)

    def knows(self, name: str) -> bool:
        """Whether a call of that name is declared, be it as missing."""
        return name in self._calls or name in self._missing

    def declare_missing(self, name: str, argument_bytes: int) -> None:
        """Name a call that user mode may make and gets STATUS_NOT_IMPLEMENTED from."""
        self._missing[name] = MissingSyscall(name, argument_bytes)

    def __iter__(self) -> Iterator[Syscall | MissingSyscall]:
        calls: dict[str, Syscall | MissingSyscall] = {**self._missing, **self._calls}
        return iter([calls[name] for name in sorted(calls)])

    def missing(self) -> list[MissingSyscall]:
        """The calls without one, in the order of their names."""
        return [self._missing[name] for name in sorted(self._missing)]

    def implemented(self) -> list[Syscall]:
        """The calls with a handler, in the order of their names."""
        return [self._calls[name] for name in sorted(self._calls)]


def _evaluated(annotation: Any, names: dict[str, Any]) -> Any:
    """What an annotation means; `typing.get_type_hints` takes three times as long."""
    if not isinstance(annotation, str):
        return annotation
    return names[annotation] if annotation in names else eval(annotation, names)


def _without_none(annotation: Any) -> tuple[bool, Any]:
    """Whether an annotation admits None, and the annotation without it."""
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return True, members[0]
    return False, annotation


def _codec_of(name: str, annotation: Any) -> Codec[Any]:
    """The codec that an annotation names; raises TypeError where it names none."""
    if get_origin(annotation) is Annotated:
        for extra in get_args(annotation)[1:]:
            if isinstance(extra, Codec):
                return extra
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return Record(annotation)
    raise TypeError(f"parameter {name}: {annotation!r} has no codec")
