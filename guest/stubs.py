"""System-call stubs of the built-in ntdll, generated from the provider's own table.

A stub is `mov eax, N; lea edx, [esp+4]; int 2Eh; ret n`: the number in EAX, the address of the
arguments in EDX, the gate of Windows NT 3.1 to 2000. Numbers are positions in the order of names.
"""

from collections.abc import Iterable
from typing import Protocol


class Call(Protocol):
    """One row of the system-call table."""

    @property
    def name(self) -> str: ...

    @property
    def argument_bytes(self) -> int: ...


def numbered(table: Iterable[Call]) -> list[Call]:
    """The calls in the order of their numbers, which is the order of their names."""
    return sorted(table, key=lambda call: call.name)


def assembly(table: Iterable[Call]) -> str:
    """Source for the assembler: one stub a call."""
    return ".text\n" + "".join(
        f"""
.globl _{call.name}@{call.argument_bytes}
_{call.name}@{call.argument_bytes}:
    movl ${number:#x}, %eax
    leal 4(%esp), %edx
    int $0x2e
    ret{f" ${call.argument_bytes}" if call.argument_bytes else ""}
"""
        for number, call in enumerate(numbered(table))
    )


def exports(table: Iterable[Call]) -> str:
    """Lines of a module-definition file: each call as Nt… and as Zw…."""
    return "".join(
        f"{prefix}{call.name[2:]}={call.name}@{call.argument_bytes}\n"
        for prefix in ("Nt", "Zw")
        for call in numbered(table)
    )
