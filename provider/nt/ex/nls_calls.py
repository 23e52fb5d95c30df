"""Calls for the tables of national language support, which lie in files of System32."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.request import OpenRequest
from provider.kernel.mm import Protection
from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.legend import NLS_SECTION_TYPE
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import LARGE_INTEGER, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.mm import View

_DIRECTORY = "\\??\\C:\\Windows\\System32"
_LOCALES = "locale.nls"
_SORT_KEYS, _CASE_MAP, _CODE_PAGE, _NORMALIZATION = 9, 10, 11, 12
_NORMAL_FORMS = {1: "nfc", 2: "nfd", 5: "nfkc", 6: "nfkd", 13: "idna"}
_MOST_CODE_PAGE = 0xFFFF


@nt.syscall()
def NtInitializeNlsFiles(
    thread: Thread,
    BaseAddress: Out[PVOID],
    DefaultLocaleId: Out[ULONG],
    DefaultCasingTableSize: Out[LARGE_INTEGER] | None,
) -> None:
    """Map the table of locales."""
    view = _map(thread, _LOCALES)
    executive = nt_part(thread.process).provider.executive
    BaseAddress.value, DefaultLocaleId.value = view.start, executive.system_locale
    if DefaultCasingTableSize is not None:
        DefaultCasingTableSize.value = view.size


@nt.syscall()
def NtGetNlsSectionPtr(
    thread: Thread,
    SectionType: NLS_SECTION_TYPE,
    SectionData: ULONG,
    ContextData: PVOID,
    SectionPointer: Out[PVOID],
    SectionSize: Out[ULONG] | None,
) -> None:
    """Map the table of a code page, of a normal form, of sort keys or of case."""
    view = _map(thread, file_name(SectionType, SectionData))
    SectionPointer.value = view.start
    if SectionSize is not None:
        SectionSize.value = view.size


def file_name(kind: int, number: int) -> str:
    """The file of a table.  NtError INVALID_PARAMETER_1, UNSUCCESSFUL, OBJECT_NAME_NOT_FOUND."""
    if kind in (_SORT_KEYS, _CASE_MAP):
        if number:
            is_sort = kind == _SORT_KEYS
            raise NtError(NTSTATUS.INVALID_PARAMETER_1 if is_sort else NTSTATUS.UNSUCCESSFUL)
        return "sortdefault.nls" if kind == _SORT_KEYS else "l_intl.nls"
    if kind == _CODE_PAGE and number <= _MOST_CODE_PAGE:
        return f"c_{number:03}.nls"
    if kind == _NORMALIZATION and number in _NORMAL_FORMS:
        return f"norm{_NORMAL_FORMS[number]}.nls"
    unknown = kind not in (_CODE_PAGE, _NORMALIZATION)
    raise NtError(NTSTATUS.INVALID_PARAMETER_1 if unknown else NTSTATUS.OBJECT_NAME_NOT_FOUND)


def _map(thread: Thread, name: str) -> View:
    """A view of a file of System32 in the caller.  KernelError."""
    kernel = thread.process.kernel
    file, _ = kernel.io.open(OpenRequest(f"{_DIRECTORY}\\{name}"))
    try:
        section = kernel.memory.create_section(protection=Protection.READ, backing=file.backing())
    finally:
        file.close()
    try:
        return thread.process.space.map_view(section, None, protection=Protection.READ)
    finally:
        section.close()
