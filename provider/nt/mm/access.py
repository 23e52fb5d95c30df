"""Access rights to a process's memory (winnt.h)."""

from __future__ import annotations

PROCESS_VM_OPERATION = 0x0008
PROCESS_VM_READ = 0x0010
PROCESS_VM_WRITE = 0x0020
PROCESS_QUERY_INFORMATION = 0x0400

HIGHEST_USER_ADDRESS = 0x7FFEFFFF
"""MmHighestUserAddress."""
