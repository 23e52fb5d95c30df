"""Calls that make ports and connect them."""

from __future__ import annotations

from provider.kernel.ke.wait import wait_for
from provider.kernel.thread import Thread
from provider.nt.contents import MESSAGE, MESSAGE_FILLED
from provider.nt.handles import nt_part, reference
from provider.nt.lpc.accept import PORT_ALL_ACCESS, accept
from provider.nt.lpc.impersonation import ClientSecurity
from provider.nt.lpc.message import HEADER, LPC, MOST_BYTES, capture, of_data
from provider.nt.lpc.port import Port, Role
from provider.nt.lpc.reply import ask, find_request
from provider.nt.lpc.view import bring
from provider.nt.ob.create import find_name, insert_object
from provider.nt.se.capture import read_quality
from provider.nt.se.subject import open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.lpc import PORT_VIEW, REMOTE_PORT_VIEW
from provider.nt.structs.ob import OBJ, OBJECT_ATTRIBUTES, ObjectAttributes
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG, UNICODE_STRING
from provider.syscall import Out, Ref

MOST_INFORMATION = MOST_BYTES - HEADER
PORT_CONNECT = 1


@nt.syscall()
def NtCreatePort(
    thread: Thread,
    PortHandle: Out[HANDLE],
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    MaxConnectionInfoLength: ULONG,
    MaxMessageLength: ULONG,
    MaxPoolUsage: ULONG,
) -> NTSTATUS:
    """Create a connection port."""
    port = _connection_port(thread, MaxConnectionInfoLength, MaxMessageLength)
    status, PortHandle.value = insert_object(thread, port, PORT_ALL_ACCESS, ObjectAttributes)
    return status


@nt.syscall()
def NtCreateWaitablePort(
    thread: Thread,
    PortHandle: Out[HANDLE],
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    MaxConnectionInfoLength: ULONG,
    MaxMessageLength: ULONG,
    MaxPoolUsage: ULONG,
) -> NTSTATUS:
    """Create a connection port that is signalled while messages wait, as all are here."""
    return NtCreatePort(
        thread,
        PortHandle,
        ObjectAttributes,
        MaxConnectionInfoLength,
        MaxMessageLength,
        MaxPoolUsage,
    )


@nt.syscall()
async def NtConnectPort(
    thread: Thread,
    PortHandle: Out[HANDLE],
    PortName: UNICODE_STRING,
    SecurityQos: PVOID,
    ClientView: Ref[PORT_VIEW] | None,
    ServerView: Ref[REMOTE_PORT_VIEW] | None,
    MaxMessageLength: Out[ULONG] | None,
    ConnectionInformation: PVOID,
    ConnectionInformationLength: Ref[ULONG] | None,
) -> None:
    """Connect with the server of a named port, if it accepts."""
    space = thread.process.space
    quality = read_quality(space, SecurityQos, any_length=True)
    connection = _find(thread, PortName)
    open_access(thread, connection, PORT_CONNECT)
    length = ConnectionInformationLength
    room = length.value if ConnectionInformation and length is not None else 0
    given = space.read(ConnectionInformation, min(room, connection.longest_information))
    if ServerView is not None and ServerView.value.Length != REMOTE_PORT_VIEW.SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    port = Port(Role.CLIENT, thread.process, connection.longest_message, connection=connection)
    port.reference()
    try:
        port.security = ClientSecurity(thread, quality)
        if ClientView is not None:
            port.shared = bring(thread, port.views, ClientView.value)
        PortHandle.value, answer = await _ask(thread, port, given)
        if MaxMessageLength is not None:
            MaxMessageLength.value = port.longest_message
        _tell_views(port, ClientView, ServerView)
        if room and length is not None:
            space.write(ConnectionInformation, answer[:room])
            length.value = len(answer[:room])
    finally:
        if not port.is_open:
            port.views.unmap()
        port.dereference()


@nt.syscall(partial="The server's identity is not compared.")
async def NtSecureConnectPort(
    thread: Thread,
    PortHandle: Out[HANDLE],
    PortName: UNICODE_STRING,
    SecurityQos: PVOID,
    ClientView: Ref[PORT_VIEW] | None,
    RequiredServerSid: PVOID,
    ServerView: Ref[REMOTE_PORT_VIEW] | None,
    MaxMessageLength: Out[ULONG] | None,
    ConnectionInformation: PVOID,
    ConnectionInformationLength: Ref[ULONG] | None,
) -> None:
    """Connect with the server of a named port, if it is the one that is meant."""
    await NtConnectPort(
        thread, PortHandle, PortName, SecurityQos, ClientView, ServerView, MaxMessageLength,
        ConnectionInformation, ConnectionInformationLength,
    )  # fmt: skip


@nt.syscall()
async def NtListenPort(
    thread: Thread, PortHandle: HANDLE, ConnectionRequest: MESSAGE_FILLED
) -> None:
    """Wait for a client; other messages are dropped."""
    port = reference(thread, PortHandle, Port)
    if port.role is not Role.CONNECTION:
        raise NtError(NTSTATUS.INVALID_PORT_HANDLE)
    space = thread.process.space
    space.probe_write(ConnectionRequest, HEADER)
    port.reference()
    try:
        while not port.messages or port.messages[0].kind != LPC.CONNECTION_REQUEST:
            if port.messages:
                port.messages.popleft()
            else:
                await wait_for(thread, (port,))
        port.messages[0].store(space, ConnectionRequest)
        port.messages.popleft()
    finally:
        port.dereference()


@nt.syscall()
def NtAcceptConnectPort(
    thread: Thread,
    PortHandle: Out[HANDLE],
    PortContext: PVOID,
    ConnectionRequest: MESSAGE,
    AcceptConnection: BOOLEAN,
    ServerView: Ref[PORT_VIEW] | None,
    ClientView: Out[REMOTE_PORT_VIEW] | None,
) -> None:
    """Answer a client: with a port for it, or no."""
    answer = capture(thread.process.space, ConnectionRequest)
    request = find_request(thread.process.kernel, answer)
    if request.message.kind != LPC.CONNECTION_REQUEST or request.port.peer is not None:
        raise NtError(NTSTATUS.REPLY_MESSAGE_MISMATCH)
    if not AcceptConnection:
        request.answer(NTSTATUS.PORT_CONNECTION_REFUSED, answer)
        return
    client = request.port

    def share(server: Port) -> None:
        _share_views(thread, client, server, ServerView, ClientView)

    server, PortHandle.value = accept(thread.process, client, share)
    server.context = PortContext or PortHandle.value
    server.accepted = request, answer


@nt.syscall()
def NtCompleteConnectPort(thread: Thread, PortHandle: HANDLE) -> None:
    """Let the client that was accepted go on."""
    port = reference(thread, PortHandle, Port)
    if port.accepted is None:
        raise NtError(NTSTATUS.INVALID_PORT_HANDLE)
    (request, answer), port.accepted = port.accepted, None
    request.answer(NTSTATUS.SUCCESS, answer.sent_by(thread, LPC.REPLY, answer.id))


def _connection_port(thread: Thread, longest_information: int, longest_message: int) -> Port:
    if longest_information > MOST_INFORMATION:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    if longest_message > MOST_BYTES:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    return Port(
        Role.CONNECTION, thread.process, longest_message, longest_information=longest_information
    )


def _find(thread: Thread, name: str) -> Port:
    """The connection port of that name.  NtError, and KernelError of the namespace."""
    nt_part(thread.process).provider.start_servers()
    found = find_name(thread, ObjectAttributes(name, 0, OBJ.OBJ_CASE_INSENSITIVE))
    if found.object is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    if found.rest or not isinstance(found.object, Port):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    return found.object


async def _ask(thread: Thread, port: Port, information: bytes) -> tuple[int, bytes]:
    """Ask the server; returns the client's handle and the information that came back."""
    assert port.connection is not None
    question = of_data(LPC.CONNECTION_REQUEST, information)
    answer = await ask(thread, port, question, LPC.CONNECTION_REQUEST, port.connection.post)
    handle = thread.process.handles.insert(port, PORT_ALL_ACCESS)
    return handle, answer.data[: answer.data_length]


def _share_views(
    thread: Thread,
    client: Port,
    server: Port,
    server_view: Ref[PORT_VIEW] | None,
    client_view: Out[REMOTE_PORT_VIEW] | None,
) -> None:
    """Map each side's section in the other.  NtError, KernelError, AccessViolation."""
    if client.shared is not None:
        client.shared.remote_base = client.shared.map(server.views)
        if client_view is not None:
            client_view.value = client.shared.remote()
    if server_view is not None:
        server.shared = bring(thread, server.views, server_view.value)
        server.shared.remote_base = server.shared.map(client.views)
        server_view.value = server.shared.local()


def _tell_views(
    port: Port, client_view: Ref[PORT_VIEW] | None, server_view: Ref[REMOTE_PORT_VIEW] | None
) -> None:
    """Tell a client where the sections are.  AccessViolation."""
    if client_view is not None and port.shared is not None:
        client_view.value = port.shared.local()
    if server_view is not None and port.peer is not None and port.peer.shared is not None:
        server_view.value = port.peer.shared.remote()
