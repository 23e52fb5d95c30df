"""The window manager and GDI, as user mode knows them: the calls of win32u.dll.

There is no display: windows, queues, timers and classes are as real as anywhere, but nothing is
drawn and no input comes.  This package must not be imported by programs without user32; what
differs between versions of the DLLs is in `dialect.py`.
"""
