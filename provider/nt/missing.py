"""Calls that the built-in userland makes and this kernel does not have yet.

They fail with STATUS_NOT_IMPLEMENTED and are named in the report at the end of a run.
"""

from __future__ import annotations

from provider.nt.table import nt

_MISSING = """
NtAlertMultipleThreadByThreadId 16
NtCancelSynchronousIoFile 12
NtCreateMailslotFile 32
NtLoadKeyEx 32
NtNotifyChangeDirectoryFile 36
NtNotifyChangeDirectoryFileEx 40
NtOpenProcess 16
"""
"""Names and argument bytes."""

for _line in _MISSING.split("\n"):
    if _line:
        _name, _bytes = _line.split()
        nt.declare_missing(_name, int(_bytes))
