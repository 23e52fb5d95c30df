"""The kernel layer: the clock, timers, the scheduler, and waiting.

One virtual processor.  It must not know any object that a handle can name.
"""
