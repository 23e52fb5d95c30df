"""Unicorn's library through ctypes: an engine of 32-bit x86, its contexts, and the calls of it.

The package's own binding is made for ten architectures; importing it takes 15 ms longer than
loading the library does, a tenth of the whole start of a run.  The numbers are those of unicorn.h
and x86.h of the version that pyproject.toml names.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import os
import sys
import weakref

_ARCH_X86, _MODE_32, _PROT_ALL = 4, 4, 7
_CPU_WESTMERE = 16
_CTL_USE_EXITS, _CTL_CPU_MODEL, _CTL_REMOVE_CACHE, _CTL_FLUSH = 4, 7, 9, 10
_CTL_TRANSLATION_SIZE = 13
_CTL_WRITE, _CTL_COUNT_AT = 1 << 30, 26

_TRANSLATION_BYTES = 64 << 20
"""Room for translated code, some 130,000 blocks; when it is full, all of it is forgotten.

The engine's own 1 GB costs a guest that keeps writing code one page of fresh memory after another.
"""

HOOK_INTERRUPT, HOOK_INSTRUCTION, HOOK_CODE, HOOK_BLOCK = 1, 2, 4, 8
HOOK_READ, HOOK_WRITE, HOOK_INVALID = 0x400, 0x800, 0x4000
INSTRUCTION_IN, INSTRUCTION_OUT = 218, 500
INSTRUCTION_SYSCALL, INSTRUCTION_SYSENTER = 699, 700

REGISTERS = {
    "cs": 11, "ds": 17, "es": 28, "fs": 32, "gs": 33, "ss": 49,
    "eax": 19, "ebp": 20, "ebx": 21, "ecx": 22, "edi": 23, "edx": 24, "esi": 29, "esp": 30,
    "eflags": 25, "eip": 26, "cr0": 50, "cr3": 53, "cr4": 54, "dr3": 69,
    "gdtr": 243, "ldtr": 244, "msr": 248, "mxcsr": 249,
    "fpcw": 246, "fpsw": 31, "fptag": 247, "fip": 254, "fcs": 255, "fdp": 256, "fds": 257,
    "fop": 258,
    **{f"st{index}": 114 + index for index in range(8)},
    **{f"xmm{index}": 122 + index for index in range(8)},
}  # fmt: skip
"""The engine's numbers of the registers."""


class EngineError(Exception):
    """The engine has refused a call, or stopped by an error of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(uclib.uc_strerror(number).decode())


class TableRegister(ctypes.Structure):
    """What the engine takes for GDTR and LDTR (`uc_x86_mmr`)."""

    _fields_ = (
        ("selector", ctypes.c_uint16),
        ("base", ctypes.c_uint64),
        ("limit", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    )


class ModelRegister(ctypes.Structure):
    """What the engine takes for a model-specific register (`uc_x86_msr`)."""

    _fields_ = (("number", ctypes.c_uint32), ("value", ctypes.c_uint64))


_STRUCTURES = {"gdtr": TableRegister, "ldtr": TableRegister, "msr": ModelRegister}


class Engine:
    """One engine: a processor with SSE4.2 and without AVX, and no memory yet."""

    def __init__(self) -> None:
        self.handle = ctypes.c_void_p()
        check(uclib.uc_open(_ARCH_X86, _MODE_32, ctypes.byref(self.handle)))
        weakref.finalize(self, uclib.uc_close, self.handle)
        self._control(_CTL_CPU_MODEL, ctypes.c_int(_CPU_WESTMERE))
        self._try(_CTL_TRANSLATION_SIZE, ctypes.c_uint32(_TRANSLATION_BYTES))  # not before 2.1
        self._control(_CTL_USE_EXITS, ctypes.c_int(1))  # an `until` address costs page walks

    def map(self, size: int, host_address: int) -> None:
        """Let `size` bytes of this process from `host_address` on be the memory from 0 on."""
        check(uclib.uc_mem_map_ptr(self.handle, 0, size, _PROT_ALL, host_address))

    def start(self, eip: int) -> None:
        """Run from `eip` until something stops the engine."""
        check(uclib.uc_emu_start(self.handle, eip, 0, 0, 0))

    def stop(self) -> None:
        """Make it stop after the present block."""
        uclib.uc_emu_stop(self.handle)

    def read(self, register: str) -> int:
        """A register of at most 64 bits."""
        value = ctypes.c_uint64()
        check(uclib.uc_reg_read(self.handle, REGISTERS[register], ctypes.byref(value)))
        return value.value

    def write(self, register: str, value: int | tuple[int, ...]) -> None:
        """Set a register; those of several parts take a tuple."""
        number = ctypes.c_uint64(value) if isinstance(value, int) else _STRUCTURES[register](*value)
        check(uclib.uc_reg_write(self.handle, REGISTERS[register], ctypes.byref(number)))

    def flush(self) -> None:
        """Forget all translated code."""
        self._control(_CTL_FLUSH)

    def remove(self, first: int, end: int) -> None:
        """Forget the code that was translated from addresses of the present space."""
        self._control(_CTL_REMOVE_CACHE, *map(ctypes.c_uint64, (first, end)))

    def _control(self, what: int, *arguments: object) -> None:
        check(self._try(what, *arguments))

    def _try(self, what: int, *arguments: object) -> int:
        code = what | _CTL_WRITE | len(arguments) << _CTL_COUNT_AT
        error: int = uclib.uc_ctl(self.handle, code, *arguments)
        return error


class Context:
    """One of the engine's context blobs, filled with its state, and a view of the bytes."""

    __slots__ = ("__weakref__", "handle", "view")

    def __init__(self, engine: Engine) -> None:
        self.handle = ctypes.c_void_p()
        check(uclib.uc_context_alloc(engine.handle, ctypes.byref(self.handle)))
        weakref.finalize(self, uclib.uc_context_free, self.handle)
        size = uclib.uc_context_size(engine.handle)
        self.view = memoryview((ctypes.c_char * size).from_address(self.handle.value or 0)).cast(
            "B"
        )
        check(uclib.uc_context_save(engine.handle, self.handle))


def check(error: int) -> None:
    """Raise EngineError unless a call has said that all is well."""
    if error:
        raise EngineError(error)


def _load() -> ctypes.CDLL:
    """The library of LIBUNICORN_PATH, the package's, or else the system's.  OSError."""
    package = importlib.machinery.PathFinder.find_spec("unicorn")
    places = [os.environ.get("LIBUNICORN_PATH")]
    places += package.submodule_search_locations or [] if package is not None else []
    name = "libunicorn.2.dylib" if sys.platform == "darwin" else "libunicorn.so.2"
    for place in filter(None, places):
        for path in (os.path.join(place, name), os.path.join(place, "lib", name)):
            if os.path.exists(path):
                return ctypes.CDLL(path)
    return ctypes.CDLL(name)


def _declare(library: ctypes.CDLL) -> None:
    """Types of the arguments, for those calls that a plain int or a handle is passed to."""
    handle, number, word = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint64
    size = ctypes.c_size_t
    signatures = {
        "uc_open": (number, number, handle),
        "uc_close": (handle,),
        "uc_ctl": (handle, ctypes.c_uint32),
        "uc_mem_map_ptr": (handle, word, word, ctypes.c_uint32, handle),
        "uc_emu_start": (handle, word, word, word, size),
        "uc_emu_stop": (handle,),
        "uc_hook_add": (handle, handle, number, handle, handle, word, word),
        "uc_hook_del": (handle, size),
        "uc_reg_read": (handle, number, handle),
        "uc_reg_write": (handle, number, handle),
        "uc_reg_read_batch": (handle, handle, handle, number),
        "uc_reg_write_batch": (handle, handle, handle, number),
        "uc_context_alloc": (handle, handle),
        "uc_context_free": (handle,),
        "uc_context_size": (handle,),
        "uc_context_save": (handle, handle),
        "uc_context_restore": (handle, handle),
        "uc_strerror": (number,),
    }
    for name, types in signatures.items():
        getattr(library, name).argtypes = types
    library.uc_context_size.restype = size
    library.uc_strerror.restype = ctypes.c_char_p


uclib = _load()
_declare(uclib)
