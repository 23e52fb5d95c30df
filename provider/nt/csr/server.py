"""The server: its list of processes, connections, and the way of a message to a routine.

Only processes of the list may connect: whoever makes a Win32 process tells the server before its
first thread runs (`BaseSrvCreateProcess`), and the first process is there from the beginning.  By
its exception port the server learns of the end of each thread, of which the last one is that of the
process ("CSRSS", Windows Internals, 4th edition, chapters 2 and 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation
from provider.kernel.ob.namespace import SymbolicLink
from provider.kernel.thread import Thread
from provider.nt.csr.call import Call
from provider.nt.csr.capture import Capture
from provider.nt.csr.client import Client
from provider.nt.csr.dos_devices import DosDevices
from provider.nt.csr.port import ApiPort
from provider.nt.csr.routines import routine
from provider.nt.dispatch import status_of
from provider.nt.lpc.accept import PORT_ALL_ACCESS, accept
from provider.nt.lpc.message import LPC, Message, of_data
from provider.nt.process import NtProcess
from provider.nt.ps.creation import Step, tell
from provider.nt.se.acl import acl
from provider.nt.se.descriptor import Descriptor
from provider.nt.se.identity import ADMINISTRATORS_SID, SYSTEM_SID
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.csr import CSR_API_MSG

if TYPE_CHECKING:
    from provider.kernel.ob.object import KernelObject
    from provider.kernel.process import Process
    from provider.nt.lpc.port import Port
    from provider.nt.provider import NtProvider

PROCESS_NAME = "csrss.exe"
PORT_NAME = "\\Sessions\\1\\Windows\\ApiPort"
SESSION_0_NAME = "\\Windows\\ApiPort"
ALL_ACCESS = 0x1FFFFF
LIMITED_ACCESS = 0x121400
"""To read what is public of a process and to wait for it."""
CREATE_NEW_PROCESS_GROUP = 0x200
_SECURITY = bytes(
    Descriptor(
        owner=SYSTEM_SID,
        group=SYSTEM_SID,
        dacl=acl((0, ALL_ACCESS, SYSTEM_SID), (0, LIMITED_ACCESS, ADMINISTRATORS_SID)),
    )
)


class Server:
    """The subsystem of the one session."""

    def __init__(self, provider: NtProvider) -> None:
        """Make the process and the port.  KernelError."""
        kernel = provider.kernel
        self.provider, self.kernel = provider, kernel
        self.process = kernel.create_minimal_process(PROCESS_NAME)
        self.process.set_security(_SECURITY)
        self.port = ApiPort(self.process, self._receive)
        self.process.handles.insert(self.port, PORT_ALL_ACCESS)
        self._publish(PORT_NAME, self.port)
        self._publish(SESSION_0_NAME, SymbolicLink(PORT_NAME))
        self.clients: dict[int, Client] = {}
        self.dos_devices = DosDevices(kernel.namespace)
        self.temporary_files = 0
        """How many numbers for their names were given out."""
        self.locale_changes = 0
        self.has_first_vdm = False
        for process in tuple(kernel.processes.values()):
            if isinstance(process.context, NtProcess) and not process.parent_id:
                self.add(process, None)

    def add(self, process: Process, creator: Client | None, flags: int = 0) -> Client:
        """Put a process on the list, unless it is there.  NtError, KernelError."""
        client = self.clients.get(process.id)
        if client is not None:
            return client
        if process.exit_status is not None:
            raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
        part: NtProcess = process.context
        leads = creator is None or bool(flags & CREATE_NEW_PROCESS_GROUP)
        group_id = process.id if creator is None or leads else creator.group_id
        handle = self.process.handles.insert(process, ALL_ACCESS)
        self.clients[process.id] = client = Client(process, handle, group_id)
        part.set_exception_port(self.port)
        tell(self.provider, Step.SUBSYSTEM, process, detail=f"group {group_id}")
        return client

    def remove(self, client: Client) -> None:
        """Take a process from the list and give up all that the server has of it."""
        del self.clients[client.process.id]
        part: NtProcess = client.process.context
        part.set_exception_port(None)
        self._hang_up(client)
        self.process.handles.close(client.handle)

    def thread_of(self, message: Message) -> tuple[Client, Thread] | None:
        """Who sent a message; a thread that was not known is from now on.  None: no client."""
        client = self.clients.get(message.process_id)
        thread = self.kernel.client_ids.find(message.thread_id, Thread)
        if client is None or thread is None or thread.process is not client.process:
            return None
        client.threads[thread.id] = thread
        return client, thread

    def _publish(self, path: str, entry: KernelObject) -> None:
        """A name that a guest has taken before stays the guest's."""
        if self.kernel.namespace.find(path, open_link=True).object is None:
            self.kernel.namespace.make_permanent(path, entry)

    def _hang_up(self, client: Client) -> None:
        handle, client.port_handle = client.port_handle, 0
        if handle:
            self.process.handles.close(handle)

    def _receive(self, message: Message) -> None:
        if message.kind == LPC.CONNECTION_REQUEST:
            self._connect(message)
        elif message.kind == LPC.REQUEST:
            self._answer(message)
        elif message.kind == LPC.DATAGRAM:
            self._call(message)
        elif message.kind == LPC.CLIENT_DIED:
            self._thread_died(message)
        elif message.kind == LPC.PORT_CLOSED and message.context in self.clients:
            self._hang_up(self.clients[message.context])

    def _connect(self, message: Message) -> None:
        """Accept a process of the list, once."""
        request, known = message.request, self.thread_of(message)
        assert request is not None, "who connects waits for it"
        if known is None or known[0].port_handle:
            request.answer(NTSTATUS.PORT_CONNECTION_REFUSED)
            return
        client = known[0]
        try:
            port, client.port_handle = accept(
                self.process, request.port, lambda server: self._share(client, request.port, server)
            )
        except KernelError as error:
            request.answer(status_of(error))
            return
        port.context = client.process.id
        info = client.dialect.connect_info(ServerProcessId=self.process.id)
        request.answer(NTSTATUS.SUCCESS, self._reply(message, bytes(info)))

    def _share(self, client: Client, port: Port, server: Port) -> None:
        """Map the memory that a client brings along.  KernelError."""
        client.view = range(0)
        if port.shared is not None:
            base = port.shared.remote_base = port.shared.map(server.views)
            client.view = range(base, base + port.shared.size)

    def _answer(self, message: Message) -> None:
        request = message.request
        assert request is not None, "who asks waits for the answer"
        data = self._call(message)
        request.answer(NTSTATUS.SUCCESS, self._reply(message, data))

    def _call(self, message: Message) -> bytes:
        """Run the routine that a message asks for; returns the message's new data."""
        header = CSR_API_MSG(bytearray(message.data.ljust(CSR_API_MSG.SIZE, b"\0")))
        data = bytearray(message.data[CSR_API_MSG.SIZE :])
        known = self.thread_of(message)
        if known is None or len(message.data) < CSR_API_MSG.SIZE:
            header.ReturnValue = NTSTATUS.ILLEGAL_FUNCTION
        else:
            client, thread = known
            try:
                header.ReturnValue = self._run(client, thread, header, data)
            except (NtError, KernelError, AccessViolation) as error:
                header.ReturnValue = status_of(error)
        return (bytes(header)[: CSR_API_MSG.SIZE] + bytes(data))[: len(message.data)]

    def _run(self, client: Client, thread: Thread, header: CSR_API_MSG, data: bytearray) -> int:
        """NtError, KernelError, AccessViolation."""
        run = routine(client.dialect, header.ApiNumber)
        capture = None
        if header.CaptureBuffer:
            space, va = self.process.space, header.CaptureBuffer
            capture = Capture(space, client.view, va, bytes(data))
        status = run(Call(self, client, thread, data, capture))
        if capture is not None:
            capture.give_back()
        return status

    def _thread_died(self, message: Message) -> None:
        client = self.clients.get(message.process_id)
        if client is None:
            return
        client.threads.pop(message.thread_id, None)
        if not client.process.threads:
            self.remove(client)

    def _reply(self, message: Message, data: bytes) -> Message:
        reply = of_data(LPC.REPLY, data)
        return reply._replace(process_id=self.process.id, id=message.id)
