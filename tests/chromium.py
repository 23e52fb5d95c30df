"""A headless Chromium that tests drive: DevTools' protocol over two pipes, JSON ended by zeros."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60.0
"""Seconds after which an answer does not come any more."""


_ON_3_AND_4 = """
import fcntl, os, sys
high = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
for fd, place in zip(high, (3, 4)):
    os.dup2(fd, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium's protocol goes over the descriptors 3 and 4."""


class Page:
    """One tab."""

    def __init__(self, write_fd: int, read_fd: int) -> None:
        self._write_fd, self._read_fd = write_fd, read_fd
        self._buffer = b""
        self._last_id = 0
        self._session: str | None = None
        self.errors: list[str] = []
        """What the page has complained of: exceptions, refused scripts."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def open(self, file: Path) -> None:
        """Load a file and wait until its scripts have run."""
        self._call("Page.navigate", url=file.as_uri())
        self.evaluate(
            "new Promise(done => { const look = () => document.body?.dataset.ready"
            " ? done() : setTimeout(look, 5); look(); })"
        )

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript, of a promise what it gives."""
        answer = self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def screenshot(self) -> bytes:
        """The page as PNG, in base64."""
        data: str = self._call("Page.captureScreenshot")["data"]
        return data.encode()

    def resize(self, width: int, height: int) -> None:
        """Set the size of the window."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write_fd, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._last_id:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.errors.append(json.dumps(event["params"]))

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._read_fd], [], [], _PATIENCE)[0], "Chromium is silent"
            data = os.read(self._read_fd, 1 << 20)
            assert data, "Chromium has ended"
            self._buffer += data
        whole, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(whole))


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """A tab of a new browser; skips the test where none is installed."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    to_browser, from_us = os.pipe()
    from_browser, to_us = os.pipe()
    words = [
        sys.executable, "-c", _ON_3_AND_4, str(to_browser), str(to_us), program,
        "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
        "--no-first-run", "--disable-background-networking", f"--user-data-dir={profile}",
    ]  # fmt: skip
    process = subprocess.Popen(words, pass_fds=(to_browser, to_us), stderr=subprocess.DEVNULL)
    os.close(to_browser)
    os.close(to_us)
    try:
        yield Page(from_us, from_browser)
    finally:
        os.close(from_us)
        os.close(from_browser)
        process.terminate()
        process.wait()
