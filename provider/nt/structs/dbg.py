"""What NtWaitForDebugEvent tells (phnt, ntdbg.h: DBGUI_WAIT_STATE_CHANGE and its parts)."""

from __future__ import annotations

from emu.struct import Struct, pointer, struct_of, u32
from provider.nt.structs.context import EXCEPTION_RECORD
from provider.nt.structs.member import named
from provider.nt.structs.process import CLIENT_ID


class DBGUI_HEADER(Struct):
    """The state and whose it is; what follows depends on the state."""

    NewState = named("DBG_STATE")
    AppClientId = struct_of(CLIENT_ID)


class DBGUI_CREATE_THREAD(Struct):
    """DbgCreateThreadStateChange."""

    HandleToThread = u32()
    SubSystemKey = u32()
    StartAddress = pointer()


class DBGUI_CREATE_PROCESS(Struct):
    """DbgCreateProcessStateChange."""

    HandleToProcess = u32()
    HandleToThread = u32()
    SubSystemKey = u32()
    FileHandle = u32()
    BaseOfImage = pointer()
    DebugInfoFileOffset = u32()
    DebugInfoSize = u32()
    InitialThreadSubSystemKey = u32()
    InitialThreadStartAddress = pointer()


class DBGKM_EXCEPTION(Struct):
    """The three states of exceptions."""

    ExceptionRecord = struct_of(EXCEPTION_RECORD)
    FirstChance = u32()


class DBGKM_EXIT(Struct):
    """DbgExitThreadStateChange and DbgExitProcessStateChange."""

    ExitStatus = u32()


class DBGKM_LOAD_DLL(Struct):
    """DbgLoadDllStateChange."""

    FileHandle = u32()
    BaseOfDll = pointer()
    DebugInfoFileOffset = u32()
    DebugInfoSize = u32()
    NamePointer = pointer()


class DBGKM_UNLOAD_DLL(Struct):
    """DbgUnloadDllStateChange."""

    BaseAddress = pointer()


DBGUI_BYTES = DBGUI_HEADER.SIZE + DBGKM_EXCEPTION.SIZE
"""The whole structure: its largest part is that of an exception."""
