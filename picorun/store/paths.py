"""Where this user's files are, by the XDG Base Directory Specification."""

from __future__ import annotations

import os
from pathlib import Path


def data_directory() -> Path:
    """What must last.  It need not exist."""
    return _directory("XDG_DATA_HOME", ".local/share")


def cache_directory() -> Path:
    """What can be made again.  It need not exist."""
    return _directory("XDG_CACHE_HOME", ".cache")


def _directory(variable: str, default: str) -> Path:
    value = os.environ.get(variable, "")
    # The specification: a relative path is invalid and is to be ignored.
    base = Path(value) if os.path.isabs(value) else Path(os.path.expanduser("~")) / default
    return base / "picorun"
