"""The configuration manager (Cm): a tree of keys with typed values, in memory only.

Knows nothing of user memory or of a personality's structures.
"""
