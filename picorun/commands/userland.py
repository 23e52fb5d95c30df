"""`picorun userland`: install, list, verify and remove userlands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from picorun.exit_code import RunFailed, note
from picorun.store.error import StoreError
from picorun.store.installed import Installed, Store
from provider.nt.types import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_ETC = Path("/etc")


def add_arguments(parser: ArgumentParser) -> None:
    """A verb, and what it takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="install|list|verify|remove")
    install = verbs.add_parser("install", help="get a Wine, or copy a directory of DLLs")
    install.add_argument("what", nargs="?", help="wine, or a version: wine-10")
    install.add_argument("--suite", help="of the distribution, such as trixie (default: its own)")
    text = "take the DLLs in a directory: a Wine's, or the system32 of a Windows or ReactOS"
    install.add_argument("--from", dest="source", metavar="DIR", type=Path, help=text)
    install.add_argument("--name", help="what to call it (default: wine-8.0 and the like)")
    install.add_argument("--again", action="store_true", help="also if it is there already")
    verbs.add_parser("list", help="what is installed, and where")
    verify = verbs.add_parser("verify", help="compare files with what was installed")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    remove = verbs.add_parser("remove", help="delete installed ones")
    remove.add_argument("names", nargs="+", metavar="NAME")


def run(options: Namespace) -> int:
    """Raises RunFailed."""
    store = Store()
    try:
        if options.verb == "install":
            return _install(store, options)
        if options.verb == "remove":
            return _remove(store, options.names)
        if options.verb == "verify":
            return _verify(store, options.names)
        return _list(store)
    except OSError as error:
        raise RunFailed.by_host(str(error.filename or store.directory), error) from None


def _install(store: Store, options: Namespace) -> int:
    """Raises StoreError, OSError."""
    # Imported here: only this verb needs images and packages.
    from picorun.store import install
    from picorun.store.installed import check_name
    from picorun.store.progress import shown

    if (options.what is None) == (options.source is None):
        raise StoreError("install what?", "Name wine, or a directory with --from.")
    if options.name is not None:
        check_name(options.name)
    with store.locked(lambda: note("another installation is at work; waiting for its end")):
        with shown() as progress:
            if options.source is None:
                wish = install.Wish(options.what, options.suite, options.name, options.again)
                installed, new = install.from_packages(store, wish, progress, _ETC)
            else:
                source = options.source
                installed = install.from_directory(store, source, options.name, progress)
                new = True
        print(f"{_line(installed)}{'' if new else ' (was there already)'}")
    return 0


def _list(store: Store) -> int:
    for installed in store.installed():
        try:
            print(_line(installed))
        except StoreError as error:
            note(str(error), error.advice)
    return 0


def _line(installed: Installed) -> str:
    """Raises StoreError, OSError."""
    what = installed.describe()
    size = f"{what.size / 1e6:.0f} MB"
    return f"{installed.name}  {len(what.files)} files, {size}, {installed.system}  {what.source}"


def _remove(store: Store, names: list[str]) -> int:
    """All or none.  Raises StoreError, OSError."""
    for installed in _named(store, names):
        store.remove(installed)
    return 0


def _verify(store: Store, names: list[str]) -> int:
    """Raises StoreError, OSError."""
    changed = []
    for installed in _named(store, names) if names else store.installed():
        for line in installed.changes():
            print(f"{installed.name}: {printable(line)}")
            changed.append(installed.name)
    if changed:
        wrong = ", ".join(dict.fromkeys(changed))
        raise StoreError(f"{wrong}: not as it was installed", "Install it again with --again.")
    return 0


def _named(store: Store, names: list[str]) -> list[Installed]:
    """Raises StoreError unless all are installed."""
    there = {one.name: one for one in store.installed()}
    if missing := [name for name in names if name not in there]:
        advice = f"Installed: {', '.join(there) or 'none'}."
        raise StoreError(f"{', '.join(missing)}: not installed", advice)
    return [there[name] for name in dict.fromkeys(names)]
