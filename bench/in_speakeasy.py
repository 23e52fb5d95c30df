"""`python in_speakeasy.py IMAGE SCALE`: a load in Speakeasy; prints its result.

It runs in Speakeasy's own environment, where nothing of ours can be imported.
"""

from __future__ import annotations

import logging
import sys

from speakeasy import Speakeasy

ROOM_BYTES = 16 << 20
"""As `loads/load.h` has it."""


def main(image: str, scale: str) -> None:
    """Call the image's entry point and print EAX."""
    logging.disable(logging.CRITICAL)
    emulator = Speakeasy()
    module = emulator.load_module(image)
    room = emulator.mem_alloc(ROOM_BYTES)
    emulator.call(module.base + module.ep, [int(scale), room])
    print(f"{emulator.reg_read('eax'):08x}")


main(*sys.argv[1:])
