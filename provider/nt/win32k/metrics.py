"""Sizes and colours of a desktop of 1024 by 768 pixels at 96 dots per inch.

The values are those of Wine 8.0 without a display, so far as Windows documents no other.
"""

from __future__ import annotations

from emu.int_enum import IntEnum

SCREEN_WIDTH, SCREEN_HEIGHT = 1024, 768
DOTS_PER_INCH = 96


class Metric(IntEnum):
    """Some indices of GetSystemMetrics (winuser.h)."""

    CXSCREEN = 0
    CYSCREEN = 1
    CXVSCROLL = 2
    CYHSCROLL = 3
    CYCAPTION = 4
    CXDLGFRAME = 7
    CXICON = 11
    CYMENU = 15
    CXMIN = 28
    CYMIN = 29
    CXFRAME = 32
    CXMINTRACK = 34
    CYMINTRACK = 35
    CYSMCAPTION = 51
    CXMAXTRACK = 59
    CYMAXTRACK = 60
    CXMAXIMIZED = 61
    CYMAXIMIZED = 62
    REMOTESESSION = 0x1000


_METRICS = (
    SCREEN_WIDTH, SCREEN_HEIGHT, 17, 17, 19, 1, 1, 3, 3, 17, 17, 32, 32, 32, 32, 19, SCREEN_WIDTH,
    779, 0, 1, 17, 17, 0, 0, 0, 0, 0, 0, 116, 27, 18, 18, 4, 4, 116, 27, 4, 4, 75, 75, 0, 0, 0, 3,
    0, 2, 2, 160, 24, 16, 16, 16, 15, 15, 18, 18, 8, 160, 24, 1036, 780, 1032, 806, 3, 0, 0, 0, 0,
    4, 4, 0, 13, 13, 0, 0, 1, 0, 0, SCREEN_WIDTH, SCREEN_HEIGHT, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 90,
)  # fmt: skip
"""By index."""
COLORS = (
    0xFFFFFF, 0x956F25, 0xFA9632, 0x808080, 0xFFFFFF, 0xFFFFFF, 0x9E9E9E, 0x000000, 0x000000,
    0x000000, 0xFFFFFF, 0xFFFFFF, 0x808080, 0xFA9630, 0xFFFFFF, 0xF5F5F5, 0xA6A6A6, 0xA6A6A6,
    0x000000, 0xC8C8C8, 0xFFFFFF, 0x6A6A6A, 0xE3E3E3, 0x000000, 0xFFFFFF, 0xFFFFFF, 0xE0E0E0,
    0xFA9632, 0x808080, 0xFA9630, 0xFFFFFF,
)  # fmt: skip
"""COLORREF by COLOR_ index."""


def metric(index: int) -> int:
    """GetSystemMetrics; 0 for what there is none of."""
    return _METRICS[index] if index < len(_METRICS) else 0
