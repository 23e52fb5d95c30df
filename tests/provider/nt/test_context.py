"""CONTEXT structures against the register file: what goes out comes back, and nothing else does.

Layouts: CONTEXT in winnt.h; FSAVE and FXSAVE in Intel SDM volume 1, 8.1.10 and 10.5.1.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.descriptors import USER_CODE, USER_DATA, USER_THREAD
from emu.registers import FloatingState
from provider.nt.context import apply, capture
from provider.nt.structs.context import (
    CONTEXT,
    CONTEXT_ALL,
    CONTEXT_FLAGS,
    CONTEXT_FULL,
    FXSAVE_AREA,
)
from tests.provider.nt.synthetic import CODE_VA, DATA_VA, start

if TYPE_CHECKING:
    from emu.cpu import Cpu
    from emu.registers import Registers

INTEGER = ("Eax", "Ecx", "Edx", "Ebx", "Esi", "Edi")
CONTROL = ("Eip", "Esp", "Ebp")
IF, IOPL, VM, VIF, NT = 0x200, 0x3000, 0x20000, 0x80000, 0x4000
FREE_EFLAGS = 0x240DD5
"""ID, AC, OF, DF, TF, SF, ZF, AF, PF, CF: the bits of EFLAGS that ring 3 can change by POPFD."""

words = st.integers(0, 0xFFFFFFFF)
flags = st.integers(0, 0x3F).map(lambda parts: 0x10000 | parts)
blobs = st.binary(min_size=CONTEXT.SIZE, max_size=CONTEXT.SIZE)


@cache
def cpu() -> Cpu:
    """One processor for every example."""
    return start("nop").kernel.cpu


@pytest.fixture
def registers() -> Registers:
    return fresh()


def fresh() -> Registers:
    return cpu().create_registers(CODE_VA, DATA_VA, 0x7FFDE000)


ONE = (0x3FFF << 64 | 1 << 63).to_bytes(10, "little")
ZERO = bytes(10)
INFINITY = (0x7FFF << 64 | 1 << 63).to_bytes(10, "little")
DENORMAL = (1).to_bytes(10, "little")
UNNORMAL = (0x3FFF << 64).to_bytes(10, "little")
KINDS = {ONE: 0, ZERO: 1, INFINITY: 2, DENORMAL: 2, UNNORMAL: 2}

floating_states = st.builds(
    FloatingState,
    control=st.integers(0, 0x1FFF).map(lambda word: word & ~0xC0 | 0x40),
    status=st.integers(0, 0x7FFF).map(lambda word: word & ~0xBF),
    tag=st.just(0xFFFF),
    opcode=st.just(0),
    instruction_offset=words,
    instruction_selector=st.integers(0, 0xFFFF),
    data_offset=words,
    data_selector=st.integers(0, 0xFFFF),
    mxcsr=st.integers(0, 0xFFBF).map(lambda word: word | 0x1F80),
    st=st.tuples(*[st.binary(min_size=10, max_size=10)] * 8),
    xmm=st.tuples(*[st.binary(min_size=16, max_size=16)] * 8),
)


@given(blobs, flags)
def test_no_context_chooses_what_belongs_to_the_system(data: bytes, parts: int) -> None:
    """Whatever NtContinue or NtSetContextThread is given."""
    target = fresh()
    context = CONTEXT.from_bytes(data)
    context.ContextFlags = parts
    apply(cpu(), target, context)
    after = capture(cpu(), target)
    assert after.EFlags & ~FREE_EFLAGS == 0x202
    assert after.SegCs == USER_CODE
    assert after.SegSs in (USER_DATA, USER_THREAD)
    others = {after.SegDs, after.SegEs, after.SegFs, after.SegGs}
    assert others <= {0, USER_CODE, USER_DATA, USER_THREAD}
    assert target.thread_base == 0x7FFDE000
    assert target.fs_base == (0x7FFDE000 if after.SegFs == USER_THREAD else 0)


@given(blobs, flags)
def test_only_the_parts_that_are_named_change(data: bytes, parts: int) -> None:
    target = fresh()
    before = capture(cpu(), target)
    context = CONTEXT.from_bytes(data)
    context.ContextFlags = parts
    apply(cpu(), target, context)
    after = capture(cpu(), target)
    for names, flag in ((INTEGER, CONTEXT_FLAGS.INTEGER), (CONTROL, CONTEXT_FLAGS.CONTROL)):
        source = context if parts & flag & 0xFFFF else before
        for name in names:
            assert getattr(after, name) == getattr(source, name)
    if not parts & 0x20:
        assert after.ExtendedRegisters[160:] == before.ExtendedRegisters[160:]
        if not parts & 8:
            assert bytes(after.FloatSave) == bytes(before.FloatSave)


@given(words)
def test_a_capture_leaves_out_what_is_not_asked_for(parts: int) -> None:
    context = capture(cpu(), fresh(), parts)
    if not parts & 1:
        assert context.Eip == context.Esp == context.EFlags == context.SegCs == 0
    if not parts & 4:
        assert context.SegDs == context.SegFs == 0
    if not parts & 8:
        assert bytes(context.FloatSave) == bytes(len(bytes(context.FloatSave)))
    if not parts & 0x20:
        assert context.ExtendedRegisters == bytes(512)
    assert context.ContextFlags == parts


@given(floating_states)
def test_x87_and_sse_registers_survive_a_context(state: FloatingState) -> None:
    source, target = fresh(), fresh()
    cpu().write_floating(source, state)
    before = cpu().read_floating(source)
    apply(cpu(), target, capture(cpu(), source))
    assert cpu().read_floating(target) == before
    assert before.xmm == state.xmm
    assert before.st == state.st


@given(floating_states)
def test_sse_registers_survive_without_the_old_save_area(state: FloatingState) -> None:
    source, target = fresh(), fresh()
    cpu().write_floating(source, state)
    apply(cpu(), target, capture(cpu(), source, CONTEXT_FLAGS.EXTENDED_REGISTERS))
    assert cpu().read_floating(target) == cpu().read_floating(source)


@given(floating_states)
def test_the_old_save_area_carries_x87_alone(state: FloatingState) -> None:
    source, target = fresh(), fresh()
    cpu().write_floating(source, state)
    untouched = cpu().read_floating(target)
    apply(cpu(), target, capture(cpu(), source, CONTEXT_FLAGS.FLOATING_POINT))
    expected = cpu().read_floating(source)._replace(xmm=untouched.xmm, mxcsr=untouched.mxcsr)
    assert cpu().read_floating(target) == expected


def test_a_changed_old_save_area_counts_beside_the_new_one(registers: Registers) -> None:
    """A handler that masks an x87 exception changes FloatSave, and SSE in ExtendedRegisters."""
    context = capture(cpu(), registers)
    context.FloatSave.ControlWord = 0xFFFF037F
    area = bytearray(context.ExtendedRegisters)
    area[24:28] = (0x9F80).to_bytes(4, "little")
    area[160:176] = b"x" * 16
    context.ExtendedRegisters = bytes(area)
    apply(cpu(), registers, context)
    state = cpu().read_floating(registers)
    assert (state.control, state.mxcsr, state.xmm[0]) == (0x37F, 0x9F80, b"x" * 16)


@pytest.mark.parametrize("top", range(8))
@pytest.mark.parametrize("used", [0, 0x01, 0x80, 0xA5, 0xFF])
def test_fxsave_tags_have_one_bit_for_each_register(top: int, used: int) -> None:
    """Tags are those of physical registers; ST(i) is physical register top + i."""
    values = tuple(KINDS)
    stack = tuple(values[index % len(values)] for index in range(8))
    full = 0
    for physical in range(8):
        kind = KINDS[stack[(physical - top) & 7]] if used >> physical & 1 else 3
        full |= kind << 2 * physical
    state = cpu().read_floating(fresh())
    state = state._replace(status=top << 11, tag=full, st=stack)
    source, target = fresh(), fresh()
    cpu().write_floating(source, state)
    context = capture(cpu(), source)
    assert FXSAVE_AREA.from_bytes(context.ExtendedRegisters).TagWord == used
    assert context.FloatSave.TagWord == 0xFFFF0000 | full
    context.ContextFlags = int(CONTEXT_FLAGS.EXTENDED_REGISTERS)
    apply(cpu(), target, context)
    assert cpu().read_floating(target).tag == full


def test_the_extended_area_is_what_fxsave_stores() -> None:
    machine = start(
        f"fld1; fldz; fldpi; mov eax,0x12345678; movd xmm3,eax; fxsave [{DATA_VA}]; hlt"
    )
    machine.run()
    stored = machine.process.space.read(DATA_VA, 512)
    captured = machine.caught[0].context.ExtendedRegisters
    for first, end in ((0, 5), (24, 28), (32, 42), (48, 58), (64, 74), (160, 288)):
        assert captured[first:end] == stored[first:end], first


def test_the_old_area_is_what_fsave_stores() -> None:
    machine = start(f"fld1; fldz; fldpi; fnsave [{DATA_VA}]; frstor [{DATA_VA}]; hlt")
    machine.run()
    stored = machine.process.space.read(DATA_VA, 108)
    captured = bytes(machine.caught[0].context.FloatSave)
    for first in (0, 4, 8):
        assert captured[first : first + 2] == stored[first : first + 2]
    assert captured[28:108] == stored[28:108]


def test_a_new_thread_has_the_registers_that_nt_gives_it(registers: Registers) -> None:
    context = capture(cpu(), registers, CONTEXT_ALL)
    assert context.FloatSave.ControlWord & 0xFFFF == 0x27F
    area = FXSAVE_AREA.from_bytes(context.ExtendedRegisters)
    assert (area.MxCsr, area.TagWord) == (0x1F80, 0)
    assert context.EFlags == IF | 2


@pytest.mark.parametrize("bit", [IOPL, VM, VIF, NT])
def test_system_flags_stay_the_systems(registers: Registers, bit: int) -> None:
    context = CONTEXT(ContextFlags=int(CONTEXT_FULL), EFlags=bit | 1, Eip=CODE_VA)
    apply(cpu(), registers, context)
    assert capture(cpu(), registers).EFlags == IF | 3
