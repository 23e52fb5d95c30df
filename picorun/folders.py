"""What of the host a guest sees, and where: the system, the current directory, the image's own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from picorun import profile
from picorun.exit_code import RunFailed
from provider.kernel.io import Mount, MountMode

if TYPE_CHECKING:
    from picorun.missing_programs import MissingPrograms
    from picorun.options import Options
    from picorun.scratch import Scratch
    from picorun.userland import Userland
    from provider.kernel.io import IoManager

SYSTEM_DIRECTORY = "C:\\Windows\\System32"
WORK_DIRECTORY = "C:\\work"
"""Where the guest finds the host's current directory."""
IMAGE_DIRECTORY = "C:\\app"
"""Where it finds the image's directory, if that is not inside the current one."""
TEMPORARY_DIRECTORY = "C:\\Temp"
_MOUNT_ADVICE = "Write it like --mount 'C:\\data=/srv/data:ro'; each guest path has one directory."


class MountFailed(RunFailed):
    """A directory cannot be mounted; the text says which and why."""


def of_system(userland: Userland, missing: MissingPrograms) -> Mount:
    """The system's directory."""
    first, *others = userland.directories
    return Mount(
        SYSTEM_DIRECTORY,
        first,
        beneath=tuple(others),
        find_missing=missing.find,
        missing_names=missing.names,
    )


def of_run(options: Options, userland: Userland, scratch: Scratch) -> tuple[str, list[Mount]]:
    """The guest's path of the image, and the directories of this run.

    What the guest finds empty is made by `scratch`.  MountFailed.
    """
    mode = MountMode.READ_WRITE if options.read_write else MountMode.COPY_ON_WRITE
    # The directory without "..", and the name as it was given: a link keeps its own.
    image = options.image.parent.resolve() / options.image.name
    mounts = {
        _place(mount): mount
        for mount in (
            Mount(WORK_DIRECTORY, Path.cwd(), mode),
            Mount(TEMPORARY_DIRECTORY, partial(scratch.make, "Temp"), MountMode.READ_WRITE),
            *profile.mounts(scratch),
            Mount(IMAGE_DIRECTORY, image.parent, MountMode.COPY_ON_WRITE),
        )
    }
    asked = [_asked_mount(*option) for option in options.mounts]
    for mount in asked:
        mounts.pop(_place(mount), None)
    work = mounts.get(WORK_DIRECTORY.upper())
    image_path = f"{IMAGE_DIRECTORY}\\{image.name}"
    if userland.has(image):
        image_path = f"{SYSTEM_DIRECTORY}\\{image.name}"
        mounts.pop(IMAGE_DIRECTORY.upper(), None)
    if work is not None and image.is_relative_to(work.host):
        image_path = "\\".join([WORK_DIRECTORY, *image.relative_to(work.host).parts])
        mounts.pop(IMAGE_DIRECTORY.upper(), None)
    return image_path, [*mounts.values(), *asked]


def attach(io: IoManager, mount: Mount) -> None:
    """Mount a directory.  MountFailed."""
    try:
        io.mount(mount)
    except OSError as error:
        raise MountFailed.by_host(f"cannot mount {mount.host}", error) from None
    except ValueError as error:
        raise MountFailed(str(error), _MOUNT_ADVICE) from None


def _asked_mount(guest: str, host: Path, mode: str) -> Mount:
    """Raises MountFailed."""
    try:
        return Mount(guest, host, MountMode(mode))
    except ValueError as error:
        raise MountFailed(str(error), _MOUNT_ADVICE) from None


def _place(mount: Mount) -> str:
    """A mount's guest path as it can be compared."""
    return "\\".join([f"{mount.drive}:", *mount.names]).upper()
