"""KUSER_SHARED_DATA: one frame that every process sees read-only, and the kernel keeps true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from loader.stubs import Gate
from provider.nt.structs.process import KUSER_SHARED_DATA
from provider.nt.ticks import TICK_UNITS, UNITS_PER_MILLISECOND
from provider.nt.types import encode_utf16
from provider.nt.userland import GATE_VA
from provider.nt.version import BUILD, MAJOR, MINOR

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.nt.userland import Userland

QPC_FREQUENCY = 10_000_000
_FEATURES_PRESENT = (2, 3, 6, 8, 10, 12, 13, 14)
"""PF_COMPARE_EXCHANGE_DOUBLE, MMX, XMMI, RDTSC, XMMI64, NX, SSE3, COMPARE_EXCHANGE128."""
_NX_OPT_IN = 2
_PRODUCT_WORKSTATION = 1
_MASK_64 = (1 << 64) - 1


class SharedUserData:
    """The page, in frame `pfn`."""

    def __init__(self, kernel: Kernel, seed: int) -> None:
        """`seed` decides the cookie, from which user mode's random numbers begin."""
        self._kernel = kernel
        self._tick_units = TICK_UNITS
        self.pfn = kernel.memory.take_kernel_frame()
        base = self.pfn * PAGE_SIZE
        self._data = KUSER_SHARED_DATA(kernel.ram.view[base : base + PAGE_SIZE])
        self._fill()
        self._data.Cookie = _mix(seed)
        self.update()

    def update(self) -> None:
        """Bring the times up to the clock."""
        clock = self._kernel.clock
        now = clock.interrupt_time()
        ticks = now // self._tick_units
        data = self._data
        # No program runs before the first clock interrupt; to Go, 0 is a clock that stands still.
        data.InterruptTime, data.SystemTime = max(now, 1), clock.boot_time + now
        data.TickCount = data.TickCountLowDeprecated = ticks

    def describe(self, userland: Userland) -> None:
        """Tell the version of a userland, and where its stubs enter the kernel."""
        version = userland.version
        self._data.NtMajorVersion, self._data.NtMinorVersion = version.major, version.minor
        self._data.NtBuildNumber = version.build
        self._set_tick(userland.tick_units)
        if userland.stubs.gate is Gate.SHARED:
            self._data.QpcFrequency = GATE_VA  # in Windows XP to 7 this is `SystemCall`

    def _set_tick(self, units: int) -> None:
        """Count ticks of so many units; the multiplier is their milliseconds, 8.24 fixed point."""
        self._tick_units = units
        self._data.TickCountMultiplier = (units << 24) // UNITS_PER_MILLISECOND
        self.update()

    def _fill(self) -> None:
        data = self._data
        data.TickCountMultiplier = (TICK_UNITS << 24) // UNITS_PER_MILLISECOND
        data.ImageNumberLow = data.ImageNumberHigh = 0x14C
        data.NtSystemRoot = encode_utf16("C:\\Windows")
        data.NtBuildNumber = BUILD
        data.NtProductType, data.ProductTypeIsValid = _PRODUCT_WORKSTATION, 1
        data.NtMajorVersion, data.NtMinorVersion = MAJOR, MINOR
        features = bytearray(64)
        for feature in _FEATURES_PRESENT:
            features[feature] = 1
        data.ProcessorFeatures = bytes(features)
        data.NXSupportPolicy = _NX_OPT_IN
        data.ActiveConsoleId = 1
        data.NumberOfPhysicalPages = self._kernel.ram.size // PAGE_SIZE
        data.QpcFrequency = QPC_FREQUENCY
        data.ActiveProcessorCount = 1
        data.ActiveGroupCount = 1


def _mix(seed: int) -> int:
    """32 bits that differ wherever seeds do, as far as 32 bits can (Steele's splitmix64)."""
    seed = seed + 0x9E3779B97F4A7C15 & _MASK_64
    seed = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9 & _MASK_64
    seed = (seed ^ seed >> 27) * 0x94D049BB133111EB & _MASK_64
    return (seed ^ seed >> 31) & 0xFFFFFFFF
