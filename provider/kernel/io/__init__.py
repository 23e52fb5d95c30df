"""The I/O manager (Io): files beneath mounts, host streams, the console, pipes, devices.

The only part of the kernel that touches the host's files, and only beneath mounts.  It must not
know status codes, user memory or any structure of a personality.
"""

from provider.kernel.io.file import FileObject
from provider.kernel.io.manager import IoManager
from provider.kernel.io.mount import Mount, MountMode
from provider.kernel.io.request import Access, Disposition, OpenOptions, OpenRequest, Outcome, Share
from provider.kernel.io.stream import (
    CallbackOutput,
    DescriptorStream,
    HostStream,
    MemoryInput,
    StreamKind,
)

__all__ = [
    "Access",
    "CallbackOutput",
    "DescriptorStream",
    "Disposition",
    "FileObject",
    "HostStream",
    "IoManager",
    "MemoryInput",
    "Mount",
    "MountMode",
    "OpenOptions",
    "OpenRequest",
    "Outcome",
    "Share",
    "StreamKind",
]
