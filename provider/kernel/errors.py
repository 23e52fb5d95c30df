"""Why the kernel refuses something, in words that belong to no personality's ABI.

The names are those of NT's status codes without `STATUS_`, because the kernel below is NT's; an NT
provider maps them by name, any other provider by a table of its own.
"""

from __future__ import annotations

from enum import Enum, auto


class Reason(Enum):
    """The cause of a `KernelError`."""

    ACCESS_VIOLATION = auto()
    ALREADY_COMMITTED = auto()
    COMMITMENT_LIMIT = auto()
    CONFLICTING_ADDRESSES = auto()
    DISK_FULL = auto()
    FILE_LOCK_CONFLICT = auto()
    FREE_VM_NOT_AT_BASE = auto()
    INSUFFICIENT_RESOURCES = auto()
    INVALID_ADDRESS = auto()
    INVALID_FILE_FOR_SECTION = auto()
    INVALID_PAGE_PROTECTION = auto()
    INVALID_PARAMETER = auto()
    INVALID_PARAMETER_2 = auto()
    INVALID_PARAMETER_3 = auto()
    INVALID_PARAMETER_4 = auto()
    INVALID_VIEW_SIZE = auto()
    IO_DEVICE_ERROR = auto()
    MAPPED_ALIGNMENT = auto()
    MAPPED_FILE_SIZE_ZERO = auto()
    MEMORY_NOT_ALLOCATED = auto()
    NOT_COMMITTED = auto()
    NOT_LOCKED = auto()
    NOT_MAPPED_DATA = auto()
    NOT_MAPPED_VIEW = auto()
    NOT_SUPPORTED = auto()
    NO_MEMORY = auto()
    PROCESS_IS_TERMINATING = auto()
    SECTION_NOT_EXTENDED = auto()
    SECTION_NOT_IMAGE = auto()
    SECTION_PROTECTION = auto()
    SECTION_TOO_BIG = auto()
    UNABLE_TO_DELETE_SECTION = auto()
    UNABLE_TO_FREE_VM = auto()
    USER_MAPPED_FILE = auto()
    WORKING_SET_QUOTA = auto()


class KernelError(Exception):
    """The kernel refuses a request; nothing has been changed unless the routine says so."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.name}: {detail}" if detail else reason.name)
        self.reason = reason
