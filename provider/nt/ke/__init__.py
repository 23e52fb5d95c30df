"""Ke in NT: waits, dispatcher objects, APCs, contexts, threads.

What the objects do is in `provider.kernel.ke`; here are only the calls and NT's statuses.
"""
