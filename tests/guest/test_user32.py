"""The built-in user32, and Wine's.

user_windows.expected was recorded on native Wine 8.0 but for two last errors, which are Windows'
documented ones: 1407 for a window of no class, 1444 for a message to no thread.  Message boxes wait
for somebody there; what is expected of them is by the documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.guests import LATE_WINE_DLLS, PROGRAMS, WINE_DLLS, compile_program, picorun

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

BOXES = [
    'message box "My title": Hello text',
    'message box "Error": two\n  lines',
    'message box "Error": indirect',
    'message box "t": ',
]
WINES = [
    pytest.param(
        str(dlls),
        id=name,
        marks=pytest.mark.skipif(not dlls.is_dir(), reason=f"there is no Wine in {dlls}"),
    )
    for name, dlls in (("wine", WINE_DLLS), ("late wine", LATE_WINE_DLLS))
]
USERLANDS = ["builtin", *WINES]


WINE_LOOKS_FOR_THE_CLASS_FIRST = (b"no class 0 1407", b"no class 0 1411")
"""Its user32 asks GetClassInfoEx, whose error that is."""


@pytest.mark.parametrize("userland", USERLANDS)
def test_windows_and_messages(userland: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "user_windows.c", "-luser32")
    done = picorun("--userland", userland, image, cwd=tmp_path)
    expected = (PROGRAMS / "user_windows.expected").read_bytes()
    if userland != "builtin":
        expected = expected.replace(*WINE_LOOKS_FOR_THE_CLASS_FIRST)
    assert done.stdout == expected
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize("userland", USERLANDS)
def test_a_window_for_messages_only(userland: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "user_message_only.c", "-luser32")
    done = picorun("--userland", userland, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "user_message_only.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize("userland", WINES)
def test_an_apartment_of_com(userland: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "ole32_apartment.c", "-lole32")
    done = picorun("--userland", userland, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "ole32_apartment.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize("userland", WINES)
def test_objects_of_gdi(userland: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "gdi_contexts.c", "-luser32", "-lgdi32")
    done = picorun("--userland", userland, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "gdi_contexts.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize("userland", USERLANDS)
def test_message_boxes_are_told_and_answered(userland: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "user_message_box.c", "-luser32")
    done = picorun("--userland", userland, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "user_message_box.expected").read_bytes()
    notes = "".join(f"picorun: {box}\n" for box in BOXES)
    assert (done.exit_code, done.stderr[: len(notes)]) == (0, notes)


@pytest.mark.parametrize("userland", USERLANDS)
def test_who_waits_for_messages_for_ever_is_told_of(userland: str, tmp_path: Path) -> None:
    source = tmp_path / "pump.c"
    source.write_text(
        "#include <windows.h>\n"
        'int main(void) { MSG m; CreateWindowA("STATIC", "my window", WS_VISIBLE, 0, 0, 9, 9, 0,'
        " 0, 0, 0);"
        " while (GetMessageA(&m, 0, 0, 0) > 0) DispatchMessageA(&m); return 0; }\n"
    )
    done = picorun("--userland", userland, compile_program(source, "-luser32"), cwd=tmp_path)
    assert done.exit_code == 124
    assert "deadlock: " in done.stderr
    if userland != "builtin":  # whose user32 tells the kernel nothing of windows
        assert "waits for window messages" in done.stderr
        assert 'window "my window"' in done.stderr


_CLOCK = """
#include <windows.h>
int main(void)
{
    MSG m;
    int ticks = 0;
    HWND w = CreateWindowA("STATIC", "clock", WS_VISIBLE, 0, 0, 9, 9, 0, 0, 0, 0);

    SetTimer(w, 1, 10000, 0);
    for (; GetMessageA(&m, 0, 0, 0) > 0; DispatchMessageA(&m))
        if (m.message == WM_TIMER && HIDES && (ShowWindow(w, SW_HIDE), ++ticks == 70))
            return 5;
    return 0;
}
"""


@pytest.mark.parametrize("userland", WINES)
def test_a_visible_window_with_a_timer_waits_ten_minutes_for_its_user(
    userland: str, tmp_path: Path
) -> None:
    source = tmp_path / "clock.c"
    source.write_text(_CLOCK)
    shown, hidden = (compile_program(source, f"-DHIDES={n}", "-luser32") for n in (0, 1))
    done = picorun("--userland", userland, shown, cwd=tmp_path)
    assert done.exit_code == 124
    assert "stopped: a window was up for 600 seconds of virtual time" in done.stderr
    assert picorun("--userland", userland, hidden, cwd=tmp_path).exit_code == 5
