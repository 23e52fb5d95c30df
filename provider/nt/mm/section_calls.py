"""Calls on sections and views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.error import ImageError, ImageErrorKind
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.file import FileObject
from provider.kernel.thread import Thread
from provider.nt.handles import live_process, nt_part, reference
from provider.nt.mm.images import IMAGE_PROTECTION, is_image, note_module
from provider.nt.mm.protection import from_page
from provider.nt.mm.section import SEC_IMAGE, SEC_RESERVE, SECTION_QUERY, SectionObject
from provider.nt.mm.syscalls import PROCESS_VM_OPERATION
from provider.nt.ob.create import insert_object, open_object
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.mm import SECTION_BASIC_INFORMATION, SECTION_IMAGE_INFORMATION
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import (
    ACCESS_MASK,
    ALLOCATION,
    HANDLE,
    LARGE_INTEGER,
    MEM,
    PAGE,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
)
from provider.syscall import Out, Ref

if TYPE_CHECKING:
    from provider.kernel.mm import Backing, Section

FILE_READ_DATA = 1
FILE_EXECUTE = 0x20
_IMAGE_STATUS = {
    ImageErrorKind.NOT_PE: NTSTATUS.INVALID_IMAGE_NOT_MZ,
    ImageErrorKind.DOS: NTSTATUS.INVALID_IMAGE_PROTECT,
    ImageErrorKind.NE: NTSTATUS.INVALID_IMAGE_WIN_16,
    ImageErrorKind.LE: NTSTATUS.INVALID_IMAGE_LE_FORMAT,
    ImageErrorKind.PE64: NTSTATUS.INVALID_IMAGE_WIN_64,
}
SECTION_BASIC, SECTION_IMAGE = 0, 1


@nt.syscall(partial="SEC_LARGE_PAGES, SEC_NOCACHE and SEC_WRITECOMBINE count for nothing.")
def NtCreateSection(
    thread: Thread,
    SectionHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    MaximumSize: LARGE_INTEGER | None,
    SectionPageProtection: PAGE,
    AllocationAttributes: ULONG,
    FileHandle: HANDLE,
) -> int:
    """Create a section over a file, an image, or the page file."""
    protection = from_page(SectionPageProtection)
    size = MaximumSize or 0
    if size < 0:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    memory = thread.process.kernel.memory
    name = ""
    if not FileHandle:
        if AllocationAttributes & SEC_IMAGE:
            raise NtError(NTSTATUS.INVALID_FILE_FOR_SECTION)
        reserve = bool(AllocationAttributes & SEC_RESERVE)
        section = memory.create_section(size=size, protection=protection, reserve=reserve)
    else:
        needed = FILE_EXECUTE if AllocationAttributes & SEC_IMAGE else FILE_READ_DATA
        file = reference(thread, FileHandle, FileObject, needed)
        name = file.full_name()
        backing = file.backing()
        if AllocationAttributes & SEC_IMAGE:
            section = image_section(thread, backing, name)
        else:
            section = memory.create_section(size=size, protection=protection, backing=backing)
    target = SectionObject(section, AllocationAttributes, name)
    status, SectionHandle.value = insert_object(thread, target, DesiredAccess, ObjectAttributes)
    return status


@nt.syscall()
def NtOpenSection(
    thread: Thread,
    SectionHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES,
) -> None:
    """Open a named section."""
    SectionHandle.value = open_object(thread, SectionObject, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="InheritDisposition and the bits of AllocationType beyond MEM_TOP_DOWN.")
def NtMapViewOfSection(
    thread: Thread,
    SectionHandle: HANDLE,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    ZeroBits: ULONG_PTR,
    CommitSize: SIZE_T,
    SectionOffset: Ref[LARGE_INTEGER] | None,
    ViewSize: Ref[SIZE_T],
    InheritDisposition: ULONG,
    AllocationType: MEM,
    Win32Protect: PAGE,
) -> NTSTATUS:
    """Map a view of a section."""
    target = reference(thread, SectionHandle, SectionObject)
    process = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    if InheritDisposition not in (1, 2):
        raise NtError(NTSTATUS.INVALID_PARAMETER_8)
    view = process.space.map_view(
        target.section,
        BaseAddress.value or None,
        offset=SectionOffset.value if SectionOffset is not None else 0,
        size=ViewSize.value,
        protection=from_page(Win32Protect),
        top_down=bool(AllocationType & ALLOCATION.MEM_TOP_DOWN),
        zero_bits=ZeroBits,
        commit=CommitSize,
    )
    BaseAddress.value, ViewSize.value = view.start, view.size
    if SectionOffset is not None:
        SectionOffset.value = view.offset
    context = nt_part(process)
    if target.file_name:
        context.file_names[view.start] = target.file_name
    if is_image(target.section):
        name = target.file_name.rpartition("\\")[2].lower()
        note_module(context.provider, process, view, name)
    return NTSTATUS.SUCCESS if view.at_base else NTSTATUS.IMAGE_NOT_AT_BASE


@nt.syscall()
def NtUnmapViewOfSection(thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID) -> None:
    """Unmap the view that an address is in."""
    process = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    vad = process.space.find_vad(BaseAddress)
    process.space.unmap_view(BaseAddress)
    if vad is not None:
        nt_part(process).forget_view(vad.start)


@nt.syscall()
def NtQuerySection(
    thread: Thread,
    SectionHandle: HANDLE,
    InformationClass: ULONG,
    InformationBuffer: PVOID,
    InformationBufferSize: SIZE_T,
    ResultLength: Out[SIZE_T] | None,
) -> None:
    """Tell a section's size and attributes, or what its image says."""
    target = reference(thread, SectionHandle, SectionObject, SECTION_QUERY)
    if InformationClass == SECTION_BASIC:
        data = bytes(
            SECTION_BASIC_INFORMATION(Attributes=target.attributes, MaximumSize=target.section.size)
        )
    elif InformationClass == SECTION_IMAGE:
        data = bytes(_image_information(target.section))
    else:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if InformationBufferSize < len(data):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.write(InformationBuffer, data)
    if ResultLength is not None:
        ResultLength.value = len(data)


def image_section(thread: Thread, backing: Backing, name: str) -> Section:
    """An image section over a file.  NtError for what is not an image, with NT's distinctions."""
    memory = thread.process.kernel.memory
    images = nt_part(thread.process).provider.images
    try:
        image = images.get(backing, name)
    except ImageError as error:
        raise NtError(_IMAGE_STATUS.get(error.kind, NTSTATUS.INVALID_IMAGE_FORMAT)) from error
    return memory.create_section(image=image, protection=IMAGE_PROTECTION)


def _image_information(section: Section) -> SECTION_IMAGE_INFORMATION:
    from provider.kernel.mm.segment import ImageSegment

    segment = section.segment
    if not isinstance(segment, ImageSegment):
        raise KernelError(Reason.SECTION_NOT_IMAGE)
    image = segment.image
    return SECTION_IMAGE_INFORMATION(
        TransferAddress=image.image_base + image.entry_point,
        MaximumStackSize=image.stack_reserve,
        CommittedStackSize=image.stack_commit,
        SubSystemType=image.subsystem,
        SubSystemMajorVersion=image.subsystem_version[0],
        SubSystemMinorVersion=image.subsystem_version[1],
        OperatingSystemVersion=image.os_version[1] << 16 | image.os_version[0],
        ImageCharacteristics=image.characteristics,
        DllCharacteristics=image.dll_characteristics,
        Machine=image.machine,
        ImageContainsCode=1 if image.size_of_code or image.entry_point else 0,
        LoaderFlags=image.loader_flags,
        ImageFileSize=len(image.data),
        CheckSum=image.checksum,
    )
