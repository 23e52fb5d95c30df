"""The lines of --verbose: what the guest sees, and what the run took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from loader.runnable import WINDOWS_GUI
from provider.kernel.ke.clock import UNITS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picorun.machine import Machine


def before(machine: Machine) -> Iterator[str]:
    """What the guest is and what of the host it sees."""
    image = machine.image
    kind = "GUI" if image.subsystem == WINDOWS_GUI else "console"
    yield f"{image.name}: a {kind} program, {image.size_of_image >> 10} KB at {image.image_base:#x}"
    userland = machine.userland
    places = ", ".join(map(str, userland.directories))
    yield f"userland {userland.name} ({machine.userland_reason}): {places}"
    for mount in machine.mounts:
        yield f"{mount.guest} is {mount.host} ({mount.mode.value})"


def after(machine: Machine) -> Iterator[str]:
    """What the run took, and how each process ended."""
    kernel = machine.kernel
    seconds = kernel.clock.interrupt_time() / UNITS_PER_SECOND
    yield f"{seconds:.6f} s of virtual time, {kernel.cpu.executed_blocks()} blocks of code"
    memory = kernel.memory
    faults = memory.totals()["faults"]
    yield f"at most {memory.peak_committed * PAGE_SIZE >> 10} KB committed, {faults} page faults"
    for process, status in machine.provider.exit_statuses.items():
        yield f"process {process} ended with {status:#x}"
