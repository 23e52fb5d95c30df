"""What a process finds about itself in its own memory: PEB, TEB, parameters, shared user data.

Field names and offsets are those of 32-bit Windows 10 (public symbols of ntdll; winternl.h for the
documented ones).  Fields that nothing of ours sets are left out, and read as zero.
"""

from __future__ import annotations

import struct

from emu.struct import Buffer, Field, Struct, pointer, raw, struct_of, u8, u16, u32, u64, words
from provider.nt.structs.member import count, text
from provider.nt.types import UNICODE_STRING_HEADER

PEB_VA = 0x7FFDF000
SHARED_USER_DATA_VA = 0x7FFE0000
PROCESSOR_FEATURES = 64


class CLIENT_ID(Struct):
    """Process and thread id."""

    UniqueProcess = count()
    UniqueThread = count()


class CURDIR(Struct):
    """The current directory: its path, with a final backslash, and an open handle or 0."""

    DosPath = text()
    Handle = u32()


class RTL_USER_PROCESS_PARAMETERS(Struct, size=0x2A4):
    """What the creator of a process tells it."""

    MaximumLength = u32()
    Length = u32()
    Flags = u32()
    DebugFlags = u32()
    ConsoleHandle = u32()
    ConsoleFlags = u32()
    StandardInput = u32()
    StandardOutput = u32()
    StandardError = u32()
    CurrentDirectory = struct_of(CURDIR)
    DllPath = struct_of(UNICODE_STRING_HEADER)
    ImagePathName = text()
    CommandLine = text()
    Environment = pointer()
    WindowFlags = u32(at=0x68)
    WindowTitle = struct_of(UNICODE_STRING_HEADER, at=0x70)
    DesktopInfo = struct_of(UNICODE_STRING_HEADER)
    ShellInfo = struct_of(UNICODE_STRING_HEADER)
    RuntimeData = struct_of(UNICODE_STRING_HEADER)
    EnvironmentSize = u32(at=0x290)


RTL_USER_PROC_PARAMS_NORMALIZED = 1


class PEB(Struct, size=0x480):
    """The process environment block."""

    InheritedAddressSpace = u8()
    ReadImageFileExecOptions = u8()
    BeingDebugged = u8()
    BitField = u8()
    Mutant = u32()
    ImageBaseAddress = pointer()
    Ldr = pointer()
    ProcessParameters = pointer()
    ProcessHeap = pointer(at=0x18)
    KernelCallbackTable = pointer(at=0x2C)
    ApiSetMap = pointer(at=0x38)
    NumberOfProcessors = u32(at=0x64)
    NtGlobalFlag = u32()
    CriticalSectionTimeout = u64(at=0x70)
    HeapSegmentReserve = u32()
    HeapSegmentCommit = u32()
    HeapDeCommitTotalFreeThreshold = u32()
    HeapDeCommitFreeBlockThreshold = u32()
    GdiSharedHandleTable = pointer(at=0x94)
    OSMajorVersion = u32(at=0xA4)
    OSMinorVersion = u32()
    OSBuildNumber = u16()
    OSCSDVersion = u16()
    OSPlatformId = u32()
    ImageSubsystem = u32()
    ImageSubsystemMajorVersion = u32()
    ImageSubsystemMinorVersion = u32()
    ActiveProcessAffinityMask = u32()
    SessionId = u32(at=0x1D4)
    AppCompatFlags = u64()
    AppCompatFlagsUser = u64()
    pShimData = pointer()
    AppCompatInfo = pointer()
    CSDVersion = struct_of(UNICODE_STRING_HEADER, at=0x1F0)
    CloudFileFlags = u32(at=0x460)


class SHIM_DATA(Struct):
    """What our own ntdll finds behind PEB.pShimData."""

    Size = u32()
    DelayedFrees = u32()


class NT_TIB(Struct):
    """The part of a TEB that compilers know."""

    ExceptionList = pointer()
    StackBase = pointer()
    StackLimit = pointer()
    SubSystemTib = pointer()
    FiberData = pointer()
    ArbitraryUserPointer = pointer()
    Self = pointer()


class ACTIVATION_CONTEXT_STACK(Struct):
    """The activation contexts of a thread: the latest frame, and a list that is empty or of pools.

    Windows' user mode allocates it; Wine's finds it in the TEB (winternl.h of Wine).
    """

    ActiveFrame = pointer()
    FrameListHead = pointer()
    FrameListTail = pointer()
    Flags = u32()
    NextCookieSequenceNumber = u32()
    StackId = u32()


class TEB(Struct, size=0x1000):
    """The thread environment block."""

    NtTib = struct_of(NT_TIB)
    EnvironmentPointer = pointer()
    ClientId = struct_of(CLIENT_ID)
    ActiveRpcHandle = u32()
    ThreadLocalStoragePointer = pointer()
    ProcessEnvironmentBlock = pointer()
    LastErrorValue = u32()
    WOW32Reserved = pointer(at=0xC0)
    CurrentLocale = u32()
    ActivationContextStack = struct_of(ACTIVATION_CONTEXT_STACK, at=0x184)
    ExceptionCode = u32(at=0x1A4)
    ActivationContextStackPointer = pointer()
    RealClientId = struct_of(CLIENT_ID, at=0x6B4)
    LastStatusValue = u32(at=0xBF4)
    StaticUnicodeString = struct_of(UNICODE_STRING_HEADER)
    StaticUnicodeBuffer = raw(522)
    DeallocationStack = pointer()
    TlsSlots = words(64, at=0xE10)
    GuaranteedStackBytes = u32(at=0xF78)
    TlsExpansionSlots = pointer(at=0xF94)
    SameTebFlags = u16(at=0xFCA)


class KSYSTEM_TIME(Field[int]):
    """A 64-bit time that is read without a lock: low, high, high again."""

    __slots__ = ()
    _WORDS = struct.Struct("<QI")

    def __init__(self, at: int | None = None) -> None:
        super().__init__(self._WORDS.size, 4, at)

    def load(self, buffer: Buffer, offset: int) -> int:
        value: int = self._WORDS.unpack_from(buffer, offset)[0]
        return value

    def store(self, buffer: Buffer, offset: int, value: int) -> None:
        self._WORDS.pack_into(buffer, offset, value, value >> 32)


class KUSER_SHARED_DATA(Struct, size=0x1000):
    """The page that every process sees at `SHARED_USER_DATA_VA` (ntddk.h)."""

    TickCountLowDeprecated = u32()
    TickCountMultiplier = u32()
    InterruptTime = KSYSTEM_TIME()
    SystemTime = KSYSTEM_TIME()
    TimeZoneBias = KSYSTEM_TIME()
    ImageNumberLow = u16()
    ImageNumberHigh = u16()
    NtSystemRoot = raw(520)
    TimeZoneId = u32(at=0x240)
    NtBuildNumber = u32(at=0x260)
    NtProductType = u32()
    ProductTypeIsValid = u8()
    NtMajorVersion = u32(at=0x26C)
    NtMinorVersion = u32()
    ProcessorFeatures = raw(PROCESSOR_FEATURES)
    SuiteMask = u32(at=0x2D0)
    KdDebuggerEnabled = u8()
    NXSupportPolicy = u8()
    ActiveConsoleId = u32(at=0x2D8)
    NumberOfPhysicalPages = u32(at=0x2E8)
    QpcFrequency = u64(at=0x300)
    TickCount = KSYSTEM_TIME(at=0x320)
    Cookie = u32(at=0x330)
    ActiveProcessorCount = u32(at=0x3C0)
    ActiveGroupCount = u8()
