"""The executive's remainder: time, system information, hard errors."""
