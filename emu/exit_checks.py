"""Leaves the looks for a request to stop out of translated code.

The engine's translations call one of its functions at the start of each block and after each load
and store, to see whether `uc_emu_stop` was called meanwhile: up to half of all the time of guest
code.  Of what stops the engine here, traps are handled outside of translated code, and the block
countdown and port instructions leave it by themselves (`emu/leave.py`); only hooks that watch
blocks, instructions or data need the looks.

The engine's interface cannot leave them out.  But each engine has a table of what it may assume of
the functions that translations call (TCGHelperInfo), and its translator drops calls of those that
have no effect.  Where the table is stands in the engine's code.
"""

from __future__ import annotations

import ctypes
import re

from emu.engine_code import address_of, search, word_at

_NAME = b"check_exit_request_x86_64"
_NO_SIDE_EFFECTS = 4
"""TCG_CALL_NO_SIDE_EFFECTS."""

_CONTEXT = re.compile(  # uc_del_inline_hook: uc->tcg_ctx
    rb"\x48\x8b\x87(?P<offset>....)"  # mov rax, [rdi+…]
    rb"\x48\x8b\x76.\x48\x8b\xb8....\xe9",  # mov rsi, [rsi+…]; mov rdi, [rax+…]; jmp
    re.DOTALL,
)
_FIND = re.compile(  # tcg_gen_callN: g_hash_table_lookup(s->helper_table, function)
    rb"\x48\x8b\xbf(?P<offset>....)\xe8(?P<call>....)"  # mov rdi, [rdi+…]; call …
    rb"\xbe\x02\x00\x00\x00",  # mov esi, 2: INDEX_op_call
    re.DOTALL,
)
_ENTER = re.compile(  # uc_add_inline_hook: g_hash_table_insert(helper_table, info->func, info)
    rb"\x48\x8b\x33\x48\x89\xda\x4c\x89\xd7"  # mov rsi, [rbx]; mov rdx, rbx; mov rdi, r10
    rb"\x48\x89\x6b\x08\x89\x43\x14(?:\x4c\x89\x0c\x24)?"  # three stores
    rb"\xe8(?P<call>....)",  # call …
    re.DOTALL,
)
_WORD = ctypes.c_void_p
_Find = ctypes.CFUNCTYPE(_WORD, _WORD, _WORD)
_Enter = ctypes.CFUNCTYPE(ctypes.c_int, _WORD, _WORD, _WORD)


class _Assumptions(ctypes.Structure):
    """TCGHelperInfo: a function that translated code calls."""

    _fields_ = (
        ("function", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("flags", ctypes.c_uint),
        ("arguments", ctypes.c_uint),
    )


class ExitChecks:
    """Whether what an engine translates from now on looks for requests to stop.

    At first it does.
    """

    def __init__(self, library: ctypes.CDLL, engine: int) -> None:
        """`engine` is the address of an engine that has memory already."""
        self.leave = address_of(library, f"helper_{_NAME.decode()}")
        """A function that leaves translated code if a stop was requested."""
        self.optional = False
        """Whether the looks can be left out; if not, guest code is slower."""
        context = search(library, "uc_del_inline_hook_x86_64", _CONTEXT)
        find = search(library, "tcg_gen_callN_x86_64", _FIND)
        enter = search(library, "uc_add_inline_hook_x86_64", _ENTER)
        if context is None or find is None or enter is None:
            return
        translator = word_at(engine + context.number("offset"))
        self._table = word_at(translator + find.number("offset"))
        found = _Find(find.target("call"))(self._table, self.leave)
        if not found:
            return
        self._usual = _Assumptions.from_address(found)
        self._enter = _Enter(enter.target("call"))
        self.optional = (self._usual.function, self._usual.name) == (self.leave, _NAME)
        self._without = _Assumptions.from_buffer_copy(self._usual)
        self._without.flags |= _NO_SIDE_EFFECTS

    def require(self, required: bool) -> None:
        """Say whether the looks must be there."""
        if self.optional:
            assumed = self._usual if required else self._without
            self._enter(self._table, self.leave, ctypes.addressof(assumed))
