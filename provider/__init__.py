"""Personalities for pico processes, and the kernel that they lean on."""
