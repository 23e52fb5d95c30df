"""`picorun completion SHELL`: the lines that make a shell complete picorun's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_HOW = """\
put into ~/.bashrc:                 eval "$(picorun completion bash)"
put into ~/.zshrc after compinit:   eval "$(picorun completion zsh)"
put into ~/.config/fish/config.fish: picorun completion fish | source"""


def add_arguments(parser: ArgumentParser) -> None:
    """The shell."""
    from argparse import RawDescriptionHelpFormatter

    parser.formatter_class = RawDescriptionHelpFormatter
    parser.epilog = _HOW
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def run(options: Namespace) -> int:
    """Print them."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["picorun"], shell=options.shell))
    return 0
