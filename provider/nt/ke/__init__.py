"""Waiting and waking: delays, waits on objects, APCs, contexts."""
