"""The table of win32u's calls: `@win32k.syscall()`.  No ntdll has stubs for them."""

from __future__ import annotations

from provider.syscall import SyscallTable

win32k = SyscallTable()
