"""What goes wrong with the store, in words for the user."""

from __future__ import annotations


class StoreError(Exception):
    """Something with installed userlands cannot be done: a line what, perhaps one with a way out."""
