"""Calls on section objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.error import ImageError, ImageErrorKind
from provider.kernel.io import FileObject
from provider.kernel.io.host_error import host_errors
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.handles import nt_part, reference, reference_file, userland_of
from provider.nt.legend import SECTION_ACCESS, SECTION_ATTRIBUTES, SECTION_CLASS
from provider.nt.mm import extended
from provider.nt.mm.image_information import image_information
from provider.nt.mm.images import IMAGE_PROTECTION
from provider.nt.mm.protection import from_page
from provider.nt.mm.section import (
    SEC_BASED,
    SEC_COMMIT,
    SEC_IMAGE,
    SEC_LARGE_PAGES,
    SEC_NO_CHANGE,
    SEC_NOCACHE,
    SEC_RESERVE,
    SEC_WRITECOMBINE,
    SECTION_EXTEND_SIZE,
    SECTION_MAP_EXECUTE,
    SECTION_QUERY,
    SectionObject,
)
from provider.nt.ob.create import insert_object, late, open_object
from provider.nt.se.privilege import SE_LOCK_MEMORY
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.mm import SECTION_BASIC_INFORMATION, SECTION_IMAGE_INFORMATION
from provider.nt.structs.ob import LATE_OBJECT_ATTRIBUTES, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, LARGE_INTEGER, PAGE, PAGE_PROTECTION, PVOID, SIZE_T, ULONG
from provider.syscall import Out, Ref

if TYPE_CHECKING:
    from provider.kernel.mm import Backing, Section

FILE_READ_DATA, FILE_WRITE_DATA, FILE_EXECUTE = 1, 2, 0x20
_FILE_ACCESS: dict[int, int] = {
    PAGE_PROTECTION.PAGE_READONLY: FILE_READ_DATA,
    PAGE_PROTECTION.PAGE_READWRITE: FILE_READ_DATA | FILE_WRITE_DATA,
    PAGE_PROTECTION.PAGE_WRITECOPY: FILE_READ_DATA,
    PAGE_PROTECTION.PAGE_EXECUTE: FILE_EXECUTE,
    PAGE_PROTECTION.PAGE_EXECUTE_READ: FILE_EXECUTE | FILE_READ_DATA,
    PAGE_PROTECTION.PAGE_EXECUTE_READWRITE: FILE_EXECUTE | FILE_READ_DATA | FILE_WRITE_DATA,
    PAGE_PROTECTION.PAGE_EXECUTE_WRITECOPY: FILE_EXECUTE | FILE_READ_DATA,
}
"""What a section of that protection takes of the file's handle (CreateFileMapping, Win32 API)."""
_FILE_MAP_EXECUTE = 0x20
_KINDS = SEC_COMMIT | SEC_RESERVE | SEC_IMAGE
_ATTRIBUTES = _KINDS | SEC_BASED | SEC_NO_CHANGE | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_LARGE_PAGES
_NOT_FOR_IMAGES = SEC_COMMIT | SEC_RESERVE | SEC_NO_CHANGE | SEC_WRITECOMBINE | SEC_LARGE_PAGES
_IMAGE_STATUS = {
    ImageErrorKind.NOT_PE: NTSTATUS.INVALID_IMAGE_NOT_MZ,
    ImageErrorKind.DOS: NTSTATUS.INVALID_IMAGE_PROTECT,
    ImageErrorKind.TRUNCATED_STUB: NTSTATUS.INVALID_IMAGE_PROTECT,
    ImageErrorKind.NE: NTSTATUS.INVALID_IMAGE_NE_FORMAT,
    ImageErrorKind.NE_WINDOWS: NTSTATUS.INVALID_IMAGE_WIN_16,
    ImageErrorKind.NE_BOSS: NTSTATUS.INVALID_IMAGE_PROTECT,
    ImageErrorKind.LE: NTSTATUS.INVALID_IMAGE_LE_FORMAT,
    ImageErrorKind.PE64: NTSTATUS.INVALID_IMAGE_WIN_64,
}
LARGE_PAGE = 2 << 20
SECTION_BASIC, SECTION_IMAGE = 0, 1
_SIZES = {
    SECTION_BASIC: SECTION_BASIC_INFORMATION.SIZE,
    SECTION_IMAGE: SECTION_IMAGE_INFORMATION.SIZE,
}


@nt.syscall(partial="There are never enough frames for large pages.")
def NtCreateSection(
    thread: Thread,
    SectionHandle: Out[HANDLE],
    DesiredAccess: SECTION_ACCESS,
    ObjectAttributes: LATE_OBJECT_ATTRIBUTES | None,
    MaximumSize: LARGE_INTEGER | None,
    SectionPageProtection: PAGE,
    AllocationAttributes: SECTION_ATTRIBUTES,
    FileHandle: HANDLE,
) -> int:
    """Create a section over a file, an image, or the page file."""
    SectionHandle.value = 0  # since Windows 7 a call that fails leaves no old handle there
    target = _make(
        thread, MaximumSize or 0, SectionPageProtection, AllocationAttributes, FileHandle
    )
    status, SectionHandle.value = insert_object(
        thread, target, DesiredAccess, late(ObjectAttributes)
    )
    return status


@nt.syscall(partial="As NtCreateSection; partitions are refused.")
def NtCreateSectionEx(
    thread: Thread,
    SectionHandle: Out[HANDLE],
    DesiredAccess: SECTION_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    MaximumSize: LARGE_INTEGER | None,
    SectionPageProtection: PAGE,
    AllocationAttributes: SECTION_ATTRIBUTES,
    FileHandle: HANDLE,
    ExtendedParameters: PVOID,
    ExtendedParameterCount: ULONG,
) -> int:
    """Create a section."""
    SectionHandle.value = 0
    requirements = extended.read(
        thread.process.space, ExtendedParameters, ExtendedParameterCount, view=True
    )
    if any(requirements):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    target = _make(
        thread, MaximumSize or 0, SectionPageProtection, AllocationAttributes, FileHandle
    )
    status, SectionHandle.value = insert_object(thread, target, DesiredAccess, ObjectAttributes)
    return status


@nt.syscall()
def NtOpenSection(
    thread: Thread,
    SectionHandle: Out[HANDLE],
    DesiredAccess: SECTION_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
) -> None:
    """Open a named section."""
    SectionHandle.value = 0
    access, userland = DesiredAccess, userland_of(thread.process)
    if access & _FILE_MAP_EXECUTE and userland is not None and userland.opens_sections_to_execute:
        access = access & ~_FILE_MAP_EXECUTE | SECTION_MAP_EXECUTE
    SectionHandle.value = open_object(thread, SectionObject, access, ObjectAttributes)


@nt.syscall(partial="Classes other than basic and image information are refused.")
def NtQuerySection(
    thread: Thread,
    SectionHandle: HANDLE,
    InformationClass: SECTION_CLASS,
    InformationBuffer: FILLED,
    InformationBufferSize: SIZE_T,
    ResultLength: Out[SIZE_T] | None,
) -> None:
    """Tell a section's size and attributes, or what its image says."""
    size = _SIZES.get(InformationClass)
    if size is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if InformationBufferSize < size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.probe_write(InformationBuffer, size)
    target = reference(thread, SectionHandle, SectionObject, SECTION_QUERY)
    information = _basic(target) if InformationClass == SECTION_BASIC else _image(target)
    thread.process.space.write(InformationBuffer, bytes(information))
    if ResultLength is not None:
        ResultLength.value = size


@nt.syscall()
def NtExtendSection(
    thread: Thread, SectionHandle: HANDLE, NewSectionSize: Ref[LARGE_INTEGER]
) -> None:
    """Make a section of a file, and the file, longer; tells the size that it has then."""
    size = NewSectionSize.value
    section = reference(thread, SectionHandle, SectionObject, SECTION_EXTEND_SIZE).section
    with host_errors():
        NewSectionSize.value = section.extend(size)


def image_section(
    thread: Thread, backing: Backing, name: str, size: int = 0, *, no_execute: bool = False
) -> Section:
    """An image section over a file, of `size` bytes if that is not 0.

    NtError for what is not an image, with NT's distinctions; KernelError SECTION_TOO_BIG.
    """
    memory = thread.process.kernel.memory
    images = nt_part(thread.process).provider.images
    with host_errors():
        if not backing.size:
            raise NtError(NTSTATUS.INVALID_FILE_FOR_SECTION)
        try:
            image = images.get(backing, memory.file_segment(backing), name)
        except ImageError as error:
            raise NtError(_IMAGE_STATUS.get(error.kind, NTSTATUS.INVALID_IMAGE_FORMAT)) from error
    return memory.create_section(
        size=size,
        image=image,
        backing=backing,
        protection=IMAGE_PROTECTION,
        no_execute=no_execute,
    )


def _make(thread: Thread, size: int, page: int, attributes: int, file_handle: int) -> SectionObject:
    """A section object without handles.  NtError, KernelError."""
    _check_attributes(attributes)
    protection = from_page(page)
    needed = _FILE_ACCESS.get(page)
    if needed is None:
        raise NtError(NTSTATUS.INVALID_PAGE_PROTECTION)
    memory = thread.process.kernel.memory
    based, no_change = bool(attributes & SEC_BASED), bool(attributes & SEC_NO_CHANGE)
    if not file_handle:
        if attributes & SEC_IMAGE:
            raise NtError(NTSTATUS.INVALID_FILE_FOR_SECTION)
        if attributes & SEC_LARGE_PAGES:
            require_privilege(thread, SE_LOCK_MEMORY)
            if size % LARGE_PAGE:
                raise NtError(NTSTATUS.INVALID_PARAMETER_4)
            raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
        if not size:
            raise NtError(NTSTATUS.INVALID_PARAMETER_4)
        section = memory.create_section(
            size=size,
            protection=protection,
            reserve=bool(attributes & SEC_RESERVE),
            based=based,
            no_change=no_change,
        )
        return SectionObject(section, attributes, "")
    if attributes & SEC_LARGE_PAGES:
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)
    file = reference_file(thread, file_handle, FileObject, needed)
    backing, name = file.backing(), file.full_name()
    if attributes & SEC_IMAGE:
        no_execute = bool(attributes & SEC_NOCACHE)  # together SEC_IMAGE_NO_EXECUTE
        section = image_section(thread, backing, name, size, no_execute=no_execute)
        return SectionObject(section, attributes, name)
    with host_errors():
        section = memory.create_section(
            size=size, protection=protection, backing=backing, based=based, no_change=no_change
        )
    return SectionObject(section, attributes, name)


def _check_attributes(attributes: int) -> None:
    """NtError INVALID_PARAMETER_6 for attributes that do not go together."""
    kinds = attributes & _KINDS
    if attributes & ~_ATTRIBUTES or not kinds or kinds & (kinds - 1):
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)
    if attributes & SEC_IMAGE and attributes & _NOT_FOR_IMAGES:
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)
    if attributes & SEC_LARGE_PAGES and not attributes & SEC_COMMIT:
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)


def _basic(target: SectionObject) -> SECTION_BASIC_INFORMATION:
    return SECTION_BASIC_INFORMATION(
        BaseAddress=target.section.base or 0,
        Attributes=target.attributes,
        MaximumSize=target.section.size,
    )


def _image(target: SectionObject) -> SECTION_IMAGE_INFORMATION:
    return image_information(target.image)
