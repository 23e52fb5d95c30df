"""The I/O manager's calls (Io in NT): files, volumes, devices, the console.

Files themselves are in `provider.kernel.io`; here are only the structures that guests exchange.
"""
