"""The version of Windows that guests are told: Windows 10 22H2, 32-bit."""

MAJOR = 10
MINOR = 0
BUILD = 19045
PLATFORM_NT = 2
