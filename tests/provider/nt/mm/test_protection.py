"""PAGE_… bits and the protections that they stand for."""

from __future__ import annotations

import pytest

from provider.kernel.mm import Protection
from provider.nt.mm.protection import from_page, from_private_page
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import PAGE_PROTECTION as P


@pytest.mark.parametrize("page", [0, 3, 0x800, 0x40000000, 0x40000004, 0x101, 1 << 32])
def test_bits_that_are_no_protection(page: int) -> None:
    for decode in (from_page, from_private_page):
        with pytest.raises(NtError) as caught:
            decode(page)
        assert caught.value.status == NTSTATUS.INVALID_PAGE_PROTECTION


def test_targets_of_indirect_calls_are_told_of_executable_private_pages() -> None:
    page = P.PAGE_EXECUTE_READ | P.PAGE_TARGETS_INVALID
    assert from_private_page(page) == Protection.EXECUTE | Protection.READ
    with pytest.raises(NtError):
        from_page(page)
