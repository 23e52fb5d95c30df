"""What clients can call: the routines of CSRSRV and of the base server.

The console's and the user server (indices 2 and 3) are not there: the console is a device, as since
Windows 8, and there are no windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.se.subject import open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.csr import (
    BASE_CREATEPROCESS_MSG,
    BASE_CREATETHREAD_MSG,
    BASE_DEFINEDOSDEVICE_MSG,
    BASE_NLS_GET_USER_INFO_MSG,
    BASE_ONE_WORD_MSG,
    BASE_SHUTDOWNPARAM_MSG,
    CSR_CLIENTCONNECT_MSG,
    NLS_USER_INFO,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.ob.namespace import SymbolicLink
    from provider.nt.csr.call import Call
    from provider.nt.csr.dialect import Dialect

    Routine = Callable[[Call], int]

CSRSRV, BASESRV = 0, 1
SHUTDOWN_NORETRY = 1
DDD_REMOVE_DEFINITION, DDD_EXACT_MATCH_ON_REMOVE, DDD_LUID_BROADCAST_DRIVE = 0x2, 0x4, 0x10
DELETE = 0x10000
_CSRSRV_ROUTINES = 5
_UNSET_SETTING = 0xFF
"""Each byte of a text that the client has to read from the registry itself."""


def routine(dialect: Dialect, number: int) -> Routine:
    """What an API number means.  NtError ILLEGAL_FUNCTION."""
    server, index = number >> 16, number & 0xFFFF
    if server == CSRSRV and index < _CSRSRV_ROUTINES:
        return _client_connect if not index else _unused
    if server == BASESRV and index < len(dialect.routines):
        return _ROUTINES.get(dialect.routines[index], _unused)
    raise NtError(NTSTATUS.ILLEGAL_FUNCTION)


def _unused(call: Call) -> int:
    """Routines that have gone, or serve what is not here: VDMs, manifests, terminal servers."""
    return NTSTATUS.NOT_IMPLEMENTED


def _client_connect(call: Call) -> int:
    """CsrSrvClientConnect: the base server tells that it is not debugged, others are absent."""
    message = call.message(CSR_CLIENTCONNECT_MSG)
    if message.ServerDllIndex not in (CSRSRV, BASESRV):
        return NTSTATUS.INVALID_PARAMETER
    size = message.ConnectionInformationLength
    if message.ConnectionInformation and size:
        call.captured.write(message.ConnectionInformation, bytes(min(size, 4)))
    return NTSTATUS.SUCCESS


def _create_process(call: Call) -> int:
    message = call.message(BASE_CREATEPROCESS_MSG)
    handles = call.client.process.handles
    process = handles.reference(message.ProcessHandle & ~3, Process)
    thread = handles.reference(message.ThreadHandle & ~3, Thread)
    nt_part(process)
    if thread.process is not process:
        return NTSTATUS.INVALID_PARAMETER
    if thread.is_terminated:
        return NTSTATUS.THREAD_IS_TERMINATING
    client = call.server.add(process, call.client, message.CreationFlags)
    client.threads[thread.id] = thread
    return NTSTATUS.SUCCESS


def _create_thread(call: Call) -> int:
    message = call.message(BASE_CREATETHREAD_MSG)
    thread = call.client.process.handles.reference(message.ThreadHandle & ~3, Thread)
    client = call.server.clients.get(thread.process.id)
    if client is None:
        return NTSTATUS.UNSUCCESSFUL
    if thread.is_terminated:
        return NTSTATUS.THREAD_IS_TERMINATING
    client.threads[thread.id] = thread
    return NTSTATUS.SUCCESS


def _get_temp_file(call: Call) -> int:
    """The number is the status too."""
    message = call.message(BASE_ONE_WORD_MSG)
    call.server.temporary_files = message.Value = call.server.temporary_files + 1 & 0xFFFF
    return message.Value


def _exit_process(call: Call) -> int:
    """The process is about to end: it is not on the list any more."""
    call.message(BASE_ONE_WORD_MSG)
    call.server.remove(call.client)
    return NTSTATUS.SUCCESS


def _set_shutdown(call: Call) -> int:
    message = call.message(BASE_SHUTDOWNPARAM_MSG)
    if message.ShutdownFlags & ~SHUTDOWN_NORETRY:
        return NTSTATUS.INVALID_PARAMETER
    call.client.shutdown_level = message.ShutdownLevel
    call.client.shutdown_flags = message.ShutdownFlags
    return NTSTATUS.SUCCESS


def _get_shutdown(call: Call) -> int:
    message = call.message(BASE_SHUTDOWNPARAM_MSG)
    message.ShutdownLevel = call.client.shutdown_level
    message.ShutdownFlags = call.client.shutdown_flags
    return NTSTATUS.SUCCESS


def _define_dos_device(call: Call) -> int:
    message = call.message(BASE_DEFINEDOSDEVICE_MSG)
    name = call.captured.text(message.DeviceName)
    target = call.captured.text(message.TargetPath).partition("\0")[0]
    if not name or "\\" in name or "\0" in name:
        return NTSTATUS.INVALID_PARAMETER
    if message.Flags & DDD_LUID_BROADCAST_DRIVE:
        is_letter = len(name) == 2 and name[0].isascii() and name[0].isalpha() and name[1] == ":"
        return NTSTATUS.SUCCESS if is_letter else NTSTATUS.INVALID_PARAMETER
    devices = call.server.dos_devices

    def check(link: SymbolicLink) -> None:
        open_access(call.thread, link, DELETE)

    if message.Flags & DDD_REMOVE_DEFINITION:
        exactly = bool(message.Flags & DDD_EXACT_MATCH_ON_REMOVE)
        devices.remove(name, target, exactly=exactly, check=check)
    else:
        devices.define(name, target, check=check)
    return NTSTATUS.SUCCESS


def _is_first_vdm(call: Call) -> int:
    message = call.message(BASE_ONE_WORD_MSG)
    message.Value = not call.server.has_first_vdm
    call.server.has_first_vdm = True
    return NTSTATUS.SUCCESS


def _heard(call: Call) -> int:
    """Notices without effect: no screen flashes, no .ini files are mapped, no VDM runs."""
    return NTSTATUS.SUCCESS


def _nls_get_user_info(call: Call) -> int:
    """The cache of a server to which nobody has told the user's settings.

    Clients read what is not set from the registry.  Later versions' structure is not known.
    """
    message = call.message(BASE_NLS_GET_USER_INFO_MSG)
    if message.DataLength != NLS_USER_INFO.SIZE:
        return NTSTATUS.INVALID_PARAMETER
    data = bytearray([_UNSET_SETTING]) * NLS_USER_INFO.SIZE
    info = NLS_USER_INFO(data)
    info.UserLocaleId = call.server.provider.executive.user_locale
    info.InteractiveUserLuidLow = nt_part(call.client.process).token.authentication_id
    info.InteractiveUserLuidHigh = 0
    info.CacheUpdateCount = call.server.locale_changes
    call.captured.write(message.Data, bytes(data))
    return NTSTATUS.SUCCESS


def _nls_update_cache_count(call: Call) -> int:
    call.server.locale_changes += 1
    return NTSTATUS.SUCCESS


_ROUTINES: dict[str, Routine] = {
    "CreateProcess": _create_process,
    "CreateThread": _create_thread,
    "GetTempFile": _get_temp_file,
    "ExitProcess": _exit_process,
    "IsFirstVDM": _is_first_vdm,
    "SetProcessShutdownParam": _set_shutdown,
    "GetProcessShutdownParam": _get_shutdown,
    "BatNotification": _heard,
    "SoundSentryNotification": _heard,
    "RefreshIniFileMapping": _heard,
    "DefineDosDevice": _define_dos_device,
    "NlsUpdateCacheCount": _nls_update_cache_count,
    "NlsGetUserInfo": _nls_get_user_info,
}
