"""Processes and threads: their calls, and what they tell about themselves."""
