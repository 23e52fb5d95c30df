"""What a new process finds in its memory and its registers, at NT's offsets.

Offsets are written out: they are those of 32-bit Windows 10 (public symbols of ntdll, winternl.h,
ntddk.h), so that a structure declared wrong is found.
"""

from __future__ import annotations

import pytest

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.clock import DEFAULT_START
from provider.kernel.kernel import Kernel
from provider.kernel.mm import AccessViolation, AddressSpace, Protection
from provider.nt import startup
from provider.nt.context import capture, restore
from provider.nt.provider import NtProvider
from provider.nt.startup import Parameters, environment_block
from provider.nt.status import NTSTATUS
from provider.nt.structs.context import CONTEXT, CONTEXT_ALL
from provider.nt.user_thread import create_thread
from provider.nt.version import BUILD, MAJOR, MINOR
from tests.provider.nt.synthetic import (
    CODE_VA,
    NTDLL_BASE,
    PROGRAM_BASE,
    NtMachine,
    ntdll_image,
    program_image,
    start,
)

PEB, SHARED = 0x7FFDF000, 0x7FFE0000
PARAMETERS = Parameters("C:\\a.exe", "a", "C:\\", {}, "", (0, 0, 0))


@pytest.fixture
def machine() -> NtMachine:
    return start("nop", at_start=True)


def text(machine: NtMachine, va: int) -> str:
    """The UNICODE_STRING at `va`: empty, or with a zero at its end that its length leaves out."""
    if not machine.read(va, 8):
        return ""
    length, room = machine.read(va, 2), machine.read(va + 2, 2)
    buffer = machine.read(va + 4)
    assert room >= length + 2
    data = machine.process.space.read(buffer, length + 2)
    assert data[length:] == b"\0\0"
    return data[:length].decode("utf-16-le")


@pytest.mark.parametrize("size", [1 << 31, 0x7FFF0000, 0xFFFFFFFF])
def test_a_stack_too_large_is_refused(size: int) -> None:
    provider = NtProvider(Kernel(ram_bytes=16 << 20))
    image = program_image("nop")._replace(stack_reserve=size)
    process = startup.create_process(provider, image, ntdll_image(), b"", "a.exe")
    with pytest.raises(KernelError) as caught:
        startup.create_initial_thread(provider, process)
    assert caught.value.reason in (Reason.NO_MEMORY, Reason.INVALID_PARAMETER_4)
    assert not process.threads


def test_a_thread_that_cannot_be_made_leaves_nothing_behind(machine: NtMachine) -> None:
    space = machine.process.space
    before = space.virtual_size, space.committed
    machine.kernel.memory.commit_limit = machine.kernel.memory.committed + 1
    with pytest.raises(KernelError):
        create_thread(machine.provider, machine.process, CODE_VA, 0, reserve=0x10000, commit=0x1000)
    assert (space.virtual_size, space.committed) == before
    assert machine.process.threads == [machine.thread]


LONG = "x" * 0x7FFF


@pytest.mark.parametrize(
    "parameters",
    [
        PARAMETERS._replace(command_line=LONG),
        PARAMETERS._replace(image_path=LONG),
        PARAMETERS._replace(current_directory=LONG),
        PARAMETERS._replace(dll_path=LONG),
    ],
    ids=["command line", "image", "directory", "DLL path"],
)
def test_a_text_too_long_for_its_length_is_refused(
    machine: NtMachine, parameters: Parameters
) -> None:
    with pytest.raises(KernelError, match="NAME_TOO_LONG"):
        startup.set_parameters(machine.process, parameters)


def test_a_long_text_that_fits(machine: NtMachine) -> None:
    line = "x" * 0x7FFE
    parameters = PARAMETERS._replace(command_line=line)
    startup.set_parameters(machine.process, parameters)
    assert text(machine, machine.read(PEB + 0x10) + 0x40) == line


@pytest.mark.parametrize("pages", [0, 8, 40])
def test_a_process_that_cannot_be_made_is_no_process(machine: NtMachine, pages: int) -> None:
    kernel = machine.kernel
    processes = list(kernel.processes)
    before = len(kernel.memory.spaces), kernel.memory.committed
    kernel.memory.commit_limit = kernel.memory.committed + pages
    with pytest.raises(KernelError):
        startup.create_process(
            machine.provider, program_image("nop"), ntdll_image(), bytes(0x40000), "a.exe"
        )
    assert list(kernel.processes) == processes
    assert (len(kernel.memory.spaces), kernel.memory.committed) == before


def test_the_peb(machine: NtMachine) -> None:
    assert machine.context.peb_va == PEB
    expected = {
        0x08: PROGRAM_BASE,
        0x0C: 0,
        0x18: 0,
        0x64: 1,
        0x68: 0,
        0x78: 0x100000,
        0x7C: 0x2000,
        0xA4: MAJOR,
        0xA8: MINOR,
        0xAC: BUILD,
        0xB0: 2,
        0xB4: 3,
        0xB8: 6,
        0xC0: 1,
        0x1D4: 1,
    }
    assert {offset: machine.read(PEB + offset) for offset in expected} == expected
    assert machine.read(PEB + 2, 1) == 0
    assert machine.read(PEB + 0x70, 8) == (1 << 64) - 30 * 24 * 3600 * 10**7
    assert machine.read(PEB + 0x1F0, 8) == 0


def test_the_teb(machine: NtMachine) -> None:
    teb = machine.context_teb()
    assert teb == PEB - PAGE_SIZE
    top, limit, lowest = (machine.read(teb + offset) for offset in (4, 8, 0xE0C))
    assert lowest < limit < top
    expected = {
        0x00: 0xFFFFFFFF,
        0x18: teb,
        0x20: machine.process.id,
        0x24: machine.thread.id,
        0x2C: 0,
        0x30: PEB,
        0x34: 0,
        0xC4: 0x409,
        0x6B4: machine.process.id,
        0x6B8: machine.thread.id,
        0xBF4: 0,
        0xBFC: teb + 0xC00,
    }
    assert {offset: machine.read(teb + offset) for offset in expected} == expected
    assert machine.read(teb + 0xBFA, 2) == 522


def test_the_stack(machine: NtMachine) -> None:
    """Committed as the header says, a guard page below, reserved down to its end."""
    space = machine.process.space
    teb = machine.context_teb()
    top, limit, lowest = (machine.read(teb + offset) for offset in (4, 8, 0xE0C))
    image = machine.context.image
    assert (top - lowest, top - limit) == (image.stack_reserve, image.stack_commit)
    guard, committed, reserved = (space.query(va) for va in (limit - PAGE_SIZE, limit, lowest))
    assert guard.protection & Protection.GUARD
    assert guard.size == PAGE_SIZE
    assert (committed.start, committed.size) == (limit, top - limit)
    assert not reserved.committed
    assert (reserved.start, reserved.start + reserved.size) == (lowest, guard.start)


@pytest.mark.parametrize(
    ("reserve", "commit", "expected"),
    [
        (0, 0, (0x10000, 0x1000)),
        (0x10001, 1, (0x20000, 0x1000)),
        (0x10000, 0x10000, (0x100000, 0x10000)),
        (0x10000, 0x180000, (0x200000, 0x180000)),
    ],
)
def test_stack_sizes(
    machine: NtMachine, reserve: int, commit: int, expected: tuple[int, int]
) -> None:
    """The reserve is a multiple of 64 KB, or of 1 MB where the commitment decides it."""
    thread = create_thread(
        machine.provider, machine.process, CODE_VA, 0, reserve=reserve, commit=commit
    )
    teb: int = thread.context.teb_va
    top, limit, lowest = (machine.read(teb + offset) for offset in (4, 8, 0xE0C))
    assert (top - lowest, top - limit) == expected


def test_more_threads_have_their_tebs_below(machine: NtMachine) -> None:
    tebs = [machine.context_teb()]
    for _ in range(3):
        thread = create_thread(
            machine.provider, machine.process, CODE_VA, 0, reserve=0x10000, commit=0x1000
        )
        tebs.append(thread.context.teb_va)
    assert tebs == [PEB - PAGE_SIZE * index for index in range(1, 5)]
    machine.provider.routines.terminate_thread(thread, 0)
    with pytest.raises(AccessViolation):
        machine.read(tebs[-1])


def test_the_process_parameters(machine: NtMachine) -> None:
    va = machine.read(PEB + 0x10)
    length = machine.read(va + 4)
    assert machine.read(va) >= length > 0x2A4
    assert machine.read(va + 8) == 1
    assert [machine.read(va + offset) for offset in (0x18, 0x1C, 0x20)] == [4, 8, 12]
    assert text(machine, va + 0x24) == "C:\\work\\"
    assert machine.read(va + 0x26, 2) == 520
    assert machine.read(va + 0x2C) == 0
    assert (machine.read(va + 0x30), machine.read(va + 0x34)) == (0, 0)
    assert text(machine, va + 0x38) == "C:\\work\\program.exe"
    assert text(machine, va + 0x40) == "program.exe one"
    assert text(machine, va + 0x70) == "C:\\work\\program.exe"
    assert text(machine, va + 0x78) == "WinSta0\\Default"
    for offset in (0x24, 0x38, 0x40, 0x70, 0x78):
        assert va + 0x2A4 <= machine.read(va + offset + 4) < va + length


def test_the_environment(machine: NtMachine) -> None:
    va = machine.read(PEB + 0x10)
    block, size = machine.read(va + 0x48), machine.read(va + 0x290)
    assert machine.process.space.read(block, size).decode("utf-16-le") == "a=1\0B=2\0\0"


@pytest.mark.parametrize(
    ("variables", "block"),
    [
        ({}, "\0\0"),
        ({"a": ""}, "a=\0\0"),
        ({"b": "1", "A": "2", "_": "3", "Z": "4"}, "A=2\0b=1\0Z=4\0_=3\0\0"),
        ({"=C:": "C:\\x", "A": "="}, "=C:=C:\\x\0A==\0\0"),
        ({"u": "\U0001f600\ud800"}, "u=\U0001f600\ud800\0\0"),
    ],
)
def test_environment_blocks_are_sorted_and_end_with_two_zeros(
    variables: dict[str, str], block: str
) -> None:
    data = environment_block(variables)
    assert data == block.encode("utf-16-le", "surrogatepass")


def test_shared_user_data(machine: NtMachine) -> None:
    expected = {
        (0x04, 4): 0x0FA00000,
        (0x2C, 2): 0x14C,
        (0x2E, 2): 0x14C,
        (0x240, 4): 0,
        (0x260, 4): BUILD,
        (0x264, 4): 1,
        (0x268, 1): 1,
        (0x26C, 4): MAJOR,
        (0x270, 4): MINOR,
        (0x2D4, 1): 0,
        (0x2D5, 1): 2,
        (0x2E8, 4): machine.kernel.ram.size // PAGE_SIZE,
        (0x300, 8): 10_000_000,
        (0x3C0, 4): 1,
    }
    found = {(offset, size): machine.read(SHARED + offset, size) for offset, size in expected}
    assert found == expected
    root = machine.process.space.read(SHARED + 0x30, 520).decode("utf-16-le")
    assert root.rstrip("\0") == "C:\\Windows"
    features = machine.process.space.read(SHARED + 0x274, 64)
    assert set(features) == {0, 1}
    assert all(features[index] for index in (2, 3, 6, 8, 10, 12, 13))
    assert not features[17], "XSAVE: the CPU has no AVX"
    assert not features[39], "AVX"


def test_the_times_of_shared_user_data_follow_the_clock(machine: NtMachine) -> None:
    def time(offset: int) -> int:
        low, high1, high2 = (machine.read(SHARED + offset + at) for at in (0, 4, 8))
        assert high1 == high2
        return high1 << 32 | low

    assert time(0x14) == DEFAULT_START
    assert time(0x08) == 1, "0 is no time that a program has seen"
    machine.kernel.clock.advance_to(0x1_2345_6789)
    machine.kernel.on_tick()
    assert time(0x08) == 0x1_2345_6789
    assert time(0x14) == DEFAULT_START + 0x1_2345_6789
    ticks = 0x1_2345_6789 // 156250
    assert time(0x320) == machine.read(SHARED + 0x320, 8) == machine.read(SHARED) == ticks
    assert ticks * machine.read(SHARED + 4) >> 24 == ticks * 15625 // 1000


def test_shared_user_data_is_one_page_for_all(machine: NtMachine) -> None:
    other = startup.create_process(
        machine.provider, program_image("nop"), ntdll_image(), b"", "second.exe"
    )
    machine.kernel.clock.advance_to(1_000_000)
    machine.kernel.on_tick()
    assert other.space.read(SHARED, 0x400) == machine.process.space.read(SHARED, 0x400)
    with pytest.raises(AccessViolation):
        other.space.write(SHARED, b"x")


def enter(machine: NtMachine) -> None:
    """Let the thread do what it does in the kernel before its first instruction."""
    call = machine.thread.call
    assert call is not None
    with pytest.raises(StopIteration):
        call.send(None)


def test_the_thread_begins_with_an_apc_to_the_loader(machine: NtMachine) -> None:
    entries, registers = machine.context.entries, machine.thread.registers
    assert registers.eip == entries.thread_start
    enter(machine)
    assert registers.eip == entries.apc_dispatcher
    routine, context_va, argument1, argument2 = (
        machine.read(registers.esp + offset) for offset in range(0, 16, 4)
    )
    assert routine == entries.loader_thunk
    assert context_va == registers.esp + 16
    assert (argument1, argument2) == (NTDLL_BASE, 0)
    context = CONTEXT.from_bytes(machine.process.space.read(context_va, CONTEXT.SIZE))
    top = machine.read(machine.context_teb() + 4)
    assert context.ContextFlags == CONTEXT_ALL
    assert context.Eip == entries.thread_start
    assert (context.Eax, context.Ebx) == (CODE_VA, PEB)
    assert top - 16 <= context.Esp < top
    assert context_va + CONTEXT.SIZE <= context.Esp
    assert (context.SegCs, context.SegSs, context.SegFs) == (0x1B, 0x23, 0x3B)
    assert context.EFlags == 0x202


def test_the_apc_arrives_in_the_dispatcher(machine: NtMachine) -> None:
    assert machine.run() == 1
    loader = machine.context.entries.loader_thunk
    (apc,) = machine.apcs
    esp = apc[-1]
    assert apc == (loader, esp + 16, NTDLL_BASE, 0, esp)


def test_a_context_that_is_set_before_a_thread_runs_is_where_the_loader_goes_on(
    machine: NtMachine,
) -> None:
    context = capture(machine.kernel.cpu, machine.thread.registers)
    context.Eax, context.Dr0, context.Dr7 = 0x1234, CODE_VA, 1
    restore(machine.thread, context)
    enter(machine)
    found = CONTEXT.from_bytes(
        machine.process.space.read(machine.thread.registers.esp + 16, CONTEXT.SIZE)
    )
    assert (found.Eip, found.Eax) == (machine.context.entries.thread_start, 0x1234)
    assert (found.Dr0, found.Dr7) == (CODE_VA, 1)


def test_a_thread_whose_stack_is_gone_when_it_begins_ends_with_an_access_violation(
    machine: NtMachine,
) -> None:
    machine.process.space.release(machine.thread.context.stack_va)
    assert machine.run() == NTSTATUS.ACCESS_VIOLATION


def test_fs_is_the_teb() -> None:
    machine = start("mov eax,fs:[0x18]; mov ebx,[eax+0x20]; mov eax,0xf02; int 0x2e")
    assert machine.run() == machine.process.id


def test_api_sets_are_mapped_where_the_peb_says() -> None:
    provider = NtProvider(Kernel(ram_bytes=16 << 20))
    process = startup.create_process(
        provider, program_image("nop"), ntdll_image(), b"schema" * 1000, "a.exe"
    )
    va = int.from_bytes(process.space.read(PEB + 0x38, 4), "little")
    assert process.space.read(va, 6000) == b"schema" * 1000


def test_the_modules_are_the_image_and_ntdll(machine: NtMachine) -> None:
    context = machine.context
    assert context.module_at(CODE_VA) == "program.exe+0x1000"
    assert context.module_at(NTDLL_BASE) == "ntdll.dll+0x0"
    for va in (0, PROGRAM_BASE - 1, PROGRAM_BASE + 0x4000, NTDLL_BASE - 1, 0xFFFFFFFF):
        assert context.module_at(va) == ""


def test_two_starts_give_identical_memory() -> None:
    def picture() -> tuple[list[tuple[int, int, bytes]], tuple[int, ...]]:
        machine = start("nop", at_start=True)
        space = machine.process.space
        pages = []
        for vad in space.vads.all():
            for va in range(vad.start, vad.end, PAGE_SIZE):
                region = space.query(va)
                if region.committed and region.protection and not region.protection & 16:
                    pages.append((va, int(region.protection), space.read(va, PAGE_SIZE)))
        registers = machine.thread.registers
        return pages, (*registers.general(), registers.eip, registers.fs_base)

    assert picture() == picture()


@pytest.mark.parametrize("protection", [0x01, 0x02, 0x104])
def test_a_spoilt_teb_is_the_guests_problem(protection: int) -> None:
    """The stack's bounds are there, and the kernel reads and writes them when the stack grows."""
    machine = start("again: push eax; jmp again")
    teb = machine.context_teb()
    cell = machine.allocate()
    machine.write(cell, teb, PAGE_SIZE)
    esp = machine.thread.registers.esp
    status = machine.call(
        "NtProtectVirtualMemory", -1, cell, cell + 4, protection, machine.allocate()
    )
    assert status == 0
    machine.thread.registers.esp, machine.thread.registers.eip = esp, CODE_VA
    machine.run()


@pytest.mark.parametrize("bounds", [(0, 0), (0xFFFFFFFF, 0), (0, 0xFFFFFFFF), (0x80000000, 1)])
def test_false_stack_bounds_are_the_guests_problem(bounds: tuple[int, int]) -> None:
    machine = start("again: push eax; jmp again")
    teb = machine.context_teb()
    machine.write(teb + 4, bounds[0])
    machine.write(teb + 0xE0C, bounds[1])
    machine.run()


def test_a_thread_that_freed_its_teb_can_end(machine: NtMachine) -> None:
    thread = create_thread(
        machine.provider, machine.process, CODE_VA, 0, reserve=0x10000, commit=0x1000
    )
    machine.process.space.release(thread.context.teb_va)
    machine.provider.routines.terminate_thread(thread, 0)
    assert thread.is_terminated


def test_a_teb_is_never_put_below_the_users_addresses(machine: NtMachine) -> None:
    """A guest can reserve everything between its lowest address and the PEB."""
    space = machine.process.space
    va = 0x10000
    while va < 0x7FFDF000:
        region = space.query(va)
        if region.vad is None:
            size = min(region.size, 0x7FFDF000 - va)
            reserve(space, va, size)
        va += region.size
    widest = max(space.vads.all(), key=lambda vad: vad.end - vad.start)
    start, end = widest.start, widest.end
    hole = -(-start // 0x10000) * 0x10000 + 0x10000
    space.release(start)
    reserve(space, start, hole - start)
    reserve(space, hole + 0x10000, end - hole - 0x10000)
    with pytest.raises(KernelError) as error:
        create_thread(machine.provider, machine.process, CODE_VA, 0, reserve=0x10000, commit=0x1000)
    assert error.value.reason is Reason.NO_MEMORY
    assert space.vads.is_free(0, 0x10000)


def reserve(space: AddressSpace, va: int, size: int) -> None:
    """Take free pages, whatever the granularity."""
    space.allocate(
        va, size, reserve=True, commit=False, protection=Protection.READ, alignment=PAGE_SIZE
    )
