"""Prefetching: pages come in from files before anybody needs them (PrefetchVirtualMemory, Win32).

They go to the standby list, so that the first access is a soft fault and the working set stays as
it is.  It is advice: nothing is pushed out for it, and it ends at a page that cannot be read, which
the access that needs the page is told of.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from emu.paging import PROTOTYPE, VALID
from provider.kernel.errors import KernelError
from provider.kernel.mm import protection as codes
from provider.kernel.mm import words
from provider.kernel.mm.pte import TRANSITION, soft_code
from provider.kernel.mm.runs import entries
from provider.kernel.mm.segment import PageFileSegment
from provider.kernel.mm.vad import VadKind, page_down, page_up

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad

SPARE = 64
"""Frames that prefetching leaves free."""


def prefetch(space: AddressSpace, base: int, size: int) -> None:
    """Bring in the pages of a range that are in files; addresses without any do not matter."""
    start, end = max(page_down(base), 0), min(page_up(base + size), space.limit)
    with suppress(KernelError, OSError):
        for vad in space.vads.overlapping(start, end):
            if vad.kind is not VadKind.PHYSICAL and not vad.fixed:
                _prefetch_range(space, vad, max(start, vad.start), min(end, vad.end))


def _prefetch_range(space: AddressSpace, vad: Vad, start: int, end: int) -> None:
    pfns = space.mm.pfns
    for va, pte in entries(space, start, end):
        if pfns.immediate <= SPARE:
            return
        if pte & VALID or not codes.is_accessible(space.entry_code(vad, va, pte)):
            continue
        if pte & PROTOTYPE or (vad.segment is not None and not pte):
            _prefetch_shared(space, vad, va)
        elif not pte & TRANSITION and space.mm.format.page_file_offset(pte):
            pfn = space.mm.pager.page_in(pte)
            space.mm.pager.retire(pfn, space.make_slot(va), soft_code(pte))


def _prefetch_shared(space: AddressSpace, vad: Vad, va: int) -> None:
    segment = vad.segment
    if segment is None or vad.clones:
        return
    entry = segment.entry(vad.page(va))
    is_new = isinstance(segment, PageFileSegment) and not space.mm.format.page_file_offset(entry)
    if not entry & (VALID | TRANSITION) and not is_new:
        words.release_shared(space.mm, segment.acquire(vad.page(va)), dirty=False)
