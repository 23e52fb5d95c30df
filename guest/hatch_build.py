"""Hatchling's hook: compiles the guest DLLs before a wheel or an editable install is made."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GuestBuildHook(BuildHookInterface[Any]):
    """Puts the DLLs of the built-in userland into guest/system32, where a wheel looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run once before files are collected; `version` is "standard" or "editable"."""
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from guest.build import build

        build(root / "guest" / "system32")
