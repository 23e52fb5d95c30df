"""The kernel below every provider: processes and threads, memory, objects, I/O.

It is built like NT's, but what it passes up are neutral values and `KernelError` reasons: it knows
no PEB, no TEB, no system-call numbers and no status codes of any personality.
"""
