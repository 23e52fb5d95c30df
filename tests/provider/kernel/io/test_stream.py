"""Standard streams and the console, with the host's ends played by pipes and a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io import (
    CallbackOutput,
    DescriptorStream,
    FileObject,
    HostStream,
    IoManager,
    MemoryInput,
    OpenRequest,
    StreamKind,
)
from provider.kernel.io.console import ConsoleFile
from provider.kernel.io.file import DeviceType
from provider.kernel.io.irp import Irp
from provider.kernel.io.pipe import PipeState
from provider.kernel.io.stream_pipe import StreamPipe
from provider.kernel.ob.namespace import Namespace


def _io() -> IoManager:
    return IoManager(Namespace(), lambda: 0)


def _files(*streams: HostStream) -> tuple[FileObject, ...]:
    first, second, third = (*streams, *(HostStream(),) * 3)[:3]
    return _io().connect(first, second, third)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal that changes nothing: ours, and the program's."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def _read(file: FileObject, size: int) -> bytes:
    irp = Irp()
    file.start_read(irp, size)
    assert irp.is_done
    return irp.data


def _write(file: FileObject, data: bytes) -> int:
    irp = Irp()
    file.start_write(irp, data)
    assert irp.is_done
    return irp.information


class Broken(HostStream):
    """A stream that fails with one error."""

    def __init__(self, error: int) -> None:
        self._error = error

    def read(self, size: int) -> bytes:
        raise OSError(self._error, "broken")

    def write(self, data: bytes) -> None:
        raise OSError(self._error, "broken")


class Terminal(HostStream):
    """A terminal with lines to be read; notes what is shown."""

    kind = StreamKind.CONSOLE

    def __init__(self, *lines: str) -> None:
        self._lines = [line.encode() for line in lines]
        self.shown = b""

    def read(self, size: int) -> bytes:
        return self._lines.pop(0)

    def write(self, data: bytes) -> None:
        self.shown += data


@pytest.mark.parametrize(
    ("error", "reason"),
    [(28, Reason.DISK_FULL), (32, Reason.PIPE_BROKEN), (5, Reason.IO_DEVICE_ERROR)],
)
def test_host_errors_become_reasons(error: int, reason: Reason) -> None:
    _, output, _ = _files(Broken(error), Broken(error))
    with pytest.raises(KernelError) as caught:
        output.write(b"x")
    assert caught.value.reason is reason
    with pytest.raises(KernelError) as caught:
        output.read(1)
    assert caught.value.reason is reason


def test_the_end_of_a_pipe_is_a_broken_pipe() -> None:
    source, _, _ = _files(MemoryInput(b"abc"))
    assert source.read(2) == b"ab"
    assert source.read(0) == b""
    assert source.read(1 << 40) == b"c"
    with pytest.raises(KernelError) as caught:
        source.read(1)
    assert caught.value.reason is Reason.PIPE_BROKEN


def _pipe_of_host() -> tuple[StreamPipe, int, int]:
    reading, writing = os.pipe()
    source, _, _ = _files(DescriptorStream(reading))
    assert isinstance(source, StreamPipe)
    return source, reading, writing


def test_input_from_a_pipe_can_be_looked_at() -> None:
    source, reading, writing = _pipe_of_host()
    assert source.peek(10).available == 0
    os.write(writing, b"abcdef")
    assert source.peek(0) == (PipeState.CONNECTED, 6, 0, 0, b"")
    assert source.peek(2) == (PipeState.CONNECTED, 6, 0, 0, b"ab")
    assert source.local().available == 6
    os.close(writing)
    assert source.peek(1 << 32).data == b"abcdef"
    assert source.read(4) == b"abcd"
    assert source.read(4) == b"ef"
    with pytest.raises(KernelError) as caught:
        source.peek(0)
    assert caught.value.reason is Reason.PIPE_BROKEN
    os.close(reading)


def test_modes_of_input_from_a_pipe() -> None:
    source, reading, writing = _pipe_of_host()
    with pytest.raises(KernelError) as caught:
        source.set_modes(message_mode=True, nonblocking=False)
    assert caught.value.reason is Reason.INVALID_PARAMETER
    source.set_modes(message_mode=False, nonblocking=True)
    with pytest.raises(KernelError) as caught:
        source.start_read(Irp(), 1)
    assert caught.value.reason is Reason.PIPE_EMPTY
    os.close(writing)
    os.close(reading)


def test_a_closed_descriptor_is_the_null_device() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    assert DescriptorStream(reading).kind is StreamKind.NULL


def test_output_is_byte_exact() -> None:
    written: list[bytes] = []
    _, output, _ = _files(HostStream(), CallbackOutput(written.append))
    data = bytes(range(256))
    assert output.write(data) == 256
    assert written == [data]
    assert output.device_type is DeviceType.NAMED_PIPE


def test_a_large_write_to_a_pipe_arrives_whole() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    stream = DescriptorStream(writing)
    assert stream.kind is StreamKind.PIPE
    stream.write(b"x" * 60000)
    assert os.read(reading, 100000) == b"x" * 60000
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        stream.write(b"y")
    os.close(writing)


def test_a_redirected_file_can_be_sought(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"0123456789")
    with path.open("rb", buffering=0) as file:
        stream = DescriptorStream(file.fileno())
        source, _, _ = _files(stream)
        assert source.device_type is DeviceType.DISK
        assert source.read(3) == b"012"
        assert source.position == 3
        source.position = 8
        assert source.read(9) == b"89"
        assert source.status().size == 10
        with pytest.raises(KernelError) as caught:
            source.read(1)
        assert caught.value.reason is Reason.END_OF_FILE


def test_without_a_terminal_nobody_sees_the_console() -> None:
    io = _io()
    written = bytearray()
    io.connect(MemoryInput(b""), CallbackOutput(written.extend), HostStream())
    for name in ("\\??\\CONOUT$", "\\Device\\ConDrv\\Output"):
        output, _ = io.open(OpenRequest(name))
        assert isinstance(output, ConsoleFile)
        assert _write(output, b"unseen") == 6
        assert output.screen.cursor_x == 6 * (1 + name.endswith("Output"))
    source, _ = io.open(OpenRequest("\\??\\CONIN$"))
    assert _read(source, 9) == b""
    assert not io.host_input.poll(None)
    assert written == b""


def test_the_console_translates() -> None:
    terminal = Terminal("grün\n", "abc\n", "\x1a\n")
    source, output, _ = _files(terminal, terminal, terminal)
    assert isinstance(source, ConsoleFile)
    assert source.device_type is DeviceType.CONSOLE
    assert _read(source, 100) == "grün\r\n".encode("cp437")
    assert _write(output, "grün".encode("cp437")) == 4
    source.console.output_code_page = 65001
    for byte in "ß€".encode():
        _write(output, bytes([byte]))
    assert terminal.shown.decode() == "grünß€"
    source.console.input_code_page = 99999
    assert [_read(source, 2) for _ in range(3)] == [b"ab", b"c\r", b"\n"]
    assert _read(source, 10) == b""


def test_a_terminal_of_the_host_is_a_console(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    stream = DescriptorStream(theirs)
    assert stream.kind is StreamKind.CONSOLE
    source, output, _ = _files(stream, stream, stream)
    os.write(ours, b"x")
    assert _read(source, 1) == b"x"
    assert _write(output, b"y") == 1
    assert os.read(ours, 1) == b"y"


def test_the_console_has_names(terminal: tuple[int, int]) -> None:
    _ours, theirs = terminal
    io = _io()
    stream = DescriptorStream(theirs)
    io.connect(stream, stream, stream)
    for name, is_input in (
        ("\\??\\CONIN$", True),
        ("\\??\\conout$", False),
        ("\\Device\\ConDrv\\CurrentIn", True),
        ("\\Device\\ConDrv\\CurrentOut", False),
        ("\\??\\CON", True),
    ):
        file, _ = io.open(OpenRequest(name))
        assert isinstance(file, ConsoleFile)
        assert file.is_input is is_input
    with pytest.raises(KernelError):
        io.open(OpenRequest("\\Device\\ConDrv\\..\\x"))
