"""The memory manager (Mm in NT): frames, page tables, address spaces, sections, paging.

It gives providers memory on NT's rules and says no in `KernelError`s.  It must not know status
codes, system calls, TEBs or any other structure of a personality.
"""

from provider.kernel.mm.manager import MemoryManager
from provider.kernel.mm.protection import Protection
from provider.kernel.mm.query import PageState, Region
from provider.kernel.mm.section import Section
from provider.kernel.mm.segment import Backing
from provider.kernel.mm.space import AddressSpace
from provider.kernel.mm.vad import Vad, VadKind
from provider.kernel.mm.views import View
from provider.kernel.mm.violation import AccessViolation, UserStack, Violation, ViolationKind

__all__ = [
    "AccessViolation",
    "AddressSpace",
    "Backing",
    "MemoryManager",
    "PageState",
    "Protection",
    "Region",
    "Section",
    "UserStack",
    "Vad",
    "VadKind",
    "View",
    "Violation",
    "ViolationKind",
]
