"""The page that `--trace html:FILE` writes: its data, and what a browser makes of it."""

from __future__ import annotations

import gzip
import json
import re
import struct
from array import array
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from picorun.events import (
    Event,
    GuestException,
    ModuleLoad,
    PageFault,
    ProcessCreate,
    SectionMap,
    SystemCall,
    ThreadStateChange,
)
from picorun.trace import Settings
from picorun.trace.html import SEPARATOR, open_sink
from tests.chromium import Page, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = "</script><img src=x onerror=document.title='owned'>\u202e\x1b[2J$DATA"
"""A name that a guest might give to something."""
MANY = 200_000


def _call(number: int, name: str = "NtClose", status: int = 0, **arguments: str) -> SystemCall:
    return SystemCall(
        sequence=number,
        time=10 * number,
        process_id=8,
        thread_id=12,
        call=number,
        name=name,
        component="nt/ob",
        words=(),
        caller="ntdll.dll+0x10",
        arguments=tuple(arguments.items()),
        status=status,
        status_name="STATUS_SUCCESS" if not status else "STATUS_INVALID_HANDLE",
        started=10 * number - 5,
    )


def _events() -> list[Event]:
    return [
        ProcessCreate(1, 0, 8, 0, "hello.exe", 0),
        ModuleLoad(2, 0, 8, 0, 0x400000, 0x3000, HOSTILE),
        SectionMap(3, 1, 8, 12, 0x400000, 0x3000, "image", HOSTILE),
        ThreadStateChange(4, 2, 8, 12, "Running", 8, ""),
        PageFault(5, 3, 8, 12, 0x401004, "execute", ("hard",), True, 1),
        PageFault(6, 4, 8, 12, 0x10000, "write", ("demand_zero",), True, 2),
        _call(7, Handle=f"0x10<{HOSTILE}>"),
        _call(8, "NtReadFile", 0xC0000008, FileHandle="0x14", Length="5"),
        GuestException(
            9, 90, 8, 12, 0xC0000005, "STATUS_ACCESS_VIOLATION", 0x401000, "hello.exe+0x1000",
            True, (0, 0), (("eax", 1), ("eip", 0x401000)),
        ),
        ThreadStateChange(10, 95, 8, 12, "Waiting", 8, "UserRequest"),
    ]  # fmt: skip


def _write(path: Path, events: list[Event]) -> Path:
    sink = open_sink(str(path), Settings())
    for event in events:
        sink.write(event)
    sink.close()
    return path


def _data_of(page: str) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """The header and the columns, read as the page's comment says."""
    found = re.search(r'id="data">([A-Za-z0-9+/=]+)</script>', page)
    assert found
    data = gzip.decompress(b64decode(found[1]))
    offset, length = struct.unpack_from("<II", data)
    header = json.loads(data[offset : offset + length])
    columns = {}
    for name, kind, start in header["columns"]:
        column: array[Any] = array({"f64": "d", "u32": "I", "u8": "B"}[kind])
        column.frombytes(data[start : start + column.itemsize * header["count"]])
        columns[name] = list(column)
    return header, columns


def test_no_guest_text_stands_in_the_page(tmp_path: Path) -> None:
    events = _events()
    events[0] = ProcessCreate(1, 0, 8, 0, HOSTILE, 0)
    page = _write(tmp_path / "x.html", events).read_text(encoding="utf-8")
    assert "<img" not in page
    assert page.count("<script") == 2
    assert "script-src 'sha256-" in page
    assert "&lt;/script&gt;" in page  # the title


def test_a_run_that_told_nothing(tmp_path: Path) -> None:
    header, columns = _data_of(_write(tmp_path / "x.html", []).read_text(encoding="utf-8"))
    assert header["count"] == 0
    assert all(not column for column in columns.values())


def test_the_data_are_the_events(tmp_path: Path) -> None:
    header, columns = _data_of(_write(tmp_path / "x.html", _events()).read_text(encoding="utf-8"))
    names = [header["strings"][int(index)] for index in columns["name"]]
    assert names[6:8] == ["NtClose", "NtReadFile"]
    assert columns["status"][7] == 0xC0000008
    assert columns["value"][4:6] == [0x401004, 0x10000]
    assert [header["kinds"][int(kind)] for kind in columns["kind"]][3] == "ThreadStateChange"
    detail = header["strings"][int(columns["detail"][7])]
    assert detail == f"FileHandle=0x14{SEPARATOR}Length=5"
    extras = dict(map(tuple, header["extras"]))
    assert extras[8]["registers"] == {"eax": 1, "eip": 0x401000}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


def _text(browser: Page, selector: str) -> str:
    return str(browser.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


def _rows(browser: Page) -> list[str]:
    text = "[...document.querySelectorAll('.row:not([hidden])')].map(row => row.innerText)"
    return [" ".join(str(row).split()) for row in browser.evaluate(text)]


@pytest.mark.slow
def test_hostile_names_are_only_text(browser: Page, tmp_path: Path) -> None:
    browser.open(_write(tmp_path / "x.html", _events()))
    for tab in ("Events", "Timeline", "Memory", "Modules", "Exceptions", "Sums"):
        browser.evaluate(f"page.open('{tab}')")
        assert browser.evaluate("document.images.length") == 0
    browser.evaluate("page.open('Modules')")
    shown = _text(browser, "#view table")
    assert "</script><img src=x" in shown
    assert "\\u202e\\u001b[2J" in shown
    assert browser.evaluate("document.title") == "hello.exe"
    assert browser.errors == []


@pytest.mark.slow
def test_a_script_from_the_trace_would_not_run(browser: Page, tmp_path: Path) -> None:
    browser.open(_write(tmp_path / "x.html", _events()))
    browser.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.bad=1\">');"
        "new Promise(done => setTimeout(done, 100))"
    )
    assert browser.evaluate("window.bad") is None
    browser.errors.clear()


@pytest.mark.slow
def test_searching_filtering_and_choosing(browser: Page, tmp_path: Path) -> None:
    browser.open(_write(tmp_path / "x.html", _events()))
    assert len(_rows(browser)) == 5
    browser.evaluate("page.filter.query = 'readfile length=5'; page.apply()")
    assert [row.split()[2] for row in _rows(browser)] == ["NtReadFile"]
    browser.evaluate("page.filter.query = ''; page.filter.failed = true; page.apply()")
    assert [row.split()[2] for row in _rows(browser)] == ["NtReadFile", "STATUS_ACCESS_VIOLATION"]
    browser.evaluate("document.querySelector('.row').click()")
    detail = _text(browser, "#detail")
    assert "STATUS_INVALID_HANDLE" in detail
    assert "ntdll.dll+0x10" in detail


@pytest.mark.slow
def test_the_tree_has_threads_under_their_own_process(browser: Page, tmp_path: Path) -> None:
    child: list[Event] = [
        ProcessCreate(20, 100, 16, 12, "child.exe", 8),
        SectionMap(21, 101, 16, 12, 0x400000, 0x1000, "image", "child.exe"),
        ThreadStateChange(22, 102, 16, 20, "Ready", 8, ""),
    ]
    browser.open(_write(tmp_path / "x.html", [*_events(), *child]))
    tree = "[...document.querySelectorAll('#tree button')].map(b => b.innerText)"
    shown = ["all processes", "8 hello.exe", "thread 12", "16 child.exe", "thread 20"]
    assert browser.evaluate(tree) == shown
    browser.evaluate("document.querySelectorAll('#tree button')[3].click()")
    assert [row.split()[1] for row in _rows(browser)] == ["16.12"]


@pytest.mark.slow
def test_exceptions_memory_and_the_timeline(browser: Page, tmp_path: Path) -> None:
    browser.open(_write(tmp_path / "x.html", _events()))
    browser.evaluate("page.open('Exceptions')")
    assert "eip 00401000" in _text(browser, "#view")
    browser.evaluate("page.choose(4); page.open('Memory')")
    browser.evaluate("page.memory.reveal(4)")
    assert "1 of 3" in _text(browser, "#view")
    assert "00010000" not in _text(browser, "#view")  # the next fault brings that page
    browser.evaluate("page.memory.reveal(5)")
    assert "00010000" in _text(browser, "#view")
    browser.evaluate("page.open('Timeline')")
    assert browser.evaluate("document.querySelector('#view canvas').width") > 100
    assert browser.errors == []


@pytest.mark.slow
def test_many_events_stay_usable(browser: Page, tmp_path: Path) -> None:
    """Only what is seen exists: the page has as many rows as a screen, wherever one looks."""
    events: list[Event] = [_call(i, Handle=f"{4 * i:#x}") for i in range(1, MANY + 1)]
    browser.open(_write(tmp_path / "x.html", events))
    for share in (0, 0.5, 1):
        browser.evaluate(
            f"(s => {{ s.scrollTop = {share} * s.scrollHeight; page.table.draw(); }})"
            "(page.table.scroller)"
        )
        assert 10 < len(_rows(browser)) < 200
    assert str(10 * MANY / 1e7) in _rows(browser)[-1]
    browser.evaluate(f"page.filter.query = '{4 * MANY:#x}'; page.apply()")
    assert len(_rows(browser)) == 1
