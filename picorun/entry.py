"""Where the installed command begins."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import NoReturn

from picorun import module_cache


def command() -> NoReturn:
    """Run the command `picorun`; see `picorun.cli.command`."""
    cache = module_cache.install()
    from picorun import cli

    def remember() -> None:
        with suppress(OSError):  # the next start takes as long as this one
            cache.update(sys.modules)

    cli.command(at_end=remember)
