"""NT's memory calls over `provider.kernel.mm`.

Here are allocation types and page protections as bits, and section objects with handles.
It must not know how the memory manager does what it is asked.
"""
