"""One measured figure."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """`value` in `unit`, against what the design allows; a budget of None is only reported.

    Beside it the value of a `reference`, measured in the same run; `speed` is how many times as
    fast as the reference picorun is, and `least_speed` its budget.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    reference: str = ""
    reference_value: float | None = None
    least_speed: float | None = None

    @property
    def speed(self) -> float | None:
        """The ratio; None without a reference."""
        if self.reference_value is None or not self.value:
            return None
        return self.reference_value / self.value

    @property
    def is_over(self) -> bool:
        """Whether a budget is missed."""
        slow = self.budget is not None and self.value > self.budget
        speed = self.speed
        return slow or (
            self.least_speed is not None and speed is not None and speed < self.least_speed
        )
