"""Calls that map and unmap views of sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.mm import AddressSpace, Protection, VadKind, placeholder
from provider.kernel.thread import Thread
from provider.nt.dbg.report import image_mapped, image_unmapped
from provider.nt.handles import mapped_process, nt_part, reference
from provider.nt.legend import SECTION_INHERIT
from provider.nt.mm import extended
from provider.nt.mm.access import HIGHEST_USER_ADDRESS, PROCESS_VM_OPERATION
from provider.nt.mm.images import forget_view, note_module
from provider.nt.mm.protection import from_page
from provider.nt.mm.section import MAP_ACCESS, SEC_NO_CHANGE, SectionObject
from provider.nt.service_calls import bind_library
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import (
    ALLOCATION,
    HANDLE,
    LARGE_INTEGER,
    MEM,
    MEM_PRESERVE_PLACEHOLDER,
    MEM_REPLACE_PLACEHOLDER,
    PAGE,
    PAGE_PROTECTION,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
)
from provider.syscall import Ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.mm import Vad, View
    from provider.kernel.process import Process

VIEW_SHARE, VIEW_UNMAP = 1, 2
MEM_UNMAP_WITH_TRANSIENT_BOOST = 1
MAX_ZERO_BITS = 21
PAGE_SIZE = 0x1000
_CACHING = Protection.NO_CACHE | Protection.WRITE_COMBINE
_MODIFIERS = (
    PAGE_PROTECTION.PAGE_NOCACHE | PAGE_PROTECTION.PAGE_WRITECOMBINE | PAGE_PROTECTION.PAGE_GUARD
)
_SUPPORTED = (
    ALLOCATION.MEM_TOP_DOWN | ALLOCATION.MEM_RESERVE | ALLOCATION.AT_ROUND_TO_PAGE | SEC_NO_CHANGE
)


@nt.syscall()
def NtMapViewOfSection(
    thread: Thread,
    SectionHandle: HANDLE,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    ZeroBits: ULONG_PTR,
    CommitSize: SIZE_T,
    SectionOffset: Ref[LARGE_INTEGER] | None,
    ViewSize: Ref[SIZE_T],
    InheritDisposition: SECTION_INHERIT,
    AllocationType: MEM,
    Win32Protect: PAGE,
) -> NTSTATUS:
    """Map a view of a section."""
    base, size = BaseAddress.value, ViewSize.value
    if InheritDisposition not in (VIEW_SHARE, VIEW_UNMAP):
        raise NtError(NTSTATUS.INVALID_PARAMETER_8)
    _check_type(AllocationType)
    if ZeroBits > MAX_ZERO_BITS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    if base > HIGHEST_USER_ADDRESS or size > HIGHEST_USER_ADDRESS - base:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    if ZeroBits and base and base + size > 0xFFFFFFFF >> ZeroBits:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    target = _section(thread, SectionHandle, Win32Protect)
    process = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    view = _map(
        target,
        process,
        base,
        SectionOffset.value if SectionOffset is not None else 0,
        size,
        AllocationType,
        Win32Protect,
        extended.Requirements(),
        zero_bits=ZeroBits,
        commit=CommitSize,
        inherit=InheritDisposition == VIEW_SHARE,
    )
    return _tell(view, BaseAddress, SectionOffset, ViewSize)


@nt.syscall()
def NtMapViewOfSectionEx(
    thread: Thread,
    SectionHandle: HANDLE,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    SectionOffset: Ref[LARGE_INTEGER] | None,
    ViewSize: Ref[SIZE_T],
    AllocationType: MEM,
    Win32Protect: PAGE,
    ExtendedParameters: PVOID,
    ExtendedParameterCount: ULONG,
) -> NTSTATUS:
    """Map a view of a section within bounds."""
    base, size = BaseAddress.value, ViewSize.value
    requirements = extended.read(
        thread.process.space, ExtendedParameters, ExtendedParameterCount, view=True
    )
    extended.check_base(base, requirements)
    kind = AllocationType & ~MEM_REPLACE_PLACEHOLDER
    _check_type(kind)
    if base > HIGHEST_USER_ADDRESS or size > HIGHEST_USER_ADDRESS - base:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    target = _section(thread, SectionHandle, Win32Protect)
    process = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    offset = SectionOffset.value if SectionOffset is not None else 0
    if AllocationType & MEM_REPLACE_PLACEHOLDER:
        kind |= ALLOCATION.AT_ROUND_TO_PAGE
        length = -(-(size or target.section.size - offset) // PAGE_SIZE) * PAGE_SIZE
        with placeholder.replaced(process.space, base, length):
            view = _map(target, process, base, offset, size, kind, Win32Protect, requirements)
    else:
        view = _map(target, process, base, offset, size, kind, Win32Protect, requirements)
    return _tell(view, BaseAddress, SectionOffset, ViewSize)


@nt.syscall()
def NtUnmapViewOfSection(thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID) -> None:
    """Unmap the view that an address is in."""
    _unmap(mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION), BaseAddress)


@nt.syscall()
def NtUnmapViewOfSectionEx(
    thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID, Flags: ULONG
) -> None:
    """Unmap the view that an address is in."""
    if Flags & ~(MEM_UNMAP_WITH_TRANSIENT_BOOST | MEM_PRESERVE_PLACEHOLDER):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    process = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    if Flags & MEM_PRESERVE_PLACEHOLDER:
        _unmap(process, BaseAddress, placeholder.unmap_view)
    else:
        _unmap(process, BaseAddress)


@nt.syscall()
def NtAreMappedFilesTheSame(
    thread: Thread, File1MappedAsAnImage: PVOID, File2MappedAsFile: PVOID
) -> NTSTATUS:
    """Tell whether a view belongs to the file that another view maps as an image."""
    process = thread.process
    names = nt_part(process).file_names
    first, second = _view_at(process, File1MappedAsAnImage), _view_at(process, File2MappedAsFile)
    if first is second:
        return NTSTATUS.SUCCESS
    if first.segment is None or second.segment is None:
        raise NtError(NTSTATUS.CONFLICTING_ADDRESSES)
    if first.kind is VadKind.IMAGE:
        name = names.get(first.start, "")
        if first.segment is second.segment or (name and name == names.get(second.start)):
            return NTSTATUS.SUCCESS
    raise NtError(NTSTATUS.NOT_SAME_DEVICE)


def _section(thread: Thread, handle: int, page: int) -> SectionObject:
    """The section of a handle that allows views of protection `page`.  NtError, KernelError."""
    needed = MAP_ACCESS.get(page & ~_MODIFIERS)
    if needed is None:
        raise NtError(NTSTATUS.INVALID_PAGE_PROTECTION)
    return reference(thread, handle, SectionObject, needed)


def _check_type(kind: int) -> None:
    """NtError INVALID_PARAMETER_9."""
    if kind & ~_SUPPORTED:
        raise NtError(NTSTATUS.INVALID_PARAMETER_9)


def _map(
    target: SectionObject,
    process: Process,
    base: int,
    offset: int,
    size: int,
    kind: int,
    page: int,
    requirements: extended.Requirements,
    *,
    zero_bits: int = 0,
    commit: int = 0,
    inherit: bool = False,
) -> View:
    by_page = bool(kind & ALLOCATION.AT_ROUND_TO_PAGE)
    protection = from_page(page)
    if protection and target.caching:
        protection = protection & ~_CACHING | target.caching
    view = process.space.map_view(
        target.section,
        (base & -PAGE_SIZE if by_page else base) or None,
        offset=offset,
        size=size,
        protection=protection,
        top_down=bool(kind & ALLOCATION.MEM_TOP_DOWN),
        zero_bits=zero_bits,
        lowest=requirements.lowest,
        highest=requirements.highest or 0xFFFFFFFF,
        alignment=PAGE_SIZE if by_page else 0,
        commit=commit,
        reserve=bool(kind & ALLOCATION.MEM_RESERVE),
        inherit=inherit,
        no_change=bool(kind & SEC_NO_CHANGE),
    )
    context = nt_part(process)
    if target.file_name:
        context.file_names[view.start] = target.file_name
    if target.is_image and not target.section.no_execute:
        name = target.file_name.rpartition("\\")[2].lower()
        note_module(context.provider, process, view, name)
        bind_library(process, target.image, view.start, name)
        image_mapped(process, view.start)
    return view


def _tell(view: View, base: Ref[int], offset: Ref[int] | None, size: Ref[int]) -> NTSTATUS:
    base.value, size.value = view.start, view.size
    if offset is not None:
        offset.value = view.offset
    return NTSTATUS.SUCCESS if view.at_base else NTSTATUS.IMAGE_NOT_AT_BASE


def _unmap(
    process: Process, va: int, unmap: Callable[[AddressSpace, int], None] = AddressSpace.unmap_view
) -> None:
    vad = process.space.find_vad(va)
    unmap(process.space, va)
    if vad is not None:
        forget_view(process, vad.start)
        if vad.kind is VadKind.IMAGE:
            image_unmapped(process, vad.start)


def _view_at(process: Process, va: int) -> Vad:
    """NtError INVALID_ADDRESS where nothing is allocated."""
    vad = process.space.find_vad(va)
    if vad is None:
        raise NtError(NTSTATUS.INVALID_ADDRESS)
    return vad
