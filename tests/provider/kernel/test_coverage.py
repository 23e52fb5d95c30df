from __future__ import annotations

import pytest

from provider.kernel.events import BasicBlock
from tests.provider.nt.synthetic import CODE_VA, start

LOOP = "mov ecx,5; again: dec ecx; jnz again; mov eax,0xF02; int 0x2e; hlt"


def test_nobody_is_told_without_asking() -> None:
    machine = start(LOOP)
    machine.run()
    assert machine.kernel.events.channel(BasicBlock).listeners == ()


def test_a_failure_of_a_listener_comes_out_of_the_run() -> None:
    machine = start(LOOP)

    def fail(block: BasicBlock) -> None:
        raise ZeroDivisionError

    machine.kernel.events.subscribe(BasicBlock, fail)
    with pytest.raises(ZeroDivisionError):
        machine.run()


def test_each_block_is_told_once() -> None:
    machine = start(LOOP)
    blocks: list[BasicBlock] = []
    machine.kernel.events.subscribe(BasicBlock, blocks.append)
    machine.run()
    ours = [(block.address - CODE_VA, block.size) for block in blocks if block.address >> 20 == 4]
    assert ours == [(0, 8), (5, 3), (8, 7)]
    assert {block.process_id for block in blocks} == {machine.process.id}


def test_what_is_told_can_be_ended() -> None:
    machine = start(LOOP)
    blocks: list[BasicBlock] = []
    machine.kernel.events.subscribe(BasicBlock, blocks.append)()
    assert machine.run() is not None
    assert not blocks
