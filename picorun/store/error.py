"""What goes wrong with the store, in words for the user."""

from __future__ import annotations


class StoreError(Exception):
    """Something cannot be done with userlands: a line says what, perhaps another a way out."""
