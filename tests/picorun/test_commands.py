from __future__ import annotations

from importlib import import_module

import pytest

from picorun.cli import main
from picorun.commands import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([name, "--help"])
    assert exit_.value.code == 0
    assert COMMANDS[name] in " ".join(capsys.readouterr().out.split())
    assert import_module(f"picorun.commands.{name}").__doc__


def test_a_bad_option_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["syscalls", "--nonsense"]) == 125
    assert capsys.readouterr().err == (
        "picorun: no such option: --nonsense\nTry 'picorun syscalls --help'.\n"
    )


def test_a_program_with_the_name_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["./syscalls"]) == 127
    assert capsys.readouterr().err.startswith("picorun: ./syscalls: no such file\n")
