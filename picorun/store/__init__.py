"""Installed userlands: DLLs, programs and NLS files in the user's data directory.

    $XDG_DATA_HOME/picorun/userlands/wine-8.0/userland.json   what it is, a digest of each file
    $XDG_DATA_HOME/picorun/userlands/wine-8.0/system32/…      what the guest sees
    $XDG_CACHE_HOME/picorun/apt/bookworm/…                    lists of packages, and packages

Knows directories, packages and PE files; it must not know any machine or kernel.
"""
