"""Clock ticks, in NT's units of 100 ns."""

UNITS_PER_MILLISECOND = 10_000
TICK_UNITS = 156_250
"""A tick of 15.625 ms."""
