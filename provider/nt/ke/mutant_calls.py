"""Calls on mutants."""

from __future__ import annotations

from provider.kernel.ke.mutant import Mutant
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import reference
from provider.nt.legend import MUTANT_ACCESS, MUTANT_CLASS
from provider.nt.ob.create import insert_object, open_object
from provider.nt.query import answer
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import MUTANT_BASIC_INFORMATION
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, LONG, ULONG
from provider.syscall import Out

MUTANT_QUERY_STATE = 1


@nt.syscall()
def NtCreateMutant(
    thread: Thread,
    MutantHandle: Out[HANDLE],
    DesiredAccess: MUTANT_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    InitialOwner: BOOLEAN,
) -> NTSTATUS:
    """Create a mutant, which the caller may own at once."""
    mutant = Mutant()
    status, MutantHandle.value = insert_object(thread, mutant, DesiredAccess, ObjectAttributes)
    if InitialOwner and status == NTSTATUS.SUCCESS:
        mutant.acquire(thread)
    return status


@nt.syscall()
def NtOpenMutant(
    thread: Thread,
    MutantHandle: Out[HANDLE],
    DesiredAccess: MUTANT_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a mutant by name."""
    MutantHandle.value = open_object(thread, Mutant, DesiredAccess, ObjectAttributes)


@nt.syscall()
def NtReleaseMutant(thread: Thread, MutantHandle: HANDLE, PreviousCount: Out[LONG] | None) -> None:
    """Undo one acquisition of a mutant that the caller owns."""
    before = release_mutant(thread, reference(thread, MutantHandle, Mutant))
    if PreviousCount is not None:
        PreviousCount.value = before


@nt.syscall()
def NtQueryMutant(
    thread: Thread,
    MutantHandle: HANDLE,
    MutantInformationClass: MUTANT_CLASS,
    MutantInformation: FILLED,
    MutantInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell whether a mutant is owned, and by the caller."""
    if MutantInformationClass:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    mutant = reference(thread, MutantHandle, Mutant, MUTANT_QUERY_STATE)
    information = MUTANT_BASIC_INFORMATION(
        CurrentCount=1 - mutant.count,
        OwnedByCaller=mutant.owner is thread,
        AbandonedState=mutant.abandoned,
    )
    answer(thread, bytes(information), MutantInformation, MutantInformationLength, ReturnLength)


def release_mutant(thread: Thread, mutant: Mutant) -> int:
    """Undo one acquisition; returns the count before, 1 minus the acquisitions.

    NtError MUTANT_NOT_OWNED.
    """
    if mutant.owner is not thread:
        raise NtError(NTSTATUS.MUTANT_NOT_OWNED)
    before = 1 - mutant.count
    mutant.release()
    return before
