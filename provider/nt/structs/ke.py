"""Structures of the calls on dispatcher objects and threads (ntdef.h, winternl.h, wdm.h)."""

from __future__ import annotations

from emu.struct import Struct, struct_of, u32
from provider.nt.structs.member import amount, flag, named, number, status
from provider.nt.structs.process import CLIENT_ID


class EVENT_BASIC_INFORMATION(Struct):
    """NtQueryEvent, class 0."""

    EventType = named("EVENT_TYPE")
    EventState = number()


class MUTANT_BASIC_INFORMATION(Struct):
    """NtQueryMutant, class 0; CurrentCount is 1 while nobody owns the mutant."""

    CurrentCount = number()
    OwnedByCaller = flag()
    AbandonedState = flag()


class SEMAPHORE_BASIC_INFORMATION(Struct):
    """NtQuerySemaphore, class 0."""

    CurrentCount = number()
    MaximumCount = number()


class TIMER_BASIC_INFORMATION(Struct):
    """NtQueryTimer, class 0; RemainingTime in 100 ns, negative once the time is over."""

    RemainingTime = amount()
    TimerState = flag()


class THREAD_BASIC_INFORMATION(Struct):
    """NtQueryInformationThread, class 0."""

    ExitStatus = status()
    TebBaseAddress = u32()
    ClientId = struct_of(CLIENT_ID)
    AffinityMask = u32()
    Priority = number()
    BasePriority = number()


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
