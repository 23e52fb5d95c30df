"""Calls on the default locale and language."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, ULONG, USHORT
from provider.syscall import Out

_LOCALE_BITS = 0xFFFFF


@nt.syscall()
def NtQueryDefaultLocale(thread: Thread, UserProfile: BOOLEAN, DefaultLocaleId: Out[ULONG]) -> None:
    """Tell the user's locale or the system's."""
    executive = nt_part(thread.process).provider.executive
    DefaultLocaleId.value = executive.user_locale if UserProfile else executive.system_locale


@nt.syscall()
def NtSetDefaultLocale(thread: Thread, UserProfile: BOOLEAN, DefaultLocaleId: ULONG) -> None:
    """Change the user's locale or the system's."""
    if not DefaultLocaleId or DefaultLocaleId & ~_LOCALE_BITS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    executive = nt_part(thread.process).provider.executive
    if UserProfile:
        executive.user_locale = DefaultLocaleId
    else:
        executive.system_locale = DefaultLocaleId


@nt.syscall()
def NtQueryInstallUILanguage(thread: Thread, InstallUILanguageId: Out[USHORT]) -> None:
    """Tell the language that the system was installed in."""
    InstallUILanguageId.value = nt_part(thread.process).provider.executive.install_language


@nt.syscall()
def NtQueryDefaultUILanguage(thread: Thread, DefaultUILanguageId: Out[USHORT]) -> None:
    """Tell the user's language."""
    DefaultUILanguageId.value = nt_part(thread.process).provider.executive.user_language


@nt.syscall()
def NtSetDefaultUILanguage(thread: Thread, DefaultUILanguageId: USHORT) -> None:
    """Change the user's language."""
    nt_part(thread.process).provider.executive.user_language = DefaultUILanguageId
