"""The namespace: hostile paths, then look-ups."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ob.casing import upcase
from provider.kernel.ob.namespace import Directory, Namespace, SymbolicLink
from provider.kernel.ob.object import KernelObject


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", Reason.OBJECT_PATH_SYNTAX_BAD),
        ("x", Reason.OBJECT_PATH_SYNTAX_BAD),
        ("\\\\", Reason.OBJECT_NAME_INVALID),
        ("\\Device\\", Reason.OBJECT_NAME_INVALID),
        ("\\Device\\\\x", Reason.OBJECT_NAME_INVALID),
        ("\\nothing", Reason.OBJECT_NAME_NOT_FOUND),
        ("\\nothing\\x", Reason.OBJECT_PATH_NOT_FOUND),
        ("\\??\\GLOBALROOT" * 200 + "\\x", Reason.OBJECT_NAME_NOT_FOUND),
        ("\\" + "x" * 0x8000, Reason.OBJECT_NAME_INVALID),
        ("\\circle", Reason.OBJECT_NAME_NOT_FOUND),
        ("\\growing", Reason.OBJECT_NAME_NOT_FOUND),
    ],
)
def test_bad_paths(path: str, reason: Reason) -> None:
    namespace = Namespace()
    namespace.make_permanent("\\circle", SymbolicLink("\\circle"))
    namespace.make_permanent("\\growing", SymbolicLink("\\growing\\growing"))
    with pytest.raises(KernelError) as caught:
        namespace.lookup(path)
    assert caught.value.reason is reason


@given(st.text("\\?.:aA\0", max_size=40))
def test_any_path_finds_or_is_refused(path: str) -> None:
    with contextlib.suppress(KernelError):
        Namespace().find(path)


def test_names_differ_by_case_only_if_asked() -> None:
    namespace = Namespace()
    lower, upper = KernelObject(), KernelObject()
    directory = namespace.lookup("\\BaseNamedObjects").object
    assert isinstance(directory, Directory)
    directory.insert("name", lower)
    directory.insert("NAME", upper)
    path = "\\BaseNamedObjects\\NAME"
    assert namespace.lookup(path, ignore_case=False).object is upper
    assert namespace.lookup(path.lower()).object is upper, "the last that was inserted"
    assert namespace.lookup("\\Sessions\\1\\BaseNamedObjects\\Global\\NAME").object is upper
    assert upper.full_name() == path


def test_a_name_goes_with_the_last_handle() -> None:
    namespace = Namespace()
    named = KernelObject()
    found = namespace.find("\\BaseNamedObjects\\x")
    assert found.directory is not None
    named.open_handle()
    found.directory.insert(found.name, named)
    assert named.reference_count == 2
    named.close_handle()
    assert namespace.find("\\BaseNamedObjects\\x").object is None
    assert named.reference_count == 0


def test_the_rest_is_for_the_object() -> None:
    namespace = Namespace()
    leaf = KernelObject()
    namespace.make_permanent("\\Device\\leaf", leaf)
    namespace.make_permanent("\\??\\L:", SymbolicLink("\\Device\\leaf"))
    assert namespace.lookup("\\??\\l:\\a\\\\b\\")[:2] == (leaf, "\\a\\\\b\\")
    assert namespace.lookup("\\??\\L:")[:2] == (leaf, "")
    assert isinstance(namespace.lookup("\\??\\L:", open_link=True).object, SymbolicLink)


@given(st.text())
def test_folding_keeps_lengths_and_is_final(name: str) -> None:
    folded = upcase(name)
    assert len(folded) == len(name)
    assert upcase(folded) == folded
