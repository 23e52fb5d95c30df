"""Files: reading and writing 4 KB, opening, and a directory of ten thousand files; a pipe.

The calls on files are made without guest code, so a system call's own entry (design: 4 us) is not
in it.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import median_seconds
from bench.row import Row
from provider.kernel.io import MountMode
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.nt.io.caller import (
    DATA_VA,
    DELETE,
    DELETE_ON_CLOSE,
    HANDLE_VA,
    IO_VA,
    NOT_DIRECTORY,
    READ,
    SYNCHRONOUS,
    Caller,
    work_caller,
)

FILES = 10_000
TRANSFERS = 5000
BLOCK = 4096
PREFIX = "\\??\\C:\\work\\"


def rows() -> list[Row]:
    """Microseconds of a transfer, seconds of ten thousand opens, creations and deletions."""
    return [
        *_mount_rows(MountMode.READ_WRITE, ""),
        *_mount_rows(MountMode.COPY_ON_WRITE, ", cow"),
        Row("100 MB through a pipe, 64 KB blocks", _pipe(1 << 16), "s", 2),
        Row("100 MB through a pipe, 4 KB blocks", _pipe(1 << 12), "s", 2),
    ]


def _pipe(block: int) -> float:
    """A whole run of a program whose two threads pass 100 MB on."""
    image = compile_program(PROGRAMS / "io_pipe_speed.c")

    def run() -> None:
        assert picorun(image, str(block)).exit_code == 0

    return median_seconds(run, 3)


def _mount_rows(mode: MountMode, label: str) -> list[Row]:
    with TemporaryDirectory() as name:
        caller = work_caller(Path(name), mode)
        handle = caller.must_create(f"{PREFIX}file")
        caller.write(handle, bytes(BLOCK))
        caller.space.write(IO_VA + 16, bytes(8))
        return [
            Row(f"NtReadFile of 4 KB{label}", _transfer(caller, "NtReadFile", handle), "us", 12),
            Row(f"NtWriteFile of 4 KB{label}", _transfer(caller, "NtWriteFile", handle), "us", 12),
            Row(f"10,000 opens of a file{label}", median_seconds(lambda: _open(caller)), "s", 0.6),
            Row(f"10,000 files created{label}", median_seconds(lambda: _create(caller), 1), "s"),
            Row(f"10,000 files listed{label}", median_seconds(lambda: _list(caller), 1), "s"),
            Row(f"10,000 files deleted{label}", median_seconds(lambda: _delete(caller), 1), "s"),
        ]


def _transfer(caller: Caller, call: str, handle: int) -> float:
    def run() -> None:
        for _ in range(TRANSFERS):
            caller(call, handle, 0, 0, 0, IO_VA, DATA_VA, BLOCK, IO_VA + 16, 0)

    return median_seconds(run) / TRANSFERS * 1e6


def _open(caller: Caller) -> None:
    attributes = caller.attributes(f"{PREFIX}file")
    options = SYNCHRONOUS | NOT_DIRECTORY
    for _ in range(FILES):
        caller("NtOpenFile", HANDLE_VA, READ | 0x100000, attributes, IO_VA, 7, options)
        caller("NtClose", caller.word(HANDLE_VA))


def _create(caller: Caller) -> None:
    for number in range(FILES):
        caller.close(caller.must_create(f"{PREFIX}made{number}"))


def _list(caller: Caller) -> None:
    handle = caller.open(PREFIX[:-1], options=0x21).value
    assert len(caller.listing(handle, size=0x10000)) == FILES + 3
    caller.close(handle)


def _delete(caller: Caller) -> None:
    for number in range(FILES):
        name = f"{PREFIX}MADE{number}"
        caller.close(caller.open(name, DELETE, options=DELETE_ON_CLOSE | SYNCHRONOUS).value)
