"""Structures of the calls on dispatcher objects and threads (ntdef.h, winternl.h, wdm.h)."""

from __future__ import annotations

from emu.struct import Struct, i32, i64, struct_of, u8, u32
from provider.nt.structs.process import CLIENT_ID


class EVENT_BASIC_INFORMATION(Struct):
    """NtQueryEvent, class 0."""

    EventType = u32()
    EventState = i32()


class MUTANT_BASIC_INFORMATION(Struct):
    """NtQueryMutant, class 0; CurrentCount is 1 while nobody owns the mutant."""

    CurrentCount = i32()
    OwnedByCaller = u8()
    AbandonedState = u8()


class SEMAPHORE_BASIC_INFORMATION(Struct):
    """NtQuerySemaphore, class 0."""

    CurrentCount = i32()
    MaximumCount = i32()


class TIMER_BASIC_INFORMATION(Struct):
    """NtQueryTimer, class 0; RemainingTime in 100 ns, negative once the time is over."""

    RemainingTime = i64()
    TimerState = u8()


class THREAD_BASIC_INFORMATION(Struct):
    """NtQueryInformationThread, class 0."""

    ExitStatus = u32()
    TebBaseAddress = u32()
    ClientId = struct_of(CLIENT_ID)
    AffinityMask = u32()
    Priority = i32()
    BasePriority = i32()


class PS_ATTRIBUTE(Struct):
    """One attribute of NtCreateThreadEx; `Value` is the value itself, or a pointer to it."""

    Attribute = u32()
    Size = u32()
    Value = u32()
    ReturnLength = u32()


class INITIAL_TEB(Struct):
    """The stack that NtCreateThread's caller has allocated; the old ones are of another reserve."""

    OldStackBase = u32()
    OldStackLimit = u32()
    StackBase = u32()
    StackLimit = u32()
    StackAllocationBase = u32()
