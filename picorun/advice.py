"""What to do about a file that cannot run."""

from __future__ import annotations

from loader.error import ImageErrorKind

_OTHER_BUILD = "picorun runs 32-bit x86 programs: look for an x86, win32, ia32 or i686 build."
_BROKEN = "The file is damaged, or not complete: get or build it again."

ADVICE = {
    ImageErrorKind.NOT_PE: "Name a Windows program (.exe); 'file NAME' tells what this one is.",
    ImageErrorKind.DOS: "Run it with a DOS emulator, such as DOSBox.",
    ImageErrorKind.NE: "16-bit programs need a 16-bit system, such as DOSBox with Windows 3.1.",
    ImageErrorKind.NE_WINDOWS: "It needs a 16-bit Windows; look for a 32-bit (x86) build.",
    ImageErrorKind.NE_BOSS: "Run it with a DOS emulator, such as DOSBox.",
    ImageErrorKind.LE: "Such files are for OS/2, DOS extenders or Windows 9x drivers.",
    ImageErrorKind.PE64: _OTHER_BUILD,
    ImageErrorKind.MACHINE: _OTHER_BUILD,
    ImageErrorKind.NOT_EXECUTABLE: "Link it again; the linker's messages say what is missing.",
    ImageErrorKind.IL_ONLY: "Run it with a .NET runtime, such as Mono or dotnet.",
    ImageErrorKind.DLL: "Name a program that loads it; 'picorun inspect FILE' shows its exports.",
    ImageErrorKind.DRIVER: "Drivers run inside the kernel of a real Windows only.",
    ImageErrorKind.SUBSYSTEM: "Name a console or GUI program of Windows.",
}
"""By the kind of refusal; for all others the file itself is wrong."""


def advice_for(kind: ImageErrorKind) -> str:
    """What the user can do about a file of that kind."""
    return ADVICE.get(kind, _BROKEN)
