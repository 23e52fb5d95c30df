"""Every call of win32u with arguments that no sane program passes: each ends in a result."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest

import provider.nt.win32k.calls  # noqa: F401  declares them
from provider.kernel.thread import ThreadState
from provider.nt import startup
from provider.nt.dispatch import BoundCall
from provider.nt.ke.callback import Reply, return_from_callback
from provider.nt.table import win32k, wine
from provider.nt.win32k.cursor_calls import CreateCursorIcon
from provider.nt.win32k.device_context import gdi_of, make_context
from provider.nt.win32k.dialect import EARLY
from provider.nt.win32k.last_error import BoundUserCall
from provider.nt.win32k.procedure import Procedure
from provider.nt.win32k.window_class import WindowClass
from tests.provider.nt.hostile import BUFFER_BYTES, NUMBERS, Hostile
from tests.provider.nt.synthetic import CODE_VA, NtMachine

if TYPE_CHECKING:
    from provider.nt.win32k.desktop import Desktop
    from provider.nt.win32k.window import Window

NUMBER = 0x1234
ROUNDS = 150
MOST_CALLBACKS = 60
CODES = ("CallNoParam", "CallOneParam", "CallTwoParam", "CallHwnd", "CallHwndParam", "MessageCall")
KINDS = (0x29E, 0x2AB, 0x2B1, 0x2B3, 0x2B7, 0x3001, 0x3003, 0x304)
CALLS = [call.name for call in win32k.implemented()] + ["wine_server_call"]
MESSAGES = (1, 2, 0xC, 0xD, 0xE, 0x10, 0x46, 0x47, 0x80, 0x81, 0x83, 0x112, 0x113, 0x400)


def make_window(machine: NtMachine, desktop: Desktop, parent: Window) -> Window:
    part = desktop.process(machine.process)
    if not part.classes:
        names = EARLY.procedures
        part.procedures.set_own(names, [Procedure(0x401000 + n, 0x402000) for n in range(14)])
        desktop.add_builtin_classes(part)
        part.classes.insert(0, WindowClass(0xC123, "mine", "mine", 0x401000))
    window = desktop.add(part.classes[0], machine.thread, parent)
    assert window is not None
    window.extra = bytearray(8)
    return window


def arguments_of(
    chooser: random.Random,
    name: str,
    count: int,
    pool: list[int],
    handles: list[int],
    gdi: list[int],
    class_va: int,
) -> list[int]:
    chosen = [chooser.choice(pool) for _ in range(count)]
    if chooser.random() < 0.6 and count:
        chosen[0] = chooser.choice(gdi if "Gdi" in name else handles)
    if chooser.random() < 0.8 and name == "NtUserCreateWindowEx":
        chosen[1], chosen[9] = class_va, chooser.choice((0, 0xFFFFFFFD, *handles))
    if chooser.random() < 0.8 and count:
        if name.endswith(CODES[:5]):
            chosen[-1] = chooser.randrange(max(map(len, EARLY[:5])))
        elif name.endswith("MessageCall"):
            chosen[1], chosen[5] = chooser.choice(MESSAGES), chooser.choice(KINDS)
        elif name.endswith(("Long", "LongPtr", "Word")) and count > 1:
            chosen[1] = chooser.randrange(-40, 12) & 0xFFFFFFFF
    return chosen


class Caller:
    """A process with windows that makes one of the calls again and again."""

    def __init__(self, name: str, seed: random.Random) -> None:
        self.hostile, self.name, self.chooser = Hostile(traced=False), name, seed
        self._prepare()

    def _prepare(self) -> None:
        machine = self.machine = self.hostile.machine
        call = win32k.get(self.name) or wine.get(self.name)
        assert call is not None
        self.count = call.argument_bytes // 4
        kind = BoundCall if self.name == "wine_server_call" else BoundUserCall
        machine.context.calls[NUMBER] = kind(self.name, call, call.argument_bytes)
        entries = machine.context.entries
        machine.context.entries = entries._replace(callback_dispatcher=CODE_VA)
        desktop = machine.provider.desktop
        self.windows = [make_window(machine, desktop, desktop.root)]
        self.windows.append(make_window(machine, desktop, self.windows[0]))
        self.windows.append(make_window(machine, desktop, desktop.message_root))
        self.cursor = CreateCursorIcon(machine.thread, 1)
        table = gdi_of(machine.thread)
        assert table is not None
        self.gdi = [table.stock(number) for number in (0, 7, 13, 15, 20)]
        self.gdi += [make_context(machine.thread, is_memory=each) for each in (False, True)]

    def pool(self) -> list[int]:
        buffer = self.hostile.buffer
        handles = [window.handle for window in self.windows]
        buffers = [buffer, buffer + 0x200, buffer + 0x400, buffer + 0x800]
        return [
            *NUMBERS,
            *self.hostile.pointers,
            *handles * 5,
            *buffers * 4,
            self.cursor,
            *self.gdi * 2,
        ]

    def fill(self) -> None:
        words = [self.chooser.choice(self.pool()) for _ in range(BUFFER_BYTES // 8)]
        buffer = self.hostile.buffer
        self.machine.write(buffer, *words)
        text = "mine\0".encode("utf-16-le")
        self.machine.process.space.write(buffer + 0x400, struct.pack("<2HI", 8, 10, buffer + 0x410))
        self.machine.process.space.write(buffer + 0x410, text)
        if self.name == "wine_server_call":
            self.machine.write(buffer, self.chooser.choice((112, 138, 142, 160, 179, 7)))

    def call(self) -> None:
        machine, thread = self.machine, self.machine.thread
        machine.kernel.scheduler.running, thread.state = thread, ThreadState.RUNNING
        handles = [window.handle for window in self.windows]
        class_va = self.hostile.buffer + 0x400
        pool = self.pool()
        chooser, name = self.chooser, self.name
        arguments = arguments_of(chooser, name, self.count, pool, handles, self.gdi, class_va)
        machine.write(self.hostile.stack, *arguments)
        registers = thread.registers
        registers.eax, registers.edx = NUMBER, self.hostile.stack
        machine.provider.dispatch_system_call(thread, 0x2E)
        self._answer_callbacks()
        assert 0 <= registers.eax <= 0xFFFFFFFF
        if thread.call is not None or thread.context.callbacks:
            self._replace()

    def _answer_callbacks(self) -> None:
        """Return from window procedures, with anything; some never do."""
        thread = self.machine.thread
        for _ in range(MOST_CALLBACKS):
            if not thread.context.callbacks or thread.call is not None:
                return
            words = [self.chooser.choice(self.pool()) for _ in range(40)]
            self.machine.write(thread.registers.esp & ~0xFFF, *words)
            buffer = self.chooser.choice((self.hostile.buffer, *self.hostile.pointers))
            reply = Reply(0, buffer, self.chooser.choice((0, 4, 4, 4)))
            return_from_callback(thread, reply)

    def _replace(self) -> None:
        machine, before = self.machine, self.machine.thread
        new = startup.create_initial_thread(machine.provider, machine.process)
        new.suspend_count = 0
        machine.kernel.scheduler.running = None
        machine.kernel.terminate_thread(before, 0)
        machine.thread = new
        desktop = machine.provider.desktop
        self.windows = [make_window(machine, desktop, desktop.root) for _ in range(2)]


@pytest.mark.parametrize("name", CALLS)
def test_any_argument_gives_a_result(name: str) -> None:
    caller = Caller(name, random.Random(name))
    for _ in range(ROUNDS):
        caller.fill()
        caller.call()
