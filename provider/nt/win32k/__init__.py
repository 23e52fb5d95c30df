"""The window manager and GDI, as user mode knows them: the calls of win32u.dll.

There is no display: what every program with user32 needs at its start succeeds, windows do not
come into being.  This package must not know whose win32u calls it.
"""
