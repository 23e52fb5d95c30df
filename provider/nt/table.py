"""The table that every NT system call is declared in: `@nt.syscall()`."""

from __future__ import annotations

from provider.syscall import SyscallTable

nt = SyscallTable()
