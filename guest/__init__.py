"""Code that runs inside the machine: the built-in userland, in C and assembly, and its build.

Each folder holds the sources of one or more DLLs and a `dll.toml` that describes them;
`guest.build` compiles them into `guest/system32`. Nothing here runs on the host but the build.
"""
