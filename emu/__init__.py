"""A 32-bit x86 machine on Unicorn: RAM, page tables, CPU, traps and a clock of executed blocks.

It must not know any operating system: no processes, no system calls, no status codes.
"""
