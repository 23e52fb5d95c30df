"""Hatchling's hook: compiles the guest DLLs before a wheel or an editable install is made."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GuestBuildHook(BuildHookInterface[Any]):
    """Makes the built-in DLLs and the index of the system calls, where a wheel looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run once before files are collected; `version` is "standard" or "editable"."""
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from guest.build import build, write_call_index

        build(root / "guest" / "system32")
        write_call_index()
