"""The configuration manager (Cm): the registry, a tree of keys with values, and its files.

Knows nothing of user memory, nor of what any key or value means.
"""
