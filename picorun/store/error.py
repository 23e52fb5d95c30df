"""What goes wrong with the store, in words for the user."""

from __future__ import annotations

from picorun.exit_code import RunFailed


class StoreError(RunFailed):
    """Something cannot be done with userlands."""
