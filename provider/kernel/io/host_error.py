"""From the host's errors to the kernel's reasons."""

from __future__ import annotations

import errno

from provider.kernel.errors import KernelError, Reason

_REASONS = {
    errno.EACCES: Reason.ACCESS_DENIED,
    errno.EPERM: Reason.ACCESS_DENIED,
    errno.EROFS: Reason.ACCESS_DENIED,
    errno.ETXTBSY: Reason.SHARING_VIOLATION,
    errno.ELOOP: Reason.ACCESS_DENIED,
    errno.ENXIO: Reason.ACCESS_DENIED,
    errno.ENODEV: Reason.ACCESS_DENIED,
    errno.EBUSY: Reason.SHARING_VIOLATION,
    errno.ENOENT: Reason.OBJECT_NAME_NOT_FOUND,
    errno.ENOTDIR: Reason.OBJECT_PATH_NOT_FOUND,
    errno.EISDIR: Reason.FILE_IS_A_DIRECTORY,
    errno.EEXIST: Reason.OBJECT_NAME_COLLISION,
    errno.ENOTEMPTY: Reason.DIRECTORY_NOT_EMPTY,
    errno.ENAMETOOLONG: Reason.OBJECT_NAME_INVALID,
    errno.EINVAL: Reason.INVALID_PARAMETER,
    errno.EXDEV: Reason.NOT_SAME_DEVICE,
    errno.ENOSPC: Reason.DISK_FULL,
    errno.EDQUOT: Reason.DISK_FULL,
    errno.EFBIG: Reason.DISK_FULL,
    errno.EMFILE: Reason.TOO_MANY_OPENED_FILES,
    errno.ENFILE: Reason.TOO_MANY_OPENED_FILES,
    errno.ENOMEM: Reason.INSUFFICIENT_RESOURCES,
    errno.EPIPE: Reason.PIPE_BROKEN,
    errno.EMLINK: Reason.TOO_MANY_LINKS,
}


def kernel_error(error: OSError) -> KernelError:
    """The kernel's error for one of the host's; IO_DEVICE_ERROR for what has no own name."""
    return KernelError(_REASONS.get(error.errno or 0, Reason.IO_DEVICE_ERROR), str(error.strerror))


class _HostErrors:
    """Without state, so that one serves for all; entered at every step of a path."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise kernel_error(error) from error


_HOST_ERRORS = _HostErrors()


def host_errors() -> _HostErrors:
    """Turn OSErrors of a `with` block into KernelErrors."""
    return _HOST_ERRORS
