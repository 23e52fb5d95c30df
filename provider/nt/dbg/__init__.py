"""User-mode debugging (Dbgk in NT): debug objects, and the events that debuggees stop for.

It must not know what an exception means, nor how processes and threads are made; whoever does that
reports it here.
"""
