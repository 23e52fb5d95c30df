"""The engine's hooks: what calls back while code runs."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from emu.engine import HOOK_BLOCK, HOOK_CODE, HOOK_READ, HOOK_WRITE, check, uclib

if TYPE_CHECKING:
    from collections.abc import Callable

Span = tuple[int, int]
"""The first and the last address; everywhere, if the first one is above the last."""
EVERYWHERE: Span = 1, 0


class HookPort:
    """How hooks get into an engine and out of it."""

    def __init__(
        self, engine: ctypes.c_void_p, change: Callable[[Callable[[], None]], None]
    ) -> None:
        """`change` does what removes hooks in a state in which the engine can."""
        self._engine, self._change = engine, change
        self._permanent: list[object] = []

    def add(self, kind: int, callback: object, instruction: int | None = None) -> None:
        """Install a hook for good."""
        self._permanent.append(callback)
        self._install(kind, callback, EVERYWHERE, instruction)

    def add_code(self, callback: object, span: Span) -> int:
        """Call `callback` before instructions in `span`; the handle of the hook."""
        return self._install(HOOK_CODE, callback, span)

    def add_block(self, callback: object) -> int:
        """Call `callback` before each basic block; the handle of the hook."""
        return self._install(HOOK_BLOCK, callback, EVERYWHERE)

    def add_data(self, callback: object, span: Span, *, writes: bool) -> int:
        """Call `callback` at loads, or at stores, that begin in `span`; the hook's handle."""
        return self._install(HOOK_WRITE if writes else HOOK_READ, callback, span)

    def remove(self, handles: list[int]) -> None:
        """Take hooks away, and forget all code that was translated with them."""

        def delete() -> None:
            for handle in handles:
                uclib.uc_hook_del(self._engine, ctypes.c_size_t(handle))

        self._change(delete)

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
