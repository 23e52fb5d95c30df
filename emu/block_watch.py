"""Tells of every basic block that ring 3 begins to execute; an order of magnitude slower."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emu.hooks import HookPort

_SYSTEM_BASE = 0x80000000
_HOOK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p)


class BlockWatch:
    """Calls a function with the address and the bytes of each block, while there is one."""

    def __init__(self, port: HookPort, abort: Callable[[BaseException], None]) -> None:
        """`abort` lets the run end with an exception."""
        self._port, self._abort = port, abort
        self._tell: Callable[[int, int], None] = _nobody
        self._callback = _HOOK(self._on_block)
        self._handles: list[int] = []

    def set(self, tell: Callable[[int, int], None] | None) -> None:
        """Begin to tell `tell`, or nobody any more; not while the CPU runs."""
        if self._handles:
            self._port.remove(self._handles)
            self._handles = []
        self._tell = tell or _nobody
        if tell is not None:
            self._handles = [self._port.add_block(self._callback)]

    def _on_block(self, _engine: int, va: int, size: int, _data: int) -> None:
        """Nothing may be raised through the engine's C code."""
        if va >= _SYSTEM_BASE:
            return
        try:
            self._tell(va, size)
        except BaseException as failure:  # noqa: BLE001  raised again by `Cpu.run`
            self._abort(failure)


def _nobody(va: int, size: int) -> None:
    """Nobody listens."""
