"""The object manager (Ob): objects with names, reference and handle counts; handle tables.

Knows nothing of any object's meaning, of user memory, or of a personality's structures.
"""
