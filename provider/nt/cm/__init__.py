"""The configuration manager's calls (Cm): the registry.

The tree of keys is in `provider.kernel.cm`; here are the structures, and what is
in the registry of a new system.
"""
