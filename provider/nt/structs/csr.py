"""Messages of the Windows subsystem's server, after their PORT_MESSAGE.

Layouts are those that Geoff Chappell's studies of CSRSRV and BASESRV and ReactOS' headers
(csrmsg.h, basemsg.h) agree on; the first fields of the base server's messages never changed.
"""

from __future__ import annotations

from emu.struct import Struct, pointer, struct_of, u32
from provider.nt.structs.process import CLIENT_ID
from provider.nt.types import UNICODE_STRING_HEADER


class CSR_API_MSG(Struct):
    """What stands before the data of every call of a server routine."""

    CaptureBuffer = pointer()
    ApiNumber = u32()
    """The server's index in the high word, the routine's in the low one."""
    ReturnValue = u32()
    Reserved = u32()


class CSR_CAPTURE_HEADER(Struct):
    """The start of a capture buffer; the offsets of `CountMessagePointers` pointers follow."""

    Length = u32()
    RelatedCaptureBuffer = pointer()
    CountMessagePointers = u32()
    FreeSpace = pointer()


class CSR_API_CONNECTINFO(Struct, size=0x1C):
    """What a client learns when it connects: Windows 8 and later."""

    SharedSectionBase = pointer()
    SharedStaticServerData = pointer()
    ServerProcessId = u32()


class CSR_API_CONNECTINFO_6_0(Struct, size=0x20):
    """The same of Windows Vista and 7."""

    ObjectDirectory = u32()
    SharedSectionBase = pointer()
    SharedStaticServerData = pointer()
    DebugFlags = u32()
    SizeOfPebData = u32()
    SizeOfTebData = u32()
    NumberOfServerDllNames = u32()
    ServerProcessId = u32()


class CSR_API_CONNECTINFO_5_2(Struct, size=0x24):
    """The same of Windows Server 2003."""

    ObjectDirectory = u32()
    SharedSectionBase = pointer()
    SharedStaticServerData = pointer()
    SharedSectionHeap = pointer()
    DebugFlags = u32()
    SizeOfPebData = u32()
    SizeOfTebData = u32()
    NumberOfServerDllNames = u32()
    ServerProcessId = u32()


class CSR_API_CONNECTINFO_5_1(Struct, size=0x2C):
    """The same of Windows XP."""

    ExpectedVersion = u32()
    CurrentVersion = u32()
    ObjectDirectory = u32()
    SharedSectionBase = pointer()
    SharedStaticServerData = pointer()
    SharedSectionHeap = pointer()
    DebugFlags = u32()
    SizeOfPebData = u32()
    SizeOfTebData = u32()
    NumberOfServerDllNames = u32()
    ServerProcessId = u32()


class CSR_CLIENTCONNECT_MSG(Struct):
    """A client connects to one of the server's DLLs."""

    ServerDllIndex = u32()
    ConnectionInformation = pointer()
    ConnectionInformationLength = u32()


class BASE_CREATEPROCESS_MSG(Struct):
    """A process has been made, and is to be one of the subsystem's; the rest is about manifests."""

    ProcessHandle = u32()
    """The two low bits are flags."""
    ThreadHandle = u32()
    ClientId = struct_of(CLIENT_ID)
    CreationFlags = u32()
    VdmBinaryType = u32()


class BASE_CREATETHREAD_MSG(Struct):
    """A thread has been made."""

    ThreadHandle = u32()
    ClientId = struct_of(CLIENT_ID)


class BASE_SHUTDOWNPARAM_MSG(Struct):
    """When a process ends at a shutdown, compared with others: 0x3FF is first."""

    ShutdownLevel = u32()
    ShutdownFlags = u32()


class BASE_DEFINEDOSDEVICE_MSG(Struct):
    """A DOS device's name is defined or removed."""

    Flags = u32()
    DeviceName = struct_of(UNICODE_STRING_HEADER)
    TargetPath = struct_of(UNICODE_STRING_HEADER)


class BASE_NLS_GET_USER_INFO_MSG(Struct):
    """Where the user's settings go."""

    Data = pointer()
    DataLength = u32()


class BASE_ONE_WORD_MSG(Struct):
    """Messages of a single number: UniqueID, uExitCode, VideoMode, FirstVDM, fBeginEnd."""

    Value = u32()


class NLS_USER_INFO(Struct, size=0x1870):
    """The user's locale of Windows XP and Server 2003; 39 texts of 80 characters go first."""

    UserLocaleId = u32(at=0x1860)
    InteractiveUserLuidLow = u32()
    InteractiveUserLuidHigh = u32()
    CacheUpdateCount = u32()
