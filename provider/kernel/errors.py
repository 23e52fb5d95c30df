"""Why the kernel refuses something, in words that belong to no personality's ABI.

The names are those of NT's status codes without `STATUS_`, because the kernel below is NT's; an NT
provider maps them by name, any other provider by a table of its own.
"""

from __future__ import annotations

from enum import Enum, auto


class Reason(Enum):
    """The cause of a `KernelError`."""

    ACCESS_DENIED = auto()
    ACCESS_VIOLATION = auto()
    ALREADY_COMMITTED = auto()
    BUFFER_TOO_SMALL = auto()
    CANCELLED = auto()
    CANNOT_DELETE = auto()
    CHILD_MUST_BE_VOLATILE = auto()
    COMMITMENT_LIMIT = auto()
    CONFLICTING_ADDRESSES = auto()
    DELETE_PENDING = auto()
    DIRECTORY_NOT_EMPTY = auto()
    DISK_FULL = auto()
    EA_TOO_LARGE = auto()
    END_OF_FILE = auto()
    FILE_FORCED_CLOSED = auto()
    FILE_IS_A_DIRECTORY = auto()
    FILE_LOCK_CONFLICT = auto()
    FREE_VM_NOT_AT_BASE = auto()
    HANDLE_NOT_CLOSABLE = auto()
    ILLEGAL_FUNCTION = auto()
    INSTANCE_NOT_AVAILABLE = auto()
    INSUFFICIENT_RESOURCES = auto()
    INVALID_ADDRESS = auto()
    INVALID_DEVICE_REQUEST = auto()
    INVALID_FILE_FOR_SECTION = auto()
    INVALID_HANDLE = auto()
    INVALID_LOCK_RANGE = auto()
    INVALID_PAGE_PROTECTION = auto()
    INVALID_PARAMETER = auto()
    INVALID_PARAMETER_2 = auto()
    INVALID_PARAMETER_3 = auto()
    INVALID_PARAMETER_4 = auto()
    INVALID_PIPE_STATE = auto()
    INVALID_VIEW_SIZE = auto()
    IO_DEVICE_ERROR = auto()
    IO_TIMEOUT = auto()
    KEY_DELETED = auto()
    LOCK_NOT_GRANTED = auto()
    MAPPED_ALIGNMENT = auto()
    MAPPED_FILE_SIZE_ZERO = auto()
    MEDIA_WRITE_PROTECTED = auto()
    MEMORY_NOT_ALLOCATED = auto()
    NAME_TOO_LONG = auto()
    NOT_A_DIRECTORY = auto()
    NOT_COMMITTED = auto()
    NOT_FOUND = auto()
    NOT_LOCKED = auto()
    NOT_MAPPED_DATA = auto()
    NOT_MAPPED_VIEW = auto()
    NOT_REGISTRY_FILE = auto()
    NOT_SAME_DEVICE = auto()
    NOT_SUPPORTED = auto()
    NOTIFY_CLEANUP = auto()
    NOTIFY_ENUM_DIR = auto()
    NO_MEMORY = auto()
    NO_MORE_FILES = auto()
    NO_SUCH_FILE = auto()
    OBJECT_NAME_COLLISION = auto()
    OBJECT_NAME_INVALID = auto()
    OBJECT_NAME_NOT_FOUND = auto()
    OBJECT_PATH_INVALID = auto()
    OBJECT_PATH_NOT_FOUND = auto()
    OBJECT_PATH_SYNTAX_BAD = auto()
    OBJECT_TYPE_MISMATCH = auto()
    PIPE_BROKEN = auto()
    PIPE_BUSY = auto()
    PIPE_CLOSING = auto()
    PIPE_CONNECTED = auto()
    PIPE_DISCONNECTED = auto()
    PIPE_EMPTY = auto()
    PIPE_LISTENING = auto()
    PIPE_NOT_AVAILABLE = auto()
    PRIVILEGE_NOT_HELD = auto()
    PROCESS_IS_TERMINATING = auto()
    RANGE_NOT_LOCKED = auto()
    REGISTRY_CORRUPT = auto()
    SECTION_NOT_EXTENDED = auto()
    SECTION_NOT_IMAGE = auto()
    SECTION_PROTECTION = auto()
    SECTION_TOO_BIG = auto()
    SHARING_VIOLATION = auto()
    TOO_MANY_LINKS = auto()
    TOO_MANY_OPENED_FILES = auto()
    UNABLE_TO_DELETE_SECTION = auto()
    UNABLE_TO_FREE_VM = auto()
    USER_MAPPED_FILE = auto()
    WORKING_SET_QUOTA = auto()


class KernelError(Exception):
    """The kernel refuses a request; nothing has been changed unless the routine says so."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.name}: {detail}" if detail else reason.name)
        self.reason = reason
