"""Callbacks from kernel code into user mode, and the way back."""

from __future__ import annotations

import struct
from collections.abc import Callable, Coroutine

import pytest

from emu.assemble import assemble
from provider.kernel.ke.wait import wait_for
from provider.kernel.thread import Thread
from provider.nt.dispatch import BoundCall
from provider.nt.ke.callback import Reply, call_user_mode
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import ULONG  # noqa: TC001  codecs read annotations
from provider.syscall import Syscall
from tests.provider.nt import synthetic
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, NtMachine, start

CALL = 0xF10
"""The number of the test's own system call, which calls user mode."""
END = f"mov ebx,eax; mov eax,{synthetic.REPORT_END}; int 0x2e"
DISPATCHER = f"mov eax,{CODE_VA + 0x100}; jmp eax"
RETURN = "mov ecx,[esp+8]; mov edx,[esp+12]; int 0x2b"

Handler = Callable[[Thread, int], Coroutine[None, object, int | None]]


def machine_with(main: str, callback: str, handler: Handler) -> NtMachine:
    """Runs `main`; callbacks run `callback`, on entry as KiUserCallbackDispatcher finds it."""
    code = assemble(main, CODE_VA).ljust(0x100, b"\xcc")
    code += assemble(callback, CODE_VA + 0x100)
    entries = {**synthetic.ENTRY_POINTS, "KiUserCallbackDispatcher": DISPATCHER}
    machine = start(code, entry_points=entries)

    async def call(thread: Thread, Depth: ULONG) -> int | None:
        return await handler(thread, Depth)

    declared = Syscall(call, None)
    bound = BoundCall(declared.name, declared, declared.argument_bytes)
    machine.process.context.calls[CALL] = bound
    return machine


def make_call(depth: int = 0) -> str:
    return f"push {depth}; mov edx,esp; mov eax,{CALL}; int 0x2e; add esp,4"


def test_without_a_callback_there_is_nothing_to_return_from() -> None:
    assert start("nop").call("NtCallbackReturn", 0, 0, 0) == NTSTATUS.NO_CALLBACK_ACTIVE
    assert start(f"int 0x2b; {END}").run() == NTSTATUS.NO_CALLBACK_ACTIVE


def test_user_mode_gets_the_argument_and_the_kernel_the_answer() -> None:
    replies: list[tuple[Reply, bytes]] = []

    async def handler(thread: Thread, depth: int) -> int:
        reply = await call_user_mode(thread, 7, b"abcdef")
        replies.append((reply, thread.process.space.read(reply.buffer, reply.length)))
        return 0x1234

    seen = f"mov eax,[esp+4]; mov [{DATA_VA}],eax; mov ecx,[esp+8]; inc byte ptr [ecx];"
    machine = machine_with(
        f"mov esi,11; mov edi,esp; {make_call()}; sub edi,esp; add eax,edi; add eax,esi; {END}",
        f"{seen} xor esi,esi; mov ebp,77; mov eax,99; mov edx,[esp+12]; int 0x2b",
        handler,
    )
    assert machine.run() == 0x1234 + 11
    assert machine.read(DATA_VA) == 7
    ((reply, data),) = replies
    assert (reply.status, reply.length, data) == (99, 6, b"bbcdef")
    assert reply.buffer % 4 == 0


def test_callbacks_nest_and_come_back_in_order() -> None:
    order: list[str] = []

    async def handler(thread: Thread, depth: int) -> int:
        order.append(f"enter {depth}")
        reply = await call_user_mode(thread, 0, struct.pack("<I", depth))
        order.append(f"leave {depth}")
        return reply.status + 1

    callback = (
        "mov ecx,[esp+8]; mov ecx,[ecx]; xor eax,eax; cmp ecx,3; je done; inc ecx; push ecx;"
        f"mov edx,esp; mov eax,{CALL}; int 0x2e; add esp,4; done: {RETURN}"
    )
    machine = machine_with(f"{make_call()}; {END}", callback, handler)
    assert machine.run() == 4
    assert order == [f"enter {at}" for at in range(4)] + [f"leave {at}" for at in (3, 2, 1, 0)]
    assert not machine.thread.user_calls


def test_the_exception_chain_is_that_of_before() -> None:
    async def handler(thread: Thread, depth: int) -> int:
        await call_user_mode(thread, 0, b"")
        return 0

    main = f"mov dword ptr fs:[0],0x5555; {make_call()}; mov eax,fs:[0]; {END}"
    callback = f"mov dword ptr fs:[0],0x6666; {RETURN}"
    assert machine_with(main, callback, handler).run() == 0x5555


def test_the_call_can_wait_after_its_callback() -> None:
    async def handler(thread: Thread, depth: int) -> int:
        await call_user_mode(thread, 0, b"")
        clock = thread.process.kernel.clock
        before = clock.interrupt_time()
        await wait_for(thread, [], due=before + 5000)
        return clock.interrupt_time() - before

    assert machine_with(f"{make_call()}; {END}", RETURN, handler).run() == 5000


def test_endless_callbacks_end_with_a_status() -> None:
    async def handler(thread: Thread, depth: int) -> int:
        return (await call_user_mode(thread, 0, b"")).status

    callback = f"{make_call()}; {RETURN}"
    assert machine_with(f"{make_call()}; {END}", callback, handler).run() == NTSTATUS.NO_MEMORY


@pytest.mark.parametrize("esp", [0, 8, 0x10000])
def test_without_a_stack_the_caller_gets_a_status(esp: int) -> None:
    async def handler(thread: Thread, depth: int) -> int:
        thread.registers.esp = esp
        try:
            await call_user_mode(thread, 0, b"x")
        except NtError as error:
            return error.status
        return 0

    main = f"mov edi,esp; {make_call()}; mov esp,edi; {END}"
    status = machine_with(main, RETURN, handler).run()
    assert status in (NTSTATUS.STACK_OVERFLOW, NTSTATUS.ACCESS_VIOLATION)


def test_a_thread_that_ends_in_a_callback_ends_the_call_that_made_it() -> None:
    closed: list[int] = []

    async def handler(thread: Thread, depth: int) -> int:
        try:
            return (await call_user_mode(thread, 0, b"")).status
        finally:
            closed.append(depth)

    callback = f"mov ebx,5; mov eax,{synthetic.REPORT_END}; int 0x2e"
    assert machine_with(make_call(3), callback, handler).run() == 5
    assert closed == [3]
