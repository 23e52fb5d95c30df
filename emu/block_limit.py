"""A lower limit on the instructions that the engine translates at once.

The engine takes up to 512 instructions into a block and has room for 512 temporaries of its
translation, but many instructions leave some behind (an x87 instruction with a register one or
two).  Nobody checks: some 300 x87 instructions in a row, as in the transforms of audio encoders,
write over the translator's own memory, and the process ends by SIGSEGV.  The limit cannot be set
through the engine's interface; it is two operands in its code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emu.engine_code import search
from emu.host_code import overwrite

if TYPE_CHECKING:
    import ctypes

LIMIT = 96
"""512 temporaries are room for five of each instruction; none leaves more than four."""

_TRANSLATE = "tb_gen_code_x86_64"
_TEST = re.compile(
    rb"\x81[\xf8-\xff](?P<most>\x00\x02\x00\x00)"  # cmp ebx, 512
    rb"\x7f\x04\x85.\x75\x05"  # jg next; test ebx, ebx; jnz end
    rb"[\xb8-\xbf](?P<taken>\x00\x02\x00\x00)",  # next: mov ebx, 512
    re.DOTALL,
)


def limit_blocks(engine: ctypes.CDLL) -> bool:
    """Change the limit in this process's copy of the engine's code, once.

    False: the code is not as it is known (another processor, another version), or the host does
    not let it be changed.
    """
    found = search(engine, _TRANSLATE, _TEST)
    return found is not None and all(
        overwrite(found.place(name), LIMIT.to_bytes(4, "little")) for name in ("most", "taken")
    )
