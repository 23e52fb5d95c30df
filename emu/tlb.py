"""The engine's TLB: the host addresses of pages that guest code has used lately.

It begins with 256 entries, and doubles when it is flushed while most of them are in use.  Nothing
flushes it while a program computes; one that works on more than 1 MB would walk page tables for
most accesses, which takes 0.3 us, a hundred times as long as a hit.  So the end of a slice flushes
it if that makes it larger.  Pages at a distance of the TLB's size take an entry from each other,
however few there are; since only flushes are dearer in a large one, it also grows if there have
been none for a while.

What grows with it is the work of the translator, which for each block goes through all entries to
make stores to the block's pages slow.  `look_up_pages` lets it look only where those can be.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

from emu.engine_code import search, word_at
from emu.host_code import overwrite

if TYPE_CHECKING:
    from collections.abc import Callable

_ENTRY_SHIFT = 6
_FIRST_ENTRIES = 256
_CROWDED = 0.7
"""The engine doubles the TLB if more than this part of it is in use (tlb_mmu_resize_locked)."""
_MORE = 4
"""How much larger it gets then: how many entries are missing is not known."""
_LARGE_ENTRIES = 4096
_QUIET_SLICES = 2
"""More than so many without a flush let the TLB have `_LARGE_ENTRIES`."""
_USER = 1
"""The index of ring 3's TLB among the engine's (MMU_USER_IDX)."""

_CPU = re.compile(  # helper_check_exit_request: uc->cpu
    rb"[\x48\x4c]\x8b.(?P<offset>....)"  # mov r, [rdi+…]
    rb"\x41?\x8b.....\x85.\x79\x04\x85\xf6",  # mov r, [r+…]; test; jns; test esi, esi
    re.DOTALL,
)
_FUNCTION = "tlb_reset_dirty_by_vaddr_x86_64"
WALK = re.compile(  # cpu->env_ptr, f[i], d[i].vtable[0].addr_write
    rb"[\x4c\x4d]\x8b.(?P<env>....)"  # mov r11, [cpu+…]
    rb"\x4d\x8d\x53(?P<tables>.)"  # lea r10, [r11+…]
    rb"\x49\x8d\xb3(?P<victims>....)"  # lea rsi, [r11+…]
    rb"\x49\x83\xeb."  # sub r11, …
    rb"(?P<walk>.{77,85})"
    rb"\x48\x8b\x06\xa9\x40\x0e\x00\x00\x75"  # mov rax, [rsi]; test eax, 0xE40; jnz
    rb".{300,320}"
    rb"\x48\x81\xc6(?P<stride>....)\x49\x83\xc2\x10",  # add rsi, …; add r10, 16
    re.DOTALL,
)
_LOOK_UP = (
    b"\x4c\x89\xc2"  # mov rdx, r8: the first page; rdi is how many bytes from there
    b"\x48\x89\xd0"  # page: mov rax, rdx
    b"\x48\xc1\xe8\x06"  # shr rax, 6
    b"\x49\x23\x02"  # and rax, [r10]: the mask
    b"\x49\x03\x42\x08"  # add rax, [r10+8]: the table
    b"\x48\x8b\x48\x08"  # mov rcx, [rax+8]: addr_write
    b"\xf7\xc1\x40\x0e\x00\x00"  # test ecx, 0xE40: slow already
    b"\x75\x13"  # jnz next
    b"\x48\x81\xe1\x00\xf0\xff\xff"  # and rcx, -0x1000
    b"\x4c\x29\xc1"  # sub rcx, r8
    b"\x48\x39\xf9"  # cmp rcx, rdi
    b"\x73\x04"  # jae next
    b"\x80\x48\x09\x04"  # or byte [rax+9], 4: TLB_NOTDIRTY
    b"\x48\x81\xc2\x00\x10\x00\x00"  # next: add rdx, 0x1000
    b"\x48\x89\xd0"  # mov rax, rdx
    b"\x4c\x29\xc0"  # sub rax, r8
    b"\x48\x39\xf8"  # cmp rax, rdi
    b"\x72\xc1"  # jb page
)


class Tlb:
    """The TLB of one engine's ring 3; without entries if the engine is not as it is known."""

    def __init__(self, library: ctypes.CDLL, engine: int) -> None:
        """`engine` is the address of an engine that has memory, and has run nothing yet."""
        self._mask, self._used, self._most = (ctypes.c_size_t() for _ in range(3))
        self._dirty = ctypes.c_uint16()
        self.quiet_slices = 0
        """Ends of slices since the last flush, which whoever flushes sets to 0."""
        cpu = search(library, "helper_check_exit_request_x86_64", _CPU)
        walk = search(library, _FUNCTION, WALK)
        if cpu is None or walk is None:
            return
        env = word_at(word_at(engine + cpu.number("offset")) + walk.number("env"))
        tables = env + walk.number("tables")
        common = env + walk.number("victims") - 88
        victims = env + walk.number("victims") + _USER * walk.number("stride")
        mask = ctypes.c_size_t.from_address(tables + _USER * 16)
        if mask.value == _FIRST_ENTRIES - 1 << _ENTRY_SHIFT:
            self._mask = mask
            self._used = ctypes.c_size_t.from_address(victims - 24)  # n_used_entries
            self._most = ctypes.c_size_t.from_address(victims - 32)  # window_max_entries
            self._dirty = ctypes.c_uint16.from_address(common)

    @property
    def entries(self) -> int:
        """How many pages it can hold; 1 if the engine is not known."""
        return (self._mask.value >> _ENTRY_SHIFT) + 1

    def end_slice(self, flush: Callable[[], object]) -> None:
        """Flush the TLB, of which `flush` is the way, where that is worth it."""
        self.quiet_slices += 1
        before, wanted = 0, 0
        if self._used.value > _CROWDED * self.entries:
            wanted = max(_MORE * self.entries, _LARGE_ENTRIES)
        elif self.quiet_slices > _QUIET_SLICES and self._mask.value:
            wanted = _LARGE_ENTRIES
        while before != self.entries < wanted:
            before = self._most.value = self.entries
            self._dirty.value |= 1 << _USER  # else the engine does not flush it again
            flush()
            self.quiet_slices = 0


def look_up_pages(library: ctypes.CDLL) -> bool:
    """Change the translator in this process's copy of the engine's code, once.

    False: the code is not as it is known (another processor, another version), or the host does
    not let it be changed.
    """
    walk = search(library, _FUNCTION, WALK)
    if walk is None:
        return False
    code = _LOOK_UP.ljust(len(walk.bytes("walk")), b"\x90")
    return walk.bytes("walk") == code or overwrite(walk.place("walk"), code)
