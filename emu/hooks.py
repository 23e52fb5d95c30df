"""The engine's hooks: what calls back while code runs."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from emu.engine import HOOK_BLOCK, HOOK_CODE, HOOK_READ, HOOK_WRITE, check, uclib
from emu.leave import LeavingHook

if TYPE_CHECKING:
    from collections.abc import Callable

    from emu.exit_checks import ExitChecks

Interrupt = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)
Invalid = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)
Entry = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
PortIn = ctypes.CFUNCTYPE(
    ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_void_p
)
PortOut = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p
)

Span = tuple[int, int]
"""The first and the last address; everywhere, if the first one is above the last."""
EVERYWHERE: Span = 1, 0


class HookPort:
    """How hooks get into an engine and out of it."""

    def __init__(
        self,
        engine: ctypes.c_void_p,
        checks: ExitChecks,
        change: Callable[[Callable[[], None]], None],
    ) -> None:
        """`change` does what removes hooks in a state in which the engine can."""
        self._engine, self._checks, self._change = engine, checks, change
        self._permanent: list[object] = []
        self._watching: set[int] = set()
        checks.require(False)

    def add(self, kind: int, callback: object, instruction: int | None = None) -> None:
        """Install a hook for good; a request to stop that it makes waits for the block's end."""
        self._permanent.append(callback)
        self._install(kind, callback, EVERYWHERE, instruction)

    def add_leaving(self, kind: int, callback: object, instruction: int) -> None:
        """Install a hook for good that is left at once by a request to stop."""
        leaving = LeavingHook(callback, self._checks.leave)
        self._permanent.append(leaving)
        self.add(kind, leaving.hook, instruction)

    def add_code(self, callback: object, span: Span) -> int:
        """Call `callback` before instructions in `span`; the handle of the hook."""
        return self._watch(HOOK_CODE, callback, span)

    def add_block(self, callback: object) -> int:
        """Call `callback` before each basic block; the handle of the hook."""
        return self._watch(HOOK_BLOCK, callback, EVERYWHERE)

    def add_data(self, callback: object, span: Span, *, writes: bool) -> int:
        """Call `callback` at loads, or at stores, that begin in `span`; the hook's handle."""
        return self._watch(HOOK_WRITE if writes else HOOK_READ, callback, span)

    def remove(self, handles: list[int]) -> None:
        """Take hooks away, and forget all code that was translated with them."""

        def delete() -> None:
            for handle in handles:
                uclib.uc_hook_del(self._engine, ctypes.c_size_t(handle))

        self._watching.difference_update(handles)
        self._checks.require(bool(self._watching))
        self._change(delete)

    def _watch(self, kind: int, callback: object, span: Span) -> int:
        self._checks.require(True)
        handle = self._install(kind, callback, span)
        self._watching.add(handle)
        return handle

    def _install(
        self, kind: int, callback: object, span: Span, instruction: int | None = None
    ) -> int:
        handle = ctypes.c_size_t()
        extra = [] if instruction is None else [ctypes.c_int(instruction)]
        address = ctypes.cast(callback, ctypes.c_void_p)  # type: ignore[arg-type]  # or a c_void_p
        check(
            uclib.uc_hook_add(
                self._engine,
                ctypes.byref(handle),
                kind,
                address,
                None,
                *map(ctypes.c_uint64, span),
                *extra,
            )
        )
        return handle.value
