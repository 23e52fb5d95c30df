"""The registry's files on the host: what a run reads at its start and writes at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picorun.exit_code import RunFailed
from provider.kernel.cm.hive import MAGIC
from provider.kernel.cm.hive_reader import read_hive
from provider.kernel.cm.registry import Registry
from provider.kernel.errors import KernelError
from provider.nt.cm.reg_format import registry_path
from provider.nt.cm.reg_reader import RegFileError, import_reg
from provider.nt.cm.reg_writer import differences
from provider.nt.cm.seed import seed_registry, store

if TYPE_CHECKING:
    from pathlib import Path

    from picorun.options import RegistryOption
    from provider.nt.cm.seed import Keys


class RegistryFileFailed(RunFailed):
    """A file of the registry cannot be read or written; the text says which, where and why."""


def load(registry: Registry, option: RegistryOption, now: int) -> None:
    """Import a .reg file, or put a hive file at its key.  Raises RegistryFileFailed."""
    file = option.file
    try:
        data = file.read_bytes()
        if data.startswith(MAGIC):
            _load_hive(registry, option, data, now)
        elif option.key is not None:
            raise RegistryFileFailed(
                f"{file}: this is no hive",
                f"A .reg file names its own keys: --registry '{file}'.",
            )
        else:
            import_reg(registry, data, now)
    except OSError as error:
        raise RegistryFileFailed.by_host(str(file), error) from None
    except RegFileError as error:
        words = f"{file}:{error.line}: {error.words}"
        raise RegistryFileFailed(words, "Mend that line, or export the file again.") from None
    except KernelError as error:
        words = f"{file}: {error}"
        raise RegistryFileFailed(
            words, "Export it again; this file is damaged, or does not fit."
        ) from None


def save(registry: Registry, added: Keys, file: Path) -> None:
    """Write what a run has changed, its imports with it, as a .reg file.

    A new registry has what a userland has `added`.  Importing that file at the next run brings all
    of it back.  Raises RegistryFileFailed.
    """
    fresh = Registry()
    seed_registry(fresh)
    store(fresh, added)
    text = differences(fresh, registry)
    try:
        file.write_bytes(b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass"))
    except OSError as error:
        raise RegistryFileFailed.by_host(str(file), error) from None


def _load_hive(registry: Registry, option: RegistryOption, data: bytes, now: int) -> None:
    if option.key is None:
        raise RegistryFileFailed(
            f"{option.file}: a hive does not say where it belongs",
            f"Name its key: --registry 'HKLM\\Software={option.file}'.",
        )
    path = registry_path(option.key)
    assert path is not None, "the option was checked"
    registry.replace_contents(registry.ensure(path), read_hive(data), now)
