"""The kernel layer (Ke): the clock, timers, the scheduler, dispatcher objects, and waiting.

There is one virtual processor.  It must not know user memory or what a provider's APC means.
"""
