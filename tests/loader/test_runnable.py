from __future__ import annotations

import pytest

from loader.image import Directory, ImageError, ImageErrorKind
from loader.pe import read_pe
from loader.runnable import check_runnable
from tests.loader.builder import Part, PeFile

COR20 = b"\x48\0\0\0\2\0\5\0".ljust(16, b"\0")


@pytest.mark.parametrize(
    ("file", "kind", "text"),
    [
        (PeFile(characteristics=0x2102), ImageErrorKind.DLL, "DLL"),
        (PeFile(subsystem=1), ImageErrorKind.DRIVER, "driver"),
        (PeFile(dll_characteristics=0x2000), ImageErrorKind.DRIVER, "driver"),
        (PeFile(subsystem=0), ImageErrorKind.SUBSYSTEM, "unknown"),
        (PeFile(subsystem=7), ImageErrorKind.SUBSYSTEM, "POSIX"),
        (PeFile(subsystem=10), ImageErrorKind.SUBSYSTEM, "EFI"),
        (PeFile(subsystem=16), ImageErrorKind.SUBSYSTEM, "boot"),
        (PeFile(subsystem=0xFFFF), ImageErrorKind.SUBSYSTEM, "65535"),
        (
            PeFile(
                parts=[Part(data=COR20 + b"\1\0\0\0")],
                directories={Directory.COM_DESCRIPTOR: (0x1000, 72)},
            ),
            ImageErrorKind.IL_ONLY,
            r"\.NET",
        ),
        (PeFile(entry_point=0x2000), ImageErrorKind.ENTRY_POINT, "0x2000"),
        (PeFile(entry_point=0xFFFF_FFFF), ImageErrorKind.ENTRY_POINT, "0xffffffff"),
        (PeFile(directories={0: (0x2000, 40)}), ImageErrorKind.DIRECTORY, "export"),
        (PeFile(directories={1: (0xFFFF_FFF0, 40)}), ImageErrorKind.DIRECTORY, "import"),
        (PeFile(directories={5: (0x2000, 8)}), ImageErrorKind.DIRECTORY, "relocation"),
        (PeFile(directories={9: (0x1FF0, 24)}), ImageErrorKind.DIRECTORY, "TLS"),
        (
            PeFile(directories={Directory.COM_DESCRIPTOR: (0xFFFF_FFFF, 72)}),
            ImageErrorKind.DIRECTORY,
            "leaves the image",
        ),
    ],
)
def test_what_cannot_be_started(file: PeFile, kind: ImageErrorKind, text: str) -> None:
    image = read_pe(file.build(), "test.exe")
    with pytest.raises(ImageError, match=text) as caught:
        check_runnable(image)
    assert caught.value.kind is kind


@pytest.mark.parametrize("subsystem", [2, 3])
def test_console_and_window_programs_can(subsystem: int) -> None:
    check_runnable(read_pe(PeFile(subsystem=subsystem).build(), "test.exe"))


def test_a_mixed_mode_program_can() -> None:
    part = Part(data=COR20 + b"\x10\0\0\0")
    file = PeFile(parts=[part], directories={Directory.COM_DESCRIPTOR: (0x1000, 72)})
    check_runnable(read_pe(file.build(), "test.exe"))
