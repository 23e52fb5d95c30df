"""The object manager's calls (Ob in NT): handles, names, directories, symbolic links.

What objects mean is in `provider.kernel`; here are only the structures that guests exchange.
"""
