"""Calls that are many: a code says which, and the userland what codes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provider.nt.handles import nt_part
from provider.nt.win32k.dialect import DIALECTS, EARLY

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.thread import Thread
    from provider.nt.win32k.dialect import Dialect

    Function = Callable[..., Any]


def dialect_of(thread: Thread) -> Dialect:
    """How the thread's user32 speaks."""
    return DIALECTS.get(nt_part(thread.process).userland.window_calls, EARLY)


class CodedCalls:
    """The functions behind one such call, by name."""

    def __init__(self, field: str, title: str) -> None:
        """`field` is that of `Dialect` with the order of the names."""
        self._field, self._title = field, title
        self._functions: dict[str, Function] = {}

    def __call__(self, function: Function) -> Function:
        """Declare a function; its name is that of the dialects."""
        self._functions[function.__name__] = function
        return function

    def declare(self, name: str, function: Function) -> None:
        """Declare a function under another name."""
        self._functions[name] = function

    def find(self, thread: Thread, code: int) -> Function:
        """What a code stands for; one that is not implemented is told of, and does nothing."""
        names: tuple[str, ...] = getattr(dialect_of(thread), self._field)
        name = names[code] if code < len(names) else f"{code:#x}"
        function = self._functions.get(name)
        if function is None:
            nt_part(thread.process).provider.report_unknown(f"{self._title} ({name})")
            return _nothing
        return function


def _nothing(*arguments: object) -> int:
    return 0


no_param = CodedCalls("no_param", "NtUserCallNoParam")
one_param = CodedCalls("one_param", "NtUserCallOneParam")
two_param = CodedCalls("two_param", "NtUserCallTwoParam")
window_call = CodedCalls("hwnd", "NtUserCallHwnd")
window_param = CodedCalls("hwnd_param", "NtUserCallHwndParam")
