"""How a process starts: everything NT does before the first user instruction, in NT's order.

    address space, shared user data, ntdll and image mapped, inherited handles, PEB, api-set map,
    parameters; then the first thread (`user_thread.py`).

Each step is told (`ps/creation.py`).  What binds imports and calls entry points is guest code
("Flow of Process Creation", Windows Internals, 4th edition, chapter 6).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.process import Process
from provider.nt.handles import nt_part
from provider.nt.mm.images import map_image
from provider.nt.mm.labels import labels
from provider.nt.process import Entries, NtProcess, device_path
from provider.nt.ps.creation import Step, tell, tell_of_thread
from provider.nt.ps.image_options import image_options
from provider.nt.se.subject import token_of_child
from provider.nt.service_calls import ServiceCalls
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import (
    PEB,
    RTL_USER_PROC_PARAMS_NORMALIZED,
    RTL_USER_PROCESS_PARAMETERS,
    SHARED_USER_DATA_VA,
)
from provider.nt.types import encode_utf16
from provider.nt.user_thread import create_thread
from provider.nt.userland import map_gate
from provider.nt.version import PLATFORM_NT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loader.image import Image
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread
    from provider.nt.provider import NtProvider
    from provider.nt.ps.image_options import ImageOptions

_READ_WRITE = Protection.READ | Protection.WRITE
_ENTRIES = (
    "KiUserApcDispatcher",
    "KiUserExceptionDispatcher",
    "KiUserCallbackDispatcher",
    "KiRaiseUserExceptionDispatcher",
    "LdrInitializeThunk",
    "RtlUserThreadStart",
)
_CONTROL_ROUTINES = ("RtlConsoleControlRoutine", "__wine_ctrl_routine")
"""Our own ntdll's and Wine's; both call kernel32's CtrlRoutine."""
NTDLL_PATH = "C:\\Windows\\System32\\ntdll.dll"
_LONGEST_TEXT = 0xFFFC


class Parameters(NamedTuple):
    """What the creator tells a new process; paths are the guest's, with a drive."""

    image_path: str
    command_line: str
    current_directory: str
    environment: Mapping[str, str]
    dll_path: str
    standard_handles: tuple[int, int, int]


def image_given(provider: NtProvider, path: str) -> ImageOptions | None:
    """The options of an image whose section is there; tells of the steps up to them.

    `path` is the file's name; its last part is what counts.
    """
    tell(provider, Step.IMAGE_OPENED, detail=path)
    tell(provider, Step.SECTION_CREATED)
    return read_options(provider, path)


def read_options(provider: NtProvider, path: str) -> ImageOptions | None:
    """What the registry says of an image."""
    options = image_options(provider.executive.registry, path)
    detail = "none"
    if options is not None:
        detail = f"debugger {options.debugger!r}, global flag {options.global_flag:#x}"
    tell(provider, Step.OPTIONS_READ, detail=detail)
    return options


def create_process(
    provider: NtProvider,
    image: Image,
    ntdll: Image,
    api_sets: bytes,
    name: str,
    parent: Process | None = None,
    *,
    options: ImageOptions | None = None,
    inherit: Callable[[Process], None] | None = None,
    insert: bool = True,
) -> Process:
    """A process with `image` and `ntdll` mapped and an empty PEB.

    `inherit` fills its handle table; without `insert` it is to be inserted once it has a thread.
    KernelError, AccessViolation, NtError of `inherit`.
    """
    process = provider.routines.create_process(name=name, parent=parent, insert=False)
    tell(provider, Step.PROCESS_OBJECT, process, detail=name)
    try:
        _map_process(provider, process, image, ntdll, api_sets, parent)
        if inherit is not None:
            inherit(process)
        tell(provider, Step.HANDLE_TABLE, process, detail=f"{len(process.handles)} handles")
        space = process.space
        limits = f"{space.minimum} to {space.maximum} pages"
        tell(provider, Step.WORKING_SET, process, detail=limits)
        _make_peb(process, api_sets, 0 if options is None else options.global_flag)
        if insert:
            insert_process(process)
    except (KernelError, AccessViolation, NtError):
        provider.routines.terminate_process(process, NTSTATUS.NO_MEMORY)
        raise
    return process


def insert_process(process: Process) -> None:
    """The process is complete."""
    provider: NtProvider = process.context.provider
    provider.routines.insert_process(process)
    tell(provider, Step.INSERTED, process)


def _map_process(
    provider: NtProvider,
    process: Process,
    image: Image,
    ntdll: Image,
    api_sets: bytes,
    parent: Process | None,
) -> None:
    space = process.space
    space.map_shared_frame(SHARED_USER_DATA_VA, provider.shared_data.pfn)
    userland = provider.userland_of(ntdll)
    calls = ServiceCalls(userland)
    token = token_of_child(provider, parent)
    process.context = context = NtProcess(provider, image, userland, calls, token)
    process.set_security(token.default_security(Process))
    context.api_sets = api_sets
    space.labels = partial(labels, space, context)
    # Nobody could relocate ntdll, but ntdll relocates an image that wants its place.
    context.ntdll_base = map_image(provider, process, ntdll, "ntdll.dll").start
    context.file_names[context.ntdll_base] = device_path(process, NTDLL_PATH)
    context.image_base = map_image(provider, process, image, process.name).start
    context.entries = _find_entries(ntdll, context.ntdll_base)
    if userland.needs_gate:
        map_gate(space, provider.gate_frame)
    for rva, va in userland.pokes:
        space.write(context.ntdll_base + rva, va.to_bytes(4, "little"))
    detail = f"image at {context.image_base:#x}, ntdll at {context.ntdll_base:#x}"
    tell(provider, Step.ADDRESS_SPACE, process, detail=detail)


def _make_peb(process: Process, api_sets: bytes, global_flag: int) -> None:
    context: NtProcess = process.context
    size = (1 + context.userland.pages_after) * PAGE_SIZE
    context.peb_va = SHARED_USER_DATA_VA - size
    _allocate(process.space, context.peb_va, size)
    api_sets_va = _store(process.space, api_sets) if api_sets else 0
    _fill_peb(process, context.image, api_sets_va, global_flag)
    tell(context.provider, Step.PEB, process, detail=f"{context.peb_va:#x}")


def attach_console(process: Process) -> int:
    """A handle for the machine's console; 0 where it has none.  KernelError."""
    console = process.kernel.io.console_reference()
    return 0 if console is None else process.handles.insert(console, console.access)


def set_parameters(process: Process, parameters: Parameters) -> None:
    """Write the process parameters and the environment into the process.

    KernelError, NAME_TOO_LONG among others: a text has at most 32,766 UTF-16 units.
    """
    space = process.space
    block = environment_block(_with_user_name(process, parameters.environment))
    environment_va = _store(space, block)
    header = RTL_USER_PROCESS_PARAMETERS(
        Flags=RTL_USER_PROC_PARAMS_NORMALIZED,
        Environment=environment_va,
        EnvironmentSize=len(block),
    )
    header.StandardInput, header.StandardOutput, header.StandardError = parameters.standard_handles
    header.ConsoleHandle = attach_console(process)
    directory = parameters.current_directory.rstrip("\\") + "\\"
    rows = (
        (header.CurrentDirectory.DosPath, directory, 520),
        (header.DllPath, parameters.dll_path, 0),
        (header.ImagePathName, parameters.image_path, 0),
        (header.CommandLine, parameters.command_line, 0),
        (header.WindowTitle, parameters.image_path, 0),
        (header.DesktopInfo, "WinSta0\\Default", 0),
    )
    texts = [row for row in rows if row[1] or row[2]]
    size = header.SIZE + sum(max(2 * len(text) + 2, room) for _, text, room in texts)
    va, _ = space.allocate(None, size, reserve=True, commit=True, protection=_READ_WRITE)
    tail = bytearray()
    for field, text, room in texts:
        data = encode_utf16(text)
        if len(data) > _LONGEST_TEXT:
            raise KernelError(
                Reason.NAME_TOO_LONG, f"a process parameter of {len(text)} characters"
            )
        field.Length, field.MaximumLength = len(data), max(len(data) + 2, room)
        field.Buffer = va + header.SIZE + len(tail)
        tail += data.ljust(field.MaximumLength, b"\0")
    header.MaximumLength = header.Length = header.SIZE + len(tail)
    space.write(va, bytes(header) + tail)
    parameters_va = process.context.peb_va + PEB.ProcessParameters.offset
    space.write(parameters_va, va.to_bytes(4, "little"))
    context: NtProcess = process.context
    context.image_path = parameters.image_path
    context.file_names[context.image_base] = context.image_device_path(process)
    tell(context.provider, Step.PARAMETERS, process, detail=parameters.command_line)


def _with_user_name(process: Process, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment as the userland wants it."""
    variable = nt_part(process).userland.user_name_variable
    if not variable or "USERNAME" not in environment:
        return environment
    return {variable: environment["USERNAME"], **environment}


def environment_block(environment: Mapping[str, str]) -> bytes:
    """NAME=VALUE strings sorted by upper-case name, each ended by a zero, then another zero.

    A block without variables is two zeros ("GetEnvironmentStrings", Win32 API).
    """
    names = sorted(environment, key=lambda name: (name.upper(), name))
    return encode_utf16(
        "".join(f"{name}={environment[name]}\0" for name in names) + "\0" * (1 if names else 2)
    )


def start_process(process: Process) -> None:
    """Let the machine's first process run.  KernelError, AccessViolation."""
    provider: NtProvider = process.context.provider
    thread = create_initial_thread(provider, process)
    insert_process(process)
    provider.executive.shims.apply(process)
    tell_of_thread(Step.SUSPENDED, thread)
    provider.routines.resume_thread(thread)
    tell_of_thread(Step.RESUMED, thread)


def create_initial_thread(provider: NtProvider, process: Process) -> Thread:
    """The first thread: runs the image's entry point after ntdll has initialised."""
    context: NtProcess = process.context
    image = context.image
    start = context.image_base + image.entry_point
    return create_thread(
        provider,
        process,
        start,
        context.peb_va,
        reserve=image.stack_reserve,
        commit=image.stack_commit,
    )


def _fill_peb(process: Process, image: Image, api_sets_va: int, global_flag: int) -> None:
    userland = process.context.userland
    version = userland.version
    peb = PEB(
        ImageBaseAddress=process.context.image_base,
        ApiSetMap=api_sets_va,
        NumberOfProcessors=1,
        NtGlobalFlag=global_flag,
        CriticalSectionTimeout=0xFFFFE86D079B8000,  # 30 days, relative
        HeapSegmentReserve=0x100000,
        HeapSegmentCommit=0x2000,
        HeapDeCommitTotalFreeThreshold=0x10000,
        HeapDeCommitFreeBlockThreshold=0x1000,
        OSMajorVersion=version.major,
        OSMinorVersion=version.minor,
        OSBuildNumber=version.build,
        OSPlatformId=PLATFORM_NT,
        ImageSubsystem=image.subsystem,
        ImageSubsystemMajorVersion=image.subsystem_version[0],
        ImageSubsystemMinorVersion=image.subsystem_version[1],
        ActiveProcessAffinityMask=1,
        SessionId=1,
        CloudFileFlags=userland.loader_va,
    )
    process.space.write(process.context.peb_va, bytes(peb))


def _find_entries(ntdll: Image, base: int) -> Entries:
    exports = ntdll.exports_by_name
    entries = [base + exports[name].rva if name in exports else 0 for name in _ENTRIES]
    control = next((exports[name] for name in _CONTROL_ROUTINES if name in exports), None)
    entries.append(base + control.rva if control is not None else 0)
    return Entries(*entries)


def _allocate(space: AddressSpace, va: int, size: int) -> None:
    space.allocate(va, size, reserve=True, commit=True, protection=_READ_WRITE, alignment=PAGE_SIZE)


def _store(space: AddressSpace, data: bytes) -> int:
    """A region of its own for `data`."""
    va, _ = space.allocate(None, len(data), reserve=True, commit=True, protection=_READ_WRITE)
    space.write(va, data)
    return va
