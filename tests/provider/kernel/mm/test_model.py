"""Random sequences of calls against a model that is a dictionary of pages."""

from __future__ import annotations

import errno
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AccessViolation, MemoryManager, Protection, ViolationKind
from provider.kernel.mm.page_file import PageFile
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT = 0x10000
HOST_ERRORS = (Reason.IO_DEVICE_ERROR, Reason.DISK_FULL)
R, W, X, G = Protection.READ, Protection.WRITE, Protection.EXECUTE, Protection.GUARD
PROTECTIONS = [
    Protection.NONE,
    R,
    R | W,
    X,
    X | R,
    X | R | W,
    R | W | G,
    R | G,
    R | W | Protection.NO_CACHE,
]


@dataclass
class Page:
    """A page of the model: reserved where `protection` is None."""

    allocation: int
    protection: Protection | None = None
    data: int = 0
    is_unwanted: bool = False
    """Whether zeros may have taken the place of `data` (MEM_RESET)."""
    is_lost: bool = False
    """Whether that was told of the page or a neighbour, which is not told again."""
    caching: Protection = Protection.NONE
    """What the range was reserved with holds for all of its pages."""

    def protect(self, wanted: Protection) -> None:
        """What is no access or a guard has no caching of its own."""
        plain = wanted == Protection.NONE or bool(wanted & G)
        self.protection = wanted if plain else wanted & ~Protection.NO_CACHE | self.caching


@dataclass
class Model:
    """The rules once more, with no page tables."""

    pages: dict[int, Page] = field(default_factory=dict)
    """By page number."""

    def span(self, first: int, count: int) -> list[Page] | None:
        """The pages of a range that lies in one allocation."""
        found = [self.pages.get(page) for page in range(first, first + count)]
        if found[0] is None or any(
            page is None or page.allocation != found[0].allocation for page in found
        ):
            return None
        return [page for page in found if page is not None]

    def allocation_of(self, first: int) -> list[int]:
        """The page numbers of the allocation that starts at `first`, up to a hole."""
        at = self.pages.get(first)
        if at is None:
            return []
        result = []
        while first in self.pages and self.pages[first].allocation == at.allocation:
            result.append(first)
            first += 1
        return result


class Driver:
    """Does the same thing to the memory manager and to the model, and compares."""

    def __init__(self, seed: int, paging: str, frames: int) -> None:
        self.random = random.Random(seed)
        self.tlb = Tlb()
        self.mm = MemoryManager(Ram(4 << 20), paging=paging, flush_cpu=self.tlb.flush)
        self.mm.add_page_file(4 << 20)
        squeeze(self.mm, frames)
        self.space = self.mm.create_space()
        self.model = Model()
        self.serial = 0
        self.failures = 0.0
        """How often a transfer of the page file fails, and the access with it."""
        self.in_page_errors = 0

    def step(self) -> None:
        """One random call."""
        self.random.choices(
            [
                self.reserve,
                self.commit,
                self.decommit,
                self.release,
                self.protect,
                self.write,
                self.read,
                self.query,
                self.reset,
                self.undo_reset,
            ],
            [4, 4, 1, 1, 3, 20, 10, 4, 1, 1],
        )[0]()

    def _range(self) -> tuple[int, int]:
        # Around the boundary of two page tables, so that ranges cross it.
        first = 0x3C0 + self.random.randrange(0x80)
        return first, self.random.choice([1, 1, 2, 3, 16, 33])

    def _protection(self) -> Protection:
        return R | W if self.random.random() < 0.6 else self.random.choice(PROTECTIONS)

    def _page(self) -> int:
        committed = [page for page, state in self.model.pages.items() if state.protection]
        if committed and self.random.random() < 0.9:
            return self.random.choice(committed)
        return self._range()[0]

    def _expect(self, reason: Reason | None, error: KernelError | None) -> None:
        assert (error and error.reason) == reason

    def reserve(self) -> None:
        first, count = self._range()
        commit = self.random.random() < 0.5
        protection = self._protection()
        start = first * PAGE_SIZE // UNIT * UNIT // PAGE_SIZE
        free = not any(page in self.model.pages for page in range(start, first + count))
        error = None
        try:
            self.space.allocate(
                first * PAGE_SIZE,
                count * PAGE_SIZE,
                reserve=True,
                commit=commit,
                protection=protection,
            )
        except KernelError as caught:
            error = caught
        self._expect(None if free else Reason.CONFLICTING_ADDRESSES, error)
        if free:
            self.serial += 1
            for page in range(start, first + count):
                self.model.pages[page] = Page(
                    self.serial,
                    protection if commit else None,
                    caching=protection & Protection.NO_CACHE,
                )

    def commit(self) -> None:
        first, count = self._range()
        protection = self._protection()
        span = self.model.span(first, count)
        error = None
        try:
            self.space.allocate(
                first * PAGE_SIZE,
                count * PAGE_SIZE,
                reserve=False,
                commit=True,
                protection=protection,
            )
        except KernelError as caught:
            error = caught
        self._expect(None if span else Reason.CONFLICTING_ADDRESSES, error)
        for page in span or []:
            page.protect(protection)

    def decommit(self) -> None:
        first, count = self._range()
        whole = self.random.random() < 0.3
        self._free(first, count, whole=whole, release=False)

    def release(self) -> None:
        first, count = self._range()
        self._free(first, count, whole=self.random.random() < 0.6, release=True)

    def _free(self, first: int, count: int, *, whole: bool, release: bool) -> None:
        model = self.model
        expected: Reason | None = None
        if first not in model.pages:
            expected = Reason.MEMORY_NOT_ALLOCATED
        elif whole:
            before = model.pages.get(first - 1)
            if before is not None and before.allocation == model.pages[first].allocation:
                expected = Reason.FREE_VM_NOT_AT_BASE
        elif model.span(first, count) is None:
            expected = Reason.UNABLE_TO_FREE_VM
        error = None
        call = self.space.release if release else self.space.decommit
        try:
            call(first * PAGE_SIZE, 0 if whole else count * PAGE_SIZE)
        except KernelError as caught:
            error = caught
        self._expect(expected, error)
        if expected is None:
            pages = model.allocation_of(first) if whole else list(range(first, first + count))
            self._forget(pages, release=release)

    def _forget(self, pages: list[int], *, release: bool) -> None:
        for page in pages:
            if release:
                del self.model.pages[page]
            else:
                before = self.model.pages[page]
                self.model.pages[page] = Page(before.allocation, caching=before.caching)
        following = pages[-1] + 1
        at = self.model.pages.get(following)
        if release and at is not None:
            # What is left behind a hole is an allocation of its own.
            self.serial += 1
            for page in self.model.allocation_of(following):
                self.model.pages[page].allocation = self.serial

    def protect(self) -> None:
        first, count = self._range()
        protection = self._protection()
        span = self.model.span(first, count)
        expected = None
        if span is None:
            expected = Reason.CONFLICTING_ADDRESSES
        elif any(page.protection is None for page in span):
            expected = Reason.NOT_COMMITTED
        error = None
        try:
            result = self.space.protect(first * PAGE_SIZE, count * PAGE_SIZE, protection)
        except KernelError as caught:
            error = caught
        self._expect(expected, error)
        if expected is None:
            assert span is not None
            assert result[2] == span[0].protection
            for page in span:
                page.protect(protection)

    def reset(self) -> None:
        first, count = self._range()
        span = self.model.span(first, count)
        error = None
        try:
            self.space.reset(first * PAGE_SIZE, count * PAGE_SIZE)
        except KernelError as caught:
            error = caught
        self._expect(None if span else Reason.CONFLICTING_ADDRESSES, error)
        for page in span or []:
            page.is_unwanted = True

    def undo_reset(self) -> None:
        first, count = self._range()
        span = self.model.span(first, count)
        error = None
        try:
            self.space.undo_reset(first * PAGE_SIZE, count * PAGE_SIZE)
        except KernelError as caught:
            error = caught
        if span is None:
            self._expect(Reason.CONFLICTING_ADDRESSES, error)
        elif error is None:
            for page in span:
                page.is_unwanted = page.is_lost
        else:
            self._expect(Reason.DEVICE_BUSY, error)
            assert any(page.is_unwanted for page in span)
            for page in span:
                page.is_lost = page.is_unwanted

    def transfer(self) -> None:
        """What a page file does before it reads or writes. OSError."""
        if self.random.random() < self.failures:
            raise OSError(self.random.choice((errno.EIO, errno.ENOSPC)), "a failing host")

    def _access(self, call: Callable[[], object]) -> ViolationKind | None:
        """The violation that an access ends in; a host that fails costs that access alone."""
        for _ in range(50):
            try:
                call()
            except AccessViolation as caught:
                if not self.failures or caught.violation.reason not in HOST_ERRORS:
                    return caught.violation.kind
                self.in_page_errors += 1
            else:
                return None
        raise AssertionError("the host always fails")

    def _expected_violation(self, page: Page | None, need: Protection) -> ViolationKind | None:
        if page is None or page.protection is None or page.protection == Protection.NONE:
            return ViolationKind.ACCESS
        if page.protection & G:
            page.protection &= ~G
            return ViolationKind.GUARD_PAGE
        if need & W and not page.protection & W:
            return ViolationKind.ACCESS
        return None

    def write(self) -> None:
        first = self._page()
        page = self.model.pages.get(first)
        expected = self._expected_violation(page, W)
        value = self.random.randrange(1, 256)
        kind = self._access(lambda: self.space.write(first * PAGE_SIZE + 0xFFF, bytes([value])))
        assert kind == expected
        if expected is None and page is not None:
            page.data, page.is_unwanted, page.is_lost = value, False, False
            self.tlb.touch(self.space, first * PAGE_SIZE)

    def read(self) -> None:
        first = self._page()
        page = self.model.pages.get(first)
        expected = self._expected_violation(page, R)
        data = bytearray()
        kind = self._access(lambda: data.extend(self.space.read(first * PAGE_SIZE, PAGE_SIZE)))
        assert kind == expected
        if expected is None and page is not None:
            if page.is_unwanted and not data[-1]:
                page.data = 0
            assert data == bytes(PAGE_SIZE - 1) + bytes([page.data])
            self.tlb.touch(self.space, first * PAGE_SIZE)

    def query(self) -> None:
        first = self._range()[0]
        region = self.space.query(first * PAGE_SIZE)
        page = self.model.pages.get(first)
        assert region.start == first * PAGE_SIZE
        assert (region.vad is None) == (page is None)
        pages = self.model.pages
        end = first
        while (
            page is not None
            and end in pages
            and pages[end].allocation == page.allocation
            and pages[end].protection == page.protection
        ):
            end += 1
        if page is not None:
            assert region.size == (end - first) * PAGE_SIZE
            assert region.committed == (page.protection is not None)
            assert region.protection == (page.protection or Protection.NONE)


def _run(
    paging: str,
    seed: int,
    steps: int,
    *,
    check_every: int,
    frames: int = 1024,
    prepare: Callable[[Driver], None] = lambda driver: None,
) -> None:
    driver = Driver(seed, paging, frames)
    prepare(driver)
    for number in range(steps):
        driver.step()
        driver.tlb.check(driver.space)
        if number % check_every == 0:
            check(driver.mm)
    driver.space.delete()
    check(driver.mm)
    assert driver.mm.committed == driver.mm.kernel_frames


@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_a_short_random_run_agrees_with_the_model(paging: str) -> None:
    _run(paging, 1, 120, check_every=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_runs_agree_with_the_model(paging: str, seed: int) -> None:
    _run(paging, 100 + seed, 1500, check_every=10)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_runs_with_too_few_frames_agree_with_the_model(paging: str, seed: int) -> None:
    _run(paging, 200 + seed, 1500, check_every=10, frames=32)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_runs_on_a_failing_host_agree_with_the_model(
    paging: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or an I/O error of the page file is an in-page error of that access only."""
    load, store = PageFile.load, PageFile.store
    drivers: list[Driver] = []

    def failing_load(self: PageFile, number: int) -> bytes:
        drivers[0].transfer()
        return load(self, number)

    def failing_store(self: PageFile, data: memoryview) -> int | None:
        drivers[0].transfer()
        return store(self, data)

    def prepare(driver: Driver) -> None:
        driver.failures = 0.2
        drivers.append(driver)

    monkeypatch.setattr(PageFile, "load", failing_load)
    monkeypatch.setattr(PageFile, "store", failing_store)
    _run(paging, 300 + seed, 1200, check_every=20, frames=32, prepare=prepare)
    assert drivers[0].in_page_errors
