"""NT's memory calls over `provider.kernel.mm`: allocation types and page protections as bits,
statuses, section objects with handles.

It must not know how the memory manager does what it is asked.
"""
