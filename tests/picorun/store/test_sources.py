from __future__ import annotations

from pathlib import Path

import pytest

from picorun.store.error import StoreError
from picorun.store.sources import Distribution, distribution, sources_text


def _etc(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("text", [None, "", "ID=debian\n", "ID\n=\n\0", "NAME=Void\nID=void\n"])
def test_no_distribution_with_suites(tmp_path: Path, text: str | None) -> None:
    etc = _etc(tmp_path, {} if text is None else {"os-release": text})
    with pytest.raises(StoreError, match="names no Debian or Ubuntu"):
        distribution(etc)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ID=debian\nVERSION_CODENAME="bookworm"\n', ("debian", "bookworm")),
        ("ID=linuxmint\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n", ("ubuntu", "noble")),
        ("ID=lmde\nVERSION_CODENAME=faye\nDEBIAN_CODENAME=bookworm\n", ("debian", "bookworm")),
    ],
)
def test_a_distribution(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    assert distribution(_etc(tmp_path, {"os-release": text})) == Distribution(*expected)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"sources.list": "# deb http://x bookworm main\n"},
        {"sources.list": "deb-src http://x bookworm main\ndeb http://x trixie main\ndeb broken\n"},
        {"sources.list.d/x.sources": "Types: deb\nURIs: http://x\nSuites: bookworm\n"
         "Components: main\nEnabled: no\n"},
        {"sources.list.d/x.list": "deb http://docker bookworm stable\n"},
        {"sources.list.d/x.list.bak": "deb http://x bookworm main\n"},
    ],
)  # fmt: skip
def test_no_archive(tmp_path: Path, files: dict[str, str]) -> None:
    etc = _etc(tmp_path, {f"apt/{name}": text for name, text in files.items()})
    with pytest.raises(StoreError, match="no archive with the suite bookworm"):
        sources_text(etc, "bookworm", "trixie")


def test_both_styles_once(tmp_path: Path) -> None:
    etc = _etc(tmp_path, {
        "apt/sources.list": "deb [arch=amd64 signed-by=/k.gpg] http://x/d  bookworm main contrib\n"
        "deb [arch=amd64 signed-by=/k.gpg] http://x/d bookworm main contrib # again\n",
        "apt/sources.list.d/a.sources": "# words\nTypes: deb deb-src\nURIs: http://y\n"
        "Suites: bookworm bookworm-updates\nComponents: main\nArchitectures: amd64\nSigned-By:\n"
        " -----BEGIN-----\n .\n x\n",
    })  # fmt: skip
    assert sources_text(etc, "bookworm", "trixie") == (
        "Types: deb\nURIs: http://x/d\nSuites: trixie\nComponents: main contrib\n"
        "signed-by: /k.gpg\n\n"
        "Types: deb\nURIs: http://y\nSuites: trixie\nComponents: main\n"
        "signed-by: \n -----BEGIN-----\n .\n x\n\n"
    )
