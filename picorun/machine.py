"""A run of one program: builds the machine, lays out the guest's world, runs it to the end."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from loader.pe import read_pe
from loader.runnable import check_runnable
from picorun import folders
from picorun.changed_files import ChangedFiles
from picorun.choice import choose
from picorun.command_words import join_words
from picorun.environment import ENVIRONMENT, merge_environment
from picorun.folders import SYSTEM_DIRECTORY, WORK_DIRECTORY
from picorun.host_time import HOST_TIME, now
from picorun.missing_programs import MissingPrograms
from picorun.notes import MISSING_CALL, NETWORK, Note, Notes
from picorun.scratch import Scratch
from picorun.userland import NTDLL
from provider.kernel.errors import KernelError
from provider.kernel.events import ProcessCreate
from provider.kernel.io.request import Access, OpenOptions, OpenRequest, Share
from provider.kernel.io.stream import CallbackOutput, DescriptorStream, MemoryInput
from provider.kernel.ke.clock import DEFAULT_START
from provider.kernel.kernel import Kernel
from provider.nt import startup
from provider.nt.event import SystemCall
from provider.nt.provider import NtProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loader.image import Image
    from picorun.options import Options
    from provider.kernel.event_stream import E, Event
    from provider.kernel.io import HostStream, Mount
    from provider.nt.crash import Crash

COMPRESSION_PROCESS = "MemCompression"
COMPRESSED_SHARE = 2
"""The compression store may fill one frame of so many."""
_SLOW_TICKS = (
    "this host allows no executable memory: instructions are counted, not blocks, which is slow"
)
_GET_NETWORK = "--net lets the program use the host's network."
_UNITS_PER_MICROSECOND = 10


class Outcome(NamedTuple):
    """How a run ended: the program's 32-bit exit code, and what went wrong if something did."""

    exit_code: int
    fault: Crash | None
    load_failure: str | None
    unknown_calls: Mapping[str, int]
    """How often guests made each call that this kernel does not have."""
    refused_commits: int
    """How often guests asked for memory, and RAM and page file had no room for it."""
    notes: tuple[Note, ...]
    """What the program met that it would not meet on Windows."""

    @property
    def ended_by_itself(self) -> bool:
        """Whether the program started, and no exception ended it."""
        return self.fault is None and self.load_failure is None


class StopRun(Exception):
    """Raised by a listener of events: the run ends here, with `exit_code`."""

    def __init__(self, exit_code: int = 0) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class LoadFailure(Exception):
    """The guest's loader could not start the program; the text says why."""


class Streams(NamedTuple):
    """The guest's standard handles."""

    stdin: HostStream
    stdout: HostStream
    stderr: HostStream


class Machine:
    """One program with everything around it; `run` may be called once."""

    def __init__(self, options: Options, streams: Streams | None = None) -> None:
        """Read the image and boot; `streams` default to this process's own.

        Raises ImageError, ImportsMissing, UserlandMissing, RegistryFileFailed, OSError.
        """
        self._options = options
        self.image = read_pe(options.image.read_bytes(), options.image.name)
        check_runnable(self.image)
        self.userland, self.userland_reason = choose(options.userland, self.image, options.image)
        self._streams = streams
        self.mounts: list[Mount] = []
        """What of the host the guest sees, in the order in which it was mounted."""
        self.kernel = Kernel(
            ram_bytes=options.ram,
            paging=options.paging,
            start_time=_start_time(options),
            host_time=HOST_TIME if options.clock == "real" else None,
        )
        self.notes = Notes(self.kernel.events, options.note)
        if not self.kernel.cpu.native_ticks:
            self.notes.of_run(_SLOW_TICKS)
        self._set_up_paging()
        self.provider = NtProvider(self.kernel, seed=options.seed)
        self.provider.executive.shims.add(options.shims)
        self._ntdll = self.provider.userland_of(read_pe(self.userland.read(NTDLL), NTDLL))
        if options.registry:
            self._load_registry()
        self._set_up_network()
        self.provider.on_unknown = self._note_missing_call
        if options.report is not None:
            self.provider.executive.on_hard_error = options.report
        if options.max_virtual_time is None:
            self.provider.executive.on_window = self._watch_windows
        if options.max_virtual_time is not None or options.max_calls is not None:
            from picorun import limits

            limits.watch(options, self.kernel, self.provider)
        self._calls_left = options.map_at_call or 0
        if options.map_at_call is not None:
            self.kernel.events.subscribe(SystemCall, self._count_call, last=True)

    def on(
        self,
        kind: type[E],
        callback: Callable[[E], E | None],
        where: Callable[[E], bool] | str | None = None,
    ) -> Callable[[], None]:
        """Call `callback` for every event of type `kind` (see `picorun.events`).

        With `where` only for those that it is true for, or that fit it, a text as `--trace-filter`
        takes it (FilterError).  The function that is returned ends this.

        A callback that returns an event changes what goes on: for a `SystemCallEntry` with other
        `words` the call has those arguments, for a `SystemCall` `returning` another status that is
        the result.  One that raises `StopRun` ends the run; any other exception comes out of `run`.
        Sinks get what callbacks have made of an event.  A callback may look at the machine, but
        what it changes there no trace tells.
        """
        if where is None:
            return self.kernel.events.subscribe(kind, callback)
        wanted = self._filter(where) if isinstance(where, str) else where

        def filtered(event: E) -> E | None:
            return callback(event) if wanted(event) else None

        return self.kernel.events.subscribe(kind, filtered)

    def _filter(self, text: str) -> Callable[[Event], bool]:
        """What says whether an event fits `text`.  FilterError."""
        from picorun.trace.filter import Filter

        chosen = Filter(text)
        chosen.images.update((each.id, each.name) for each in self.kernel.processes.values())
        self.kernel.events.subscribe(ProcessCreate, chosen.learn)
        return chosen.wants

    def run(self) -> Outcome:
        """Run the program.  Raises Deadlock, LimitReached, MountFailed, and what a sink raises."""
        for sink in self._options.trace:
            sink.attach(self.kernel.events)
        with ExitStack() as stack:
            scratch = Scratch(self.kernel.io.layer, self.kernel.clock.system_time())
            stack.callback(scratch.remove)
            try:
                process = self._start(scratch)
                self._tell(of_the_end=False)
                exit_code = self._run_kernel(process)
            except StopRun as stop:
                exit_code = stop.exit_code & 0xFFFFFFFF
        provider = self.provider
        return Outcome(
            exit_code,
            provider.crash,
            provider.load_failure,
            provider.unknown_calls,
            self.kernel.memory.refused_commits,
            tuple(self.notes.taken),
        )

    def _run_kernel(self, process: int) -> int:
        """Run until all has ended; returns the exit status of a process."""
        try:
            self.kernel.run()
        finally:
            self._tell(of_the_end=True)
            self.kernel.io.restore_terminal()
            self._write_map_at_end()
            self.kernel.memory.close()
        return self.provider.exit_statuses.get(process, 0)

    def changed_files(self) -> ChangedFiles:
        """The files that the guest has changed, but not on the host.

        They are there as long as the object or the machine is, or until `close`.
        """
        return ChangedFiles(self.kernel.io.layer, WORK_DIRECTORY)

    def save_registry(self, file: Path) -> None:
        """Write what the registry has that a new one has not.  Raises RegistryFileFailed."""
        from picorun import registry_file

        registry_file.save(self.provider.executive.registry, self._ntdll.registry, file)

    def _load_registry(self) -> None:
        from picorun import registry_file

        now = self.kernel.clock.system_time()
        for file in self._options.registry:
            registry_file.load(self.provider.executive.registry, file, now)

    def close(self) -> None:
        """Remove what the machine has stored on the host."""
        self.kernel.io.layer.close()
        if self.kernel.io.sockets is not None:
            self.kernel.io.sockets.close()

    def _set_up_paging(self) -> None:
        """The page file and the compression store.  KernelError, OSError."""
        memory = self.kernel.memory
        if self._options.page_file:
            memory.add_page_file(self._options.page_file)
        if self._options.compress:
            store = self.kernel.create_minimal_process(COMPRESSION_PROCESS)
            memory.compress_into(store.space, memory.pfns.total // COMPRESSED_SHARE)

    def _count_call(self, call: SystemCall) -> None:
        """Take the memory map after the system call that was asked for."""
        if self._calls_left:
            self._calls_left -= 1
            if not self._calls_left:
                self._write_map()

    def _write_map_at_end(self) -> None:
        """Also when the program ended before the call that was asked for."""
        if self._options.memory_map is None:
            return
        if self._options.map_at_call is None:
            self._write_map()
        elif self._calls_left:
            made = self._options.map_at_call - self._calls_left
            if self._options.report is not None:
                self._options.report(f"the program made only {made} system calls")
            self._write_map()

    def _write_map(self) -> None:
        """Raises MapFailed."""
        from picorun import memory_map

        if self._options.memory_map is not None:
            memory_map.write(memory_map.report(self.kernel.memory), self._options.memory_map)

    def _set_up_network(self) -> None:
        """Let the guest use the host's network, or note that it may not."""
        sockets = self.kernel.io.sockets
        if sockets is None:
            return
        if self._options.net:
            sockets.host_input = self.kernel.io.host_input
        else:
            sockets.on_refusal = self._note_refusal

    def _watch_windows(self) -> None:
        """The first window has come up."""
        from picorun.limits import WindowWatch

        watch = WindowWatch(self.kernel, self.provider.desktop)
        self.provider.executive.on_window = watch.begin
        watch.begin()

    def _note_refusal(self, target: str) -> None:
        self.notes.once_of_guest(NETWORK, f"{target} is out of reach", _GET_NETWORK)

    def _note_missing_call(self, call: str) -> None:
        words = f"the program calls {call}, which is not implemented"
        self.notes.of_guest(MISSING_CALL, words)

    def _start(self, scratch: Scratch) -> int:
        """Create the process with its world, ready to run; returns its id."""
        options = self._options
        io = self.kernel.io
        image_path = self._mount(scratch)
        ntdll = self._ntdll.ntdll
        with ExitStack() as files:
            self._remember_file(image_path, self.image, files)
            self._remember_file(f"{SYSTEM_DIRECTORY}\\{NTDLL}", ntdll, files)
            process = startup.create_process(
                self.provider,
                self.image,
                ntdll,
                self.userland.api_sets(),
                options.image.name,
                options=startup.image_given(self.provider, image_path),
                insert=False,
            )
        streams = self._streams or own_streams()
        if options.max_output is not None:
            from picorun.limits import limit_output

            streams = Streams(*limit_output(streams, options.max_output))
        stdin, stdout, stderr = (
            process.handles.insert(file, file.access, inherit=True) for file in io.connect(*streams)
        )
        if io.console is not None:
            io.console.title = image_path
        parameters = startup.Parameters(
            image_path=image_path,
            command_line=join_words([image_path, *options.arguments]),
            current_directory=WORK_DIRECTORY,
            environment=merge_environment(ENVIRONMENT, options.environment),
            dll_path="",
            standard_handles=(stdin, stdout, stderr),
        )
        startup.set_parameters(process, parameters)
        startup.start_process(process)
        return process.id

    def _mount(self, scratch: Scratch) -> str:
        """Show the guest its folders; returns its path of the image.  Raises MountFailed."""
        options, io = self._options, self.kernel.io
        missing = MissingPrograms(options.userland, self.userland, self.notes)
        io.mount(folders.of_system(self.userland, missing))
        image_path, mounts = folders.of_run(options, self.userland, scratch)
        for mount in mounts:
            folders.attach(io, mount)
            self.mounts.append(mount)
        return image_path

    def _tell(self, *, of_the_end: bool) -> None:
        """Give the lines about the run to whoever wants them."""
        if self._options.details is not None:
            from picorun import details

            for line in (details.after if of_the_end else details.before)(self):
                self._options.details(line)

    def _remember_file(self, path: str, image: Image, files: ExitStack) -> None:
        """Let the image share pages with whatever guests map of its file, if they can open that."""
        request = OpenRequest(
            f"\\??\\{path}",
            Access.READ_DATA | Access.EXECUTE,
            Share.READ | Share.DELETE,
            options=OpenOptions.NOT_DIRECTORY,
        )
        with suppress(KernelError):
            file, _ = self.kernel.io.open(request)
            files.callback(file.close)
            self.provider.images.remember(file.backing(), image)


def own_streams() -> Streams:
    """The standard streams of the process that runs picorun."""
    return Streams(DescriptorStream(0), DescriptorStream(1), DescriptorStream(2))


def captured_streams(stdin: bytes) -> tuple[Streams, bytearray, bytearray]:
    """Streams that read `stdin` and write into the two arrays."""
    output, errors = bytearray(), bytearray()
    outputs = CallbackOutput(output.extend), CallbackOutput(errors.extend)
    return Streams(MemoryInput(stdin), *outputs), output, errors


def _start_time(options: Options) -> int:
    """The system time at the start, in 100 ns since 1601 UTC."""
    if options.start_time is None and options.clock != "real":
        return DEFAULT_START
    from datetime import UTC, datetime, timedelta

    moment = options.start_time or now()
    since = moment - datetime(1601, 1, 1, tzinfo=UTC)
    return since // timedelta(microseconds=1) * _UNITS_PER_MICROSECOND
