"""The tables that NT system calls are declared in, such as `@nt.syscall()`."""

from __future__ import annotations

from provider.syscall import SyscallTable

nt = SyscallTable()
"""The calls of ntdll."""

wine = SyscallTable()
"""The calls that only Wine's ntdll has."""

win32k = SyscallTable()
"""The calls of win32u: the window manager and GDI."""
