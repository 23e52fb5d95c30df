from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from provider.nt import call_index, syscalls_table

_FIND = """
import sys
from pathlib import Path
from provider.nt import call_index
call_index.FILE = Path(sys.argv[1])
call = call_index.find(sys.argv[2])
print(call and call.name, "provider.nt.calls" in sys.modules, "provider.nt.missing" in sys.modules)
"""


def _find(file: Path, name: str) -> str:
    words = [sys.executable, "-c", _FIND, str(file), name]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("index") / "index.txt"
    call_index.write(file)
    return file


def test_the_index_has_every_call(index: Path) -> None:
    names = {line.split()[0] for line in index.read_text().splitlines()}
    assert names >= {call.name for call in syscalls_table()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("NtClose", "NtClose False False"),
        ("NtDrawText", "None False True"),
        ("NtNobodyHasThis", "None True True"),
        ("__wine_unix_call", "__wine_unix_call False False"),
    ],
)
def test_a_name_imports_the_module_that_declares_it(index: Path, name: str, found: str) -> None:
    assert _find(index, name) == found


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["", "NtOpenKey provider.nt.cm.key_calls\n", "NtClose provider.nt.gone\n",
     "NtClose provider.nt.ke.wait_calls\n"],
)  # fmt: skip
def test_an_index_that_is_wrong_only_costs_time(tmp_path: Path, text: str) -> None:
    stale = tmp_path / "stale.txt"
    stale.write_text(text)
    assert _find(stale, "NtClose") == "NtClose True True"
    assert _find(tmp_path / "absent.txt", "NtClose") == "NtClose True True"
