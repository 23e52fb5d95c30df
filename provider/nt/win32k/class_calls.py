"""Calls about window classes."""

from __future__ import annotations

from typing import Annotated

from emu.struct import Struct, pointer, u32
from provider.codec import Record
from provider.kernel.thread import Thread
from provider.nt.ex.atom import integer_atom
from provider.nt.handles import nt_part
from provider.nt.status import NtError
from provider.nt.table import win32k
from provider.nt.types import (
    PVOID,
    ULONG,
    UNICODE_STRING,
    UNICODE_STRING_HEADER,
    decode_utf16,
    encode_utf16,
)
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import (
    ERROR_CLASS_ALREADY_EXISTS,
    ERROR_CLASS_DOES_NOT_EXIST,
    ERROR_CLASS_HAS_WINDOWS,
    ERROR_INSUFFICIENT_BUFFER,
    ERROR_INVALID_PARAMETER,
    ERROR_NOT_ENOUGH_MEMORY,
    fail,
)
from provider.nt.win32k.send import window_or_error
from provider.nt.win32k.window_class import CS_GLOBALCLASS, WindowClass

_MOST_EXTRA = 0x10000
_MOST_CLASSES = 10000
_HIGHEST_ATOM = 0xFFFF
MENU_NAME_BYTES = 12


class WNDCLASSEXW(Struct):
    """What a class is registered with (winuser.h)."""

    cbSize = u32()
    style = u32()
    lpfnWndProc = pointer()
    cbClsExtra = u32()
    cbWndExtra = u32()
    hInstance = pointer()
    hIcon = pointer()
    hCursor = pointer()
    hbrBackground = pointer()
    lpszMenuName = pointer()
    lpszClassName = pointer()
    hIconSm = pointer()


CLASS_INFORMATION = Annotated[WNDCLASSEXW, Record(WNDCLASSEXW)]


def class_name(thread: Thread, va: int) -> int | str:
    """The atom or the name in a UNICODE_STRING.  AccessViolation."""
    space = thread.process.space
    header = UNICODE_STRING_HEADER.from_bytes(space.read(va, UNICODE_STRING_HEADER.SIZE))
    if header.Buffer <= _HIGHEST_ATOM:
        return header.Buffer
    text = decode_utf16(space.read(header.Buffer, header.Length & ~1))
    try:
        return integer_atom(text) or text
    except NtError:
        return text


@win32k.syscall(partial="Icons are not made smaller.")
def NtUserRegisterClassExWOW(
    thread: Thread,
    Class: CLASS_INFORMATION,
    Name: PVOID,
    Version: UNICODE_STRING,
    MenuName: PVOID,
    Function: ULONG,
    Ansi: ULONG,
    Wow: PVOID,
) -> int:
    """Make a class known; the result is its atom."""
    part = desktop_of(thread).process(thread.process)
    if Class.cbSize != WNDCLASSEXW.SIZE or max(Class.cbClsExtra, Class.cbWndExtra) > _MOST_EXTRA:
        return fail(thread, ERROR_INVALID_PARAMETER)
    instance = Class.hInstance or nt_part(thread.process).image_base
    if not Function and instance == part.module:
        return fail(thread, ERROR_INVALID_PARAMETER)
    name = class_name(thread, Name)
    is_local = not Class.style & CS_GLOBALCLASS
    known = part.find_class(name, instance)
    if known is not None and known.is_local == is_local and known.instance == instance:
        return fail(thread, ERROR_CLASS_ALREADY_EXISTS)
    if len(part.classes) >= _MOST_CLASSES:
        return fail(thread, ERROR_NOT_ENOUGH_MEMORY)
    atoms = desktop_of(thread).atoms
    menu = thread.process.space.read(MenuName, MENU_NAME_BYTES) if MenuName else bytes(12)
    atom = name if isinstance(name, int) else atoms.add(name)
    text = name if isinstance(name, str) else atoms.get(name).name
    base_name = text[len(Version) :] if isinstance(name, str) else text
    made = WindowClass(
        atom,
        text,
        base_name,
        part.procedures.handle(Class.lpfnWndProc, ansi=bool(Ansi)),
        Class.style,
        instance,
        is_local,
        bytes(Class.cbClsExtra),
        Class.cbWndExtra,
        Class.hIcon,
        Class.hIconSm,
        Class.hCursor,
        Class.hbrBackground,
        menu,
    )
    part.classes.insert(0 if is_local else len(part.classes), made)
    return atom


@win32k.syscall()
def NtUserUnregisterClass(thread: Thread, Name: PVOID, Instance: PVOID, MenuName: PVOID) -> int:
    """Forget a class that has no windows; user32 gets the name of its menu back."""
    part = desktop_of(thread).process(thread.process)
    name = class_name(thread, Name)
    known = part.find_class(name, Instance or nt_part(thread.process).image_base)
    if known is None or not known.instance:
        return fail(thread, ERROR_CLASS_DOES_NOT_EXIST)
    if known.windows:
        return fail(thread, ERROR_CLASS_HAS_WINDOWS)
    if MenuName:
        thread.process.space.write(MenuName, known.menu_name)
    part.classes.remove(known)
    if isinstance(name, str):
        desktop_of(thread).atoms.delete(known.atom)
    return 1


@win32k.syscall()
def NtUserGetClassInfoEx(
    thread: Thread, Instance: PVOID, Name: PVOID, Class: PVOID, MenuName: PVOID, Ansi: ULONG
) -> int:
    """What a class was registered with; the result is its atom."""
    space, part = thread.process.space, desktop_of(thread).process(thread.process)
    found = part.find_class(class_name(thread, Name), Instance)
    if found is None:
        return fail(thread, ERROR_CLASS_DOES_NOT_EXIST)
    if Class:
        space.write(Class, bytes(_information(thread, found, Name, Instance, bool(Ansi))))
    if MenuName:
        space.write(MenuName, found.menu_name)
    return found.atom


def _information(
    thread: Thread, found: WindowClass, name_va: int, instance: int, ansi: bool
) -> WNDCLASSEXW:
    part = desktop_of(thread).process(thread.process)
    header = thread.process.space.read(name_va, UNICODE_STRING_HEADER.SIZE)
    menu = found.menu_name[:4] if ansi else found.menu_name[4:8]
    return WNDCLASSEXW(
        cbSize=WNDCLASSEXW.SIZE,
        style=found.style,
        lpfnWndProc=part.procedures.address(found.procedure, ansi=ansi),
        cbClsExtra=len(found.extra),
        cbWndExtra=found.window_extra,
        hInstance=0 if instance == part.module else instance,
        hIcon=found.icon,
        hCursor=found.cursor,
        hbrBackground=found.brush,
        lpszMenuName=int.from_bytes(menu, "little"),
        lpszClassName=UNICODE_STRING_HEADER.from_bytes(header).Buffer,
        hIconSm=found.small_icon,
    )


@win32k.syscall()
def NtUserGetClassName(thread: Thread, Window: PVOID, Real: ULONG, Name: PVOID) -> int:
    """The name of a window's class; the result is how many characters are stored."""
    window = window_or_error(thread, Window)
    return store_name(thread, Name, window.kind.base_name) if window is not None else 0


@win32k.syscall()
def NtUserGetAtomName(thread: Thread, Atom: ULONG, Name: PVOID) -> int:
    """The string of an atom; the result is how many characters are stored."""
    return store_name(thread, Name, desktop_of(thread).atoms.get(Atom & _HIGHEST_ATOM).name)


def store_name(thread: Thread, va: int, text: str) -> int:
    """Put as much of a text as fits, and a zero, where a UNICODE_STRING says."""
    space = thread.process.space
    header = UNICODE_STRING_HEADER.from_bytes(space.read(va, UNICODE_STRING_HEADER.SIZE))
    if header.MaximumLength < 2:
        return fail(thread, ERROR_INSUFFICIENT_BUFFER)
    data = encode_utf16(text)[: (header.MaximumLength & ~1) - 2]
    space.write(header.Buffer, data + b"\0\0")
    return len(data) // 2


@win32k.syscall()
def NtUserGetClipboardFormatName(thread: Thread, Format: ULONG, Buffer: PVOID, Room: ULONG) -> int:
    """The name that a clipboard format was registered with."""
    if not 0xC000 <= Format <= _HIGHEST_ATOM or not 0 < Room <= _HIGHEST_ATOM:
        return fail(thread, ERROR_INVALID_PARAMETER)
    data = encode_utf16(desktop_of(thread).atoms.get(Format).name)[: 2 * (Room - 1)]
    thread.process.space.write(Buffer, data + b"\0\0")
    return len(data) // 2
