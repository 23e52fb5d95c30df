"""Imports every module that declares system calls, so that the table is complete."""

from __future__ import annotations

import provider.nt.missing
import provider.nt.mm.syscalls
import provider.nt.ps.syscalls  # noqa: F401  the import is what counts
