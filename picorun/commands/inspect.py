"""`picorun inspect FILE`: what an image's file says, and what userland it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from picorun.image_file import read_image
from picorun.inspection import inspect, lines
from picorun.userland import find_userland

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """The file, and how to tell."""
    parser.add_argument("file", help="a 32-bit .exe or .dll")
    text = "whose DLLs to compare its imports with (default: builtin)"
    parser.add_argument("--userland", metavar="NAME|DIR", default="builtin", help=text)
    parser.add_argument("--json", action="store_true", help="as one object")


def run(options: Namespace) -> int:
    """Print it."""
    image = read_image(options.file)
    found = inspect(image, find_userland(options.userland), Path(options.file).parent)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print(*lines(found), sep="\n")
    return 0
