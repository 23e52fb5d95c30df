from __future__ import annotations

from pathlib import Path

import pytest

from provider.kernel.cm.hive_reader import read_hive
from provider.kernel.io.mount import Mount, MountMode
from provider.nt.se.privilege import SE_BACKUP, SE_RESTORE
from provider.nt.status import NTSTATUS
from tests.provider.nt.cm.registry_caller import MAXIMUM_ALLOWED, SOFTWARE, RegistryCaller

FORCE, APP_HIVE = 1, 0x10
GENERIC_READ_WRITE = 0xC0100000
CREATE, OPEN = 2, 1
HIVE = "\\??\\C:\\work\\saved.hiv"
LOADED = "\\Registry\\Machine\\Loaded"


@pytest.fixture
def calls(tmp_path: Path) -> RegistryCaller:
    made = RegistryCaller()
    made.machine.kernel.io.mount(Mount("C:\\work", tmp_path, MountMode.READ_WRITE))
    return made


def file(calls: RegistryCaller, path: str, disposition: int) -> int:
    where = calls.attributes(path)
    status = calls(
        "NtCreateFile", calls.out, GENERIC_READ_WRITE, where, calls.buffer, 0, 0, 7, disposition,
        0x60, 0, 0,
    )  # fmt: skip
    assert status == 0
    return calls.result


def saved(calls: RegistryCaller) -> int:
    """Save a key with something in it; returns its handle."""
    key = calls.key("Saved")
    calls.set_value(key, "value", b"data")
    calls.key("Saved\\Below")
    target = file(calls, HIVE, CREATE)
    calls.enable(SE_BACKUP)
    assert calls("NtSaveKey", key, target) == 0
    assert calls("NtClose", target) == 0
    return key


def load(calls: RegistryCaller, name: str = "NtLoadKey", *more: int) -> NTSTATUS:
    return calls(name, calls.attributes(LOADED), calls.attributes(HIVE, slot=1), *more)


def test_privileges_come_first(calls: RegistryCaller) -> None:
    key = calls.key("Saved")
    assert calls("NtSaveKey", key, 0) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert calls("NtRestoreKey", key, 0, 0) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert load(calls) == NTSTATUS.PRIVILEGE_NOT_HELD
    assert calls("NtUnloadKey", calls.attributes(SOFTWARE)) == NTSTATUS.PRIVILEGE_NOT_HELD


def test_a_key_is_saved_loaded_and_unloaded(calls: RegistryCaller, tmp_path: Path) -> None:
    saved(calls)
    root = read_hive((tmp_path / "saved.hiv").read_bytes())
    assert [below.name for below in root.subkeys()] == ["Below"]
    calls.enable(SE_RESTORE)
    assert load(calls) == 0
    assert load(calls) == NTSTATUS.SHARING_VIOLATION
    assert calls.open(f"{LOADED}\\Below") == 0
    below = calls.result
    unload = ("NtUnloadKey", calls.attributes(LOADED))
    assert calls(*unload) == NTSTATUS.CANNOT_DELETE
    assert calls.set_value(below, "new", b"x") == 0
    assert calls("NtClose", below) == 0
    assert calls("NtUnloadKey", calls.attributes(LOADED)) == 0
    assert calls.open(LOADED) == NTSTATUS.OBJECT_NAME_NOT_FOUND
    again = read_hive((tmp_path / "saved.hiv").read_bytes()).subkey("below")
    assert again is not None
    assert [value.name for value in again.values()] == ["new"]


def test_forced_unloading_leaves_deleted_keys(calls: RegistryCaller) -> None:
    saved(calls)
    calls.enable(SE_RESTORE)
    assert load(calls, "NtLoadKey2", 0) == 0
    assert calls.open(LOADED) == 0
    root = calls.result
    assert calls("NtUnloadKey2", calls.attributes(LOADED), 2) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtUnloadKey2", calls.attributes(LOADED), FORCE) == 0
    assert calls("NtQueryKey", root, 0, calls.buffer, 100, calls.out) == NTSTATUS.KEY_DELETED
    software = calls.attributes(SOFTWARE)
    assert calls("NtUnloadKey", software) == NTSTATUS.INVALID_PARAMETER, "it was not loaded"


def test_restoring(calls: RegistryCaller) -> None:
    key = saved(calls)
    calls.enable(SE_RESTORE)
    other = calls.key("Other\\")
    calls.key("Other\\Old")
    source = file(calls, HIVE, OPEN)
    assert calls("NtRestoreKey", other, source, 0x10) == NTSTATUS.INVALID_PARAMETER
    assert calls("NtRestoreKey", other, source, 0) == 0
    assert calls.open(f"{SOFTWARE}\\Other\\Below") == 0
    assert calls.open(f"{SOFTWARE}\\Other\\Old") == NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert key


def test_an_application_needs_no_privilege_for_its_own_hive(
    calls: RegistryCaller, tmp_path: Path
) -> None:
    own = "\\Registry\\A\\own"

    def load_own(flags: int, handle: int) -> NTSTATUS:
        target, source = calls.attributes(own), calls.attributes(HIVE, slot=1)
        more = (flags, 0, 0, MAXIMUM_ALLOWED, handle, 0)
        return calls("NtLoadKeyEx", target, source, *more)

    assert load_own(0, calls.out) == NTSTATUS.INVALID_PARAMETER_7
    assert load_own(APP_HIVE, 0) == NTSTATUS.INVALID_PARAMETER_7
    assert load_own(APP_HIVE, calls.out) == 0
    key = calls.result
    assert calls.set_value(key, "v", b"1") == 0
    assert calls("NtClose", key) == 0
    assert calls.open(own) == NTSTATUS.OBJECT_NAME_NOT_FOUND
    root = read_hive((tmp_path / "saved.hiv").read_bytes())
    assert [value.name for value in root.values()] == ["v"]


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"text", NTSTATUS.NOT_REGISTRY_FILE), (b"regf" + bytes(5000), NTSTATUS.REGISTRY_CORRUPT)],
)
def test_files_that_are_no_hives(
    calls: RegistryCaller, tmp_path: Path, data: bytes, status: NTSTATUS
) -> None:
    (tmp_path / "saved.hiv").write_bytes(data)
    calls.enable(SE_RESTORE)
    assert load(calls) == status
    (tmp_path / "saved.hiv").unlink()
    assert load(calls) == 0, "the file was closed; a new hive is made"
