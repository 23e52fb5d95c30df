"""The Unix sides of Wine's DLLs: what Wine does in libraries of the host, done here.

A DLL gets a handle (NtQueryVirtualMemory, class 1000) and calls functions by number; what the
numbers mean is a fact of the userland (`libraries.py`).  A module of this package is the Unix side
of one DLL.  It must not know numbers, and is imported when its DLL makes the first call.
"""
